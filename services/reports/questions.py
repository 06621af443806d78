"""Questions to the activity statistics, and how they stand in an address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.models import Activity
from services.core.errors import N_, Refused
from services.core.listing import LARGEST, NOT_A_COLUMN
from services.core.moments import month_start, week_start
from services.reports.periods import CUSTOM, PRESETS, Period


@dataclass(frozen=True)
class By:
    """A way of dividing: the column and the list filter that it stands for or, for time, where its parts begin."""

    label: str
    column: Any = None
    filter: str = ""
    start_of: Callable[[date], date] | None = None


BYS: Mapping[str, By] = {
    "rep": By(N_("Rep"), Activity.owner_id, "owner"),
    "type": By(N_("Type"), Activity.type_id, "type"),
    "purpose": By(N_("Purpose"), Activity.purpose_id, "purpose"),
    "result": By(N_("Result"), Activity.result_id, "result"),
    "customer": By(N_("Customer"), Activity.account_id, "account"),
    "week": By(N_("Week"), start_of=week_start),
    "month": By(N_("Month"), start_of=month_start),
    "branch": By(N_("Branch"), Activity.branch_id, "branch"),
}
NAMES = ("by", "period", "from", "to", "branch", "line", "owner")


@dataclass(frozen=True)
class Question:
    """What is asked: divided by what, in which period, for which branch, product line and rep."""

    by: str
    period: Period
    branch_id: int | None = None
    line: str | None = None
    owner_id: int | None = None

    @property
    def parts(self) -> list[Period]:
        """The weeks or months of the period; none when it is not divided by time."""
        start_of = BYS[self.by].start_of
        return self.period.parts(start_of) if start_of else []


def asked(given: Mapping[str, str], *, today: date) -> Question:
    """The question in an address; Refused for names and values that mean nothing, so that no export is another one."""
    try:
        if set(given) - set(NAMES) or given.get("by", "rep") not in BYS:
            raise ValueError(given)
        numbers = {name: _number(given[name]) for name in ("branch", "owner") if given.get(name)}
        period = _period(given, today)
    except (ValueError, KeyError) as error:
        raise Refused(NOT_A_COLUMN) from error
    line = given.get("line") or None
    return Question(given.get("by", "rep"), period, numbers.get("branch"), line, numbers.get("owner"))


def understood(given: Mapping[str, str], *, today: date) -> Question:
    """The same for screens, where the parts of a typed address that mean nothing count as not given."""
    kept = {name: given[name] for name in NAMES if given.get(name) and _makes_sense(_alone(name, given[name]), today)}
    if not _makes_sense(kept, today):
        kept = {name: value for name, value in kept.items() if name not in ("period", "from", "to")}
    return asked(kept, today=today)


def _alone(name: str, value: str) -> dict[str, str]:
    return {"from": value, "to": value} if name in ("from", "to") else {name: value}


def _makes_sense(given: Mapping[str, str], today: date) -> bool:
    try:
        asked(given, today=today)
    except Refused:
        return False
    return True


def _period(given: Mapping[str, str], today: date) -> Period:
    first, last = given.get("from"), given.get("to")
    chosen = given.get("period") or (CUSTOM if first or last else "this_month")
    if chosen != CUSTOM:
        return PRESETS[chosen][1](today)
    begin = date.fromisoformat(first) if first else month_start(date.fromisoformat(last) if last else today)
    return Period(begin, date.fromisoformat(last) if last else max(begin, today))


def _number(text: str) -> int:
    if not text.isascii() or not 0 < (number := int(text)) <= LARGEST:
        raise ValueError(text)
    return number
