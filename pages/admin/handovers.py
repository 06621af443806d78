"""The handovers that are planned, done, undone (ADM-6)."""

import streamlit as st

from pages.ui import actions, choices, lists, session
from pages.ui.text import _
from services import handover
from services.core.configuration import configuration
from services.core.listing import fetch

SPEC = handover.LIST
asked = lists.request(SPEC)
with session.reading() as work:
    page = fetch(work, SPEC, asked)
    known = configuration(work)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Handovers')} ({page.total:,})", width="content")
    st.button(
        _("Hand over the work"),
        icon=":material/move_down:",
        type="primary",
        on_click=actions.go,
        args=("new_handover",),
    )
lists.filter_bar(SPEC, choices.offer)
lists.draw(
    SPEC,
    page,
    asked,
    known,
    to="handover",
    none_yet=_("Nothing was handed over yet. When somebody leaves or moves, their work goes to others here."),
)
