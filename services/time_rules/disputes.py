"""Disputes that nobody decides: managers are reminded every day, and after some days it goes up (ASG-4).

Of two branches, and where every manager is a side in it, the head office's setting then decides; of one branch the
managers' superiors hear of it, again after as many days more. The time counts anew when the first manager has spoken.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from db.models import Event, Lead, LeadDispute, Route, User
from services import disputes, readers, superiors
from services.core.configuration import configuration
from services.core.outbox import notify
from services.core.work import Query, Work, work_as_system
from services.disputes import messages
from services.disputes.opening import deciders
from services.runs import each
from services.time_rules.lateness import on

RULE, UP = "ASG-4", "ASG-4 up"


def see_to(at: datetime) -> int:
    """Remind of, report or settle what has waited too long, each in a transaction of its own."""
    with work_as_system(RULE, at=at, readonly=True) as work:
        late = [
            row for row in work.rows(_undecided()) if row.since <= _ago(work, hours=_setting(work, "dispute_hours"))
        ]
    return each(late, lambda row: _see_to(row.id, at))


def _undecided() -> Query:
    """Every undecided dispute, and since when it waits for who has not spoken yet."""
    spoken = (Event.kind == "lead_dispute", Event.record_id == LeadDispute.id, Event.action == "proposed")
    proposed = select(func.max(Event.at)).where(*spoken).scalar_subquery()
    since = func.coalesce(proposed, LeadDispute.opened_at, type_=LeadDispute.opened_at.type).label("since")
    return select(LeadDispute.id, since).where(LeadDispute.state.in_(disputes.UNDECIDED)).order_by(LeadDispute.id)


def _see_to(dispute_id: int, at: datetime) -> int:
    with work_as_system(RULE, at=at) as work:
        waits = work.row(_undecided().where(LeadDispute.id == dispute_id))
        if waits is None:  # decided since we looked
            return 0
        dispute, days = work.get(LeadDispute, dispute_id), _setting(work, "dispute_days")
        silent = _silent(work, dispute)
        if waits.since > _ago(work, days=days):
            return _remind(work, dispute, silent, waits.since)
        if dispute.other_branch_id or not silent:
            disputes.settle(work, dispute_id=dispute_id)
            return 1
        period = (work.now - waits.since) // timedelta(days=days)
        return _remind(work, dispute, silent, waits.since) + _report(work, dispute, silent, waits.since, str(period))


def _silent(work: Work, dispute: LeadDispute) -> list[int]:
    """Who could decide and has not: after a proposal, nobody of the branch that made it."""
    spoken = select(User.id).where(User.branch_id == dispute.proposed_branch_id)
    done = {dispute.proposed_by_id, *(work.scalars(spoken) if dispute.proposed_branch_id else ())}
    return [person for person in deciders(work, dispute) if person not in done]


def _remind(work: Work, dispute: LeadDispute, silent: list[int], since: datetime) -> int:
    if not silent or not work.once(RULE, dispute.id, work.today.isoformat()):
        return 0
    told: dict[str, Any] = {"subject": dispute.subject, "since": on(work, since), "reason": dispute.reason}
    notify(work, messages.STILL_OPEN, to=silent, about=dispute, routes=[Route.EMAIL], **told)
    return 1


def _report(work: Work, dispute: LeadDispute, silent: list[int], since: datetime, period: str) -> int:
    """To whoever stands above the silent ones and may read the lead, else to the data administrators."""
    if not work.once(UP, dispute.id, period):
        return 0
    above = [superiors.superior_of(work, user_id=person) for person in silent]
    readable = readers.among(work, record=work.get(Lead, dispute.lead_id), people=above)
    names = work.scalars(select(User.name).where(User.id.in_(silent)).order_by(User.name))
    told: dict[str, Any] = {"subject": dispute.subject, "since": on(work, since), "managers": list(names)}
    to = readable or superiors.administrators(work)
    notify(work, messages.GOES_UP, to=to, about=dispute, routes=[Route.EMAIL], **told)
    return 1


def _ago(work: Work, **much: float) -> datetime:
    return work.now - timedelta(**much)


def _setting(work: Work, key: str) -> int:
    return int(configuration(work).setting(key))
