"""What calendars and boards have in common: the day and person that the address names, and their titles."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages.ui import records
from pages.ui.text import _

VIEWS = ("day", "week", "month", "agenda")


def asked_day(given: str | None, today: date) -> date:
    """The day in the address, or today when it names none that makes sense."""
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return today
    return day if 2000 <= day.year <= 2100 else today


def asked_person(given: str | None, colleagues: Sequence[Any], myself: int | None) -> int:
    """Whose calendar is shown: the person in the address if among the offered, else the reader's own."""
    offered = {person.id for person in colleagues}
    asked = records.number(given)
    return asked if asked in offered else myself or 0


def person_choice(colleagues: Sequence[Any], person: int) -> None:
    """Whose calendar: offered to those who assign work."""
    if len(colleagues) < 2:
        return
    names = {one.id: one.name for one in colleagues}
    st.session_state["calendar:person"] = person if person in names else None
    st.selectbox(
        _("Rep"), list(names), format_func=names.get, key="calendar:person", label_visibility="collapsed", width=180,
        placeholder=_("Rep"), index=None, on_change=_choose,
    )  # fmt: skip


def _choose() -> None:
    chosen = st.session_state["calendar:person"]
    kept = {name: value for name, value in st.query_params.to_dict().items() if name != "person"}
    st.query_params.from_dict(kept | ({"person": str(chosen)} if chosen else {}))
