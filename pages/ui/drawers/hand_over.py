"""The drawer that hands several activities to one person, all or none (ACT-14)."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import actions
from pages.ui.components.table import clear_selection
from pages.ui.drawers import reason
from pages.ui.text import _
from services import activities

FORM = "hand-over"


def ask(activity_ids: Sequence[int], table: str) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Hand over"), _drawer, list(activity_ids), table, form=FORM)


def _drawer(activity_ids: Sequence[int], table: str) -> None:
    st.caption(_("{count} activities change hands; everyone concerned is told.").format(count=len(activity_ids)))
    reason.with_receiver(FORM, _("New owner"))

    def act() -> bool:
        given = reason.given(FORM)
        return actions.perform(
            activities.delegate_many,
            form=FORM,
            done=_("Handed over."),
            then=lambda _count: clear_selection(table),
            needed=given,
            activity_ids=activity_ids,
            **given,
        )

    actions.submit(_("Hand over"), form=FORM, act=act)
