"""The in-app inbox: what the system told this person, newest first."""

import streamlit as st

from pages.ui import actions, navigation, session, text
from pages.ui.text import _
from services import notices

with session.reading() as work:
    rows = notices.inbox(work)


def open_notice(notice_id: int, path: str, record_id: int) -> None:
    actions.perform(notices.mark_read, notice_id=notice_id)
    actions.go(path, id=record_id)


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Notices"), width="content")
    if any(row.read_at is None for row in rows):
        st.button(
            _("Mark all as read"), icon=":material/done_all:", on_click=actions.perform, args=(notices.mark_all_read,)
        )

if not rows:
    st.info(_("Nothing yet. Assignments, reminders and reviews will stand here."), icon=":material/notifications:")
for row in rows:
    with st.container(border=True):
        words, way = st.columns([7, 2], vertical_alignment="center")
        mark = ":orange[●] " if row.read_at is None else ""
        words.markdown(f"{mark}**{text.plain(row.title)}**  \n{text.lines(row.body)}")
        with way.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(text.moment(row.created_at), width="content")
            path = navigation.path_of(row.record_kind)
            if path and row.record_id:
                st.button(
                    _("Go there"), key=f"notice-{row.id}", type="tertiary", on_click=open_notice,
                    args=(row.id, path, row.record_id),
                )  # fmt: skip
