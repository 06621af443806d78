"""What screens read of contacts: the record and the picker. Columns only, within the reader's reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from db.models import Account, Branch, Contact, ContactAccount, ContactLine, User
from services import regions
from services.contacts.direct_business import why_read_only
from services.contacts.fields import FIELDS, LINES
from services.contacts.listing import search
from services.core.errors import NotFound, Said
from services.core.text import folded
from services.core.work import Work
from services.field_values import in_words

Superior, Creator = aliased(Contact), aliased(User)
ACTIONS = ("change", "attach", "request")


@dataclass(frozen=True)
class Card:
    """Everything the head of a contact's page shows; ``values`` are for the form, ``shown`` are the same in words."""

    id: int
    name: str
    version: int
    branch_id: int
    branch: str
    address: str | None
    reports_to_id: int | None
    created_at: datetime
    created_by: str | None
    updated_at: datetime
    values: Mapping[str, Any]
    shown: Mapping[str, Any]
    accounts: Sequence[Any]
    allowed: frozenset[str]
    read_only: Said | None


def card(work: Work, *, contact_id: int) -> Card:
    """The contact with names instead of ids, where they work, and what the actor may do (CON-4); NotFound as in ACC-2."""
    lines = select(func.aggregate_strings(ContactLine.line, ",")).where(ContactLine.contact_id == Contact.id)
    found = work.row(
        select(Contact, Branch.name, Branch.name_en, Superior.name, Creator.name, lines.scalar_subquery())
        .join(Branch, Branch.id == Contact.branch_id)
        .outerjoin(Superior, Superior.id == Contact.reports_to_id)
        .outerjoin(Creator, Creator.id == Contact.created_by_id)
        .where(Contact.id == contact_id, Contact.deleted_at.is_(None))
    )
    if found is None:
        raise NotFound
    contact, branch_zh, branch_en, superior, creator, deals_with = found
    values = {field.name: getattr(contact, field.name) for field in FIELDS if field.name != LINES}
    values[LINES] = sorted(deals_with.split(",")) if deals_with else []
    reached = work.reached(contact, {f"contact.{action}" for action in ACTIONS})
    return Card(
        id=contact.id, name=contact.name, version=contact.version, branch_id=contact.branch_id,
        branch=branch_en if work.actor.language == "en" else branch_zh, address=regions.address(contact),
        reports_to_id=contact.reports_to_id if superior else None, created_at=contact.created_at, created_by=creator,
        updated_at=contact.updated_at, values=values,
        shown=in_words(work, fields=FIELDS, values=values, names={"reports_to_id": superior}),
        accounts=_accounts(work, contact_id), allowed=frozenset(name.partition(".")[2] for name in reached),
        read_only=None if "contact.change" in reached else why_read_only(work, contact_id=contact_id),
    )  # fmt: skip


def _accounts(work: Work, contact_id: int) -> Sequence[Any]:
    """Where the contact works and worked, the main account first: id, name, main, role, since, until."""
    ties = (ContactAccount.main, ContactAccount.role, ContactAccount.since, ContactAccount.until)
    return work.rows(
        select(Account.id, Account.name, *ties)
        .join(ContactAccount, ContactAccount.account_id == Account.id)
        .where(ContactAccount.contact_id == contact_id)
        .order_by(ContactAccount.until.is_not(None), ContactAccount.main.desc(), Account.name)
    )


def picker(
    work: Work,
    *,
    words: str = "",
    account_id: int | None = None,
    ids: Collection[int] | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Contacts to choose from, of one account if given: id, name, job_title, mobile, account.

    With ``ids`` only these: what has been chosen, as far as the actor may see it.
    """
    at = and_(ContactAccount.contact_id == Contact.id, ContactAccount.until.is_(None))
    at = and_(at, ContactAccount.account_id == account_id if account_id else ContactAccount.main)
    wanted = [search(folded(words))] if words.strip() else []
    wanted += [Contact.id.in_(ids)] if ids is not None else []
    found = (
        select(Contact.id, Contact.name, Contact.job_title, Contact.mobile, Account.name.label("account"))
        .join(ContactAccount, at, isouter=account_id is None)
        .outerjoin(Account, Account.id == ContactAccount.account_id)
        .where(*wanted)
        .order_by(Contact.name, Contact.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in work.rows(found)]
