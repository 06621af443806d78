"""The in-app inbox: what the system told this person, newest first."""

import streamlit as st

from pages.ui import actions, lists, navigation, session, text
from pages.ui.text import _
from services import notices
from services.core.listing import PAGE_SIZE
from services.notices import Line

VIEWS = {"all": _("All"), "unread": _("Unread")}
view = "unread" if st.query_params.get("view") == "unread" else "all"
with session.reading() as work:
    fresh = notices.count(work, unread_only=True)
    page = lists.page_of(notices.count(work) if view == "all" else fresh, PAGE_SIZE)
    rows = notices.inbox(work, page=page.page, unread_only=view == "unread")


def open_notice(notice_id: int, path: str, record_id: int) -> None:
    actions.perform(notices.mark_read, notice_id=notice_id)
    actions.go(path, id=record_id)


def draw(row: Line) -> None:
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


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Notices"), width="content")
    if fresh:
        st.button(
            _("Mark all as read"), icon=":material/done_all:", on_click=actions.perform, args=(notices.mark_all_read,)
        )
if page.total or view == "unread":
    lists.parts("view", VIEWS, view, label=_("Which"))
if not rows:
    none_yet = _("Nothing yet. Assignments, reminders and reviews will stand here.")
    st.info(_("You have read everything.") if view == "unread" else none_yet, icon=":material/notifications:")
for row in rows:
    draw(row)
lists.pager(page, to_top=True)
