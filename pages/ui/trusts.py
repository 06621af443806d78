"""The trust score of a record: the figure, its three parts in words, and the button that says it was looked at (CON-7)."""

from collections.abc import Callable

import streamlit as st

from pages.ui import look, records, text
from pages.ui.text import _
from services.trust import CHECKED, COMPLETE, FRESH, Trust


def draw(trust: Trust | None, check: Callable[[], object]) -> None:
    """Nothing for a record that somebody else keeps right."""
    if trust is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="trust"):
        with st.container(gap="small", width="stretch"):
            word = _("Trust {score} of 100").format(score=trust.score)
            records.marks([(word, look.trust_tone(trust.score), "verified")])
            st.caption("  \n".join(text.plain(line) for line in _parts(trust)))
        st.button(_("Checked today"), icon=":material/fact_check:", on_click=check, key="trust:check")


def _parts(trust: Trust) -> list[str]:
    missing = _(", ").join(_(label) for label in trust.missing)
    complete = _("missing: {fields}").format(fields=missing) if missing else _("nothing is missing")
    changed = _("last changed on {day}").format(day=text.day(text.wall(trust.updated_at).date()))
    checked = text.day(text.wall(trust.checked_at).date()) if trust.checked_at else ""
    looked = _("last checked on {day}").format(day=checked) if checked else _("never checked")
    if trust.checked_at and trust.checked_at > trust.updated_at:
        changed = looked
    return [
        f"{_('Complete')} {trust.complete}/{COMPLETE}: {complete}",
        f"{_('Fresh')} {trust.fresh}/{FRESH}: {changed}",
        f"{_('Checked')} {trust.checked}/{CHECKED}: {looked}",
    ]
