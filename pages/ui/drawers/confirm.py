"""The drawer that says what will happen before something with consequences is done."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import actions

FORM = "confirm"


def ask(label: str, consequence: str, service: Callable[..., Any], *, done: str, **arguments: Any) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(label, _drawer, label, consequence, service, done, arguments, form=FORM)


def _drawer(label: str, consequence: str, service: Callable[..., Any], done: str, arguments: dict[str, Any]) -> None:
    st.warning(consequence, icon=":material/warning:")
    actions.submit(label, form=FORM, act=lambda: actions.perform(service, form=FORM, done=done, **arguments))
