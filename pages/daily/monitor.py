"""The live monitor: reps by hours of the day, key figures, what just happened; changes arrive by themselves (ACT-13)."""

import streamlit as st

from pages.ui import calendars, session
from pages.ui.drawers import watch
from pages.ui.text import _
from services import organisation

asked = st.query_params.to_dict()
with session.reading() as work:
    branches = organisation.branches(work)
    day = calendars.asked_day(asked.get("day"), work.today)
    branch = watch.branch(asked.get("branch"), branches, work.actor.branch_id)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Live monitor"), width="content")
    watch.toolbar(branches, branch, day)
watch.board(branch, day)
