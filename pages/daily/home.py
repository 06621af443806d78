"""Today: what waits for the person, the next visit first; on a phone with big buttons (ACT-3)."""

import streamlit as st

from pages.ui import cards, decisions, navigation, session, text
from pages.ui.drawers import plan
from pages.ui.text import _
from services import activities, organisation
from services.core.configuration import configuration

with session.reading() as work:
    rows = activities.today(work)
    known = configuration(work)
    today, actor = work.today, work.actor
    may_plan = actor.may("activity.plan")
    attention = activities.attention(work) if actor.may("activity.watch") else {}
    undecided = decisions.waiting(work, attention)
    first_day = actor.may("system.administer") and not organisation.branches(work)

fresh = [row for row in rows if row.fresh]
done = [row for row in rows if row.ended_at is not None]
waiting = [row for row in rows if row.ended_at is None and not row.fresh]
late = [row for row in waiting if text.wall(row.planned_start).date() < today and row.started_at is None]
due = sorted((row for row in waiting if row not in late), key=lambda row: (row.started_at is None, row.planned_start))

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Today')} · {text.day(today)}", width="content")
    if may_plan:
        plan.button(_("Plan"), key="home")

if first_day:
    st.info(
        _("Begin here: add the branches with the regions they cover, then the people, then bring in the leads."),
        icon=":material/flag:",
    )
    for path in ("branches", "users", "imports"):
        screen = navigation.BY_PATH[path]
        st.page_link(navigation.file_of(path), label=_(screen.title), icon=f":material/{screen.icon}:")
running = due[:1] if due and due[0].started_at else []
cards.attention(attention)
if running:
    cards.next_one(due.pop(0), known, today=today)
if fresh:
    st.markdown(f":orange[:material/fiber_new:] **{_('New for you')}: {len(fresh)}**")
    for row in fresh:
        cards.activity(row, known, today=today)
if due:
    cards.next_one(due[0], known, today=today)
    for row in due[1:]:
        cards.activity(row, known, today=today)
elif not fresh and not running and may_plan:
    st.info(
        _("Nothing more is planned for today. Plan the next visit, or have a look at the calendar."),
        icon=":material/task_alt:",
    )
decisions.draw(undecided, known)
if asked := session.waiting().get("approvals"):
    label = f"{_('Approvals')} ({asked})"
    st.page_link(navigation.file_of("approvals"), label=label, icon=":material/approval:")
if attention:
    st.page_link(navigation.file_of("monitor"), label=_("Live monitor"), icon=":material/monitoring:")
if late:
    st.markdown(f":red[:material/schedule:] **{_('Left over')}: {len(late)}**")
    for row in late:
        cards.activity(row, known, today=today)
if done:
    with st.expander(f"{_('Done today')} ({len(done)})", expanded=False):
        for row in done:
            cards.activity(row, known, today=today)
