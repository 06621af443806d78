"""A customer's activities one below the other, newest first, with what was learned."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import cards, records, text
from pages.ui.text import _
from services.core.configuration import Configuration


def draw(rows: Sequence[Any], known: Configuration) -> None:
    """Draw the timeline; an empty one says what to do."""
    if not rows:
        st.info(_("No activities yet. Plan the first visit."), icon=":material/event:")
    for row in rows:
        with st.container(border=True, gap="small"):
            cards.badges(row)
            records.link("activity", row.id, row.subject, icon="task_alt")
            parts = (text.moment(row.planned_start), row.owner, known.label(row.result_id, text.language()))
            st.caption(text.plain(" · ".join(part for part in parts if part)))
            if row.learned:
                st.markdown(text.lines(row.learned))
