"""Search keys and words in the reader's language (ALL-1, ALL-2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import Said
from services.core.text import folded, search_key, translator


@pytest.mark.parametrize("typed", ["xgjx", "徐工", "xugong", "XGJX", "ｘｇｊｘ", "徐\u200b工", "xugongjixie"])
def test_customer_is_found_by_what_people_type(typed: str) -> None:
    """ALL-2: also by pinyin and pinyin initials, in full-width letters and with invisible characters."""
    assert folded(typed) in search_key("徐工机械")


def test_other_initials_do_not_match() -> None:
    assert "sany" not in search_key("徐工机械")


def test_empty_texts_give_an_empty_key() -> None:
    assert search_key(None, "", None) == ""


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.lists(st.text(max_size=50), max_size=4))
def test_every_text_is_in_its_own_key(texts: list[str]) -> None:
    key = search_key(*texts)
    assert all(folded(text) in key for text in texts)


def test_sentence_takes_its_parameters_in_the_readers_language() -> None:
    """ALL-1: a parameter may be a sentence itself."""
    said = Said("The state is {state}.", state=Said("planned"))
    assert said.text(lambda message: {"planned": "已计划"}.get(message, message)) == "The state is 已计划."


def test_unknown_language_shows_the_english_words() -> None:
    assert translator("xx")("Please fill this in.") == "Please fill this in."


def test_names_are_listed_as_the_readers_language_lists_them() -> None:
    """ALL-1: “A, B” in English, “A、B” in Chinese; also in what was kept for later."""
    said = Said(
        "{name} cannot take over: the person has to be somebody else, active and of the same branch.",
        name=["安娜", "本"],
    )
    assert said.text(translator("en")).startswith("安娜, 本 cannot")
    assert said.text(translator("zh_CN")).startswith("安娜、本 不能")
