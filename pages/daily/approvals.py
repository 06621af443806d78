"""The approvals inbox: what waits for a decision, what one has asked for, what was decided lately (CON-5, CON-6)."""

import streamlit as st

from pages.ui import cells, requests, session
from pages.ui.components.table import table, table_labels
from pages.ui.drawers import contact_request
from pages.ui.text import _
from services import contact_requests
from services.core.configuration import configuration
from services.core.listing import ListRequest, fetch

SPEC = contact_requests.LIST
LATELY = ListRequest(filters={"view": "decided"}, sort="decided_at", descending=True, size=20)
with session.reading() as work:
    deletions = contact_requests.entries(work, view="waiting", kind="delete")
    proposals = contact_requests.entries(work, view="waiting", kind="change")
    mine = contact_requests.entries(work, view="mine")
    told = requests.teller(work, [*deletions, *proposals, *mine])
    decided = fetch(work, SPEC, LATELY)
    known = configuration(work)

st.title(f"{_('Approvals')} ({len(deletions) + len(proposals)})")
contact_request.show()
if not deletions and not proposals:
    st.info(_("Nothing waits for your decision."), icon=":material/task_alt:")
for title, waiting in ((_("Deletions of contacts"), deletions), (_("Proposed changes"), proposals)):
    if waiting:
        st.subheader(f"{title} ({len(waiting)})")
        requests.rows(waiting, told)
if mine:
    st.subheader(f"{_('Asked by me')} ({len(mine)})")
    requests.rows(mine, told)
if decided.rows:
    st.subheader(_("Decided lately"))
    columns = [column for column in SPEC.columns if column.shown]
    drawn = [cells.of(columns, row, known) for row in decided.rows]
    headings = [cells.heading(column) for column in columns]
    table(headings, drawn, key="decided", labels=table_labels(_, table=_("Decided lately")))
