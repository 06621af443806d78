"""The list of leads; several selected ones can be assigned."""

import streamlit as st

from pages.ui import actions, choices, exports, lists, nouns, session
from pages.ui.drawers import dispute, edit, lead_answer
from pages.ui.text import _
from services import leads
from services.core.configuration import configuration
from services.core.listing import fetch

SPEC = leads.LIST
asked = lists.request(SPEC)
with session.reading() as work:
    page = fetch(work, SPEC, asked)
    known = configuration(work)
    may = work.actor.may
disputed = any(row["disputed"] for row in page.rows)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Leads')} ({page.total:,})", width="content")
    bar = st.container(horizontal=True, width="content")

lists.filter_bar(SPEC, choices.offer)
if may("lead.import"):
    none_yet = _("No leads yet. Bring a list in with “Import”, or enter one with “New”.")
elif may("lead.assign"):
    none_yet = _("No leads yet. What your people get or enter stands here; enter one with “New”.")
elif may("lead.create"):
    none_yet = _("No leads yet. What is assigned to you or entered with “New” stands here.")
else:
    none_yet = _("No leads yet. What the branches get stands here.")
chosen = lists.draw(
    SPEC,
    page,
    asked,
    known,
    to="lead",
    selectable=may("lead.assign"),
    hide=() if disputed else ("disputed",),
    none_yet=none_yet,
)
with bar:
    exports.link(SPEC, asked)
    if chosen.selected:
        label = f"{_('Assign to a rep')} ({len(chosen.selected)})"
        st.button(label, icon=":material/assignment_ind:", on_click=lead_answer.ask, args=("assign", chosen.selected))
    if may("lead.import"):
        st.button(_("Import"), icon=":material/upload_file:", on_click=actions.go, args=("imports",))
    if may("lead.claim"):
        st.button(_("Claim a lead"), icon=":material/balance:", on_click=dispute.ask, args=("claim",))
    if may("lead.create"):
        st.button(_("New"), icon=":material/add:", type="primary", on_click=edit.ask_new, args=(nouns.LEAD,))
