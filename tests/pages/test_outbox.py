"""What the components with an outbox say is heard once and in order, however often and with what else it was sent."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from pages.ui.components.outbox import MOST, answered, listen, sent_number, when

Say = Callable[[object], list[object]]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Have the component “plan” say something; gives all that was heard of the events open and move until then."""
    state: dict[str, Any] = {}
    heard: list[object] = []
    monkeypatch.setattr(st, "session_state", state)
    hear = listen("plan", open=when(_shown, heard.append), move=when(lambda sent: (sent.get("to"),), heard.append))

    def said(content: object) -> list[object]:
        state["plan"] = content
        hear()
        return heard

    return said


def _shown(sent: Any) -> tuple[int] | None:
    return (sent["id"],) if sent.get("id") in (7, 8) else None


def moves(*numbers: int) -> list[dict[str, object]]:
    return [{"event": "move", "message": number, "to": f"to {number}"} for number in numbers]


def test_a_message_that_was_overtaken_is_heard_first(say: Say) -> None:
    """Streamlit kept only the newer of two requests; the older message came along with it."""
    assert say({"said": [{"event": "open", "message": 3, "id": 7}, *moves(4)]}) == [7, "to 4"]


def test_a_message_that_comes_again_is_heard_once(say: Say) -> None:
    say({"said": moves(5)})
    assert say({"said": moves(5, 6)}) == ["to 5", "to 6"]
    assert say({"said": moves(5, 6)}) == ["to 5", "to 6"]
    assert answered("plan") == 6


def test_a_refused_message_is_answered_too(say: Say) -> None:
    """The browser drops its waiting state by this number, whatever came of it."""
    assert say({"said": [{"event": "open", "message": 17, "id": 9}]}) == []
    assert answered("plan") == 17


@pytest.mark.parametrize(
    "content",
    [
        None,
        "said",
        {},
        {"said": None},
        {"said": {"event": "move", "message": 1}},
        {"said": ["move", 7, None, [], {}]},
        {"said": [{"event": "move"}]},
        {"said": [{"event": "move", "message": "1"}]},
        {"said": [{"event": "move", "message": True}]},
        {"said": [{"event": "move", "message": 2**53}]},
        {"said": [{"event": ["move"], "message": 1}]},
        {"said": [{"event": "close", "message": 1}]},
    ],
)
def test_a_crafted_message_reaches_no_callback(say: Say, content: object) -> None:
    assert say(content) == []


def test_a_flood_is_cut_off(say: Say) -> None:
    assert len(say({"said": moves(*range(1, 5000))})) == MOST


def test_numbers_fit_a_column() -> None:
    assert [sent_number(value) for value in (0, 2**53 - 1, 2**53, -1, 1.0, "1", True)] == [0, 2**53 - 1, *[None] * 5]
