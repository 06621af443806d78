"""Figures that can be clicked: what a browser says of a chart or a table is believed only if it was offered (ALL-10)."""

from typing import Any

import pytest

from pages.ui import charts
from pages.ui.charts import Bar
from pages.ui.components import table as tables

BARS = [Bar(key, f"{key}", f"{key}", value, str(value)) for key, value in ((1, 5), (2, 9), (3, 0))]
ROWS = [
    {"id": 1, "label": "Anna", "planned": {"text": "3", "href": "/activities?owner=1"}, "ended": "0"},
    {"id": -1, "label": "Total", "planned": {"text": "3", "href": "/activities"}},
]


def followed(monkeypatch: pytest.MonkeyPatch, said: Any) -> list[tuple[str, int]]:
    """What the table tells its caller when the browser says this."""
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(tables, "_heard", lambda _key, _name: said)
    tables._followed("t", ROWS, lambda column, number: heard.append((column, number)))
    return heard


@pytest.mark.parametrize(("column", "number"), [("planned", 1), ("planned", -1)])
def test_a_linked_cell_is_told(monkeypatch: pytest.MonkeyPatch, column: str, number: int) -> None:
    assert followed(monkeypatch, {"column": column, "id": number}) == [(column, number)]


@pytest.mark.parametrize(
    "said",
    [
        {"column": "ended", "id": 1}, {"column": "label", "id": 1}, {"column": "salary", "id": 1}, {"column": "planned", "id": 2},
        {"column": "planned", "id": "1"}, {"column": "planned", "id": True}, {"column": None, "id": None}, {}, None, "planned", [1],
    ],
)  # fmt: skip
def test_anything_else_is_not(monkeypatch: pytest.MonkeyPatch, said: Any) -> None:
    """Crafted messages: a cell without a link, an unknown row or column, another type."""
    assert followed(monkeypatch, said) == []


def picked(monkeypatch: pytest.MonkeyPatch, chosen: Any) -> list[int]:
    """What the chart tells its caller when the browser says that this is selected."""
    heard: list[int] = []
    monkeypatch.setattr(charts.st, "session_state", {"c": {"selection": chosen}})
    charts._picked("c", {bar.key for bar in BARS}, heard.append)
    return heard


def test_a_bar_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert picked(monkeypatch, {"bar": [{"key": 2}]}) == [2]


@pytest.mark.parametrize(
    "chosen", [{}, {"bar": []}, {"bar": [{"key": 7}]}, {"bar": [{"x": 1}]}, {"bar": ["2"]}, {"bar": [{"key": [2]}]}]
)
def test_a_bar_that_is_not_there_is_not(monkeypatch: pytest.MonkeyPatch, chosen: Any) -> None:
    assert picked(monkeypatch, chosen) == []


@pytest.mark.parametrize("in_time", [True, False])
def test_the_chart_is_what_vega_takes(monkeypatch: pytest.MonkeyPatch, in_time: bool) -> None:
    """screens.md: bars from zero, longest first unless it is time, exact figures on hover, the title says the measure."""
    drawn: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(charts.st, "altair_chart", lambda chart, **look: drawn.append((chart.to_dict(), look)))
    monkeypatch.setattr(charts.st, "html", lambda _style: None)
    charts.bars(BARS, title="Ended by rep", tone="green", key="c", in_time=in_time, pick=print)
    ((chart, look),) = drawn
    (rows,) = chart["datasets"].values()
    assert [row["key"] for row in rows] == ([1, 2, 3] if in_time else [2, 1, 3])
    length = chart["layer"][0]["encoding"]["y" if in_time else "x"]
    assert length["scale"]["domainMin"] == 0
    assert {tip["field"] for tip in chart["layer"][0]["encoding"]["tooltip"]} == {"name", "value"}
    assert look["alt"] == "Ended by rep"
    assert "cursor" in chart["layer"][0]["mark"]


def test_bars_that_open_nothing_do_not_look_as_if_they_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """screens.md: what looks clickable is; the trial of assignment rules (ASG-5) only shows."""
    drawn: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(charts.st, "altair_chart", lambda chart, **look: drawn.append((chart.to_dict(), look)))
    monkeypatch.setattr(charts.st, "html", lambda _style: None)
    charts.bars(BARS, title="Leads by rep", tone="blue", key="c")
    ((chart, look),) = drawn
    assert look["on_select"] == "ignore"
    assert "cursor" not in chart["layer"][0]["mark"]
    assert not chart.get("params")
