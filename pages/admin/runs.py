"""Background jobs: each run of a time rule with state, count and error; exports and imports are one click away (ADM-7)."""

import streamlit as st

from pages.ui import choices, lists, records, session, text
from pages.ui.text import _
from services import run_log
from services.core.configuration import configuration

SPEC = run_log.LIST
asked = lists.request(SPEC)
with session.reading() as work:
    page = run_log.page(work, request=asked)
    lately = run_log.lately(work)
    known = configuration(work)

st.title(f"{_('Background jobs')} ({page.total:,})")
since = lately.since.isoformat()
figures = st.container(horizontal=True, vertical_alignment="center")
figures.caption(_("Since {day}:").format(day=text.day(lately.since)), width="content")
records.figure(figures, _("Runs"), text.number(lately.runs), opens=("runs", {"from": since}))
records.figure(
    figures, _("Failed runs"), text.number(lately.failed), opens=("runs", {"from": since, "state": "failed"})
)
records.figure(
    figures, _("Exports"), text.number(lately.exports), opens=("audit", {"from": since, "action": "exported"})
)
records.figure(figures, _("Imports"), text.number(lately.imports), opens=("imports", {}))
lists.filter_bar(SPEC, choices.offer)
lists.draw(SPEC, page, asked, known, to=None, none_yet=_("Nothing has run yet."))
