"""Clocks: whoever was given something has a time to answer; after it the superior hears of it, once (ACT-5, LEAD-8)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, or_, select

from db.models import Activity, ActivityState, Lead, Occurrence, Priority, Route, User
from services import readers, superiors
from services.activities.planning import customer_name
from services.core.configuration import configuration
from services.core.outbox import Template, notify
from services.core.work import Work, work_as_system
from services.leads.listing import uncontacted
from services.runs import each
from services.time_rules import messages
from services.time_rules.lateness import on


@dataclass(frozen=True)
class Clock:
    """A kind of record that wants an answer: which ones are late, what counts as one assignment, and what is said."""

    name: str
    model: Any
    late: Callable[[Work], ColumnElement[bool]]
    assignment: Any
    template: Template
    parameters: Callable[[Work, Any], dict[str, Any]]


def run(clock: Clock, at: datetime) -> int:
    """Report every late record to the superior of its owner, each in a transaction of its own."""
    with work_as_system(clock.name, at=at, readonly=True) as work:
        late = work.scalars(select(clock.model.id).where(_unreported(clock, work)).order_by(clock.model.id))
    return each(late, lambda record_id: _report(clock, record_id, at))


def _report(clock: Clock, record_id: int, at: datetime) -> int:
    with work_as_system(clock.name, at=at) as work:
        return report(work, clock, record_id=record_id)


def report(work: Work, clock: Clock, *, record_id: int) -> int:
    """Report one record if it is late and was not reported yet; returns how many were."""
    late = select(clock.model, cast(clock.assignment, String).label("assignment"))
    found = work.row(late.where(clock.model.id == record_id, _unreported(clock, work)))
    if found is None or not work.once(clock.name, record_id, found.assignment):
        return 0
    record = found[0]
    notify(
        work, clock.template, to=_superiors(work, record), about=record, routes=[Route.EMAIL],
        **clock.parameters(work, record),
    )  # fmt: skip
    return 1


def _unreported(clock: Clock, work: Work) -> ColumnElement[bool]:
    reported = exists().where(
        Occurrence.kind == clock.name,
        Occurrence.record_id == clock.model.id,
        Occurrence.period == cast(clock.assignment, String),
    )
    return and_(clock.late(work), ~reported)


def _superiors(work: Work, record: Any) -> list[int]:
    """The owner's superior; if nobody there may read the record: the branch's managers; then the administrators."""
    managers = [
        person for person in superiors.managers_of(work, branch_id=record.branch_id) if person != record.owner_id
    ]
    for people in ([superiors.superior_of(work, user_id=record.owner_id)], managers, superiors.administrators(work)):
        if found := readers.among(work, record=record, people=people):
            return found
    return []


def _unanswered(work: Work) -> ColumnElement[bool]:
    """Assigned, and neither declined nor begun within the time allowed; a manager's queue has no clock."""
    days = configuration(work).setting
    return and_(
        Activity.state == ActivityState.ASSIGNED,
        Activity.queue_reason.is_(None),
        or_(
            and_(Activity.priority == Priority.URGENT, Activity.assigned_at <= _ago(work, days("answer_days_urgent"))),
            and_(Activity.priority == Priority.NORMAL, Activity.assigned_at <= _ago(work, days("answer_days_normal"))),
        ),
    )


def _ago(work: Work, days: int) -> datetime:
    return work.now - timedelta(days=days)


def _about_activity(work: Work, activity: Activity) -> dict[str, Any]:
    return {
        "subject": activity.subject,
        "customer": customer_name(work, activity),
        "owner": work.scalar(select(User.name).where(User.id == activity.owner_id)),
        "since": on(work, activity.assigned_at),
    }


def _about_lead(work: Work, lead: Lead) -> dict[str, Any]:
    return {
        "topic": lead.topic,
        "owner": work.scalar(select(User.name).where(User.id == lead.owner_id)),
        "since": on(work, lead.assigned_at),
    }


CONTACT = Clock("LEAD-8", Lead, uncontacted, Lead.assignment_no, messages.UNCONTACTED, _about_lead)
ANSWER = Clock("ACT-5", Activity, _unanswered, Activity.assignment_no, messages.UNANSWERED, _about_activity)
