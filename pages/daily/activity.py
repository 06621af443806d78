"""One activity: what it is, what came of it, who held it, and what can be done now."""

import streamlit as st

from pages.ui import actions, activity_page, attachments, cards, changes, records, session, text
from pages.ui.drawers import answer, plan
from pages.ui.text import _
from services import activities
from services.core import events
from services.core.configuration import configuration

activity_id = records.asked_id()
with session.reading() as work:
    card = activities.card(work, activity_id=activity_id)
    allowed = activities.allowed(work, activity_id=activity_id)
    known = configuration(work)
    happened = events.story(work, kind="activity", record_id=activity_id)
    told = changes.teller(work, [("activity", event.changes) for event in happened])
    mine, may_assign = card.activity.owner_id == work.actor.id, work.actor.may("activity.assign")
    follow_up = activities.follow_up_values(work, activity_id=activity_id) if "follow_up" in allowed else None
record = card.activity
whose = {} if mine or not may_assign else {"assign": True, "owner_ids": [record.owner_id]}


def main_actions() -> list[records.Action]:
    likely: list[records.Action] = []
    if "finish" in allowed:
        likely.append((_("Finish"), "check", lambda: actions.go("finish", id=activity_id)))
    if "start" in allowed:
        likely.append((_("Start"), "play_arrow", start))
    if follow_up:
        values, contact_ids = follow_up
        given = {"key": "follow-up", "follows_id": activity_id, "contact_ids": contact_ids, **values, **whose}
        likely.append((_("Plan the follow-up"), "event_repeat", lambda: plan.ask(**given)))
    decisions = answer.menu(activity_id, allowed)
    return [*likely, *decisions] if mine or follow_up else [*decisions, *likely]


def start() -> None:
    actions.perform(activities.start, activity_id=activity_id, done=_("Started."))


if mine and record.state is activities.ActivityState.ASSIGNED and record.accepted_at is None:
    actions.perform(activities.accept, activity_id=activity_id)

when = f"{text.moment(record.planned_start)} · {record.owner}"
records.header(record.subject, badges=cards.marks(record), caption=when, actions=main_actions(), key="activity")

overview, files, history = st.tabs([_("Overview"), _("Files"), _("History")])
with overview:
    activity_page.overview(card, known)
    activity_page.feedback(record, known)
    activity_page.reviews(card.reviews)
    activity_page.chain(card)
with files:
    attachments.panel("activity", activity_id, may_add="attach" in allowed)
with history:
    activity_page.holdings(card.holdings)
    st.divider()
    records.story(happened, told, kind="activity")
