"""The shape that reports share: divided by one thing, over a period, for a branch, product line and rep; figures a line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from sqlalchemy import case, literal, select, true

from db.base import Model
from db.models import Role, User, UserLine
from services.core.access import criteria
from services.core.errors import N_, Refused
from services.core.listing import LARGEST, NOT_A_COLUMN
from services.core.moments import day_start, month_start
from services.core.work import Work
from services.reports.periods import CUSTOM, Period, Preset

Key = int | str
F = TypeVar("F")
NAMES = ("by", "period", "from", "to", "branch", "line", "owner")
NOT_GIVEN = N_("not given")


@dataclass(frozen=True)
class By:
    """A way of dividing: the column and the list filter that it stands for or, for time, where its parts begin."""

    label: str
    column: Any = None
    filter: str = ""
    start_of: Callable[[date], date] | None = None


@dataclass(frozen=True)
class Question:
    """What is asked: divided by what, in which period, for which branch, product line and rep."""

    by: str
    period: Period
    branch_id: int | None = None
    line: str | None = None
    owner_id: int | None = None

    @property
    def narrowed(self) -> dict[str, str]:
        """What it is narrowed to, by the name of the list filter."""
        given = {"branch": self.branch_id, "line": self.line, "owner": self.owner_id}
        return {name: str(value) for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Line(Generic[F]):
    """One line: what it is about, its part of the period, its figures. Key 0 stands for those without a value."""

    key: Key
    label: str
    period: Period
    figures: F


@dataclass(frozen=True)
class Shape:
    """What may be asked of one report: its divisions, of which the first stands if nothing is said, and its periods."""

    bys: Mapping[str, By]
    presets: Mapping[str, Preset]
    standard: str

    def asked(self, given: Mapping[str, str], *, today: date) -> Question:
        """The question in an address; Refused for names and values that mean nothing, so that no export is another one."""
        by = given.get("by", next(iter(self.bys)))
        try:
            if set(given) - set(NAMES) or by not in self.bys:
                raise ValueError(given)
            numbers = {name: _number(given[name]) for name in ("branch", "owner") if given.get(name)}
            line, period = _code(given.get("line")), self._period(given, today)
        except (ValueError, KeyError) as error:
            raise Refused(NOT_A_COLUMN) from error
        return Question(by, period, numbers.get("branch"), line, numbers.get("owner"))

    def understood(self, given: Mapping[str, str], *, today: date) -> Question:
        """The same for screens, where the parts of a typed address that mean nothing count as not given."""
        return self.asked(self.meant(given, today=today), today=today)

    def meant(self, given: Mapping[str, str], *, today: date) -> dict[str, str]:
        """What of a typed address means something."""
        kept = {n: given[n] for n in NAMES if given.get(n) and self._makes_sense(_alone(n, given[n]), today)}
        if not self._makes_sense(kept, today):
            kept = {name: value for name, value in kept.items() if name not in ("period", "from", "to")}
        return kept

    def parts(self, question: Question) -> list[Period]:
        """The weeks or months of the period; none when it is not divided by time."""
        start_of = self.bys[question.by].start_of
        return question.period.parts(start_of) if start_of else []

    def key(self, work: Work, question: Question, moment: Any) -> Any:
        """What lines are told apart by; weeks and months begin at midnight of the organisation, whatever the database thinks."""
        starts = [(number, day_start(part.first, work.zone)) for number, part in enumerate(self.parts(question), 1)]
        return (_placed(moment, starts) if starts else self.bys[question.by].column).label("key")

    def in_time(self, question: Question, counted: Mapping[Any, F], nothing: F) -> list[Line[F]]:
        """All weeks or months of the period in their order, also empty ones; none when it is not divided by time."""
        monthly = self.bys[question.by].start_of is month_start
        return [
            Line(number, _named(part, monthly=monthly), part, counted.get(number, nothing))
            for number, part in enumerate(self.parts(question), 1)
        ]

    def filters(self, question: Question, line: Line[Any] | None) -> dict[str, str]:
        """What a figure is narrowed to by the question and by its line, by the name of the list filter; no line: the total."""
        name = self.bys[question.by].filter if line else ""
        return question.narrowed | ({name: str(line.key)} if line and name else {})

    def _makes_sense(self, given: Mapping[str, str], today: date) -> bool:
        try:
            self.asked(given, today=today)
        except Refused:
            return False
        return True

    def _period(self, given: Mapping[str, str], today: date) -> Period:
        first, last = given.get("from"), given.get("to")
        chosen = given.get("period") or (CUSTOM if first or last else self.standard)
        if chosen != CUSTOM:
            return self.presets[chosen][1](today)
        begin = date.fromisoformat(first) if first else month_start(date.fromisoformat(last) if last else today)
        return Period(begin, date.fromisoformat(last) if last else max(begin, today))


def people(
    work: Work, model: type[Model], permission: str, *, branch_id: int | None = None, line: str | None = None
) -> Sequence[Any]:
    """The active reps whose figures of these records the actor may see: id and name, by name."""
    as_owner: Any = SimpleNamespace(owner_id=User.id, branch_id=User.branch_id)
    rule = criteria(model, permission, work.actor, as_owner)
    conditions = [User.active, User.role.in_((Role.REP, Role.SALES_MANAGER)), true() if rule is None else rule]
    conditions += [User.branch_id == branch_id] if branch_id else []
    conditions += [User.id.in_(of_line(line))] if line else []
    return work.rows(select(User.id, User.name).where(*conditions).order_by(User.name, User.id))


def of_line(line: str) -> Any:
    """The people who work in a product line."""
    return select(UserLine.user_id).where(UserLine.line == line)


def _placed(moment: Any, starts: Sequence[tuple[int, datetime]]) -> Any:
    if len(starts) == 1:
        return literal(starts[0][0])
    middle = len(starts) // 2
    return case((moment < starts[middle][1], _placed(moment, starts[:middle])), else_=_placed(moment, starts[middle:]))


def _named(part: Period, *, monthly: bool) -> str:
    return f"{part.first:%Y-%m}" if monthly else f"{part.first} – {part.last:%m-%d}"


def _alone(name: str, value: str) -> dict[str, str]:
    return {"from": value, "to": value} if name in ("from", "to") else {name: value}


def _number(text: str) -> int:
    if not text.isascii() or not 0 < (number := int(text)) <= LARGEST:
        raise ValueError(text)
    return number


def _code(text: str | None) -> str | None:
    """A product line as it is coded: nothing that would mean more in the address of a figure."""
    if text and not text.isidentifier():
        raise ValueError(text)
    return text or None
