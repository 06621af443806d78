"""What is entered about an account."""

from collections.abc import Mapping
from typing import Any

from db.models import AccountStatus
from services import formats, regions
from services.core.errors import N_
from services.core.fields import Field, Kind
from services.core.text import search_key

STATUSES: Mapping[AccountStatus, str] = {
    AccountStatus.PROSPECT: N_("prospect"),
    AccountStatus.CUSTOMER: N_("customer"),
    AccountStatus.INACTIVE: N_("inactive"),
}
GRADES = ("A", "B", "C", "D")
LONG = 4000
KEY = 1200

FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        N_("Customer name"),
        required=True,
        first=True,
        help=N_("As in the letterhead."),
        check=formats.company_name,
    ),
    Field("short_name", N_("Short name"), limit=60),
    Field("kind_id", N_("Kind"), Kind.CODE, source="account_kind", first=True),
    Field("province_code", N_("Province"), Kind.REGION, source=regions.PROVINCE, first=True, check=regions.province),
    Field("city_code", N_("City"), Kind.REGION, source=regions.CITY, first=True, check=regions.city),
    Field("district_code", N_("District"), Kind.REGION, source=regions.DISTRICT, check=regions.district),
    Field("street", N_("Street"), help=N_("Written out, without abbreviations."), check=formats.street),
    Field("postal_code", N_("Postal code"), limit=6, check=formats.postal_code),
    Field("phone", N_("Phone"), Kind.PHONE, limit=40, first=True, check=formats.phone),
    Field("phone2", N_("Second phone"), Kind.PHONE, limit=40, check=formats.phone),
    Field("fax", N_("Fax"), Kind.PHONE, limit=40, check=formats.landline),
    Field("email", N_("E-mail"), check=formats.email),
    Field("website", N_("Website"), check=formats.website),
    Field("credit_code", N_("Credit code"), limit=18, help=N_("18 characters."), check=formats.credit_code),
    Field("industry_id", N_("Industry"), Kind.CODE, source="industry"),
    Field("employees", N_("Employees"), Kind.INTEGER),
    Field("parent_id", N_("Parent company"), Kind.RECORD, source="account"),
    Field("credit_note", N_("Credit note"), Kind.LONG, limit=LONG),
    Field("notes", N_("Notes"), Kind.LONG, limit=LONG),
)


def key_of(values: Mapping[str, Any]) -> str:
    """By what the account is found: names with pinyin and initials, credit code, digits of the phones (ALL-2)."""
    phones = (formats.digits(values.get(name)) for name in ("phone", "phone2"))
    return search_key(values["name"], values.get("short_name"), values.get("credit_code"), *phones)[:KEY]
