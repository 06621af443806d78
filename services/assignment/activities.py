"""Whose turn it is: the next suitable rep of a branch (ASG-2, ACT-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.models import Absence, Activity, ActivityHolding, Branch, Role, User, UserLine
from services.activities.flow import OPEN
from services.core.errors import N_
from services.core.work import Query, Work

NOBODY_FITS = N_("No other rep of the branch has the product line.")
OTHERS_AWAY = N_("Every other suitable rep of the branch is absent today.")
ALL_HELD_IT = N_("Every suitable rep of the branch has had it already.")


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, or why it is nobody's."""

    user_id: int | None
    reason: str = ""


def next_rep(work: Work, *, activity: Activity) -> Turn:
    """The rep whose turn it is to take over an activity: of the branch, there today, with a line of its owner, never
    one who had it.

    Among these whoever has waited longest since the last assignment, by hand ones counted; then who has least open.
    The branch is locked until the Work ends, so that several who assign at once stay fair (ASG-2).
    """
    work.scalar(select(Branch.id).where(Branch.id == activity.branch_id).with_for_update(key_share=True))
    fitting = work.rows(_fitting(work, activity))
    fresh = [rep for rep in fitting if not rep.held]
    waiting = [rep for rep in fresh if not rep.away]
    if not waiting:
        return Turn(None, OTHERS_AWAY if fresh else ALL_HELD_IT if fitting else NOBODY_FITS)
    if never := [rep.id for rep in waiting if rep.last_id is None]:
        return Turn(_least_loaded(work, never))
    return Turn(min(waiting, key=lambda rep: (rep.last_at, rep.last_id)).id)


def _least_loaded(work: Work, people: Sequence[int]) -> int:
    counts = select(Activity.owner_id, func.count()).where(Activity.owner_id.in_(people), Activity.state.in_(OPEN))
    loads: dict[int, int] = dict(work.rows(counts.group_by(Activity.owner_id)))
    return min(people, key=lambda person: (loads.get(person, 0), person))


def _fitting(work: Work, activity: Activity) -> Query:
    last = aliased(ActivityHolding)
    held = exists().where(ActivityHolding.activity_id == activity.id, ActivityHolding.user_id == User.id)
    days = (Absence.first_day <= work.today, Absence.last_day >= work.today)
    away = exists().where(Absence.user_id == User.id, *days).label("away")
    columns = (User.id, away, last.since_at.label("last_at"), last.id.label("last_id"), held.label("held"))
    return (
        select(*columns)
        .outerjoin(last, last.id == _last_assignment())
        .where(User.role == Role.REP, User.active, User.branch_id == activity.branch_id, User.id != activity.owner_id)
        .where(_shares_a_line(activity.owner_id))
    )


def _shares_a_line(owner_id: int) -> ColumnElement[bool]:
    """An owner without a product line, such as a manager, can be followed by every rep."""
    lines = select(UserLine.line).where(UserLine.user_id == owner_id)
    own = aliased(UserLine)
    return or_(~lines.exists(), exists().where(own.user_id == User.id, own.line.in_(lines)))


def _last_assignment() -> Any:
    """The last time somebody else, or the system, gave the person something; own plans do not count."""
    given = or_(ActivityHolding.given_by_id.is_(None), ActivityHolding.given_by_id != ActivityHolding.user_id)
    return (
        select(ActivityHolding.id)
        .where(ActivityHolding.user_id == User.id, given)
        .order_by(ActivityHolding.since_at.desc(), ActivityHolding.id.desc())
        .limit(1)
        .correlate(User)
        .scalar_subquery()
    )
