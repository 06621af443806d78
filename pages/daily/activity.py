"""One activity: what it is, what came of it, who held it, and what can be done now."""

import streamlit as st

from pages.drawers import answer, plan
from pages.ui import actions, attachments, cards, records, session, text
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
    mine = card.activity.owner_id == work.actor.id
    follow_up = activities.follow_up_values(work, activity_id=activity_id) if "follow_up" in allowed else None
record = card.activity


def label(code_id: int | None) -> str:
    return known.label(code_id, text.language())


def main_actions() -> list[records.Action]:
    likely: list[records.Action] = []
    if "finish" in allowed:
        likely.append((_("Finish"), "check", lambda: actions.go("finish", id=activity_id)))
    if "start" in allowed:
        likely.append((_("Start"), "play_arrow", start))
    if follow_up:
        values, contact_ids = follow_up
        given = {"key": "follow-up", "follows_id": activity_id, "contact_ids": contact_ids, **values}
        likely.append((_("Plan the follow-up"), "event_repeat", lambda: plan.ask(**given)))
    return answer.menu(activity_id, allowed, likely)


def start() -> None:
    actions.perform(activities.start, activity_id=activity_id, done=_("Started."))


if mine and record.state is activities.ActivityState.ASSIGNED and record.accepted_at is None:
    actions.perform(activities.accept, activity_id=activity_id)

records.header(record.subject, caption=f"{text.moment(record.planned_start)} · {record.owner}")
cards.badges(record)
records.action_bar(main_actions(), key="activity")
answer.show()
plan.show("follow-up")

overview, files, history = st.tabs([_("Overview"), _("Files"), _("History")])
with overview:
    if record.decline_reason:
        st.warning(f"{_('Declined')}: {text.plain(record.decline_reason)}")
    if record.queue_reason:
        st.warning(f"{_('In the manager’s queue')}: {text.plain(record.queue_reason)}")
    if record.cancel_reason:
        st.info(f"{_('Cancelled')}: {text.plain(record.cancel_reason)}")
    if record.account_id:
        records.link("account", record.account_id, record.account, icon="domain")
    records.facts(
        [
            (_("Type"), label(record.type_id)),
            (_("Purpose"), label(record.purpose_id)),
            (_("Planned"), f"{text.moment(record.planned_start)} – {text.clock(record.planned_end)}"),
            (_("Due"), text.moment(record.due_at)),
            (_("Place"), record.place or ""),
            (_("Phone"), record.account_phone or ""),
            (_("Owner"), record.owner or ""),
            (
                _("Assigned by"),
                f"{record.assigned_by} · {text.moment(record.assigned_at)}" if record.assigned_at else "",
            ),
            (_("Contacts"), ", ".join(f"{c.name} {c.mobile or ''}".strip() for c in card.contacts)),
            (_("With"), ", ".join(p.name for p in card.participants)),
        ]
    )
    if record.description:
        st.markdown(text.plain(record.description))
    if record.ended_at:
        st.subheader(_("Feedback"))
        st.markdown(f"> {text.plain(record.learned)}")
        records.facts(
            [
                (_("Result"), label(record.result_id)),
                (_("Actually"), f"{text.moment(record.started_at)} – {text.clock(record.ended_at)}"),
                (_("Customer's attitude"), f"{record.attitude} / 5" if record.attitude else ""),
                (_("Needs found"), record.needs or ""),
                (_("Machine"), record.machine_seen or ""),
                (_("Machine hours"), text.number(record.machine_hours) if record.machine_hours is not None else ""),
                (_("Competitor seen"), record.competitor_seen or ""),
                (
                    _("Next step"),
                    f"{record.next_step or ''} {text.day(record.next_step_on) if record.next_step_on else ''}".strip(),
                ),
            ]
        )
    for review in card.reviews:
        stars = "★" * review.mark + "☆" * (5 - review.mark)
        st.markdown(
            f"**{stars}** {text.plain(review.comment)}  \n:gray[{text.plain(review.reviewer)} · {text.moment(review.created_at)}]"
        )
    if record.follows_id:
        records.link("activity", record.follows_id, _("The activity before"), icon="arrow_back")
    for later in card.follow_ups:
        records.link(
            "activity",
            later.id,
            f"{_('Follow-up')}: {later.subject} · {text.moment(later.planned_start)}",
            icon="event_repeat",
        )
with files:
    attachments.panel("activity", activity_id, may_add="attach" in allowed)
with history:
    for held in card.holdings:
        until = text.moment(held.until_at) if held.until_at else _("today")
        reason = f" · {text.plain(held.reason)}" if held.reason else ""
        st.markdown(f"**{text.plain(held.name)}** {text.moment(held.since_at)} → {until}{reason}")
    st.divider()
    labels = {field.name: field.label for field in (*activities.FIELDS, *activities.FEEDBACK)}
    records.story(happened, labels, lambda name, value: records.value(name, value, known))
