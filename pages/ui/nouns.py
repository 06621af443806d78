"""The nouns that the edit drawer knows."""

from collections.abc import Mapping
from typing import Any

from pages.ui.drawers.edit import Noun
from services import accounts, contact_requests, contacts, duplicates, leads
from services.core.access import Actor
from services.core.errors import N_
from services.core.fields import Field, Fields, Kind
from services.core.work import Work
from services.duplicates import Found

ACCOUNT_FIELD = Field("account_id", N_("Customer"), Kind.RECORD, required=True, source="account", first=True)
BRANCH_FIELD = Field("branch_id", N_("Branch"), Kind.RECORD, required=True, source="branch", first=True)


def _read_account(work: Work, account_id: int) -> tuple[Mapping[str, Any], int]:
    card = accounts.card(work, account_id=account_id)
    return card.values, card.version


def _create_account(work: Work, *, values: Mapping[str, Any], duplicate_reason: str | None) -> int:
    given = dict(values)
    branch_id = given.pop("branch_id", None)
    return accounts.create(work, branch_id=branch_id, values=given, duplicate_reason=duplicate_reason)


def _branch_unless_own(actor: Actor) -> Fields:
    return () if actor.branch_id else (BRANCH_FIELD,)


def _read_contact(work: Work, contact_id: int) -> tuple[Mapping[str, Any], int]:
    card = contacts.card(work, contact_id=contact_id)
    return card.values, card.version


def _create_contact(work: Work, *, values: Mapping[str, Any], duplicate_reason: str | None) -> int:
    given = dict(values)
    account_id = given.pop("account_id", 0)
    return contacts.create(work, account_id=account_id, values=given, duplicate_reason=duplicate_reason)


def _read_lead(work: Work, lead_id: int) -> tuple[Mapping[str, Any], int]:
    card = leads.card(work, lead_id=lead_id)
    return card.values, card.version


def _like_account(work: Work, values: Mapping[str, Any]) -> Found:
    return duplicates.of_account(work, values=values)


def _like_contact(work: Work, values: Mapping[str, Any]) -> Found:
    return duplicates.of_contact(work, values=values, account_id=values.get("account_id"))


def _like_lead(work: Work, values: Mapping[str, Any]) -> Found:
    return duplicates.of_lead(work, values=values)


ACCOUNT = Noun(
    "account",
    N_("New customer"),
    accounts.FIELDS,
    _read_account,
    _create_account,
    accounts.change,
    _branch_unless_own,
    alike=_like_account,
)
CONTACT = Noun(
    "contact",
    N_("New contact"),
    contacts.FIELDS,
    _read_contact,
    _create_contact,
    contacts.change,
    lambda _actor: (ACCOUNT_FIELD,),
    alike=_like_contact,
)
PROPOSAL = Noun(
    "contact_proposal",
    "",
    contacts.FIELDS,
    _read_contact,
    _create_contact,
    contact_requests.propose,
    record="contact",
    title=N_("Propose a change"),
    verb=N_("Propose"),
    done=N_("Proposed."),
    explanation=N_(
        "Nothing changes yet: who has direct business with the contact, or the data administrator, accepts it."
    ),
    beside=(contact_requests.REMARK,),
)
LEAD = Noun("lead", N_("New lead"), leads.FIELDS, _read_lead, leads.create, leads.change, alike=_like_lead)
