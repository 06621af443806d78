"""The assignment rules of a branch, in their order; the data administrator reads those of all branches (ASG-1, ADM-3)."""

import streamlit as st

from pages.ui import rules, session, text, trials
from pages.ui.drawers import rule
from pages.ui.text import _
from services import assignment, organisation

with session.reading() as work:
    found = assignment.rules(work)
    named = rules.names(work, found)
    branches = {branch.id: text.branch_name(branch) for branch in organisation.branches(work)}
    may_change, home = work.actor.may("assignment_rule.change"), work.actor.branch_id

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Assignment rules')} ({len(found)})", width="content")
    bar = st.container(horizontal=True, width="content")
if may_change:
    with bar:
        if found:
            st.button(_("Try out"), icon=":material/science:", on_click=trials.ask, args=(found,))
        st.button(_("New rule"), icon=":material/add:", type="primary", on_click=rule.ask)
st.caption(_("The region of a lead decides its branch. Of the branch's rules the first one that fits counts."))
if not found:
    by_hand = _("No rules yet: leads have to be assigned by hand.")
    whose = "" if may_change else _("The branch managers lay the rules down.")
    st.info(f"{by_hand} {whose}", icon=":material/rule:")
for branch_id in dict.fromkeys(one.branch_id for one in found):
    if home is None:
        st.subheader(text.plain(branches.get(branch_id)))
    here = [one for one in found if one.branch_id == branch_id]
    rules.draw(here, named, may_change=may_change, edit=rule.ask)
