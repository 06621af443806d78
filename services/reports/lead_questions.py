"""Questions to the success rate of leads, and how they stand in an address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.models import CodeValue, Lead
from services.core.errors import N_, Refused
from services.core.listing import LARGEST, NOT_A_COLUMN
from services.core.moments import DAY, month_start, next_month
from services.reports.periods import CUSTOM, Period

MONTHS = 12


@dataclass(frozen=True)
class By:
    """A way of dividing: its column, and the part of a figure's address that it stands for; months have neither."""

    label: str
    column: Any = None
    part: str = ""


BYS: Mapping[str, By] = {
    "source": By(N_("Source"), Lead.source_id, "source"),
    "group": By(N_("Source group"), CodeValue.group, "group"),
    "branch": By(N_("Branch"), Lead.branch_id, "branch"),
    "rep": By(N_("Rep"), Lead.owner_id, "owner"),
    "line": By(N_("Product line"), Lead.line, "line"),
    "month": By(N_("Month")),
}


def _months_back(day: date, count: int) -> date:
    start = month_start(day)
    for _month in range(count):
        start = month_start(start - DAY)
    return start


PRESETS: Mapping[str, tuple[str, Callable[[date], Period]]] = {
    "this_month": (N_("This month"), lambda today: Period(month_start(today), next_month(today) - DAY)),
    "last_month": (N_("Last month"), lambda today: Period(_months_back(today, 1), month_start(today) - DAY)),
    "this_year": (N_("This year"), lambda today: Period(today.replace(month=1, day=1), today.replace(month=12, day=31))),
    "twelve_months": (N_("Last 12 months"), lambda today: Period(_months_back(today, MONTHS - 1), next_month(today) - DAY)),
}  # fmt: skip
STANDARD = "twelve_months"
NAMES = ("by", "period", "from", "to", "branch", "line", "owner")


@dataclass(frozen=True)
class Question:
    """What is asked: divided by what, of leads that came in when, for which branch, product line and rep."""

    by: str
    period: Period
    branch_id: int | None = None
    line: str | None = None
    owner_id: int | None = None

    @property
    def months(self) -> list[Period]:
        """The months of the period; none when it is not divided by time."""
        return self.period.parts(month_start) if self.by == "month" else []

    @property
    def narrowed(self) -> dict[str, str]:
        """What it is narrowed to, as it stands in a figure's address."""
        given = {"branch": self.branch_id, "line": self.line, "owner": self.owner_id}
        return {name: str(value) for name, value in given.items() if value is not None}


def asked(given: Mapping[str, str], *, today: date) -> Question:
    """The question in an address; Refused for names and values that mean nothing."""
    try:
        if set(given) - set(NAMES) or given.get("by", "source") not in BYS:
            raise ValueError(given)
        numbers = {name: _number(given[name]) for name in ("branch", "owner") if given.get(name)}
        period = _period(given, today)
    except (ValueError, KeyError) as error:
        raise Refused(NOT_A_COLUMN) from error
    line = given.get("line") or None
    return Question(given.get("by", "source"), period, numbers.get("branch"), line, numbers.get("owner"))


def understood(given: Mapping[str, str], *, today: date) -> Question:
    """The same for screens, where a typed address that means nothing counts as not given."""
    kept = {name: value for name, value in given.items() if name in NAMES and value}
    try:
        return asked(kept, today=today)
    except Refused:
        return asked({}, today=today)


def _period(given: Mapping[str, str], today: date) -> Period:
    chosen = given.get("period") or (CUSTOM if given.get("from") or given.get("to") else STANDARD)
    if chosen != CUSTOM:
        return PRESETS[chosen][1](today)
    last = date.fromisoformat(given["to"]) if given.get("to") else today
    return Period(date.fromisoformat(given["from"]) if given.get("from") else month_start(last), last)


def _number(text: str) -> int:
    if not text.isascii() or not 0 < (number := int(text)) <= LARGEST:
        raise ValueError(text)
    return number
