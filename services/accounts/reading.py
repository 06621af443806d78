"""What screens read of accounts: the record, its team and contacts, the picker. Columns only, within the reader's reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    AccountMember,
    AccountStatus,
    Branch,
    Contact,
    ContactAccount,
    ContactLine,
    ProductLine,
    User,
)
from services import regions
from services.accounts.fields import FIELDS
from services.accounts.listing import mine, search
from services.core.errors import NotFound
from services.core.text import folded
from services.core.work import Work
from services.field_values import in_words

Parent, Creator = aliased(Account), aliased(User)
ACTIONS = ("change", "staff", "delete", "attach")


@dataclass(frozen=True)
class Card:
    """Everything the head of an account's page shows; ``values`` are for the form, ``shown`` are the same in words."""

    id: int
    name: str
    version: int
    status: AccountStatus
    branch_id: int
    branch: str
    address: str | None
    parent_id: int | None
    created_at: datetime
    created_by: str | None
    updated_at: datetime
    values: Mapping[str, Any]
    shown: Mapping[str, Any]
    team: Sequence[Any]
    allowed: frozenset[str]


def card(work: Work, *, account_id: int) -> Card:
    """The account with names instead of ids and what the actor may do; NotFound when it is not theirs to see (ACC-2)."""
    found = work.row(
        select(Account, Branch.name.label("branch"), Branch.name_en, Parent.name.label("parent"), Creator.name)
        .join(Branch, Branch.id == Account.branch_id)
        .outerjoin(Parent, Parent.id == Account.parent_id)
        .outerjoin(Creator, Creator.id == Account.created_by_id)
        .where(Account.id == account_id, Account.deleted_at.is_(None))
    )
    if found is None:
        raise NotFound
    account, branch_zh, branch_en, parent, creator = found
    values = {field.name: getattr(account, field.name) for field in FIELDS}
    reached = work.reached(account, {f"account.{action}" for action in ACTIONS})
    return Card(
        id=account.id, name=account.name, version=account.version, status=account.status, branch_id=account.branch_id,
        branch=branch_en if work.actor.language == "en" else branch_zh, address=regions.address(account),
        parent_id=account.parent_id if parent else None, created_at=account.created_at, created_by=creator,
        updated_at=account.updated_at, values=values,
        shown=in_words(work, fields=FIELDS, values=values, names={"parent_id": parent}),
        team=team(work, account_id=account_id), allowed=frozenset(name.partition(".")[2] for name in reached),
    )  # fmt: skip


def team(work: Work, *, account_id: int) -> Sequence[Any]:
    """Who looks after the account: id, user_id, name, active, line with both labels, grade, contacts_per_year."""
    columns = (
        AccountMember.id, AccountMember.user_id, User.name, User.active, AccountMember.line, ProductLine.label_zh,
        ProductLine.label_en, AccountMember.grade, AccountMember.contacts_per_year,
    )  # fmt: skip
    return work.rows(
        select(*columns)
        .join(User, User.id == AccountMember.user_id)
        .outerjoin(ProductLine, ProductLine.code == AccountMember.line)
        .where(AccountMember.account_id == account_id)
        .order_by(AccountMember.line.is_(None), ProductLine.position, User.name)
    )


def contacts_of(work: Work, *, account_id: int) -> Sequence[Any]:
    """The people at the account, those who are there now first, the main ones on top; ``lines`` are codes with commas."""
    lines = select(func.aggregate_strings(ContactLine.line, ",")).where(ContactLine.contact_id == Contact.id)
    columns = (
        Contact.id, Contact.name, Contact.job_title, Contact.responsibility_id, Contact.mobile, Contact.landline, Contact.email,
        Contact.no_calls, Contact.no_sms, Contact.no_email, ContactAccount.main, ContactAccount.role, ContactAccount.since,
        ContactAccount.until, lines.scalar_subquery().label("lines"),
    )  # fmt: skip
    return work.rows(
        select(*columns)
        .join(ContactAccount, ContactAccount.contact_id == Contact.id)
        .where(ContactAccount.account_id == account_id)
        .order_by(ContactAccount.until.is_not(None), ContactAccount.main.desc(), Contact.name, Contact.id)
    )


def picker(work: Work, *, words: str = "", ids: Collection[int] | None = None, limit: int = 20) -> list[dict[str, Any]]:
    """Accounts to choose from, found by name, pinyin, initials or phone; the actor's own first: id, name, city, phone.

    With ``ids`` only these: what has been chosen, as far as the actor may see it.
    """
    columns = (Account.id, Account.name, Account.city_code, Account.phone)
    wanted = [search(folded(words))] if words.strip() else []
    wanted += [Account.id.in_(ids)] if ids is not None else []
    found = select(*columns).where(*wanted).order_by(mine(work).desc(), Account.name, Account.id).limit(limit)
    return [{"id": a.id, "name": a.name, "city": regions.name(a.city_code), "phone": a.phone} for a in work.rows(found)]
