"""What screens read of handovers: the list, one of them, what it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from db.models import Account, AccountMember, Handover, HandoverItem, HandoverState, Lead, User
from services import audit
from services.core.access import needs
from services.core.errors import N_
from services.core.listing import Column, Filter, ListSpec, contains, one_of, one_of_kind
from services.core.work import Query, Work
from services.handover import moving
from services.handover.flow import FLOW
from services.handover.shares import Share, read

Planner = aliased(User, name="planner")
MOST = 500


@dataclass(frozen=True)
class Card:
    """One handover: whose work, to whom, when, why, and what can still be done about it."""

    id: int
    person: str
    person_id: int
    state: HandoverState
    on_day: date
    reason: str
    created_at: datetime
    created_by: str
    done_at: datetime | None
    undone_at: datetime | None
    shares: Sequence[Share]
    names: Mapping[int, str]
    counts: Mapping[int, Mapping[str, int]]
    items: Sequence[Any]
    allowed: frozenset[str]


@needs("handover.read")
def card(work: Work, *, handover_id: int) -> Card:
    """Everything the page of one handover shows; NotFound when it is not the actor's to see."""
    row = work.get(Handover, handover_id)
    shares = read(row.shares)
    grouped = select(HandoverItem.to_user_id, HandoverItem.kind, func.count()).where(HandoverItem.handover_id == row.id)
    counts: dict[int, dict[str, int]] = {}
    for person, kind, count in work.rows(grouped.group_by(HandoverItem.to_user_id, HandoverItem.kind)):
        counts.setdefault(person, {})[kind] = count
    wanted = {row.from_user_id, row.created_by_id, *counts, *(share.to_user_id for share in shares)}
    names = dict(work.rows(select(User.id, User.name).where(User.id.in_(wanted))))
    return Card(
        id=row.id, person=names[row.from_user_id], person_id=row.from_user_id, state=row.state, on_day=row.on_day,
        reason=row.reason, created_at=row.created_at, created_by=names[row.created_by_id], done_at=row.done_at,
        undone_at=row.undone_at, shares=shares, names=names, counts=counts, items=_moved(work, row.id),
        allowed=frozenset(step.action for step in FLOW.available(work, row)),
    )  # fmt: skip


def _moved(work: Work, handover_id: int) -> list[dict[str, Any]]:
    """The first of the records that it moved: kind, record_id, to_user_id, name."""
    columns = (HandoverItem.kind, HandoverItem.record_id, HandoverItem.to_user_id, HandoverItem.before)
    found = select(*columns).where(HandoverItem.handover_id == handover_id)
    rows = work.rows(found.order_by(HandoverItem.kind, HandoverItem.record_id).limit(MOST))
    named = _names(work, rows)
    return [
        {"kind": row.kind, "to": row.to_user_id, "record_id": _shown(row), "name": named.get((row.kind, _shown(row)))}
        for row in rows
    ]


def _shown(row: Any) -> int:
    """The record that people know: of a place on a team, the customer."""
    number: int = row.before["account_id"] if row.kind == "account" else row.record_id
    return number


def _names(work: Work, rows: Sequence[Any]) -> dict[tuple[str, int], str]:
    return audit.names(work, rows=[{"kind": row.kind, "record_id": _shown(row)} for row in rows])


def changed_since(work: Work, *, items: Sequence[HandoverItem]) -> list[str]:
    """The names of the records that somebody has changed since they were handed over."""
    changed = [item for item in items if not moving.untouched(work, item)]
    named = _names(work, changed)
    return [named.get((item.kind, _shown(item)), "–") for item in changed]


def places_of(work: Work, *, user_id: int) -> Sequence[str]:
    """The regions in which a person's customers and leads are: what shares can be told apart by."""
    at = select(Account.city_code).join(AccountMember, AccountMember.account_id == Account.id)
    leads = select(Lead.city_code).where(Lead.owner_id == user_id)
    found = {*work.scalars(at.where(AccountMember.user_id == user_id).distinct()), *work.scalars(leads.distinct())}
    return sorted(filter(None, found))


def _read(statement: Query) -> Query:
    return statement.join(User, User.id == Handover.from_user_id).join(Planner, Planner.id == Handover.created_by_id)


def _later(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How many records each moved, and to whom; before anything has moved, to whom it is to go."""
    found: dict[int, dict[str, Any]] = {number: {"planned": names} for number, names in _planned(work, ids).items()}
    counted = select(HandoverItem.handover_id, User.name, func.count()).join(User, User.id == HandoverItem.to_user_id)
    grouped = counted.where(HandoverItem.handover_id.in_(ids)).group_by(HandoverItem.handover_id, User.name)
    for number, name, count in work.rows(grouped.order_by(User.name)):
        seen = found[number]
        seen["records"] = seen.get("records", 0) + count
        seen["receivers"] = [*seen.get("receivers", ()), name]
    return {number: {"receivers": seen["planned"], **seen} for number, seen in found.items()}


def _planned(work: Work, ids: Sequence[int]) -> dict[int, list[str]]:
    shares = {
        row.id: read(row.shares) for row in work.rows(select(Handover.id, Handover.shares).where(Handover.id.in_(ids)))
    }
    wanted = {share.to_user_id for those in shares.values() for share in those}
    names = dict(work.rows(select(User.id, User.name).where(User.id.in_(wanted))))
    return {
        number: [names[one.to_user_id] for one in those if one.to_user_id in names] for number, those in shares.items()
    }


LIST = ListSpec(
    name="handovers",
    model=Handover,
    columns=(
        Column("person", N_("From"), User.name, kind="person", sortable=False),
        Column("state", N_("State"), Handover.state, kind="handover_state", sortable=False),
        Column("on_day", N_("On which day"), Handover.on_day, kind="date"),
        Column("receivers", N_("To"), None, kind="names", sortable=False),
        Column("records", N_("Records"), None, kind="number", sortable=False),
        Column("reason", N_("Reason"), Handover.reason, sortable=False),
        Column("planner", N_("Planned by"), Planner.name, kind="person", sortable=False),
        Column("created_at", N_("Created"), Handover.created_at, kind="moment"),
    ),
    read=_read,
    search=lambda words: Handover.from_user_id.in_(select(User.id).where(contains(User.search_key)(words))),
    filters=(
        Filter("state", N_("State"), one_of_kind(Handover.state, HandoverState), choices="handover_states", first=True),
        Filter("person", N_("From"), one_of(Handover.from_user_id), choices="people"),
    ),
    sort="created_at",
    descending=True,
    later=_later,
)
