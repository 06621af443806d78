"""What came of assigning all is told in full (ASG-3, ALL-5)."""

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from pages.ui import actions
from pages.ui.drawers import assign_all
from services.assignment import Outcome, Proposal


def test_both_halves_of_a_double_click_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second half goes on where the first one was stopped; what is told afterwards counts both."""

    def portion(_service: object, *, then: Callable[[Any], object], lead_ids: list[int], **_more: object) -> bool:
        then(Outcome(given=Counter({7: len(lead_ids)})))
        return True

    bar = SimpleNamespace(progress=lambda *_share, **_words: nullcontext())
    monkeypatch.setattr(st, "session_state", {"_language": "en"})
    monkeypatch.setattr(st, "progress", lambda *_share, **_words: bar)
    monkeypatch.setattr(actions, "perform", portion)
    monkeypatch.setattr(assign_all.time, "sleep", lambda _seconds: None)
    for first in (1, 3):
        assert assign_all._assign([Proposal(first, 1, user_id=7), Proposal(first + 1, 1, user_id=7)])
    assert st.session_state[assign_all.DONE].given == {7: 4}
