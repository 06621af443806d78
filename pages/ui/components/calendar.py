"""The planning calendar: day, week, month and agenda; drag to move, click to plan, everything also by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from pages.ui.components.outbox import Sent, answered, listen, sent_number, when
from pages.ui.components.table import Tone
from pages.ui.components.timegrid import Day, Moment, assets, day_of, minute, sent_day, sent_minute

VIEWS = ("day", "week", "month", "agenda")
_LENGTHS = {"day": 1, "week": 7, "month": 42, "agenda": 14}
_LONGEST = timedelta(days=31)

Translate = Callable[[str], str]

_mount = st.components.v2.component(
    "crm_calendar",
    css=assets("timegrid.css", "calendar.css"),
    js=assets(
        "outbox.js",
        "timegrid.js",
        "calendar_parts.js",
        "calendar_views.js",
        "calendar_drag.js",
        "calendar_keys.js",
        "calendar.js",
    ),
)


@dataclass(frozen=True)
class CalendarEntry:
    """One entry; times are wall-clock times of the organisation. Without an end it is drawn half an hour long."""

    id: int
    title: str
    start: Moment
    end: Moment | None = None
    tone: Tone = "slate"
    badge: str = ""
    sub: str = ""
    movable: bool = False
    version: int = 0
    all_day: bool = False


@dataclass(frozen=True)
class CalendarLabels:
    """Every text of the calendar in the reader's language; weekdays from Monday on, `more` with `{count}`."""

    title: str
    weekdays: Sequence[str]
    previous: str
    next: str
    today: str
    day: str
    week: str
    month: str
    agenda: str
    plan: str
    saving: str
    all_day: str
    more: str
    empty: str
    keys: str


def calendar_labels(_: Translate, *, title: str, weekdays: Sequence[str]) -> CalendarLabels:
    """The calendar's texts, translated by `_`; title and weekdays come from the screen."""
    return CalendarLabels(
        title=title,
        weekdays=weekdays,
        previous=_("Earlier"),
        next=_("Later"),
        today=_("Today"),
        day=_("Day"),
        week=_("Week"),
        month=_("Month"),
        agenda=_("Agenda"),
        plan=_("Plan"),
        saving=_("Saving…"),
        all_day=_("All day"),
        more=_("+{count} more"),
        empty=_("Nothing planned"),
        keys=_("Arrows move, Enter opens, N plans, Alt+arrows shift an entry by 15 minutes or a day"),
    )


def period(view: str, start: Day) -> tuple[date, date]:
    """First day shown and the day after the last one: what a screen has to load for this view."""
    first = day_of(start)
    if view in ("week", "month"):
        first = first.replace(day=1) if view == "month" else first
        first -= timedelta(days=first.weekday())
    return first, first + timedelta(days=_LENGTHS[view])


def calendar(
    entries: Sequence[CalendarEntry],
    *,
    key: str,
    view: str,
    start: Day,
    today: Day,
    labels: CalendarLabels,
    on_open: Callable[[int], object],
    on_move: Callable[[int, str, str, int], object],
    on_plan: Callable[[str, str], object],
    on_show: Callable[[str, str], object],
    working_hours: tuple[int, int] = (7, 20),
) -> None:
    """Draw the entries of one period; a `today` with a time also draws the line of now.

    Callbacks get only what was shown and makes sense: open(id), move(id, start, end, version) for a movable entry,
    plan(start, end), show(view, day); times as `2026-11-23T14:30`.
    """
    shown = {entry.id: entry for entry in entries}
    data = _data(entries, view=view, start=start, today=today, labels=labels, hours=working_hours)
    _mount(
        key=key,
        data={**data, "answered": answered(key)},
        on_said_change=listen(
            key,
            open=when(lambda sent: _opened(sent, shown), on_open),
            move=when(lambda sent: _moved(sent, shown), on_move),
            plan=when(_span, on_plan),
            show=when(_showing, on_show),
        ),
    )


def _data(
    entries: Sequence[CalendarEntry],
    *,
    view: str,
    start: Day,
    today: Day,
    labels: CalendarLabels,
    hours: tuple[int, int],
) -> dict[str, Any]:
    first, after = period(view, start)
    return {
        "entries": [_entry(entry) for entry in entries],
        "view": view,
        "start": day_of(start).isoformat(),
        "first": first.isoformat(),
        "days": (after - first).days,
        "today": day_of(today).isoformat(),
        "now": minute(today) if isinstance(today, datetime) or (isinstance(today, str) and len(today) > 10) else None,
        "hours": list(hours),
        "labels": asdict(labels),
    }


def _entry(entry: CalendarEntry) -> dict[str, Any]:
    start = minute(entry.start)
    end = minute(entry.end) if entry.end else start
    return {**asdict(entry), "start": start, "end": max(start, end)}


def _opened(sent: Sent, shown: Mapping[int, CalendarEntry]) -> tuple[int] | None:
    number = sent_number(sent.get("id"))
    return (number,) if number in shown and number is not None else None


def _moved(sent: Sent, shown: Mapping[int, CalendarEntry]) -> tuple[int, str, str, int] | None:
    opened, span, version = _opened(sent, shown), _span(sent), sent_number(sent.get("version"))
    if opened is None or span is None or version is None or not shown[opened[0]].movable:
        return None
    return opened[0], *span, version


def _span(sent: Sent) -> tuple[str, str] | None:
    start, end = sent_minute(sent.get("start")), sent_minute(sent.get("end"))
    if start is None or end is None:
        return None
    length = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return (start, end) if timedelta(0) < length <= _LONGEST else None


def _showing(sent: Sent) -> tuple[str, str] | None:
    view, day = sent.get("view"), sent_day(sent.get("start"))
    return (view, day) if isinstance(view, str) and view in VIEWS and day is not None else None
