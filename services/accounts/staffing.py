"""Who looks after an account: one person per product line, plus others; and the class seen from each line."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.models import Account, AccountMember, ProductLine, User, UserLine
from services.accounts.fields import GRADES
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Invalid, NotFound, Said
from services.core.fields import NOT_LISTED
from services.core.locking import ahead
from services.core.work import Work

MOST_CONTACTS = 366


@dataclass(frozen=True)
class Member:
    """A person on an account team: for one product line, or for the account as a whole."""

    user_id: int
    line: str | None = None
    grade: str | None = None
    contacts_per_year: int | None = None


@needs("account.staff")
def staff(work: Work, *, account_id: int, member: Member) -> None:
    """Put a person on the team; the one who had the product line before makes room, the class stays unless given."""
    ahead(work, {User: [member.user_id]})
    account = work.load(Account, account_id, to="account.staff")
    check_member(work, account, member)
    present = _present(work, account, member)
    if present is None:
        work.also(AccountMember(account_id=account.id, **vars(member)))
        before = None
    else:
        before, present.user_id = present.user_id, member.user_id
        present.grade = member.grade or present.grade
        present.contacts_per_year = member.contacts_per_year or present.contacts_per_year
    names = {user_id: _name(work, user_id) for user_id in (before, member.user_id)}
    events.record(work, account, "staffed", changes={where(member.line): (names[before], names[member.user_id])})


@needs("account.staff")
def unstaff(work: Work, *, account_id: int, member_id: int) -> None:
    """Take a person off the team; rights that came with it end at once (CON-4)."""
    take_off(work, account=work.load(Account, account_id, to="account.staff"), member_id=member_id)


def take_off(work: Work, *, account: Account, member_id: int) -> None:
    """The same for an account loaded for writing, as a part of something larger."""
    row = _row(work, AccountMember.id == member_id, AccountMember.account_id == account.id)
    if row is None:
        raise NotFound
    name = _name(work, row.user_id)
    work.drop(row)
    events.record(work, account, "staffed", changes={where(row.line): (name, None)})


@needs("account.change")
def classify(work: Work, *, account_id: int, member_id: int, grade: str | None, contacts_per_year: int | None) -> None:
    """Set the class and the contacts per year from the view of one line."""
    account = work.load(Account, account_id, to="account.change")
    row = _row(work, AccountMember.id == member_id, AccountMember.account_id == account.id)
    if row is None:
        raise NotFound
    _check_class(grade, contacts_per_year)
    of_line = f".{row.line}" if row.line else ""
    differs = {
        f"{name}{of_line}": (getattr(row, name), now)
        for name, now in {"grade": grade, "contacts_per_year": contacts_per_year}.items()
        if getattr(row, name) != now
    }
    row.grade, row.contacts_per_year = grade, contacts_per_year
    if differs:
        events.record(work, account, "classified", changes=differs)


def check_member(work: Work, account: Account, member: Member) -> None:
    """Invalid unless the person is active in the account's branch and, having lines, works in the given one."""
    person = work.hold(User, member.user_id)
    if not person.active or person.branch_id != account.branch_id:
        raise Invalid({"user_id": Said(NOT_OF_BRANCH, name=person.name)})
    _check_class(member.grade, member.contacts_per_year)
    if member.line is None:
        return
    if not work.scalar(select(ProductLine.code).where(ProductLine.code == member.line)):
        raise Invalid({"line": Said(NOT_LISTED)})
    own = work.scalars(select(UserLine.line).where(UserLine.user_id == person.id))
    if own and member.line not in own:
        raise Invalid({"line": Said(OTHER_LINE, name=person.name)})


def _check_class(grade: str | None, contacts_per_year: int | None) -> None:
    if grade is not None and grade not in GRADES:
        raise Invalid({"grade": Said(NOT_LISTED)})
    if contacts_per_year is not None and not 0 <= contacts_per_year <= MOST_CONTACTS:
        raise Invalid({"contacts_per_year": Said(CONTACTS, most=MOST_CONTACTS)})


def _present(work: Work, account: Account, member: Member) -> Any:
    at = AccountMember.account_id == account.id
    if member.line is None:
        return _row(work, at, AccountMember.line.is_(None), AccountMember.user_id == member.user_id)
    return _row(work, at, AccountMember.line == member.line)


def _row(work: Work, *conditions: Any) -> Any:
    return work.scalar(select(AccountMember).where(*conditions).with_for_update(key_share=True))


def _name(work: Work, user_id: int | None) -> Any:
    return work.scalar(select(User.name).where(User.id == user_id)) if user_id else None


def where(line: str | None) -> str:
    """How a place on the team is called in the story of an account."""
    return f"team.{line}" if line else "team"


NOT_OF_BRANCH = N_("{name} is not active in the branch of this customer.")
OTHER_LINE = N_("{name} does not work in this product line.")
CONTACTS = N_("Between 0 and {most} contacts a year.")
