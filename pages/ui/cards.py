"""An activity as a card: what, where, who to call, what happened last time, and the buttons to go on."""

from datetime import date
from typing import Any

import streamlit as st

from pages.ui import actions, look, navigation, records, text
from pages.ui.text import _
from services import activities
from services.activities.listing import VIEWS
from services.core.configuration import Configuration

ATTENTION = {"declined": "red", "queue": "red", "overdue": "red", "unanswered": "orange"}
#: no wider than two thumbs, also on a large screen
THUMB = 480
IN_PROGRESS = activities.ActivityState.IN_PROGRESS


def activity(row: Any, known: Configuration, *, today: date) -> None:
    """One activity of a person's day in a few lines, with the buttons to go on."""
    outer = st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"card-{row.id}")
    with outer:
        with st.container(width="stretch", gap=None):
            _title(row)
            st.caption(text.plain(_line(row, known, today)))
        badges(row, width="content")
        if row.ended_at is None:
            _buttons(row, "content")


def attention(counts: dict[str, int]) -> None:
    """What waits for a manager, each figure opening its records (ALL-10)."""
    waiting = {name: count for name, count in counts.items() if count}
    if not waiting:
        return
    with st.container(horizontal=True):
        for name, count in waiting.items():
            label = f"{_(VIEWS[name])} :{ATTENTION[name]}[**{count}**]"
            st.button(label, key=f"attention-{name}", on_click=actions.go, args=("activities",), kwargs={"view": name})


def next_one(row: Any, known: Configuration, *, today: date) -> None:
    """The next visit with all that is needed on the way there, and big buttons for a thumb."""
    with st.container(border=True, gap="small", key=f"card-{row.id}"):
        badges(row)
        _title(row)
        st.markdown(text.plain(_line(row, known, today)))
        _details(row)
        _buttons(row, "stretch")


def _title(row: Any) -> None:
    label = f"**{text.plain(row.account or row.subject)}**"
    st.page_link(navigation.file_of("activity"), label=label, query_params={"id": str(row.id)})


def badges(row: Any, *, width: records.Width = "stretch") -> None:
    """State and what is special about it, each as a word in its colour."""
    with st.container(horizontal=True, gap="small", width=width):
        records.marks(marks(row))


def marks(row: Any) -> list[records.Mark]:
    """An activity's state and what is special about it."""
    found: list[records.Mark] = [(text.state(row.state), look.STATE_TONES[row.state])]
    found += [(_("overdue"), "red", "schedule")] if look.overdue(row) else []
    found += [(_("urgent"), "amber", "priority_high")] if row.priority == "urgent" else []
    return found + ([(_("in the manager's queue"), "red")] if row.queue_reason else [])


def _line(row: Any, known: Configuration, today: date) -> str:
    is_today = text.wall(row.planned_start).date() == today
    begin = text.clock(row.planned_start) if is_today else text.moment(row.planned_start)
    parts = (f"{begin}–{text.clock(row.planned_end)}", _label(known, row.type_id), _label(known, row.purpose_id))
    return " · ".join(part for part in parts if part)


def _label(known: Configuration, code_id: int | None) -> str:
    return known.label(code_id, text.language())


def _details(row: Any) -> None:
    if row.place:
        st.markdown(f":material/location_on: {text.plain(row.place)}")
    records.phones({"phone": row.account_phone}, ("phone",))
    if row.last_word:
        st.caption(f"{_('Last time')}: {text.lines(row.last_word)}")


def _buttons(row: Any, width: records.Width) -> None:
    with st.container(horizontal=True, width=THUMB if width == "stretch" else width):
        if row.state is not IN_PROGRESS:
            st.button(
                _("Start"), icon=":material/play_arrow:", key=f"start-{row.id}", width=width, on_click=actions.perform,
                args=(activities.start,), kwargs={"activity_id": row.id, "done": _("Started.")},
            )  # fmt: skip
        st.button(
            _("Finish"), icon=":material/check:", key=f"finish-{row.id}", width=width,
            type="primary" if width == "stretch" else "secondary", on_click=actions.go, args=("finish",), kwargs={"id": row.id},
        )  # fmt: skip
