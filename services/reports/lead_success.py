"""Success rate of leads: what has become of those that came in, by source, branch, rep, product line, month (LEAD-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from sqlalchemy import case, extract, func, select

from db.models import Branch, CodeValue, Lead, ProductLine, User
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.moments import month_start
from services.core.work import Query, Work
from services.lead_figures import counting as figures
from services.lead_figures.counting import FIGURES
from services.reports import shape
from services.reports.periods import presets
from services.reports.shape import NOT_GIVEN, By, Key, Line, Question, Shape

SHAPE = Shape(
    bys={
        "source": By(N_("Source"), Lead.source_id, "source"),
        "group": By(N_("Source group"), CodeValue.group, "group"),
        "branch": By(N_("Branch"), Lead.branch_id, "branch"),
        "rep": By(N_("Rep"), Lead.owner_id, "owner"),
        "line": By(N_("Product line"), Lead.line, "line"),
        "month": By(N_("Month"), start_of=month_start),
    },
    presets=presets("this_month", "last_month", "this_year", "twelve_months"),
    standard="twelve_months",
)


@dataclass(frozen=True)
class Figures:
    """The counts of one line, and the seconds to the first contact that lie in the middle."""

    created: int = 0
    contacted: int = 0
    converted: int = 0
    disqualified: int = 0
    decided: int = 0
    open: int = 0
    seconds: int | None = None

    @property
    def rate(self) -> float | None:
        """Converted of all decided, in percent; None while nothing is decided."""
        return round(100 * self.converted / self.decided, 1) if self.decided else None

    @property
    def hours(self) -> float | None:
        """The median of the hours from creation to first contact."""
        return None if self.seconds is None else round(self.seconds / 3600, 1)


@dataclass(frozen=True)
class Reason:
    """Why leads were given up, and how many of the period's."""

    id: int
    label: str
    count: int


@dataclass(frozen=True)
class Success:
    """The answer: lines that add up to the total, and the reasons of disqualification."""

    question: Question
    lines: Sequence[Line[Figures]]
    total: Figures
    reasons: Sequence[Reason]


@needs(figures.PERMISSION)
def success(work: Work, *, question: Question) -> Success:
    """The figures of the leads that came in within the period, as far as the actor's reports reach (LEAD-7)."""
    counted = {key or 0: Figures(*counts) for key, *counts in work.rows(_counting(work, question))}
    waits = _waits(work, question)
    found = {key: _with_median(those, waits.get(key, [])) for key, those in counted.items()}
    total = Figures(*(sum(getattr(one, name) for one in counted.values()) for name in FIGURES))
    every = [seconds for those in waits.values() for seconds in those]
    lines = SHAPE.in_time(question, found, Figures()) or _divided(work, question, found)
    return Success(question, lines, _with_median(total, every), _reasons(work, question))


def drill(
    question: Question, figure: str, line: Line[Figures] | None = None, *, reason_id: int | None = None
) -> dict[str, str]:
    """The filter under which the list of leads shows exactly what a figure counts (ALL-10); no line: the total."""
    period = line.period if line else question.period
    narrowed = SHAPE.filters(question, line) | ({} if reason_id is None else {"reason": str(reason_id)})
    return {"figure": figures.value(OPENS.get(figure, figure), period.first, period.last, narrowed)}


def people(work: Work, *, branch_id: int | None = None, line: str | None = None) -> Sequence[Any]:
    """The active reps whose figures the actor may see: id and name, by name."""
    return shape.people(work, Lead, figures.PERMISSION, branch_id=branch_id, line=line)


def _within(work: Work, question: Question) -> Any:
    return figures.within(work, question.period.first, question.period.last, question.narrowed)


def _counting(work: Work, question: Question) -> Query:
    counts = [func.sum(case((one.which, 1), else_=0)).label(one.name) for one in FIGURES.values()]
    return (
        _from(select(SHAPE.key(work, question, Lead.created_at), *counts), question)
        .where(_within(work, question))
        .group_by("key")
    )


def _from(statement: Query, question: Question) -> Query:
    asked = statement.select_from(Lead)
    return asked.outerjoin(CodeValue, CodeValue.id == Lead.source_id) if question.by == "group" else asked


def _waits(work: Work, question: Question) -> dict[Key, list[int]]:
    """Seconds to the first contact of each lead that had one, by line; neither database takes medians of both kinds alike."""
    waited = extract("epoch", Lead.first_contact_at) - extract("epoch", Lead.created_at)
    asked = _from(select(SHAPE.key(work, question, Lead.created_at), waited.label("seconds")), question)
    found: dict[Key, list[int]] = {}
    for key, seconds in work.rows(asked.where(_within(work, question), FIGURES["contacted"].which)):
        found.setdefault(key or 0, []).append(max(0, int(seconds)))
    return found


def _with_median(those: Figures, seconds: Sequence[int]) -> Figures:
    return replace(those, seconds=int(median(seconds)) if seconds else None)


def _divided(work: Work, question: Question, found: Mapping[Key, Figures]) -> list[Line[Figures]]:
    """Most leads first."""
    labels = _labels(work, question.by)
    nothing = work.translate(NOBODY if question.by == "rep" else NOT_GIVEN)
    lines = [
        Line(key, labels.get(key, nothing if not key else str(key)), question.period, those)
        for key, those in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.figures.created, line.label, str(line.key)))


def _labels(work: Work, by: str) -> dict[Key, str]:
    english = work.actor.language == "en"
    if by == "rep":
        return {row.id: row.name for row in work.rows(select(User.id, User.name))}
    if by == "branch":
        return {row[0]: row[1] for row in work.rows(select(Branch.id, Branch.name_en if english else Branch.name))}
    if by == "line":
        label = ProductLine.label_en if english else ProductLine.label_zh
        return {row[0]: row[1] for row in work.rows(select(ProductLine.code, label))}
    label = CodeValue.label_en if english else CodeValue.label_zh
    name, key = ("lead_source_group", CodeValue.code) if by == "group" else ("lead_source", CodeValue.id)
    return {row[0]: row[1] for row in work.rows(select(key, label).where(CodeValue.list == name))}


def _reasons(work: Work, question: Question) -> list[Reason]:
    """Why leads of the period were given up, most frequent first."""
    asked = select(Lead.disqualify_reason_id, func.count().label("leads")).select_from(Lead)
    given_up = asked.where(_within(work, question), FIGURES["disqualified"].which).group_by(Lead.disqualify_reason_id)
    known, language = configuration(work), work.actor.language
    found = [Reason(row[0], known.label(row[0], language), row.leads) for row in work.rows(given_up)]
    return sorted(found, key=lambda reason: (-reason.count, reason.label))


#: figures that are no counts themselves open what they are made of
OPENS = {"rate": "decided", "hours": "contacted"}
NOBODY = N_("nobody yet")
