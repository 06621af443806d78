"""Success rate of leads: what has become of those that came in, by source, branch, rep, product line, month (LEAD-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from types import SimpleNamespace
from typing import Any

from sqlalchemy import case, extract, func, literal, select, true

from db.models import Branch, CodeValue, Lead, ProductLine, Role, User
from services.core.access import criteria, needs
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.moments import day_start
from services.core.work import Query, Work
from services.lead_figures import counting as figures
from services.lead_figures.counting import FIGURES
from services.reports.lead_questions import BYS, Question
from services.reports.periods import Period

Key = int | str


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
class Line:
    """One line: what it is about, its part of the period, its figures. Key 0 stands for those without a value."""

    key: Key
    label: str
    period: Period
    figures: Figures


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
    lines: Sequence[Line]
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
    lines = _months(question, found) if question.months else _divided(work, question, found)
    return Success(question, lines, _with_median(total, every), _reasons(work, question))


def drill(question: Question, figure: str, line: Line | None = None, *, reason_id: int | None = None) -> dict[str, str]:
    """The filter under which the list of leads shows exactly what a figure counts (ALL-10); no line: the total."""
    period = line.period if line else question.period
    narrowed = dict(question.narrowed)
    if line and (part := BYS[question.by].part):
        narrowed[part] = str(line.key)
    if reason_id is not None:
        narrowed["reason"] = str(reason_id)
    return {"figure": figures.value(OPENS.get(figure, figure), period.first, period.last, narrowed)}


def people(work: Work) -> Sequence[Any]:
    """The active reps whose figures the actor may see: id and name, by name."""
    as_owner: Any = SimpleNamespace(owner_id=User.id, branch_id=User.branch_id)
    rule = criteria(Lead, figures.PERMISSION, work.actor, as_owner)
    conditions = (User.active, User.role.in_((Role.REP, Role.SALES_MANAGER)), true() if rule is None else rule)
    return work.rows(select(User.id, User.name).where(*conditions).order_by(User.name, User.id))


def _within(work: Work, question: Question) -> Any:
    return figures.within(work, question.period.first, question.period.last, question.narrowed)


def _counting(work: Work, question: Question) -> Query:
    counts = [func.sum(case((one.which, 1), else_=0)).label(one.name) for one in FIGURES.values()]
    return _from(select(_key(work, question), *counts), question).where(_within(work, question)).group_by("key")


def _from(statement: Query, question: Question) -> Query:
    asked = statement.select_from(Lead)
    return asked.outerjoin(CodeValue, CodeValue.id == Lead.source_id) if question.by == "group" else asked


def _waits(work: Work, question: Question) -> dict[Key, list[int]]:
    """Seconds to the first contact of each lead that had one, by line; neither database takes medians of both kinds alike."""
    waited = extract("epoch", Lead.first_contact_at) - extract("epoch", Lead.created_at)
    asked = _from(select(_key(work, question), waited.label("seconds")), question)
    found: dict[Key, list[int]] = {}
    for key, seconds in work.rows(asked.where(_within(work, question), FIGURES["contacted"].which)):
        found.setdefault(key or 0, []).append(max(0, int(seconds)))
    return found


def _with_median(those: Figures, seconds: Sequence[int]) -> Figures:
    return replace(those, seconds=int(median(seconds)) if seconds else None)


def _key(work: Work, question: Question) -> Any:
    """What lines are told apart by; months begin at midnight of the organisation, whatever the database thinks."""
    starts = [(number, day_start(part.first, work.zone)) for number, part in enumerate(question.months, 1)]
    return (_placed(starts) if starts else BYS[question.by].column).label("key")


def _placed(starts: Sequence[tuple[int, datetime]]) -> Any:
    later = [(Lead.created_at >= start, literal(number)) for number, start in reversed(starts[1:])]
    return case(*later, else_=literal(1)) if later else literal(1)


def _months(question: Question, found: Mapping[Key, Figures]) -> list[Line]:
    """All months of the period in their order, also empty ones."""
    parts = enumerate(question.months, 1)
    return [Line(number, f"{part.first:%Y-%m}", part, found.get(number, Figures())) for number, part in parts]


def _divided(work: Work, question: Question, found: Mapping[Key, Figures]) -> list[Line]:
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
NOT_GIVEN, NOBODY = N_("not given"), N_("nobody yet")
