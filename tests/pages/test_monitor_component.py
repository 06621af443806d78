"""What the monitor lets through from a browser, and where it listens (ACT-13)."""

from typing import Any

import pytest

from pages.ui.components import monitor as component
from pages.ui.components.monitor import MonitorBlock, monitor, monitor_labels


@pytest.mark.parametrize("sent", [{"n": 5}, {"n": 0}])
def test_a_pulse_is_a_number(sent: dict[str, Any]) -> None:
    assert component._pulse(sent) == (sent["n"],)


@pytest.mark.parametrize("sent", [{}, {"n": "5"}, {"n": None}, {"n": -1}, {"n": 1e300}, {"n": [5]}])
def test_other_pulses_are_ignored(sent: dict[str, Any]) -> None:
    assert component._pulse(sent) is None


def test_only_lanes_that_are_shown_can_be_assigned_to() -> None:
    assert component._slot({"lane": 2, "start": "2026-11-25T15:00"}, {1, 2}) == (2, "2026-11-25T15:00")
    assert component._slot({"lane": 3, "start": "2026-11-25T15:00"}, {1, 2}) is None
    assert component._slot({"lane": 2, "start": "2026-11-25T25:00"}, {1, 2}) is None


def test_a_block_without_an_end_lasts_no_time() -> None:
    drawn = component._block(MonitorBlock(1, 2, "Visit", start="2026-11-25T15:00:30"))
    assert (drawn["start"], drawn["end"]) == ("2026-11-25T15:00", "2026-11-25T15:00")
    assert component._block(MonitorBlock(1, 2, "Visit"))["start"] is None


@pytest.mark.parametrize("address", ["https:" + "//elsewhere/pulse", "//" + "elsewhere/pulse", "pulse", ""])
def test_it_listens_to_this_application_only(address: str) -> None:
    labels = monitor_labels(str, title="Live", weekdays=["Mon"] * 7)
    with pytest.raises(ValueError, match="path of this application"):
        monitor(
            [],
            [],
            key="live",
            pulse_url=address,
            day="2026-11-25",
            now="2026-11-25T15:00",
            labels=labels,
            on_open=print,
            on_assign=print,
            on_pulse=print,
        )
