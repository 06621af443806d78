"""What may exist already, while a record is typed: the person's own to open, others by branch, and why one goes on (ACCT-3)."""

import streamlit as st

from pages.ui import actions, forms, records, text
from pages.ui.text import _
from services import duplicates
from services.duplicates import Candidate, Found

REASON = duplicates.WHY[0]
ICONS = {"account": "domain", "contact": "person", "lead": "flag"}


def panel(form: str, found: Found) -> None:
    """The candidates below the fields; nothing while there are none."""
    if not found.candidates and not found.elsewhere:
        return
    with st.container(border=True, gap="small", key=f"doubles-{form}"):
        st.markdown(f":orange[:material/content_copy:] **{_('May exist already')}**")
        for one in found.candidates:
            _candidate(one)
        elsewhere(found)
        reason(form, found)


def elsewhere(found: Found) -> None:
    """Where there is one out of sight, and whom to ask (ALL-7)."""
    for one in found.elsewhere:
        st.markdown(f":material/visibility_off: {text.plain(text.worded(one.said))}")


def reason(form: str, found: Found) -> None:
    """Why it is entered nevertheless, where that is asked for."""
    if found.needs_reason or REASON.name in actions.problems(form):
        forms.one(form, REASON, {})


def given(form: str) -> str | None:
    """The reason that stands in the form; for callbacks."""
    found: str | None = forms.values(form, duplicates.WHY).get(REASON.name)
    return found


def _candidate(one: Candidate) -> None:
    told = " · ".join(part for part in (text.worded(one.why), one.detail) if part)
    records.link(one.kind, one.id, one.name, icon=ICONS[one.kind])
    tone = "orange" if one.strong else "gray"
    st.markdown(f":small[:{tone}[{text.plain(told)}]]")
