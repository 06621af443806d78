"""What was typed and sent is forgotten by the browser, whatever becomes of the server's session (ALL-6, SIG-5)."""

from typing import Any

import pytest

from pages.ui import typed


def marks(monkeypatch: pytest.MonkeyPatch, *forms: str) -> list[tuple[str, str]]:
    """What a new session of the server tells the page after these forms were taken."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(typed.st, "session_state", state)
    for form in forms:
        typed.sent(form)
    told: list[tuple[str, str]] = state["_typed_sent"]
    return told


def test_a_page_that_outlives_the_session_hears_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart of the server the page would take the first form it sends for one it has heard of."""
    before, after = marks(monkeypatch, "lead-0", "lead-0"), marks(monkeypatch, "lead-0")
    assert len({mark for mark, _form in (*before, *after)}) == 3
    assert {form for _mark, form in before} == {"st-key-form-lead-0-"}


def test_the_page_is_told_of_the_last_ones_only(monkeypatch: pytest.MonkeyPatch) -> None:
    told = marks(monkeypatch, *(f"lead-{number}" for number in range(typed.MOST + 5)))
    assert len(told) == typed.MOST
    assert told[-1][1] == f"st-key-form-lead-{typed.MOST + 4}-"
