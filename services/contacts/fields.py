"""What is entered about a contact."""

from collections.abc import Mapping
from typing import Any

from services import formats, regions
from services.core.errors import N_
from services.core.fields import Field, Kind
from services.core.text import search_key

SEXES: Mapping[str, str] = {"m": N_("male"), "f": N_("female")}
LONG = 4000
KEY = 1200
LINES = "lines"

FIELDS: tuple[Field, ...] = (
    Field("name", N_("Name"), required=True, limit=60, first=True, help=N_("As on the identity card."), check=formats.person_name),
    Field("mobile", N_("Mobile"), Kind.PHONE, limit=30, first=True, check=formats.mobile),
    Field("responsibility_id", N_("Responsibility"), Kind.CODE, source="responsibility", first=True),
    Field(LINES, N_("Deals with"), Kind.LINES, first=True, help=N_("The product lines that this person decides about or uses.")),
    Field("job_title", N_("Job title"), limit=60, first=True),
    Field("sex", N_("Sex"), Kind.CHOICE, options=SEXES),
    Field("landline", N_("Landline"), Kind.PHONE, limit=40, check=formats.landline),
    Field("fax", N_("Fax"), Kind.PHONE, limit=40, check=formats.landline),
    Field("email", N_("E-mail"), check=formats.email),
    Field("wechat", N_("WeChat"), limit=60),
    Field("birthday", N_("Birthday"), Kind.DATE),
    Field("province_code", N_("Province"), Kind.REGION, source=regions.PROVINCE, check=regions.province),
    Field("city_code", N_("City"), Kind.REGION, source=regions.CITY, check=regions.city),
    Field("district_code", N_("District"), Kind.REGION, source=regions.DISTRICT, check=regions.district),
    Field("street", N_("Street"), help=N_("Written out, without abbreviations."), check=formats.street),
    Field("reports_to_id", N_("Reports to"), Kind.RECORD, source="contact"),
    Field("preferred_way_id", N_("Preferred way of contact"), Kind.CODE, source="contact_way"),
    Field("no_calls", N_("No calls please"), Kind.FLAG),
    Field("no_sms", N_("No SMS please"), Kind.FLAG),
    Field("no_email", N_("No e-mail please"), Kind.FLAG),
    Field("notes", N_("Notes"), Kind.LONG, limit=LONG),
)  # fmt: skip


def key_of(values: Mapping[str, Any]) -> str:
    """By what the contact is found: name with pinyin and initials, e-mail, digits of the phones (ALL-2)."""
    phones = (formats.digits(values.get(name)) for name in ("mobile", "landline"))
    return search_key(values["name"], values.get("email"), *phones)[:KEY]
