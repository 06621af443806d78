"""What screens read of leads: the record, and what is missing to qualify it. Columns only, within the reader's reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from db.models import Account, Branch, Contact, Lead, LeadState, User
from services import regions
from services.core.configuration import configuration
from services.core.errors import NotFound
from services.core.text import folded
from services.core.work import Work
from services.field_values import in_words
from services.leads.fields import FIELDS
from services.leads.flow import OPEN, allowed
from services.leads.listing import search

Owner, Creator, Referrer = aliased(User), aliased(User), aliased(User)
#: what somebody has to know before a lead is worth converting (LEAD-1); one of each group is enough
QUALIFYING: tuple[tuple[str, ...], ...] = (
    ("person",), ("company", "person"), ("city_code",), ("source_id",), ("category_id", "model"), ("wanted_by", "budget"),
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """Everything the page of one lead shows; ``values`` are for the form, ``shown`` are the same in words."""

    id: int
    topic: str
    version: int
    state: LeadState
    branch: str
    owner: str | None
    owner_id: int | None
    address: str | None
    created_at: datetime
    created_by: str | None
    assigned_at: datetime | None
    first_contact_at: datetime | None
    disqualified: str
    disqualify_note: str | None
    values: Mapping[str, Any]
    shown: Mapping[str, Any]
    missing: Sequence[str]
    allowed: frozenset[str]


def card(work: Work, *, lead_id: int) -> Card:
    """The lead with names instead of ids and what the actor may do; NotFound when it is not theirs to see (ACC-2)."""
    found = work.row(
        select(Lead, Branch.name, Branch.name_en, Owner.name, Creator.name, Account.name, Contact.name, Referrer.name)
        .outerjoin(Branch, Branch.id == Lead.branch_id)
        .outerjoin(Owner, Owner.id == Lead.owner_id)
        .outerjoin(Creator, Creator.id == Lead.created_by_id)
        .outerjoin(Account, Account.id == Lead.referred_by_account_id)
        .outerjoin(Contact, Contact.id == Lead.referred_by_contact_id)
        .outerjoin(Referrer, Referrer.id == Lead.referred_by_user_id)
        .where(Lead.id == lead_id, Lead.deleted_at.is_(None))
    )
    if found is None:
        raise NotFound
    lead, branch_zh, branch_en, owner, creator, account, contact, referrer = found
    values = {field.name: getattr(lead, field.name) for field in FIELDS}
    referred = {"account": account, "contact": contact, "user": referrer}
    named = {f"referred_by_{kind}_id": name for kind, name in referred.items()}
    return Card(
        id=lead.id, topic=lead.topic, version=lead.version, state=lead.state, owner=owner, owner_id=lead.owner_id,
        branch=(branch_en if work.actor.language == "en" else branch_zh) or "", address=regions.address(lead),
        created_at=lead.created_at, created_by=creator, assigned_at=lead.assigned_at,
        first_contact_at=lead.first_contact_at, disqualify_note=lead.disqualify_note,
        disqualified=configuration(work).label(lead.disqualify_reason_id, work.actor.language),
        values=values, shown=in_words(work, fields=FIELDS, values=values, names=named),
        missing=[group[0] for group in QUALIFYING if not any(values[name] for name in group)],
        allowed=frozenset(allowed(work, lead_id=lead_id)),
    )  # fmt: skip


def picker(work: Work, *, words: str = "", ids: Collection[int] | None = None, limit: int = 20) -> Sequence[Any]:
    """Open leads to choose from, newest first: id, topic, person, phone; with ``ids`` only these, whatever became of them."""
    columns = (Lead.id, Lead.topic, Lead.person, func.coalesce(Lead.mobile, Lead.landline).label("phone"))
    wanted = [search(folded(words))] if words.strip() else []
    wanted.append(Lead.id.in_(ids) if ids is not None else Lead.state.in_(OPEN))
    return work.rows(select(*columns).where(*wanted).order_by(Lead.created_at.desc(), Lead.id.desc()).limit(limit))
