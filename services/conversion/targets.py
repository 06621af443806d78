"""What a lead can become, and what it says about each: the values that a new record gets and an existing one lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db.models import Account, Contact, Lead, Opportunity
from services.core.errors import N_
from services.core.fields import Field, Kind

PLACES = ("province_code", "city_code", "district_code", "street")
#: what is entered about an opportunity until its module comes
OPPORTUNITY: tuple[Field, ...] = (Field("name", N_("Name"), required=True),)
#: the same with what comes of the lead, as the history tells it
OPPORTUNITY_TOLD: tuple[Field, ...] = (
    *OPPORTUNITY,
    Field("needs", N_("Needs"), Kind.LONG),
    Field("expected_revenue", N_("Expected revenue"), Kind.MONEY),
    Field("source_id", N_("Source"), Kind.CODE, source="lead_source"),
    Field("line", N_("Product line"), Kind.LINE),
)


@dataclass(frozen=True)
class New:
    """Make one of what the lead says; ``values`` go before what it says, such as a name without its title.

    Where there is one like it already, it needs a reason (ACCT-3).
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    duplicate_reason: str | None = None


@dataclass(frozen=True)
class Existing:
    """Use this one; only its empty fields are filled."""

    id: int


Choice = New | Existing | None


def of_account(lead: Lead) -> dict[str, Any]:
    """A company, or a machine owner under the own name."""
    numbers = _numbers(lead)
    return _said(
        name=lead.company or lead.person,
        phone=numbers[0],
        phone2=numbers[1] if len(numbers) > 1 and not lead.company else None,
        email=lead.email,
        **_place(lead),
    )


def of_contact(lead: Lead) -> dict[str, Any]:
    """The person who called."""
    return _said(
        name=lead.person,
        mobile=lead.mobile,
        landline=lead.landline,
        email=lead.email,
        wechat=lead.wechat,
        **_place(lead),
    )


def of_opportunity(lead: Lead) -> dict[str, Any]:
    """What is wanted, by whom it was told, and what may be spent."""
    return _said(
        name=lead.topic, needs=needs_of(lead), expected_revenue=lead.budget, source_id=lead.source_id, line=lead.line
    )


def needs_of(lead: Lead) -> str | None:
    """Model and number of pieces, what is replaced, and the notes."""
    pieces = f"{lead.model or ''}{f' × {lead.quantity}' if lead.quantity else ''}".strip()
    return "\n".join(filter(None, (pieces, lead.replaces, lead.notes))) or None


def gaps_of_account(lead: Lead, account: Account) -> dict[str, Any]:
    """What the lead knows and the account lacks; a number goes where there is room, and only if it is new."""
    wanted = of_account(lead)
    gaps = _gaps(account, {name: value for name, value in wanted.items() if name not in ("phone", "phone2", *PLACES)})
    fresh = [number for number in _numbers(lead) if number not in (account.phone, account.phone2)]
    room = [name for name in ("phone", "phone2") if not getattr(account, name)]
    return gaps | dict(zip(room, fresh, strict=False)) | _place_gap(account, wanted)


def gaps_of_contact(lead: Lead, contact: Contact) -> dict[str, Any]:
    """What the lead knows and the contact lacks."""
    wanted = of_contact(lead)
    gaps = _gaps(contact, {name: value for name, value in wanted.items() if name not in PLACES})
    return gaps | _place_gap(contact, wanted)


def gaps_of_opportunity(lead: Lead, opportunity: Opportunity) -> dict[str, Any]:
    """What the lead knows and the opportunity lacks."""
    return _gaps(opportunity, of_opportunity(lead))


def _gaps(record: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if getattr(record, name) in (None, "")}


def _place_gap(record: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """An address is one thing: a street of one town never joins the city of another."""
    if any(getattr(record, name) for name in PLACES):
        return {}
    return {name: wanted[name] for name in PLACES if name in wanted}


def _numbers(lead: Lead) -> list[str]:
    return [number for number in (lead.landline, lead.mobile) if number]


def _place(lead: Lead) -> dict[str, Any]:
    return {name: getattr(lead, name) for name in PLACES}


def _said(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", Decimal(0))}
