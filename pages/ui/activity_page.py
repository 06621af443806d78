"""The parts of an activity's page: what was planned, what came of it, who held it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import records, text
from pages.ui.text import _
from services.activities.reading import Card
from services.core.configuration import Configuration


def overview(card: Card, known: Configuration) -> None:
    """Why it stands as it does, and what was planned with whom."""
    record = card.activity
    _why(record)
    _whom(card)
    records.facts(
        [
            (_("Type"), known.label(record.type_id, text.language())),
            (_("Purpose"), known.label(record.purpose_id, text.language())),
            (_("Planned"), f"{text.moment(record.planned_start)} – {text.clock(record.planned_end)}"),
            (_("Due"), text.moment(record.due_at)),
            (_("Place"), record.place or ""),
            (_("Owner"), record.owner or ""),
            (
                _("Assigned by"),
                f"{record.assigned_by or ''} · {text.moment(record.assigned_at)}" if record.assigned_at else "",
            ),
            (_("With"), _(", ").join(one.name for one in card.participants)),
        ]
    )
    if record.description:
        st.markdown(text.lines(record.description))


def _whom(card: Card) -> None:
    """Customer and contacts, each with the number to tap."""
    record = card.activity
    people = [("contact", one.id, one.name, one.mobile, "person") for one in card.contacts]
    if record.lead:
        people.insert(0, ("lead", record.lead_id, record.lead, record.lead_phone, "flag"))
    if record.account_id:
        people.insert(0, ("account", record.account_id, record.account, record.account_phone, "domain"))
    for kind, record_id, name, number, icon in people:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            records.link(kind, record_id, name, icon=icon, width="content")
            records.phones({"phone": number}, ("phone",))


def _why(record: Any) -> None:
    if record.decline_reason:
        st.warning(f"{_('Declined')}: {text.lines(record.decline_reason)}")
    if record.queue_reason:
        st.warning(f"{_('In the manager’s queue')}: {text.plain(record.queue_reason)}")
    if record.cancel_reason:
        st.info(f"{_('Cancelled')}: {text.lines(record.cancel_reason)}")


def feedback(record: Any, known: Configuration) -> None:
    """What came of it, once it has ended."""
    if not record.ended_at:
        return
    st.subheader(_("Feedback"))
    st.markdown(f"> {text.lines(record.learned)}")
    next_step = " · ".join(
        part for part in (record.next_step, text.day(record.next_step_on) if record.next_step_on else "") if part
    )
    records.facts(
        [
            (_("Result"), known.label(record.result_id, text.language())),
            (_("Actually"), f"{text.moment(record.started_at)} – {text.clock(record.ended_at)}"),
            (_("Customer's attitude"), f"{record.attitude} / 5" if record.attitude else ""),
            (_("Needs found"), record.needs or ""),
            (_("Machine"), record.machine_seen or ""),
            (_("Machine hours"), text.number(record.machine_hours) if record.machine_hours is not None else ""),
            (_("Competitor seen"), record.competitor_seen or ""),
            (_("Next step"), next_step),
        ]
    )


def reviews(given: Sequence[Any]) -> None:
    """What managers said about it (ACT-15)."""
    for review in given:
        stars = "★" * review.mark + "☆" * (5 - review.mark)
        st.markdown(
            f"**{stars}** {text.lines(review.comment)}  \n:gray[{text.plain(review.reviewer)} · {text.moment(review.created_at)}]"
        )


def chain(card: Card) -> None:
    """The activity before and those after."""
    if card.activity.follows_id:
        records.link("activity", card.activity.follows_id, _("The activity before"), icon="arrow_back")
    for later in card.follow_ups:
        label = f"{_('Follow-up')}: {later.subject} · {text.moment(later.planned_start)}"
        records.link("activity", later.id, label, icon="event_repeat")


def holdings(held: Sequence[Any]) -> None:
    """Who held it from when to when, and why (ACT-14)."""
    for one in held:
        until = text.moment(one.until_at) if one.until_at else _("now")
        reason = f" · {text.plain(one.reason)}" if one.reason else ""
        st.markdown(f"**{text.plain(one.name)}** {text.moment(one.since_at)} → {until}{reason}")
