"""Today: what waits for the person, the next visit first; on a phone with big buttons (ACT-3)."""

import streamlit as st

from pages.ui import cards, session, text
from pages.ui.drawers import plan
from pages.ui.text import _
from services import activities
from services.core.configuration import configuration

with session.reading() as work:
    rows = activities.today(work)
    known = configuration(work)
    today, actor = work.today, work.actor
    may_plan = actor.may("activity.plan")

fresh = [row for row in rows if row.fresh]
waiting = [row for row in rows if row.ended_at is None and not row.fresh]
done = [row for row in rows if row.ended_at is not None]

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Today')} · {text.day(today)}", width="content")
    if may_plan:
        plan.button(_("Plan"), key="home")

if fresh:
    st.markdown(f":orange[:material/fiber_new:] **{_('New for you')}: {len(fresh)}**")
    for row in fresh:
        cards.activity(row, known, today=today)
if waiting:
    first, *others = sorted(waiting, key=cards.urgency)
    cards.activity(first, known, today=today, big=True)
    for row in others:
        cards.activity(row, known, today=today)
if not fresh and not waiting:
    st.info(
        _("Nothing is waiting for you today. Plan the next visit, or have a look at the calendar."),
        icon=":material/task_alt:",
    )
if done:
    with st.expander(f"{_('Done today')} ({len(done)})", expanded=False):
        for row in done:
            cards.activity(row, known, today=today)
