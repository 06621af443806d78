"""The planning calendar: day, week, month, agenda; drag to move, click to plan (ACT-1)."""

from datetime import datetime

import streamlit as st

from pages.ui import actions, calendars, look, session, text
from pages.ui.components.calendar import CalendarEntry, calendar, calendar_labels, period
from pages.ui.drawers import plan
from pages.ui.text import _
from services import activities, users
from services.core.configuration import configuration
from services.core.moments import day_start

asked = st.query_params.to_dict()
view = asked.get("view") if asked.get("view") in calendars.VIEWS else "week"
with session.reading() as work:
    start = calendars.asked_day(asked.get("day"), work.today)
    first, after = period(view, start)
    colleagues = users.colleagues(work) if work.actor.may("activity.assign") else []
    person = calendars.asked_person(asked.get("person"), colleagues, work.actor.id)
    rows = activities.plan_of(
        work, owner_ids=[person], begin=day_start(first, work.zone), until=day_start(after, work.zone)
    )
    known = configuration(work)
    may_plan, may_assign, mine = (
        work.actor.may("activity.plan"),
        work.actor.may("activity.assign"),
        person == work.actor.id,
    )
    may_move = work.actor.may("activity.change")


def entry(row) -> CalendarEntry:
    movable = may_move and row.state in (activities.ActivityState.PLANNED, activities.ActivityState.ASSIGNED)
    return CalendarEntry(
        id=row.id, title=row.account or row.subject, sub=known.label(row.type_id, text.language()), badge=text.state(row.state),
        start=text.wall(row.planned_start), end=text.wall(row.planned_end), tone=look.block_tone(row), movable=movable, version=row.version,
    )  # fmt: skip


def move(activity_id: int, begin: str, end: str, version: int) -> None:
    times = {
        "planned_start": text.instant(datetime.fromisoformat(begin)),
        "planned_end": text.instant(datetime.fromisoformat(end)),
    }
    actions.perform(activities.reschedule, activity_id=activity_id, version=version, done=_("Moved."), **times)


def new(begin: str, end: str) -> None:
    times = {
        "planned_start": text.instant(datetime.fromisoformat(begin)),
        "planned_end": text.instant(datetime.fromisoformat(end)),
    }
    if mine and may_plan:
        plan.ask(key="calendar", **times)
    elif may_assign:
        plan.ask(key="calendar", assign=True, owner_ids=[person], **times)


def show(chosen: str, day: str) -> None:
    st.query_params.from_dict({**asked, "view": chosen, "day": day})


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Calendar"), width="content")
    with st.container(horizontal=True, width="content"):
        calendars.person_choice(colleagues, person)
        if may_plan and mine:
            plan.button(_("Plan"), key="calendar")
calendar(
    [entry(row) for row in rows],
    key="calendar",
    view=view,
    start=start,
    today=text.wall(work.now),
    labels=calendar_labels(_, title=text.period(view, start), weekdays=text.weekdays()),
    working_hours=(known.setting("day_starts"), known.setting("day_ends")),
    on_open=actions.opener("activity"),
    on_move=move,
    on_plan=new,
    on_show=show,
)
