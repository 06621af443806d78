"""The drawer in which an unassigned lead's proposed owner is changed where the table is one of cards (ASG-3)."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui import actions, pickers, records, unassigned
from pages.ui.text import _

FORM = "proposal"


def ask(row: Mapping[str, Any]) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Proposed owner"), _drawer, row, form=FORM)


def _drawer(row: Mapping[str, Any]) -> None:
    key = f"form:{FORM}:owner"
    st.session_state.setdefault(key, row["owner"])
    records.link("lead", row["id"], row["lead"], icon="flag")
    st.caption(_("Choose somebody else, or nobody to leave the lead out. It is assigned with all the others."))
    pickers.one(_("Rep"), key=key, kind="user", roles=unassigned.ROLES)

    def act() -> bool:
        unassigned.choose(row["id"], st.session_state.get(key))
        actions.forget(FORM)
        return True

    actions.submit(_("Choose"), form=FORM, act=act)
