"""Where a contact works and worked: one main account, others with role and dates."""

from datetime import date

from sqlalchemy import select

from db.models import Account, Contact, ContactAccount
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Invalid, NotFound, Said
from services.core.work import Work


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
    contact = work.load(Contact, contact_id, to="contact.change")
    account = work.get(Account, account_id)
    if account.branch_id != contact.branch_id:
        raise Invalid({"account_id": Said(OTHER_BRANCH)})
    check_dates(work, since=since, until=None)
    present = _tie(work, contact.id, account.id)
    if present is None:
        present = ContactAccount(contact_id=contact.id, account_id=account.id, main=False)
        work.also(present)
    present.role, present.since, present.until = role, since, None
    if main:
        _make_main(work, contact, present)
    contact.updated_at = work.now
    events.record(work, contact, "joined", changes={"account": (None, account.name)}, note=role)


@needs("contact.change")
def untie(work: Work, *, contact_id: int, account_id: int, until: date | None = None) -> None:
    """Say that the contact has left an account; rights that came with it end at once (CON-4). The rest of the main
    account's part goes to the account where the contact has been longest, if there is one."""
    contact = work.load(Contact, contact_id, to="contact.change")
    present = _tie(work, contact.id, account_id)
    if present is None or present.until is not None:
        raise NotFound
    last_day = until or work.today
    check_dates(work, since=present.since, until=last_day)
    present.until = last_day
    if present.main and (next_one := _longest(work, contact.id)) is not None:
        _make_main(work, contact, next_one)
    contact.updated_at = work.now
    name = work.scalar(select(Account.name).where(Account.id == account_id))
    events.record(work, contact, "left", changes={"account": (name, None)}, note=last_day.isoformat())


def check_dates(work: Work, *, since: date | None, until: date | None) -> None:
    """Invalid for a beginning or an end that is still to come, or an end before the beginning."""
    for name, day in (("since", since), ("until", until)):
        if day is not None and day > work.today:
            raise Invalid({name: Said(STILL_TO_COME)})
    if since is not None and until is not None and until < since:
        raise Invalid({"until": Said(ENDS_FIRST)})


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


OTHER_BRANCH = N_("This customer belongs to another branch.")
STILL_TO_COME = N_("This day is still to come.")
ENDS_FIRST = N_("The end lies before the beginning.")
