"""What the calendar lets through from a browser: only what was shown, and times that make sense."""

from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import pytest

from pages.ui.components import calendar as component
from pages.ui.components.calendar import CalendarEntry, period
from pages.ui.components.timegrid import minute, sent_day, sent_minute

FREE = CalendarEntry(7, "Visit", "2026-11-25T09:00", "2026-11-25T10:00", movable=True, version=3)
ENDED = CalendarEntry(8, "Call", "2026-11-25T11:00")
SHOWN = MappingProxyType({7: FREE, 8: ENDED})
MOVE = MappingProxyType({"id": 7, "start": "2026-11-26T09:15", "end": "2026-11-26T10:15", "version": 3})


def test_a_shown_movable_entry_moves() -> None:
    assert component._moved(MOVE, SHOWN) == (7, "2026-11-26T09:15", "2026-11-26T10:15", 3)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 9},
        {"id": 8},
        {"id": "7"},
        {"id": True},
        {"id": None},
        {"version": None},
        {"version": "3"},
        {"version": 3.0},
        {"version": -1},
        {"start": "1999-12-31T09:00"},
        {"end": "2101-01-01T09:00"},
        {"start": "2026-02-30T09:00"},
        {"start": "2026-11-26T09:15:00"},
        {"start": "2026-11-26T09:15+08:00"},
        {"start": "2026-11-26 09:15"},
        {"start": 20261126},
        {"end": "2026-11-26T09:15"},
        {"end": "2027-11-26T10:15"},
    ],
)
def test_everything_else_is_ignored(change: dict[str, Any]) -> None:
    assert component._moved({**MOVE, **change}, SHOWN) is None


def test_only_known_views_and_days_are_shown() -> None:
    assert component._showing({"view": "week", "start": "2026-11-25"}) == ("week", "2026-11-25")
    for sent in ({"view": "year", "start": "2026-11-25"}, {"view": ["week"], "start": "2026-11-25"}, {"view": "week"}):
        assert component._showing(sent) is None


@pytest.mark.parametrize(
    ("view", "start", "first", "after"),
    [
        ("day", "2028-02-29", date(2028, 2, 29), date(2028, 3, 1)),
        ("week", date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 30)),
        ("month", datetime.fromisoformat("2026-11-25T14:32"), date(2026, 10, 26), date(2026, 12, 7)),
        ("agenda", "2026-12-31", date(2026, 12, 31), date(2027, 1, 14)),
    ],
)
def test_a_period_begins_where_the_view_does(view: str, start: date | str, first: date, after: date) -> None:
    assert period(view, start) == (first, after)


def test_times_reach_the_browser_without_a_zone() -> None:
    assert minute("2026-11-25T09:00:59") == "2026-11-25T09:00"
    with pytest.raises(ValueError, match="zone"):
        minute("2026-11-25T09:00+08:00")


@pytest.mark.parametrize("value", ["2026-W48-3", "20261125", "2026-11-25T00:00", "", None, 20261125])
def test_days_have_one_form(value: object) -> None:
    assert sent_day(value) is None
    assert sent_minute(value) is None or value == "2026-11-25T00:00"
