"""A screen says that it is at work while an act takes its time (screens.md, ALL-6)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import streamlit as st

from pages.ui import actions


def test_it_says_so_before_it_begins_and_draws_anew_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are there before the act, and gone after it."""
    seen: list[str] = []

    @contextmanager
    def spinner(words: str) -> Iterator[None]:
        seen.append(words)
        yield
        seen.append("done")

    monkeypatch.setattr(st, "session_state", {"_language": "en"})
    monkeypatch.setattr(st, "button", lambda *_label, **_look: True)
    monkeypatch.setattr(st, "spinner", spinner)
    monkeypatch.setattr(st, "rerun", lambda: seen.append("drawn"))
    actions.press("Hand over", act=lambda: seen.append("act"))
    assert seen == ["Working …", "act", "done", "drawn"]
