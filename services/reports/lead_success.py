"""Success rate of leads: what has become of those that came in, by source, branch, rep, product line, month (LEAD-7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from sqlalchemy import Integer, case, cast, extract, func, select

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
    """The counts of one line, and the full minutes to the first contact that lie in the middle."""

    created: int = 0
    contacted: int = 0
    converted: int = 0
    disqualified: int = 0
    decided: int = 0
    open: int = 0
    minutes: int | None = None

    @property
    def rate(self) -> float | None:
        """Converted of all decided, in percent; None while nothing is decided."""
        return round(100 * self.converted / self.decided, 1) if self.decided else None

    @property
    def hours(self) -> float | None:
        """The median of the hours from creation to first contact."""
        return None if self.minutes is None else round(self.minutes / 60, 1)


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
    rows, waits = work.rows(_counting(work, question)), _waits(work, question)
    counted = {key: _summed(row for row in rows if row.key == key) for key in {row.key for row in rows}}
    found = {key or 0: _with_median(those, waits[key]) for key, those in counted.items()}
    total = _with_median(_summed(rows), sum(waits.values(), Counter()))
    lines = SHAPE.in_time(question, found, Figures()) or _divided(work, question, found)
    return Success(question, lines, total, _reasons(work, rows))


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
    """The counts by line and, because one look at the leads costs most, by reason of disqualification."""
    counts = [func.sum(case((one.which, 1), else_=0)).label(one.name) for one in FIGURES.values()]
    asked = select(SHAPE.key(work, question, Lead.created_at), Lead.disqualify_reason_id.label("reason"), *counts)
    return _from(asked, question).where(_within(work, question)).group_by("key", Lead.disqualify_reason_id)


def _summed(rows: Iterable[Any]) -> Figures:
    return Figures(*map(sum, zip(*([getattr(row, name) for name in FIGURES] for row in rows), strict=True)))


def _from(statement: Query, question: Question) -> Query:
    asked = statement.select_from(Lead)
    return asked.outerjoin(CodeValue, CodeValue.id == Lead.source_id) if question.by == "group" else asked


def _waits(work: Work, question: Question) -> Mapping[Key | None, Counter[int]]:
    """How many leads waited how many full minutes for the first contact, by line; the databases know no median alike."""
    waited = extract("epoch", Lead.first_contact_at) - extract("epoch", Lead.created_at)
    minutes = (cast(waited, Integer) // 60).label("minutes")
    asked = _from(select(SHAPE.key(work, question, Lead.created_at), minutes, func.count().label("leads")), question)
    contacted = asked.where(_within(work, question), FIGURES["contacted"].which)
    found: dict[Key | None, Counter[int]] = defaultdict(Counter)
    for key, waiting, leads in work.rows(contacted.group_by("key", "minutes")):
        found[key][max(0, waiting)] += leads
    return found


def _with_median(those: Figures, minutes: Counter[int]) -> Figures:
    return replace(those, minutes=int(median(minutes.elements())) if minutes else None)


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


def _reasons(work: Work, rows: Iterable[Any]) -> list[Reason]:
    """Why leads of the period were given up, most frequent first."""
    counts: Counter[int] = Counter()
    for row in rows:
        counts[row.reason] += row.disqualified
    known, language = configuration(work), work.actor.language
    found = [Reason(one, known.label(one, language), count) for one, count in counts.items() if count]
    return sorted(found, key=lambda reason: (-reason.count, reason.label))


#: figures that are no counts themselves open what they are made of
OPENS = {"rate": "decided", "hours": "contacted"}
NOBODY = N_("nobody yet")
