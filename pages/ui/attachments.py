"""The files of a record: a list with downloads, and adding more, also by the phone's camera (ACT-12)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, session, text
from pages.ui.text import _
from services import attachments

LARGEST_MB = 25


def panel(kind: str, record_id: int, *, may_add: bool) -> None:
    """The files of one record, and an uploader for those who may add."""
    with session.reading() as work:
        files = attachments.list_of(work, **{f"{kind}_id": record_id})
    if not files:
        st.caption(_("No files yet."))
    for file in files:
        _file(file)
    if may_add:
        chosen = uploader(f"{kind}-{record_id}")
        st.button(
            _("Attach"), icon=":material/attach_file:", key=f"attach:{kind}:{record_id}", disabled=not chosen,
            on_click=_attach, args=(kind, record_id),
        )  # fmt: skip


def _file(file: Any) -> None:
    # A download is a route of our own that checks session and row; it never runs in the browser.
    told = f"{file.size / 1024:,.0f} KB · {text.plain(file.created_by)} · {text.moment(file.created_at)}"
    st.markdown(f":material/attach_file: [{text.plain(file.name)}](/files/{file.id}) :gray[{told}]")


def uploader(form: str) -> list[Any]:
    """Several files from the device, or photos from the phone's camera."""
    return st.file_uploader(
        _("Photos and documents"),
        accept_multiple_files=True,
        key=f"files:{form}",
        help=_("At most {size} MB each.").format(size=LARGEST_MB),
    )


def taken(form: str) -> list[tuple[str, bytes]]:
    """Name and content of what was chosen; for callbacks."""
    return [(file.name, file.getvalue()) for file in st.session_state.get(f"files:{form}") or []]


def _attach(kind: str, record_id: int) -> None:
    files: Sequence[tuple[str, bytes]] = taken(f"{kind}-{record_id}")
    actions.perform(attachments.add_many, files=files, done=_("Attached."), **{f"{kind}_id": record_id})
