"""The live monitor: one lane per rep, activities as blocks over the hours of a day or the days of a week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from pages.ui.components.outbox import Sent, answered, listen, sent_number, when
from pages.ui.components.table import Tone
from pages.ui.components.timegrid import Day, Moment, assets, day_after, day_of, minute, sent_minute

Translate = Callable[[str], str]

_mount = st.components.v2.component(
    "crm_monitor",
    css=assets("timegrid.css", "monitor.css"),
    js=assets("outbox.js", "timegrid.js", "monitor_live.js", "monitor_lanes.js", "monitor.js"),
)


@dataclass(frozen=True)
class MonitorLane:
    """One rep: name, a line below it, and the counts in words."""

    id: int
    name: str
    sub: str = ""
    counts: str = ""


@dataclass(frozen=True)
class MonitorBlock:
    """One activity in a rep's lane; without a start in the period it stands in the column of those without a time."""

    id: int
    lane_id: int
    title: str
    start: Moment | None = None
    end: Moment | None = None
    sub: str = ""
    tone: Tone = "slate"
    badge: str = ""


@dataclass(frozen=True)
class MonitorLabels:
    """Every text of the monitor in the reader's language; weekdays from Monday on, `lost` with `{time}`."""

    title: str
    weekdays: Sequence[str]
    rep: str
    no_time: str
    assign: str
    empty: str
    lost: str


def monitor_labels(_: Translate, *, title: str, weekdays: Sequence[str]) -> MonitorLabels:
    """The monitor's texts, translated by `_`; title (for screen readers) and weekdays come from the screen."""
    return MonitorLabels(
        title=title,
        weekdays=weekdays,
        rep=_("Rep"),
        no_time=_("Left over"),
        assign=_("Assign"),
        empty=_("Nobody to show"),
        lost=_("Connection lost, showing the state of {time}"),
    )


def monitor(
    lanes: Sequence[MonitorLane],
    blocks: Sequence[MonitorBlock],
    *,
    key: str,
    pulse_url: str,
    day: Day,
    now: Moment,
    labels: MonitorLabels,
    on_open: Callable[[int], object],
    on_assign: Callable[[int, str], object] | None,
    on_pulse: Callable[[int], object],
    hours: tuple[int, int] = (7, 20),
    selected: int | None = None,
    span: Literal["day", "week"] = "day",
) -> None:
    """Draw the lanes and keep listening at `pulse_url`, an address of our own that sends `{"n": 7}` and `event: beat`.

    Callbacks get only what was shown and makes sense: open(id), assign(lane, start), pulse(n) for the first n heard
    and whenever n differs from the one before, so that nothing is missed between reading and listening.
    Without `on_assign` no free moment can be clicked.
    """
    if not pulse_url.startswith("/") or pulse_url.startswith("//"):
        raise ValueError("pulse_url must be a path of this application")
    lane_ids, block_ids = {lane.id for lane in lanes}, {block.id for block in blocks}
    data = _data(lanes, blocks, day=day, now=now, labels=labels, hours=hours, span=span)
    _mount(
        key=key,
        data={
            **data,
            "answered": answered(key),
            "pulse_url": pulse_url,
            "selected": selected,
            "assigns": on_assign is not None,
        },
        on_said_change=listen(
            key,
            open=when(lambda sent: _one_of(sent.get("id"), block_ids), on_open),
            assign=when(lambda sent: _slot(sent, lane_ids), on_assign or _nothing),
            pulse=when(_pulse, on_pulse),
        ),
    )


def _nothing(_lane: int, _start: str) -> None:
    """Whoever may not assign is not offered it."""


def _data(
    lanes: Sequence[MonitorLane],
    blocks: Sequence[MonitorBlock],
    *,
    day: Day,
    now: Moment,
    labels: MonitorLabels,
    hours: tuple[int, int],
    span: str,
) -> dict[str, Any]:
    first = day_of(day) if span == "day" else day_after(day, -day_of(day).weekday())
    return {
        "lanes": [asdict(lane) for lane in lanes],
        "blocks": [_block(block) for block in blocks],
        "first": first.isoformat(),
        "days": 1 if span == "day" else 7,
        "now": minute(now),
        "hours": list(hours),
        "labels": asdict(labels),
    }


def _block(block: MonitorBlock) -> dict[str, Any]:
    start = minute(block.start) if block.start else None
    end = minute(block.end) if block.end else start
    return {**asdict(block), "start": start, "end": max(start, end) if start and end else None}


def _one_of(value: object, shown: set[int]) -> tuple[int] | None:
    number = sent_number(value)
    return (number,) if number is not None and number in shown else None


def _slot(sent: Sent, lane_ids: set[int]) -> tuple[int, str] | None:
    lane, start = _one_of(sent.get("lane"), lane_ids), sent_minute(sent.get("start"))
    return (*lane, start) if lane is not None and start is not None else None


def _pulse(sent: Sent) -> tuple[int] | None:
    number = sent_number(sent.get("n"))
    return None if number is None else (number,)
