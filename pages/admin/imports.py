"""Bringing in a file of leads, and the earlier imports: one's own, or everybody's for the data administrator (LEAD-3, ADM-7)."""

import streamlit as st

from pages.ui import choices, imports, lists, session
from pages.ui.text import _
from services.core.configuration import configuration
from services.core.listing import fetch
from services.imports import LIST

asked = lists.request(LIST, size=20)
with session.reading() as work:
    page = fetch(work, LIST, asked)
    known = configuration(work)

st.title(_("Import leads"))
imports.file_step()
st.subheader(f"{_('Earlier imports')} ({page.total:,})")
lists.filter_bar(LIST, choices.offer)
lists.draw(LIST, page, asked, known, to="import_job", none_yet=_("Nothing was imported yet. Choose a file above."))
