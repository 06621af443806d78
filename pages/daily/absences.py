"""Who is away and who stands in: one's own days, and those of the people below (ADM-1)."""

import streamlit as st

from pages.ui import session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.drawers import absence
from pages.ui.text import _
from services import absences

with session.reading() as work:
    rows = absences.absences(work)
    today = work.today

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(f"{_('Absences')} ({len(rows)})", width="content")
    st.button(_("New absence"), icon=":material/add:", type="primary", on_click=absence.ask)
st.caption(_("Whoever is away is given no leads by rule. The stand-in hears, and may do, what they would."))
now, later = {"text": _("away"), "tone": "amber"}, {"text": _("to come"), "tone": "slate"}
table(
    [
        TableColumn("person", _("Person"), kind="person", sortable=False),
        TableColumn("state", _("State"), kind="badge", sortable=False),
        TableColumn("first_day", _("First day"), kind="date", sortable=False),
        TableColumn("last_day", _("Last day"), kind="date", sortable=False),
        TableColumn("stand_in", _("Stand-in"), kind="person", sortable=False),
        TableColumn("note", _("Remark"), sortable=False),
    ],
    [
        {
            "id": row.id,
            "person": row.person,
            "state": now if row.first_day <= today else later,
            "first_day": text.day(row.first_day),
            "last_day": text.day(row.last_day),
            "stand_in": row.stand_in or text.DASH,
            "note": row.note,
        }
        for row in rows
    ],
    key="absences",
    labels=table_labels(_, table=_("Absences")),
    row_actions=[("edit", _("Edit")), ("remove", _("Remove"))],
    on_action=absence.act,
    on_open=absence.ask,
    empty=_("Nobody is away. Enter the days before a holiday starts, with a stand-in."),
)
