"""How each kind of record changes hands, and back again (ADM-6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Account, AccountMember, Activity, HandoverItem, Lead, Opportunity, User
from services import activities, disputes
from services.accounts.staffing import where
from services.activities.flow import OPEN
from services.core import events
from services.core.conflicts import STALE
from services.core.errors import NotFound, Stale
from services.core.work import Work
from services.leads.flow import HELD

MAKE = "handover.make"
TAKEN, RETURNED = "handed_over", "returned"
Before = dict[str, Any]


@dataclass(frozen=True)
class Move:
    """One record on its way: from whom, to whom, and why."""

    record_id: int
    from_user_id: int
    to_user_id: int
    reason: str


def take(work: Work, *, kind: str, move: Move, handover_id: int) -> HandoverItem:
    """Move one record; returns what its handover remembers of it. Stale when it is no longer theirs, or no longer open."""
    try:
        before, version = TAKE[kind](work, move)
    except NotFound as gone:
        raise Stale(STALE) from gone
    kept = {name: events.stored(value) for name, value in before.items()}
    return HandoverItem(
        handover_id=handover_id, kind=kind, record_id=move.record_id, to_user_id=move.to_user_id, before=kept,
        version=version,
    )  # fmt: skip


def untouched(work: Work, item: HandoverItem) -> bool:
    """Whether nobody has changed the record since, which nobody can do any more until this Work ends."""
    if item.kind == "account":
        return _place_untouched(work, item)
    if item.kind == "user":
        stands = (User.id == item.record_id, User.superior_id == item.to_user_id)
        return work.row(select(User.id).where(*stands).with_for_update(key_share=True)) is not None
    model = MODELS[item.kind]
    there = [model.id == item.record_id, model.version == item.version]
    there += [model.deleted_at.is_(None)] if hasattr(model, "deleted_at") else []
    return work.row(select(model.id).where(*there).with_for_update(key_share=True)) is not None


def give_back(work: Work, item: HandoverItem, *, to_user_id: int, reason: str) -> None:
    """Put one untouched record back where it was."""
    BACK[item.kind](work, item, Move(item.record_id, item.to_user_id, to_user_id, reason))


def _check_theirs(still: bool) -> None:
    """Between our look at what they own and our lock, others may have assigned, ended, converted or merged it."""
    if not still:
        raise Stale(STALE)


def _place_untouched(work: Work, item: HandoverItem) -> bool:
    same = {**item.before, "user_id": item.to_user_id}
    dropped = same.pop("dropped")
    if dropped:
        same |= {"user_id": item.before["user_id"]}
        there = (AccountMember.account_id == same["account_id"], AccountMember.user_id == same["user_id"])
        return (
            _present(work, same)
            and work.row(select(AccountMember.id).where(*there, AccountMember.line.is_(None))) is None
        )
    found = work.scalar(select(AccountMember).where(AccountMember.id == item.record_id).with_for_update(key_share=True))
    return (
        found is not None
        and _present(work, same)
        and all(getattr(found, name) == value for name, value in same.items())
    )


def _present(work: Work, place: Mapping[str, Any]) -> bool:
    there = (Account.id == place["account_id"], Account.deleted_at.is_(None))
    return work.row(select(Account.id).where(*there).with_for_update(key_share=True)) is not None


def _take_place(work: Work, move: Move) -> tuple[Before, int | None]:
    """Whoever is on the team already, for the whole customer, is not put on it twice."""
    found = work.scalar(select(AccountMember.account_id).where(AccountMember.id == move.record_id))
    account = work.load(Account, found, to=MAKE)  # customers before their teams, as everybody locks them
    at = (AccountMember.id == move.record_id, AccountMember.account_id == account.id)
    row = work.scalar(
        select(AccountMember).where(*at).with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    _check_theirs(row is not None and row.user_id == move.from_user_id)
    names = ("account_id", "user_id", "line", "grade", "contacts_per_year")
    before: Before = {name: getattr(row, name) for name in names}
    twice = (
        AccountMember.account_id == account.id,
        AccountMember.user_id == move.to_user_id,
        AccountMember.line.is_(None),
    )
    dropped = row.line is None and work.scalar(select(AccountMember.id).where(*twice)) is not None
    if dropped:
        work.drop(row)
    else:
        row.user_id = move.to_user_id
    _tell_team(work, account, row.line, move, TAKEN)
    return before | {"dropped": dropped}, None


def _place_back(work: Work, item: HandoverItem, move: Move) -> None:
    before = dict(item.before)
    account = work.load(Account, before["account_id"], to=MAKE)
    if before.pop("dropped"):
        work.also(AccountMember(**before))
    else:
        work.scalar(select(AccountMember).where(AccountMember.id == item.record_id)).user_id = move.to_user_id
    _tell_team(work, account, before["line"], move, RETURNED)


def _tell_team(work: Work, account: Account, line: str | None, move: Move, action: str) -> None:
    names = dict(work.rows(select(User.id, User.name).where(User.id.in_((move.from_user_id, move.to_user_id)))))
    changes = {where(line): (names[move.from_user_id], names[move.to_user_id])}
    events.record(work, account, action, changes=changes, note=move.reason)


def _take_lead(work: Work, move: Move) -> tuple[Before, int | None]:
    """The state stays; whoever has not made the first contact yet gets a clock of their own (LEAD-8)."""
    lead = work.load(Lead, move.record_id, to=MAKE)
    _check_theirs(lead.owner_id == move.from_user_id and lead.state in HELD)
    before = {name: getattr(lead, name) for name in ("assigned_at", "assigned_by_id")}
    lead.assigned_at, lead.assigned_by_id = work.now, work.actor.id
    _own(work, lead, move, TAKEN)
    return before, lead.version


def _lead_back(work: Work, item: HandoverItem, move: Move) -> None:
    lead = work.load(Lead, item.record_id, to=MAKE)
    at = item.before["assigned_at"]
    lead.assigned_at, lead.assigned_by_id = datetime.fromisoformat(at) if at else None, item.before["assigned_by_id"]
    _own(work, lead, move, RETURNED)


def _take_opportunity(work: Work, move: Move) -> tuple[Before, int | None]:
    opportunity = work.load(Opportunity, move.record_id, to=MAKE)
    _check_theirs(opportunity.owner_id == move.from_user_id)
    _own(work, opportunity, move, TAKEN)
    return {}, opportunity.version


def _opportunity_back(work: Work, item: HandoverItem, move: Move) -> None:
    _own(work, work.load(Opportunity, item.record_id, to=MAKE), move, RETURNED)


def _own(work: Work, record: Lead | Opportunity, move: Move, action: str) -> None:
    if isinstance(record, Lead):
        record.assignment_no += 1
        disputes.follow(work, lead_id=record.id, owner_id=move.to_user_id, assignment_no=record.assignment_no)
    record.owner_id, record.updated_at = move.to_user_id, work.now
    changes = {"owner_id": (move.from_user_id, move.to_user_id)}
    events.record(work, record, action, changes=changes, note=move.reason)


def _take_activity(work: Work, move: Move) -> tuple[Before, int | None]:
    activity = work.load(Activity, move.record_id, to=MAKE)
    _check_theirs(activity.owner_id == move.from_user_id and activity.state in OPEN)
    before = activities.take_over(work, activity=activity, to_user_id=move.to_user_id, reason=move.reason)
    return before, activity.version


def _activity_back(work: Work, item: HandoverItem, move: Move) -> None:
    activity = work.load(Activity, item.record_id, to=MAKE)
    activities.give_back(work, activity=activity, to_user_id=move.to_user_id, before=item.before, reason=move.reason)


def _take_person(work: Work, move: Move) -> tuple[Before, int | None]:
    _lead_person(work, move, TAKEN)
    return {}, None


def _person_back(work: Work, _item: HandoverItem, move: Move) -> None:
    _lead_person(work, move, RETURNED)


def _lead_person(work: Work, move: Move, action: str) -> None:
    person = work.load(User, move.record_id, to=MAKE)
    person.superior_id = move.to_user_id
    changes = {"superior_id": (move.from_user_id, move.to_user_id)}
    events.record(work, person, action, changes=changes, note=move.reason)


MODELS: Mapping[str, Any] = {"lead": Lead, "opportunity": Opportunity, "activity": Activity}
TAKE: Mapping[str, Callable[[Work, Move], tuple[Before, int | None]]] = {
    "account": _take_place,
    "lead": _take_lead,
    "opportunity": _take_opportunity,
    "activity": _take_activity,
    "user": _take_person,
}
BACK: Mapping[str, Callable[[Work, HandoverItem, Move], None]] = {
    "account": _place_back,
    "lead": _lead_back,
    "opportunity": _opportunity_back,
    "activity": _activity_back,
    "user": _person_back,
}
