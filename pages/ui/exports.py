"""The way to Excel: a quiet link to the export of what is on the screen, for who may export it (EXP-1)."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.ui import session
from pages.ui.text import _
from services.core.listing import ListRequest, ListSpec


def link(spec: ListSpec, asked: ListRequest) -> None:
    """Export the list under the filters and order that it is shown with; nothing for who may not export it."""
    if not spec.export or not session.actor().may(spec.export):
        return
    sort = {"sort": f"-{asked.sort}" if asked.descending else asked.sort} if asked.sort else {}
    filters = {name: str(value) for name, value in asked.filters.items()}
    button(spec.name, {"q": asked.search, **filters, **sort})


def button(name: str, given: Mapping[str, str], *, label: str = "") -> None:
    """The link itself; the route resolves filters and rights anew."""
    query = urlencode({key: value for key, value in given.items() if value})
    address = f"/exports/{name}.xlsx" + (f"?{query}" if query else "")
    st.link_button(
        label or _("Export"), address, icon=":material/download:", type="tertiary", help=_("As an Excel file")
    )
