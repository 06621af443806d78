"""The drawer that says what will happen before something with consequences is done."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import actions

FORM = "confirm"


def ask(label: str, consequence: str, service: Callable[..., Any], *, done: str, **arguments: Any) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    st.session_state["confirm:asked"] = (label, consequence, service, done, arguments)


def show() -> None:
    """Open the drawer if somebody asked for it."""
    asked = st.session_state.pop("confirm:asked", None)
    if asked:
        actions.forget(FORM)
        actions.drawer(asked[0], _drawer, *asked)


def _drawer(label: str, consequence: str, service: Callable[..., Any], done: str, arguments: dict[str, Any]) -> None:
    st.warning(consequence, icon=":material/warning:")
    actions.submit(label, form=FORM, act=lambda: actions.perform(service, form=FORM, done=done, **arguments))
