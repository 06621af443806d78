"""Light, dark, or as the device says: kept by the browser for every screen of the application."""

from pathlib import Path

import streamlit as st

from pages.ui import navigation
from pages.ui.text import _
from services.core.errors import N_

NAMES = {"System": N_("as the device"), "Light": N_("light"), "Dark": N_("dark")}
_switch = st.components.v2.component(
    "crm_theme", js=(Path(__file__).parent / "components/theme.js").read_text(encoding="utf-8")
)


def choice() -> None:
    """A menu of the themes; the browser reloads once with the chosen one."""
    labels = {_(label): name for name, label in NAMES.items()}

    def choose() -> None:
        st.session_state["_theme"] = labels.get(st.session_state["frame:theme"])

    st.menu_button(
        _("Appearance"),
        list(labels),
        key="frame:theme",
        icon=":material/contrast:",
        help=_("Appearance"),
        on_click=choose,
    )
    if chosen := st.session_state.pop("_theme", None):
        _switch(key="theme", data={"theme": chosen, "paths": ["/", *(f"/{path}" for path in navigation.BY_PATH)]})
