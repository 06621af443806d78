"""Activity statistics: who planned, carried out, missed how much; by rep, type, purpose, result, customer, time (ACT-18)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, extract, func, select

from db.models import Account, Activity, ActivityReview, Branch, User
from services.activities import figures
from services.activities.figures import FIGURES, Figure
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.moments import day_span, month_start, week_start
from services.core.work import Query, Work
from services.reports import shape
from services.reports.periods import presets
from services.reports.shape import NOT_GIVEN, By, Line, Question, Shape

SHAPE = Shape(
    bys={
        "rep": By(N_("Rep"), Activity.owner_id, "owner"),
        "type": By(N_("Type"), Activity.type_id, "type"),
        "purpose": By(N_("Purpose"), Activity.purpose_id, "purpose"),
        "result": By(N_("Result"), Activity.result_id, "result"),
        "customer": By(N_("Customer"), Activity.account_id, "account"),
        "week": By(N_("Week"), start_of=week_start),
        "month": By(N_("Month"), start_of=month_start),
        "branch": By(N_("Branch"), Activity.branch_id, "branch"),
    },
    presets=presets("this_week", "last_week", "this_month", "last_month"),
    standard="this_month",
)


@dataclass(frozen=True)
class Figures:
    """The counts of one line; they add up, because each activity stands in one line."""

    planned: int = 0
    ended: int = 0
    on_time: int = 0
    overdue: int = 0
    declined: int = 0
    cancelled: int = 0
    reviewed: int = 0
    reviews: int = 0
    marks: int = 0
    seconds: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def mark(self) -> float | None:
        """The average of all marks given, if there were any."""
        return round(self.marks / self.reviews, 2) if self.reviews else None

    @property
    def hours(self) -> float:
        """From start to end of the ended ones."""
        return round(self.seconds / 3600, 1)

    @property
    def empty(self) -> bool:
        """Whether nothing was counted at all."""
        return self == Figures()


@dataclass(frozen=True)
class Statistics:
    """The answer: lines that add up to the total, and the same total of the period before."""

    question: Question
    lines: Sequence[Line[Figures]]
    total: Figures
    before: Figures = field(default_factory=Figures)


@needs(figures.PERMISSION)
def statistics(work: Work, *, question: Question, compare: bool = False) -> Statistics:
    """The figures of the question as far as the actor's reports reach: own, led, branch or all (ACT-18, ACT-16)."""
    counted = _counted(work, question)
    lines = SHAPE.in_time(question, counted, Figures()) or _divided(work, question, counted)
    before = _counted(work, replace(question, by="type", period=question.period.before)) if compare else {}
    return Statistics(question, lines, _sum(counted.values()), _sum(before.values()))


def drill(question: Question, figure: str, line: Line[Figures] | None = None) -> dict[str, str]:
    """The filters under which the list of activities shows exactly what a figure counts (ALL-10); no line: the total."""
    period = line.period if line else question.period
    counted = figures.value(OPENS.get(figure, figure), period.first, period.last)
    return {"figure": counted} | SHAPE.filters(question, line)


def people(work: Work, *, branch_id: int | None = None, line: str | None = None) -> Sequence[Any]:
    """The active reps whose figures the actor may see: id and name, by name."""
    return shape.people(work, Activity, figures.PERMISSION, branch_id=branch_id, line=line)


def _counted(work: Work, question: Question) -> dict[int, Figures]:
    """Key of the line → its figures; one statement for each moment by which something counts, one for the marks."""
    moments = {id(one.moment): one.moment for one in FIGURES.values()}.values()
    alike = ([one for one in FIGURES.values() if one.moment is moment and one.name != "reviewed"] for moment in moments)
    statements = [*(_counting(work, question, those) for those in alike), _marking(work, question)]
    found: dict[int, Figures] = {}
    for row in (row for statement in statements for row in work.rows(statement)):
        values = {name: int(value or 0) for name, value in row._mapping.items() if name != "key"}
        found[row.key or 0] = found.get(row.key or 0, Figures()) + Figures(**values)
    return {key: those for key, those in found.items() if those != Figures()}


