"""Everybody who can sign in (ADM-1)."""

import streamlit as st

from pages.ui import choices, lists, session
from pages.ui.drawers import edit, people
from pages.ui.text import _
from services import users
from services.core.configuration import configuration

asked = lists.request(users.LIST)
with session.reading() as work:
    page = users.page(work, request=asked)
    known = configuration(work)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('People')} ({page.total:,})", width="content")
    st.button(_("New"), icon=":material/person_add:", type="primary", on_click=edit.ask_new, args=(people.USER,))
lists.filter_bar(users.LIST, choices.offer)
lists.draw(users.LIST, page, asked, known, to="user")
