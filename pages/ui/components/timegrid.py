"""What the calendar and the monitor share: their assets, and days and times that a client cannot bend."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

Day = date | str
Moment = datetime | str

_FOLDER = Path(__file__).parent
_YEARS = range(2000, 2101)
_MINUTE = "%Y-%m-%dT%H:%M"


def assets(*names: str) -> str:
    """The named files of this folder as one text; without indentation and comments, as it travels with the data."""
    text = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"^(//.*\n|\s+)", "", text, flags=re.MULTILINE)


def minute(value: Moment) -> str:
    """`2026-11-23T14:30`, the only form of a moment that reaches the browser; refuses a value with a zone."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is not None:
        raise ValueError("wall-clock time of the organisation expected, without a zone")
    return moment.strftime(_MINUTE)


def day_of(value: Day) -> date:
    """The date of a date, a datetime or an ISO text of either."""
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime) else value


def day_after(day: Day, count: int) -> date:
    """The date `count` days later."""
    return day_of(day) + timedelta(days=count)


def sent_minute(value: object) -> str | None:
    """A minute sent by a browser if it has exactly our form and lies in 2000 to 2100, else None."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return value if moment.year in _YEARS and moment.strftime(_MINUTE) == value else None


def sent_day(value: object) -> str | None:
    """A date sent by a browser if it has exactly our form and lies in 2000 to 2100, else None."""
    return value if isinstance(value, str) and sent_minute(f"{value}T00:00") else None
