"""What is entered about a lead (LEAD-1, LEAD-2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from db.models import LeadState, Priority, Rating
from services import formats, regions
from services.core.errors import N_
from services.core.fields import NOT_DATE, Field, Kind, wrong
from services.core.text import search_key

STATES: Mapping[LeadState, str] = {
    LeadState.NEW: N_("new"),
    LeadState.ASSIGNED: N_("with a rep"),
    LeadState.WORKING: N_("working on it"),
    LeadState.CONVERTED: N_("converted"),
    LeadState.DISQUALIFIED: N_("disqualified"),
}
RATINGS: Mapping[str, str] = {Rating.HOT: N_("hot"), Rating.WARM: N_("warm"), Rating.COLD: N_("cold")}
URGENCIES: Mapping[str, str] = {Priority.NORMAL: N_("normal"), Priority.URGENT: N_("urgent")}
LONG = 4000
KEY = 1700
MOST_PIECES = 9999
FIRST_YEAR = 2000


def _pieces(number: int) -> int:
    """How many machines or parts somebody may want."""
    if not 0 < number <= MOST_PIECES:
        raise wrong(NOT_A_QUANTITY, most=MOST_PIECES)
    return number


def _wanted(day: date) -> date:
    """No machine is wanted by a day of the last century: such a year was typed with a finger missing."""
    if day.year < FIRST_YEAR:
        raise wrong(NOT_DATE)
    return day


NO_PHONE = N_("A mobile or a landline number is needed.")
NOT_A_QUANTITY = N_("A whole number from 1 to {most} is needed.")

FIELDS: tuple[Field, ...] = (
    Field("line", N_("Product line"), Kind.LINE, required=True, first=True),
    Field("mobile", N_("Mobile"), Kind.PHONE, limit=30, first=True, check=formats.mobile),
    Field("landline", N_("Landline"), Kind.PHONE, limit=40, first=True, check=formats.landline),
    Field("person", N_("Contact person"), limit=60, first=True, check=formats.person_name),
    Field("company", N_("Company"), first=True),
    Field("source_id", N_("Source"), Kind.CODE, source="lead_source", first=True),
    Field("topic", N_("Topic"), help=N_("Left empty, the company, person or phone stands here.")),
    Field("email", N_("E-mail"), check=formats.email),
    Field("wechat", N_("WeChat"), limit=60),
    Field("province_code", N_("Province"), Kind.REGION, source=regions.PROVINCE, check=regions.province),
    Field("city_code", N_("City"), Kind.REGION, source=regions.CITY, check=regions.city),
    Field("district_code", N_("District"), Kind.REGION, source=regions.DISTRICT, check=regions.district),
    Field("street", N_("Street"), check=formats.street),
    Field("referred_by_account_id", N_("Referred by customer"), Kind.RECORD, source="account"),
    Field("referred_by_contact_id", N_("Referred by contact"), Kind.RECORD, source="contact"),
    Field("referred_by_user_id", N_("Referred by colleague"), Kind.RECORD, source="user"),
    Field("category_id", N_("Product category"), Kind.CODE, source="product_category"),
    Field("model", N_("Model"), limit=60),
    Field("quantity", N_("Quantity"), Kind.INTEGER, check=_pieces),
    Field("budget", N_("Budget"), Kind.MONEY),
    Field("wanted_by", N_("Wanted by"), Kind.DATE, check=_wanted),
    Field("replaces", N_("Replaces")),
    Field("urgency", N_("Urgency"), Kind.CHOICE, options=URGENCIES),
    Field("rating", N_("Rating"), Kind.CHOICE, options=RATINGS),
    Field("notes", N_("Notes"), Kind.LONG, limit=LONG),
)


def key_of(values: Mapping[str, Any]) -> str:
    """By what a lead is found: topic, company and person with pinyin and initials, digits of the phones (ALL-2)."""
    phones = (formats.digits(values.get(name)) for name in ("mobile", "landline"))
    return search_key(*(values.get(name) for name in ("topic", "company", "person")), *phones)[:KEY]
