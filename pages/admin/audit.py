"""The audit trail with filters (ALL-3, ADM-7)."""

import streamlit as st

from pages.ui import changes, choices, lists, session
from pages.ui.text import _
from services import audit
from services.core.configuration import configuration
from services.core.listing import fetch

asked = lists.request(audit.LIST)
with session.reading() as work:
    page = fetch(work, audit.LIST, asked)
    known = configuration(work)
    told = changes.teller(work, [(row["kind"], row["changes"]) for row in page.rows])
for row in page.rows:
    row["changes"] = told.lines(row["kind"], row["changes"])

st.title(f"{_('Audit trail')} ({page.total:,})")
lists.filter_bar(audit.LIST, choices.offer)
lists.draw(audit.LIST, page, asked, known, to=None)
