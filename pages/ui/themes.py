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
    """The choice of the theme; the browser reloads once with the chosen one."""
    labels = {name: _(label) for name, label in NAMES.items()}
    chosen = st.segmented_control(_("Appearance"), list(labels), format_func=labels.get, key="theme:chosen")
    if chosen:
        _switch(key="theme", data={"theme": chosen, "paths": ["/", *(f"/{path}" for path in navigation.BY_PATH)]})
