"""Periods of reports: from one local date to another, and their weeks and months."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.core.errors import N_
from services.core.moments import DAY, month_start, next_month, week_start

LONGEST = 1100  # days: three years
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """From the start of one local date to the end of another."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not (date(1990, 1, 1) <= self.first <= self.last <= date(2100, 1, 1)) or self.days > LONGEST:
            raise ValueError(f"no period: {self.first} to {self.last}")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """What it is compared with: the months before whole months, else as many days before."""
        if self.first.day == 1 and (self.last + DAY).day == 1:
            start = self.first
            for _month in range((self.last.year - start.year) * 12 + self.last.month - start.month + 1):
                start = month_start(start - DAY)
        else:
            start = self.first - timedelta(days=self.days)
        return Period(start, self.first - DAY)

    def parts(self, start_of: Callable[[date], date]) -> list["Period"]:
        """Its weeks or months, cut to it at both ends."""
        starts = [self.first]
        for number in range(1, self.days):
            day = self.first + timedelta(days=number)
            if start_of(day) == day:
                starts.append(day)
        lasts = [start - DAY for start in starts[1:]] + [self.last]
        return [Period(*pair) for pair in zip(starts, lasts, strict=True)]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


def _month(day: date) -> Period:
    return Period(month_start(day), next_month(day) - DAY)


def _week(day: date) -> Period:
    return Period(week_start(day), week_start(day) + WEEK - DAY)


def _year(day: date) -> Period:
    return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))


def _to_month_end(day: date, months: int) -> Period:
    """So many months, of which the last is that of the day."""
    start = month_start(day)
    for _number in range(months - 1):
        start = month_start(start - DAY)
    return Period(start, _month(day).last)


Preset = tuple[str, Callable[[date], Period]]
PRESETS: Mapping[str, Preset] = {
    "this_week": (N_("This week"), _week),
    "last_week": (N_("Last week"), lambda today: _week(today - WEEK)),
    "this_month": (N_("This month"), _month),
    "last_month": (N_("Last month"), lambda today: _month(month_start(today) - DAY)),
    "this_year": (N_("This year"), _year),
    "twelve_months": (N_("Last 12 months"), lambda today: _to_month_end(today, 12)),
}
CUSTOM = "custom"


def presets(*names: str) -> Mapping[str, Preset]:
    """These in this order."""
    return {name: PRESETS[name] for name in names}
