"""The audit trail with filters (ALL-3, ADM-7)."""

import streamlit as st

from pages.ui import actions, changes, choices, lists, navigation, session
from pages.ui.text import _
from services import audit
from services.core.configuration import configuration
from services.core.listing import fetch

asked = lists.request(audit.LIST)
with session.reading() as work:
    page = fetch(work, audit.LIST, asked)
    known = configuration(work)
    told = changes.teller(work, [(row["kind"], row["changes"]) for row in page.rows])
    names = audit.names(work, rows=page.rows)
places = {row["id"]: (row["kind"], row["record_id"]) for row in page.rows}


def follow(_column: str, event_id: int) -> None:
    kind, record_id = places[event_id]
    actions.go(kind, id=record_id)


for row in page.rows:
    kind, record_id = places[row["id"]]
    href = f"/{kind}?id={record_id}" if (kind, record_id) in names and kind in navigation.BY_PATH else ""
    row["record_id"] = {"text": names.get((kind, record_id)), "href": href}
    row["changes"] = told.lines(row["kind"], row["changes"])
    row["action"] = (row["kind"], row["action"])

st.title(f"{_('Audit trail')} ({page.total:,})")
lists.filter_bar(audit.LIST, choices.offer)
lists.draw(audit.LIST, page, asked, known, to=None, on_follow=follow, none_yet=_("Nothing has happened yet."))