def _counting(work: Work, question: Question, alike: Sequence[Figure]) -> Query:
    """The figures that count by one moment; a lone one is also filtered by, which lets an index help."""
    counts = [func.sum(case((one.which(work), 1), else_=0)).label(one.name) for one in alike]
    if alike[0].moment is Activity.ended_at:
        spent = extract("epoch", Activity.ended_at) - extract("epoch", Activity.started_at)
        counts.append(func.sum(case((FIGURES["ended"].which(work), spent), else_=0)).label("seconds"))
    asked = select(SHAPE.key(work, question, alike[0].moment), *counts).select_from(Activity)
    lone = [alike[0].which(work)] if len(alike) == 1 else []
    return asked.where(*_within(work, question, alike[0].moment), *lone).group_by("key")


def _marking(work: Work, question: Question) -> Query:
    counts = (
        func.count(distinct(Activity.id)).label("reviewed"),
        func.count(ActivityReview.id).label("reviews"),
        func.sum(ActivityReview.mark).label("marks"),
    )
    asked = select(SHAPE.key(work, question, Activity.ended_at), *counts).select_from(Activity)
    joined = asked.join(ActivityReview, ActivityReview.activity_id == Activity.id)
    ended = FIGURES["ended"].which(work)
    return joined.where(ended, *_within(work, question, Activity.ended_at)).group_by("key")


def _within(work: Work, question: Question, moment: Any) -> list[ColumnElement[bool]]:
    """The period, the reach, and what the question narrows to."""
    begin, until = day_span(question.period.first, question.period.last, work.zone)
    conditions = [moment >= begin, moment < until, figures.reach(work)]
    conditions += [Activity.branch_id == question.branch_id] if question.branch_id else []
    conditions += [Activity.owner_id.in_(shape.of_line(question.line))] if question.line else []
    conditions += [Activity.owner_id == question.owner_id] if question.owner_id else []
    return conditions


def _divided(work: Work, question: Question, counted: Mapping[int, Figures]) -> list[Line[Figures]]:
    """Most ended first; reps who did nothing stand at the end, for they matter too."""
    labels = LABELS.get(question.by, _codes)(work, question, [key for key in counted if key])
    nothing, unseen = work.translate(NOT_GIVEN), work.translate(NOT_VISIBLE)
    lines = [
        Line(key, labels.get(key, unseen if key else nothing), question.period, counted.get(key, Figures()))
        for key in {*counted, *labels}
    ]
    return sorted(lines, key=lambda line: (-line.figures.ended, -line.figures.planned, line.label, str(line.key)))


Labels = Callable[[Work, Question, Sequence[int]], dict[int, str]]


def _codes(work: Work, _question: Question, keys: Sequence[int]) -> dict[int, str]:
    known = configuration(work)
    return {key: known.label(key, work.actor.language) for key in keys}


def _reps(work: Work, question: Question, keys: Sequence[int]) -> dict[int, str]:
    idle = people(work, branch_id=question.branch_id, line=question.line)
    shown = {row.id: row.name for row in idle if question.owner_id in (None, row.id)}
    return shown | _names(work, User, User.name, keys)


def _customers(work: Work, _question: Question, keys: Sequence[int]) -> dict[int, str]:
    return _names(work, Account, Account.name, keys)


def _branches(work: Work, _question: Question, keys: Sequence[int]) -> dict[int, str]:
    return _names(work, Branch, Branch.name_en if work.actor.language == "en" else Branch.name, keys)


def _names(work: Work, model: Any, name: Any, keys: Sequence[int]) -> dict[int, str]:
    """In portions, because databases take only so many values in one statement."""
    portions = (keys[start : start + PORTION] for start in range(0, len(keys), PORTION))
    found = (work.rows(select(model.id, name.label("name")).where(model.id.in_(portion))) for portion in portions)
    return {row.id: row.name for rows in found for row in rows}


def _sum(parts: Iterable[Figures]) -> Figures:
    return sum(parts, Figures())


LABELS: Mapping[str, Labels] = {"rep": _reps, "customer": _customers, "branch": _branches}
#: figures that are no counts themselves open what they are made of
OPENS = {"hours": "ended", "mark": "reviewed"}
PORTION = 5000
NOT_VISIBLE = N_("no longer visible")
