"""Addresses are typed and sent: what is no number counts as none (ALL-9)."""

import pytest
import streamlit as st

from pages.ui import calendars, lists, records

ODD = ["²", "³½", "1.5", "-1", "x", "", "9" * 40]


@pytest.mark.parametrize("given", ODD)
def test_what_is_no_number_counts_as_none(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """ALL-9: digits that are written small are digits to the eye only."""
    monkeypatch.setattr(st, "query_params", {"page": given})
    assert records.number(given) == 0
    assert lists.page_asked() == 1
    assert calendars.asked_person(given, [], 7) == 7
