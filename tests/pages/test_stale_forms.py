"""A click that was made before anybody could read that the record has changed saves nothing (ALL-4)."""

import pytest
import streamlit as st

from pages.ui import actions, forms
from services.core.errors import N_
from services.core.fields import Field

PLACE, SUBJECT = Field("place", N_("Place")), Field("subject", N_("Subject"))
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


def test_what_the_browser_still_sends_undoes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-4: the click that came along sends each field as it stood before; what somebody else entered stays."""
    held = {"_language": "en", f"form:{FORM}:place": "Gate 1", f"form:{FORM}:subject": "Visit and quarry"}
    monkeypatch.setattr(st, "session_state", held)
    monkeypatch.setattr(st, "warning", lambda _said: None)
    fields, first = [PLACE, SUBJECT], {"place": "Gate 1", "subject": "Visit"}
    forms.since(FORM, fields, first, 3)
    forms.since(FORM, fields, first | {"place": "Gate 2"}, 4)
    held[f"form:{FORM}:place"] = "Gate 1"
    before, _version = forms.since(FORM, fields, first | {"place": "Gate 2"}, 4)
    assert forms.values(FORM, fields) == {"place": "Gate 2", "subject": "Visit and quarry"}
    assert forms.changes(FORM, fields, before) == {"subject": "Visit and quarry"}
    forms.since(FORM, fields, first | {"place": "Gate 3"}, 5)
    assert forms.values(FORM, fields)["place"] == "Gate 3"


def test_a_form_without_a_record_keeps_its_button(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-5: what enters something new is sent by one button; forms have one each."""
    monkeypatch.setattr(st, "session_state", {})
    assert actions.sender("lead-0") == actions.sender("lead-0") != actions.sender("account-0")
