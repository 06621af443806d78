"""The list of activities; several selected ones can be handed over."""

import streamlit as st

from pages.ui import choices, exports, lists, session
from pages.ui.drawers import hand_over, plan
from pages.ui.text import _
from services import activities
from services.core.configuration import configuration
from services.core.listing import fetch

SPEC = activities.LIST
asked = lists.request(SPEC)
with session.reading() as work:
    page = fetch(work, SPEC, asked)
    known = configuration(work)
    may = work.actor.may

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Activities')} ({page.total:,})", width="content")
    with st.container(horizontal=True, width="content"):
        mass = st.container(width="content")
        exports.link(SPEC, asked)
        if may("activity.assign"):
            st.button(
                _("Assign"), icon=":material/assignment_ind:", on_click=plan.ask, kwargs={"key": "list", "assign": True}
            )
        if may("activity.plan"):
            plan.button(_("New"), key="list")

lists.filter_bar(SPEC, choices.offer)
if may("activity.plan"):
    none_yet = _("No activities yet. Plan a visit with “New”; what you are assigned stands here too.")
elif may("activity.assign"):
    none_yet = _("No activities yet. Reps plan their visits, or get them from you with “Assign”.")
else:
    none_yet = _("No activities yet. What the reps plan and carry out stands here.")
selectable = may("activity.reassign")
chosen = lists.draw(SPEC, page, asked, known, to="activity", selectable=selectable, none_yet=none_yet)
if chosen.selected:
    label = f"{_('Hand over')} ({len(chosen.selected)})"
    mass.button(label, icon=":material/swap_horiz:", on_click=hand_over.ask, args=(chosen.selected, "table:activities"))
