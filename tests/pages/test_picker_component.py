"""What the picker lets through from a browser: ids that were offered or chosen, and short words."""

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


@pytest.mark.parametrize(("ids", "heard"), [([7], ([7],)), ([8], None), ([3, 7], None), (None, None)])
def test_one_choice_is_one_known_record(ids: object, heard: object) -> None:
    assert component._chosen({"ids": ids}, set(KNOWN), multiple=False) == heard


def test_a_choice_of_many_is_of_known_records() -> None:
    assert component._chosen({"ids": [9, 3]}, set(KNOWN), multiple=True) == ([9, 3],)
    assert component._chosen({"ids": [9, 4]}, set(KNOWN), multiple=True) is None


@pytest.mark.parametrize(
    ("words", "searched", "named"),
    [
        ("xgjx", ("xgjx",), ("xgjx",)),
        ("x" * 5000, ("x" * 100,), ("x" * 100,)),
        (" a  b ", (" a  b ",), ("a b",)),
        ("  ", ("  ",), None),
        (7, None, None),
        (None, None, None),
        (["x"], None, None),
    ],
)
def test_words_are_short_texts(words: object, searched: object, named: object) -> None:
    assert component._searched({"words": words}) == searched
    assert component._named({"words": words}) == named


def test_a_click_on_the_list_before_the_latest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    component._offered("p", [PickerOption(1, "A"), PickerOption(2, "B")])
    assert component._offered("p", [PickerOption(3, "C")]) == {1, 2, 3}
    many = [PickerOption(number, "X") for number in range(10, 10 + MOST)]
    assert component._offered("p", many) == {option.id for option in many}
