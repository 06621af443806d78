"""Branches and the regions they cover (ADM-1)."""

import streamlit as st

from pages.ui import session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.drawers import branches
from pages.ui.text import _
from services import organisation

with session.reading() as work:
    rows = organisation.branches(work)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Branches')} ({len(rows)})", width="content")
    st.button(_("New"), icon=":material/add:", type="primary", on_click=branches.ask)
columns = [
    TableColumn("name", _("Branch"), sortable=False),
    TableColumn("code", _("Code"), sortable=False),
    TableColumn("manager", _("Manager"), kind="person", sortable=False),
    TableColumn("people", _("People"), kind="number", sortable=False),
    TableColumn("regions", _("Regions"), kind="number", sortable=False),
    TableColumn("active", _("State"), kind="badge", sortable=False),
]
active, closed = {"text": _("active"), "tone": "green"}, {"text": _("closed"), "tone": "grey"}
table(
    columns,
    [
        {
            "id": row.id,
            "name": text.branch_name(row),
            "code": row.code,
            "manager": row.manager,
            "people": text.number(row.people),
            "regions": text.number(row.regions),
            "active": active if row.active else closed,
        }
        for row in rows
    ],
    key="branches",
    labels=table_labels(_, table=_("Branches")),
    row_actions=[("regions", _("Regions")), ("switch", _("Open / close"))],
    on_action=lambda action, branch_id: branches.act(action, branch_id, rows),
    on_open=lambda branch_id: branches.act("edit", branch_id, rows),
    empty=_("No branches yet. Add the first one with “New”; its regions and people come next."),
)
