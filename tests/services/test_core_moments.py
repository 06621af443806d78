"""Days, weeks and months are the organisation's, whatever the zone of the server (README "Words")."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import moments

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def test_day_begins_at_midnight_in_the_organisations_zone() -> None:
    assert moments.day_start(date(2026, 11, 23), SHANGHAI) == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def test_span_ends_where_the_next_day_begins() -> None:
    begin, until = moments.day_span(date(2026, 2, 28), date(2026, 2, 28), SHANGHAI)
    assert until - begin == timedelta(days=1)
    assert until == moments.day_start(date(2026, 3, 1), SHANGHAI)


def test_day_of_summer_time_has_23_hours() -> None:
    begin, until = moments.day_span(date(2027, 3, 28), date(2027, 3, 28), BERLIN)
    assert until - begin == timedelta(hours=23)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2026, 11, 1), date(2026, 12, 1)),
    ],
)
def test_next_month(day: date, expected: date) -> None:
    assert moments.next_month(day) == expected


@given(DAYS)
def test_week_starts_on_monday_of_the_same_week(day: date) -> None:
    start = moments.week_start(day)
    assert start.weekday() == 0
    assert timedelta() <= day - start < timedelta(days=7)


@given(DAYS)
def test_months_follow_one_another(day: date) -> None:
    start, after = moments.month_start(day), moments.next_month(day)
    assert start <= day < after
    assert after.day == start.day == 1
    assert moments.month_start(after - timedelta(days=1)) == start


@given(DAYS, st.times())
def test_wall_clock_comes_back(day: date, at: time) -> None:
    """What must not happen: times shifted by the zone. (Shanghai had summer time until 1991.)"""
    there = moments.local(moments.moment(day, at, SHANGHAI), SHANGHAI)
    assert (there.date(), there.time()) == (day, at) or day.year < 1992
