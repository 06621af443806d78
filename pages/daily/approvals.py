"""The approvals inbox: what waits for a decision, what is about oneself, what was decided lately (CON-5, CON-6, ASG-4)."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import cells, requests, session
from pages.ui import disputes as dispute_rows
from pages.ui.components.table import table, table_labels
from pages.ui.text import _
from services import contact_requests, disputes
from services.core.configuration import configuration
from services.core.listing import ListRequest, ListSpec, Page, fetch

LATELY = ListRequest(filters={"view": "decided"}, sort="decided_at", descending=True, size=20)
with session.reading() as work:
    deletions = contact_requests.entries(work, view="waiting", kind="delete")
    proposals = contact_requests.entries(work, view="waiting", kind="change")
    disagreed = disputes.entries(work, view="waiting")
    mine = contact_requests.entries(work, view="mine")
    about_me = [one for one in disputes.entries(work, view="mine") if one.id not in {other.id for other in disagreed}]
    told = requests.teller(work, [*deletions, *proposals, *mine])
    decided = [(spec, fetch(work, spec, LATELY)) for spec in (contact_requests.LIST, disputes.LIST)]
    known = configuration(work)


def heading(title: str, rows: Sequence[object]) -> None:
    st.subheader(f"{title} ({len(rows)})")


def lately(spec: ListSpec, page: Page) -> None:
    columns = [column for column in spec.columns if column.shown]
    drawn = [cells.of(columns, row, known) for row in page.rows]
    labels = table_labels(_, table=_("Decided lately"))
    table([cells.heading(column) for column in columns], drawn, key=f"decided-{spec.name}", labels=labels)


waiting = len(deletions) + len(proposals) + len(disagreed)
st.title(f"{_('Approvals')} ({waiting})")
if not waiting:
    st.info(_("Nothing waits for your decision."), icon=":material/task_alt:")
for title, asked in ((_("Deletions of contacts"), deletions), (_("Proposed changes"), proposals)):
    if asked:
        heading(title, asked)
        requests.rows(asked, told)
if disagreed:
    heading(_("Disputes about leads"), disagreed)
    dispute_rows.rows(disagreed)
if mine:
    heading(_("Asked by me"), mine)
    requests.rows(mine, told)
if about_me:
    heading(_("Disputes about me"), about_me)
    dispute_rows.rows(about_me)
if any(page.rows for _spec, page in decided):
    st.subheader(_("Decided lately"))
for spec, page in decided:
    if page.rows:
        lately(spec, page)
