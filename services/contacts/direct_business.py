"""Direct business: why a contact is read-only for somebody, and who can change it (CON-4). The right itself is in core.access."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from db.models import Account, AccountMember, Contact, ContactAccount, ContactLine, Role, User
from services.core.access import GRANTS, Reach
from services.core.errors import N_, Said
from services.core.work import Work

MOST_NAMES = 5
#: roles that may change the contacts with whom they have direct business
CHANGING = tuple(role for role, reach in GRANTS["contact.change"].items() if Reach.DIRECT in reach)


def why_read_only(work: Work, *, contact_id: int) -> Said | None:
    """None for who may change the contact; otherwise the reason, with the people who can."""
    contact = work.get(Contact, contact_id)
    if work.reaches(contact, "contact.change"):
        return None
    names = changers(work, contact_id=contact_id, branch_id=contact.branch_id)
    if names:
        return Said(OTHERS_DO, contact=contact.name, names=_first(names))
    managers = work.scalars(
        select(User.name).where(User.branch_id == contact.branch_id, User.role == Role.BRANCH_MANAGER, User.active)
    )
    return Said(NOBODY_DOES, contact=contact.name, names=_first(managers) or "–")


def changers(work: Work, *, contact_id: int, branch_id: int) -> Sequence[str]:
    """The names of those who can change the contact because of direct business with it at this moment."""
    return [person.name for person in who_can_change(work, contact_id=contact_id, branch_id=branch_id)]


def who_can_change(work: Work, *, contact_id: int, branch_id: int) -> Sequence[Any]:
    """The active people of the branch, id and name, whose direct business with the contact lets them change it."""
    same_line = and_(ContactLine.contact_id == ContactAccount.contact_id, ContactLine.line == AccountMember.line)
    return work.rows(
        select(User.id, User.name)
        .join(AccountMember, AccountMember.user_id == User.id)
        .join(ContactAccount, ContactAccount.account_id == AccountMember.account_id)
        .join(ContactLine, same_line)
        .join(Account, and_(Account.id == AccountMember.account_id, Account.deleted_at.is_(None)))
        .where(ContactAccount.contact_id == contact_id, ContactAccount.until.is_(None), User.active)
        .where(User.role.in_(CHANGING), User.branch_id == branch_id)
        .distinct()
        .order_by(User.name)
    )


def _first(names: Sequence[str]) -> list[str]:
    return [*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])]


OTHERS_DO = N_("You have no direct business with {contact} at present. {names} can change this contact.")
NOBODY_DOES = N_(
    "Nobody has direct business with {contact} at present. The branch manager ({names}) can change this contact,"
    " or put you on the team of the customer."
)
