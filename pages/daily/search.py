"""Search over everything the reader may see: customers, contacts, activities; also by pinyin."""

import streamlit as st

from pages.ui import navigation, records, session, text
from pages.ui.text import _
from services import search

LISTS = {"account": "accounts", "contact": "contacts", "lead": "leads", "activity": "activities"}
words = st.query_params.get("q", "")
with session.reading() as work:
    found = search.everything(work, words=words)

st.title(f"{_('Search')}: {text.plain(words)}")
if not any(group.hits for group in found):
    st.info(_("Nothing found. Try fewer letters, or pinyin initials such as “xgjx”."), icon=":material/search_off:")
for group in found:
    if group.hits:
        st.subheader(f"{_(group.label)} ({len(group.hits)}{'+' if group.more else ''})")
        for hit in group.hits:
            records.link(group.kind, hit.id, " · ".join(part for part in (hit.text, hit.sub) if part), icon=group.icon)
        if group.more:
            to = navigation.file_of(LISTS[group.kind])
            st.page_link(to, label=_("Show all"), icon=":material/list:", query_params={"q": words})
