"""Figures: what is counted of activities, by which moment each counts, and within whose reach (ACT-18, ALL-10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, select, true

from db.models import Activity, ActivityReview, ActivityState
from services.activities.flow import OPEN
from services.core.errors import N_
from services.core.moments import day_span
from services.core.work import Work

PERMISSION = "report.activities"
#: written out in the statement, so that the index of open ones by due time is used
_is_open = Activity.state.in_(bindparam("open_states", OPEN, expanding=True, literal_execute=True))


def overdue(work: Work) -> ColumnElement[bool]:
    """Open and past the due time."""
    return and_(_is_open, Activity.due_at < work.now)


def _on_time(_work: Work) -> ColumnElement[bool]:
    return and_(Activity.state == ActivityState.ENDED, Activity.ended_at <= Activity.due_at)


def _reviewed(_work: Work) -> ColumnElement[bool]:
    return and_(
        Activity.state == ActivityState.ENDED, exists(select(1).where(ActivityReview.activity_id == Activity.id))
    )


@dataclass(frozen=True)
class Figure:
    """Something counted: which activities, by the local date of which moment, and how that is said to people."""

    name: str
    label: str
    formula: str
    moment: Any
    which: Callable[[Work], ColumnElement[bool]]


FIGURES: Mapping[str, Figure] = {
    one.name: one
    for one in (
        Figure(
            "planned", N_("Planned"), N_("All activities whose planned start lies in the period, whatever became of them."),
            Activity.planned_start, lambda _work: true(),
        ),
        Figure(
            "ended", N_("Ended"), N_("Activities ended with feedback, by the day on which they ended."),
            Activity.ended_at, lambda _work: Activity.state == ActivityState.ENDED,
        ),
        Figure("on_time", N_("On time"), N_("Those of the ended ones that ended before they were due."), Activity.ended_at, _on_time),
        Figure(
            "overdue", N_("Overdue"), N_("Activities still open after their due time, by the day on which they were due."),
            Activity.due_at, overdue,
        ),
        Figure(
            "declined", N_("Declined"), N_("Activities whose present assignment was declined, by the day of declining."),
            Activity.declined_at, lambda _work: true(),
        ),
        Figure(
            "cancelled", N_("Cancelled"), N_("Activities cancelled, by the day of cancelling."),
            Activity.cancelled_at, lambda _work: Activity.state == ActivityState.CANCELLED,
        ),
        Figure("reviewed", N_("Reviewed"), N_("Those of the ended ones that were given a mark."), Activity.ended_at, _reviewed),
    )
}  # fmt: skip


def within(work: Work, figure: Figure, first: date, last: date) -> ColumnElement[bool]:
    """The activities that count for a figure from one local date to another, as far as the actor's reports reach."""
    begin, until = day_span(first, last, work.zone)
    return and_(figure.moment >= begin, figure.moment < until, figure.which(work), reach(work))


def reach(work: Work) -> ColumnElement[bool]:
    """What the actor's figures are made of; narrower than what they may read: a rep's are the own ones."""
    return work.within_reach(Activity, PERMISSION)


def value(figure: str, first: date, last: date) -> str:
    """What stands in the list's address for a figure of a period."""
    return f"{figure}:{first}:{last}"


def read(given: Any) -> tuple[Figure, date, date]:
    """The figure and period that a value in an address means; ValueError for anything else."""
    name, first, last = str(given).split(":")
    if name not in FIGURES:
        raise ValueError(name)
    return FIGURES[name], date.fromisoformat(first), date.fromisoformat(last)


def counted(work: Work, given: Any) -> ColumnElement[bool]:
    """The list filter: exactly the activities that a figure on a screen counts."""
    return within(work, *read(given))


def worded(work: Work, given: Any) -> str:
    """What a value in an address means, for people: the figure and its period."""
    one, first, last = read(given)
    return f"{work.translate(one.label)}, {first} – {last}"
