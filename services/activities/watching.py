"""The live monitor: what a manager sees of a day, and the cheap question whether anything is new (ACT-13)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union

from db.models import Activity, ActivityState, Event, Role, User
from services.activities.flow import OPEN
from services.activities.listing import in_view
from services.activities.reading import brief
from services.core import access
from services.core.access import needs
from services.core.moments import day_span
from services.core.work import Work

#: views of the list that a manager looks after
ATTENTION = ("declined", "queue", "overdue", "unanswered")
#: what the key figures count; each is a filter of the board
FIGURES = ("planned", "in_progress", "ended", "overdue", "declined", "unanswered")


@dataclass(frozen=True)
class Watch:
    """One day of a branch: its people, their activities, and the key figures."""

    people: Sequence[Any]
    activities: Sequence[Any]
    figures: dict[str, int]
    loads: dict[int, int]


@needs("activity.watch")
def watch(work: Work, *, day: date, branch_id: int | None) -> Watch:
    """The day's board of the people the actor watches, in two statements."""
    people = work.rows(_watched(work, branch_id))
    begin, until = day_span(day, day, work.zone)
    rows = work.rows(
        brief()
        .where(Activity.owner_id.in_([p.id for p in people]), _of_day(work, branch_id, day, begin, until))
        .order_by(Activity.planned_start, Activity.id)
    )
    counted = Counter(name for row in rows for name in figures_of(row, work.now))
    return Watch(people, rows, {name: counted[name] for name in FIGURES}, Counter(r.owner_id for r in rows))


def figures_of(row: Any, now: datetime) -> list[str]:
    """Under which key figures an activity counts."""
    state = row.state
    late = state in OPEN and row.due_at < now
    names = {
        "planned": state in (ActivityState.PLANNED, ActivityState.ASSIGNED),
        "in_progress": state is ActivityState.IN_PROGRESS,
        "ended": state is ActivityState.ENDED,
        "overdue": late,
        "declined": state is ActivityState.DECLINED,
        "unanswered": state is ActivityState.ASSIGNED and row.accepted_at is None,
    }
    return [name for name, counts in names.items() if counts]


@needs("activity.watch")
def news(work: Work, *, branch_id: int | None, limit: int = 12) -> Sequence[Any]:
    """What just happened in the branch, newest first: event id, at, who, action, the activity's id and subject."""
    in_branch = Event.branch_id == branch_id if branch_id else Event.branch_id.is_not(None)
    return work.rows(
        select(
            Event.id,
            Event.at,
            User.name.label("actor"),
            Event.action,
            Activity.id.label("activity_id"),
            Activity.subject,
        )
        .join(Activity, Activity.id == Event.record_id)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.kind == "activity", in_branch)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(limit)
    )


@needs("activity.watch")
def attention(work: Work) -> dict[str, int]:
    """What waits for a manager's decision, by view of the list that opens it (ALL-10); in one statement."""
    wanted = {name: in_view(work, name) for name in ATTENTION}
    counts = [func.count().filter(condition).label(name) for name, condition in wanted.items()]
    row = work.row(select(*counts).select_from(Activity).where(Activity.state.in_(OPEN)))
    return {name: getattr(row, name) for name in ATTENTION}


def _watched(work: Work, branch_id: int | None) -> Any:
    working = (Role.REP, Role.SALES_MANAGER, Role.MARKETING)
    people = select(User.id, User.name, User.role).where(
        User.active, User.role.in_(working), User.branch_id == branch_id
    )
    if access.Reach.REPORTS in access.GRANTS["activity.watch"].get(
        work.actor.role or Role.EXECUTIVE, access.Reach.NONE
    ):
        people = people.where(or_(User.superior_id == work.actor.id, User.id == work.actor.id))
    return people.order_by(User.role, User.name)


def _of_day(work: Work, branch_id: int | None, day: date, begin: datetime, until: datetime) -> ColumnElement[bool]:
    """What belongs to the day, each part found by an index of its own: one condition of four parts would read the branch."""
    kept = Activity.state != ActivityState.CANCELLED
    parts = [
        and_(Activity.planned_start >= begin, Activity.planned_start < until, kept),
        and_(Activity.ended_at >= begin, Activity.ended_at < until),
    ]
    if day == work.today:
        parts.append(and_(Activity.state.in_(OPEN), Activity.planned_start < until, Activity.due_at < work.now))
        parts.append(Activity.state == ActivityState.IN_PROGRESS)
    return Activity.id.in_(union(*(select(Activity.id).where(Activity.branch_id == branch_id, part) for part in parts)))
