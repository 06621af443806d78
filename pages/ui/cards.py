"""An activity as a card: what, where, who to call, what happened last time, and the buttons to go on."""

from datetime import date, datetime
from typing import Any

import streamlit as st

from pages.ui import actions, look, navigation, text
from pages.ui.text import _
from services import activities
from services.core.configuration import Configuration

IN_PROGRESS = activities.ActivityState.IN_PROGRESS


def urgency(row: Any) -> tuple[bool, datetime]:
    """What comes first: what is in progress, then by time."""
    return row.state is not IN_PROGRESS, row.planned_start


def activity(row: Any, known: Configuration, *, today: date, big: bool = False) -> None:
    """One activity of a person's day; the big one says everything needed on the way there."""
    with st.container(border=True, gap="small", key=f"card-{row.id}"):
        badges(row)
        title = text.plain(row.account or row.subject)
        st.page_link(
            navigation.file_of("activity"), label=f"**{title}**", query_params={"id": str(row.id)}, width="stretch"
        )
        st.markdown(text.plain(_line(row, known, today)))
        if big:
            _details(row)
        if row.ended_at is None:
            _buttons(row, big)


def badges(row: Any) -> None:
    """State and what is special about it, each as a word in its colour."""
    with st.container(horizontal=True, gap="small"):
        st.badge(text.state(row.state), color=look.badge(row.state))
        if look.overdue(row):
            st.badge(_("overdue"), color="red", icon=":material/schedule:")
        if row.priority == "urgent":
            st.badge(_("urgent"), color="orange", icon=":material/priority_high:")
        if row.queue_reason:
            st.badge(_("in the manager's queue"), color="red")


def _line(row: Any, known: Configuration, today: date) -> str:
    begin = (
        text.clock(row.planned_start)
        if text.wall(row.planned_start).date() == today
        else text.moment(row.planned_start)
    )
    parts = (f"{begin}–{text.clock(row.planned_end)}", _label(known, row.type_id), _label(known, row.purpose_id))
    return " · ".join(part for part in parts if part)


def _label(known: Configuration, code_id: int | None) -> str:
    return known.label(code_id, text.language())


def _details(row: Any) -> None:
    if row.place:
        st.markdown(f":material/location_on: {text.plain(row.place)}")
    if row.account_phone:
        st.markdown(f":material/call: [{row.account_phone}](tel:{row.account_phone.replace(' ', '')})")
    if row.last_word:
        st.caption(f"{_('Last time')}: {text.plain(row.last_word)}")


def _buttons(row: Any, big: bool) -> None:
    width: Any = "stretch" if big else "content"
    with st.container(horizontal=True):
        if row.state is not IN_PROGRESS:
            st.button(
                _("Start"), icon=":material/play_arrow:", key=f"start-{row.id}", width=width, on_click=actions.perform,
                args=(activities.start,), kwargs={"activity_id": row.id, "done": _("Started.")},
            )  # fmt: skip
        st.button(
            _("Finish"), icon=":material/check:", key=f"finish-{row.id}", width=width, type="primary" if big else "secondary",
            on_click=actions.go, args=("finish",), kwargs={"id": row.id},
        )  # fmt: skip
