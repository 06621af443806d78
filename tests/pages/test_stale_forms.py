"""A click that was made before anybody could read that the record has changed saves nothing (ALL-4)."""

import pytest
import streamlit as st

from pages.ui import actions, forms
from services.core.errors import N_
from services.core.fields import Field

PLACE = Field("place", N_("Place"))
FORM = "activity-7"


def test_the_button_is_another_one_once_the_record_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-4: drawn from a newer version the form is sent by another button; the old one's click meets nothing."""
    monkeypatch.setattr(st, "session_state", {"_language": "en", f"form:{FORM}:place": "Gate 1"})
    monkeypatch.setattr(st, "warning", lambda _said: None)
    forms.since(FORM, [PLACE], {"place": "Gate 1"}, 3)
    drawn = actions.sender(FORM)
    forms.since(FORM, [PLACE], {"place": "Gate 1"}, 3)
    assert actions.sender(FORM) == drawn
    forms.since(FORM, [PLACE], {"place": "Gate 2"}, 4)
    assert actions.sender(FORM) != drawn


def test_a_form_without_a_record_keeps_its_button(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-5: what enters something new is sent by one button; forms have one each."""
    monkeypatch.setattr(st, "session_state", {})
    assert actions.sender("lead-0") == actions.sender("lead-0") != actions.sender("account-0")
