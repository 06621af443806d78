"""Unassigned leads with who would get them and why; single ones are changed, all are assigned in one step (ASG-3)."""

import streamlit as st

from pages.ui import lists, session, unassigned
from pages.ui.drawers import assign_all, proposal
from pages.ui.text import _
from services import assignment

with session.reading() as work:
    found = assignment.proposals(work)
    here = unassigned.wanted(found)
    turned = lists.page_of(len(here), unassigned.SIZE)
    page = unassigned.following(work, here[(turned.page - 1) * turned.size : turned.page * turned.size])
    offered = unassigned.people(work, page)
    names = {rule.id: rule.name for rule in assignment.rules(work)}
    rows = unassigned.rows(work, page, names)

branch = str(st.query_params.get("branch", ""))
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Unassigned leads')} ({len(found):,})", width="content")
    with st.container(horizontal=True, width="content"):
        if count := len(unassigned.chosen()):
            back = f"{_('Back to the proposals')} ({count})"
            st.button(back, icon=":material/undo:", on_click=unassigned.forget)
        if found:
            st.button(
                _("Assign all"),
                icon=":material/assignment_ind:",
                type="primary",
                on_click=assign_all.ask,
                args=(branch,),
            )
assign_all.tell()
if found:
    unassigned.choice(found)
    unassigned.summary(here)
if rows:
    with st.container(key="unassigned-table"):
        unassigned.editor(rows, offered)
    with st.container(key="unassigned-cards"):
        unassigned.cards(rows, offered, proposal.ask)
    lists.pager(turned, to_top=True)
else:
    st.info(_("Nothing waits to be assigned here."), icon=":material/done_all:")
