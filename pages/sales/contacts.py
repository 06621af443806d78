"""The list of contacts."""

import streamlit as st

from pages.ui import choices, exports, lists, merges, nouns, session
from pages.ui.drawers import edit
from pages.ui.text import _
from services import contacts
from services.core.configuration import configuration
from services.core.listing import fetch

SPEC = contacts.LIST
asked = lists.request(SPEC)
with session.reading() as work:
    page = fetch(work, SPEC, asked)
    known = configuration(work)
    may_create, may_merge = (work.actor.may(f"contact.{verb}") for verb in ("create", "merge"))

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Contacts')} ({page.total:,})", width="content")
    bar = st.container(horizontal=True, width="content")
lists.filter_bar(SPEC, choices.offer)
if may_create:
    none_yet = _("No contacts yet. Enter one with “New”, or convert a lead.")
else:
    none_yet = _("No contacts yet. Reps enter them at a customer, or make them by converting a lead.")
chosen = lists.draw(SPEC, page, asked, known, to="contact", selectable=may_merge, none_yet=none_yet)
with bar:
    merges.of_selected("contact", chosen.selected)
    exports.link(SPEC, asked)
    if may_create:
        st.button(_("New"), icon=":material/add:", type="primary", on_click=edit.ask_new, args=(nouns.CONTACT,))
