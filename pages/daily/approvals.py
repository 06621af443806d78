"""The approvals inbox: what waits for a decision, what is about oneself, what was decided lately (CON-5, CON-6, ASG-4)."""

import streamlit as st

from pages.ui import cells, lists, requests, session
from pages.ui import disputes as dispute_rows
from pages.ui.components.table import table, table_labels
from pages.ui.text import _
from services import contact_requests, disputes
from services.core.configuration import configuration
from services.core.listing import ListRequest, ListSpec, Page, fetch

LATELY = ListRequest(filters={"view": "decided"}, sort="decided_at", descending=True, size=20)
with session.reading() as work:
    wanted = {"deletions": ("waiting", "delete"), "changes": ("waiting", "change"), "asked": ("mine", "")}
    asked = {
        name: contact_requests.shown(work, view=view, kind=kind, page=lists.page_asked(name))
        for name, (view, kind) in wanted.items()
    }
    disputed = {
        name: disputes.shown(work, view=view, page=lists.page_asked(name))
        for name, view in {"disputes": "waiting", "about": "mine"}.items()
    }
    told = requests.teller(work, [entry for entries, _page in asked.values() for entry in entries])
    decided = [(spec, fetch(work, spec, LATELY)) for spec in (contact_requests.LIST, disputes.LIST)]
    known = configuration(work)


def section(name: str, title: str) -> None:
    """One kind with its number, a page of it, and the way to the others; nothing when there is none."""
    page = (asked | disputed)[name][1]
    if not page.total:
        return
    st.subheader(f"{title} ({page.total:,})")
    if name in asked:
        requests.rows(asked[name][0], told)
    else:
        dispute_rows.rows(disputed[name][0])
    lists.pager(page, name)


def lately(spec: ListSpec, page: Page) -> None:
    columns = [column for column in spec.columns if column.shown]
    drawn = [cells.of(columns, row, known) for row in page.rows]
    labels = table_labels(_, table=_("Decided lately"))
    table([cells.heading(column) for column in columns], drawn, key=f"decided-{spec.name}", labels=labels)


waiting = sum((asked | disputed)[name][1].total for name in ("deletions", "changes", "disputes"))
st.title(f"{_('Approvals')} ({waiting:,})")
if not waiting:
    st.info(_("Nothing waits for your decision."), icon=":material/task_alt:")
section("deletions", _("Deletions of contacts"))
section("changes", _("Proposed changes"))
section("disputes", _("Disputes about leads"))
section("asked", _("Asked by me"))
section("about", _("Disputes about me"))
if any(page.rows for _spec, page in decided):
    st.subheader(_("Decided lately"))
for spec, page in decided:
    if page.rows:
        lately(spec, page)
