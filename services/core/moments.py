"""Days and weeks of the organisation: times are stored in UTC and counted in its zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment on the organisation's clock."""
    return moment.astimezone(zone)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall-clock time on a day."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, in UTC."""
    return moment(day, time(), zone)


def day_span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the start of ``first`` up to, not including, the end of ``last``."""
    return day_start(first, zone), day_start(last + DAY, zone)


def week_start(day: date) -> date:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    """The first of that month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first of the month after."""
    return (month_start(day) + timedelta(days=32)).replace(day=1)
