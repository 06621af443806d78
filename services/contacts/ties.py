"""Where a contact works and worked: one main account, others with role and dates."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, ContactAccount, ContactRequest
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, Invalid, NotFound, Said
from services.core.fields import Field, Kind
from services.core.work import Work

#: about the contact's part at one account
ROLE = Field("role", N_("Role"), limit=60, help=N_("Such as partner or adviser."))
SINCE = Field("since", N_("Since"), Kind.DATE)
UNTIL = Field("until", N_("Until"), Kind.DATE)


@needs("contact.change")
def tie(
    work: Work,
    *,
    contact_id: int,
    account_id: int,
    main: bool = False,
    role: str | None = None,
    since: date | None = None,
) -> None:
    """Say that the contact works at an account (again), or what part they have there; ``main`` makes it the main one."""
    account = work.hold(Account, account_id)  # customers before contacts, as merging and converting do
    contact = work.load(Contact, contact_id, to="contact.change")
    if account.branch_id != contact.branch_id:
        raise Invalid({"account_id": Said(OTHER_BRANCH)})
    part = checked_tie(work, role=role, since=since)
    present = _tie(work, contact.id, account.id)
    if present is None:
        present = ContactAccount(contact_id=contact.id, account_id=account.id, main=False)
        work.also(present)
    present.role, present.since, present.until = part["role"], part["since"], None
    if main:
        _make_main(work, contact, present)
    contact.updated_at = work.now
    events.record(work, contact, "joined", changes={"account": (None, account.name)}, note=part["role"])


@needs("contact.change")
def untie(work: Work, *, contact_id: int, account_id: int, until: date | None = None) -> None:
    """Say that the contact has left an account; rights that came with it end at once (CON-4).

    When it was the main one, the account where the contact has been longest takes its place.
    """
    contact = work.load(Contact, contact_id, to="contact.change")
    present = _tie(work, contact.id, account_id)
    if present is None or present.until is not None:
        raise NotFound
    last_day = until or work.today
    checked_tie(work, since=present.since, until=last_day)
    present.until = last_day
    if present.main and (next_one := _longest(work, contact.id)) is not None:
        _make_main(work, contact, next_one)
    contact.updated_at = work.now
    name = work.scalar(select(Account.name).where(Account.id == account_id))
    events.record(work, contact, "left", changes={"account": (name, None)}, note=last_day.isoformat())


@needs("contact.change")
def move(work: Work, *, contact_id: int, account_id: int, version: int | None = None) -> None:
    """The contact left for another customer: the main tie ends today, the new main one begins; the history stays (CON-5).

    Only the data administrator moves to another branch; the contact then belongs there, and no tie to the old one stays open.
    """
    account = work.hold(Account, account_id)
    contact = work.load(Contact, contact_id, to="contact.change", version=version)
    came_from = main_account_id(work, contact_id=contact.id)
    if account.id == came_from:
        raise Invalid({"account_id": Said(WORKS_THERE)})
    across = account.branch_id != contact.branch_id
    if across and not work.reaches(contact, "contact.transfer"):
        raise Invalid({"account_id": Said(OTHER_BRANCH)})
    _end_ties(work, contact, all_of_them=across)
    _begin_main(work, contact, account)
    _tell_move(work, contact, account, came_from, across)


def main_account_id(work: Work, *, contact_id: int) -> int | None:
    """Where the contact mainly works."""
    return mains_of(work, contact_ids=[contact_id]).get(contact_id)


def mains_of(work: Work, *, contact_ids: Collection[int]) -> dict[int, int]:
    """Contact → the customer where they mainly work."""
    columns = (ContactAccount.contact_id, ContactAccount.account_id)
    return dict(work.rows(select(*columns).where(ContactAccount.contact_id.in_(contact_ids), ContactAccount.main)))


def _end_ties(work: Work, contact: Contact, *, all_of_them: bool) -> None:
    """The main tie ends today; to another branch no open one goes along."""
    of_contact = (ContactAccount.contact_id == contact.id, ContactAccount.until.is_(None))
    for row in work.scalars(select(ContactAccount).where(*of_contact)):
        if row.main or all_of_them:
            row.until = max(work.today, row.since or work.today)
    contact.reports_to_id = None


def _begin_main(work: Work, contact: Contact, account: Account) -> None:
    there = _tie(work, contact.id, account.id)
    if there is None:
        there = ContactAccount(contact_id=contact.id, account_id=account.id, main=False)
        work.also(there)
    there.role, there.since, there.until = None, work.today, None
    _make_main(work, contact, there)


def _tell_move(work: Work, contact: Contact, account: Account, came_from: int | None, across: bool) -> None:
    """Across branches the new one does not learn which customers the old one has (ALL-7)."""
    before = None if across else work.scalar(select(Account.name).where(Account.id == came_from))
    changes: dict[str, Any] = {"account": (before, account.name)}
    if across:
        changes["branch_id"] = (contact.branch_id, account.branch_id)
        contact.branch_id = account.branch_id
        for request in work.scalars(select(ContactRequest).where(ContactRequest.contact_id == contact.id)):
            request.branch_id = account.branch_id
    contact.updated_at = work.now
    events.record(work, contact, "moved", changes=changes)


def checked_tie(
    work: Work, *, role: str | None = None, since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """Role and dates in stored form; Invalid for a day that is still to come, or an end before the beginning."""
    part = fields.checked((ROLE, SINCE, UNTIL), {"role": role, "since": since, "until": until})
    for name in ("since", "until"):
        if part[name] is not None and part[name] > work.today:
            raise Invalid({name: Said(STILL_TO_COME)})
    if part["since"] and part["until"] and part["until"] < part["since"]:
        raise Invalid({"until": Said(ENDS_FIRST)})
    return part


def _tie(work: Work, contact_id: int, account_id: int) -> ContactAccount | None:
    both = (ContactAccount.contact_id == contact_id, ContactAccount.account_id == account_id)
    found: ContactAccount | None = work.scalar(select(ContactAccount).where(*both))
    return found


def _longest(work: Work, contact_id: int) -> ContactAccount | None:
    work.flush()
    current = (ContactAccount.contact_id == contact_id, ContactAccount.until.is_(None))
    found: ContactAccount | None = work.scalar(select(ContactAccount).where(*current).order_by(ContactAccount.id))
    return found


def _make_main(work: Work, contact: Contact, chosen: ContactAccount) -> None:
    """One main account at a time: the old one steps back before the new one steps forward."""
    for other in work.scalars(
        select(ContactAccount).where(ContactAccount.contact_id == contact.id, ContactAccount.main)
    ):
        other.main = False
    work.flush()
    chosen.main = True


WORKS_THERE = N_("The contact works there already.")
OTHER_BRANCH = N_("This customer belongs to another branch.")
STILL_TO_COME = N_("This day is still to come.")
ENDS_FIRST = N_("The end lies before the beginning.")
