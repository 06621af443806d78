"""What the picker lets through from a browser: ids that were offered or chosen, and short words."""

from collections.abc import Mapping
from typing import Any

import pytest
import streamlit as st

from pages.ui.components import picker as component
from pages.ui.components.picker import MOST, PickerOption, sent_ids

KNOWN = frozenset({3, 7, 9})


def test_offered_ids_are_chosen_in_their_order() -> None:
    assert sent_ids([9, 3], set(KNOWN), most=5) == [9, 3]
    assert sent_ids([], set(KNOWN), most=1) == []


@pytest.mark.parametrize(
    "value", [[4], [3, 4], [3, 3], ["3"], [True], [3.0], [[3]], [None], "3", 3, None, {"3": 3}, [3, 7]]
)
def test_everything_else_is_ignored(value: object) -> None:
    assert sent_ids(value, set(KNOWN), most=1) is None


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session's state, in which the component's messages stand under its key."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_choice_is_answered_also_when_it_is_ignored(said: dict[str, Any]) -> None:
    heard: list[list[int]] = []
    for number, ids in enumerate(([7], [8], [3, 7]), 1):
        said["p"] = {"choose": {"ids": ids, "message": number}}
        component._chose("p", set(KNOWN), False, heard.append)
        assert said["p.answered"] == number
    assert heard == [[7]]


@pytest.mark.parametrize("message", [None, 7, "7", [7], {}, {"ids": None}, {"ids": [7], "message": "x"}])
def test_a_crafted_choice_does_no_harm(said: dict[str, Any], message: Mapping[str, object] | None) -> None:
    heard: list[list[int]] = []
    said["p"] = {"choose": message}
    component._chose("p", set(KNOWN), True, heard.append)
    assert heard in ([], [[7]])


def test_words_are_short_texts(said: dict[str, Any]) -> None:
    heard: list[str] = []
    for words in ("xgjx", "x" * 5000, 7, None, ["x"], "  "):
        said["p"] = {"search": words, "create": words}
        component._searched("p", heard.append)
        component._created("p", heard.append)
    assert [len(words) for words in heard] == [4, 4, 100, 100, 2]


def test_a_click_on_the_list_before_the_latest_counts(said: dict[str, Any]) -> None:
    component._offered("p", [PickerOption(1, "A"), PickerOption(2, "B")])
    assert component._offered("p", [PickerOption(3, "C")]) == {1, 2, 3}
    many = [PickerOption(number, "X") for number in range(10, 10 + MOST)]
    assert component._offered("p", many) == {option.id for option in many}
