"""What waits for a manager's decision, as a short table on the first screen; the rest is one click away."""

from collections.abc import Mapping

import streamlit as st

from pages.ui import actions, cells
from pages.ui.components.table import table, table_labels
from pages.ui.text import _
from services import activities
from services.core.configuration import Configuration
from services.core.listing import ListRequest, Page, fetch
from services.core.work import Work

#: the views that somebody has to decide on, and what is shown of each record
VIEWS = ("declined", "queue")
SHOWN = ("subject", "state", "planned_start", "account", "owner")
MOST = 8


def waiting(work: Work, counts: Mapping[str, int]) -> list[Page]:
    """The first records of each view in which something waits."""
    return [
        fetch(work, activities.LIST, ListRequest(filters={"view": view}, size=MOST))
        for view in VIEWS
        if counts.get(view)
    ]


def draw(pages: list[Page], known: Configuration) -> None:
    """One table of them all; a click opens the record, where it is decided."""
    rows = {row["id"]: row for page in pages for row in page.rows}
    if not rows:
        return
    st.subheader(_("Waiting for a decision"))
    columns = [column for column in activities.LIST.columns if column.name in SHOWN]
    table(
        [cells.heading(column) for column in columns],
        [cells.of(columns, row, known) for row in rows.values()],
        key="decisions",
        labels=table_labels(_, table=_("Waiting for a decision")),
        href="/activity?id={id}",
        on_open=actions.opener("activity"),
    )
