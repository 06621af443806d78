"""Text that was typed but not sent when the page was loaded anew: it comes back to its writer (ALL-6, SIG-5).

The browser keeps it in its tab, under the person's number, and gives it to the server once after a load. It is text like
any other that a person types: nothing is trusted that a form would not take, and nobody else ever gets it.
"""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

LONGEST, MOST = 20_000, 60
#: how Streamlit makes a class of a widget's key
UNFIT = re.compile(r"[^a-zA-Z0-9_-]")
_browser = st.components.v2.component(
    "crm_typed", js=(Path(__file__).parent / "components/typed.js").read_text(encoding="utf-8")
)


def keep(person: int) -> None:
    """Let the browser keep what this person types, until their forms are sent; drawn with every screen."""
    sent = st.session_state.get("_typed_sent", [])
    _browser(key="frame:typed", data={"person": person, "sent": sent}, on_found_change=_found)


def sent(form: str) -> None:
    """The form was taken: what was typed into it is not needed any more.

    Each time has a mark of its own: the page may outlive the server's session, whose successor would count from the beginning.
    """
    before: list[tuple[str, str]] = st.session_state.get("_typed_sent", [])
    st.session_state["_typed_sent"] = [*before, (secrets.token_hex(4), f"{_class(f'form:{form}')}-")][-MOST:]
    for name in [name for name in _waiting() if name.startswith(f"{_class(f'form:{form}')}-")]:
        del _waiting()[name]


def into(key: str, limit: int | None) -> None:
    """Put into a text field what had been typed there, unless something else stands in it now; before it is drawn."""
    one = _waiting().pop(_class(key), None)
    if not isinstance(one, Mapping):
        return
    text, was = one.get("text"), one.get("was")
    now = st.session_state.get(key) or ""
    if isinstance(text, str) and (now == was or text.startswith(now)):
        st.session_state[key] = text[: min(limit or LONGEST, LONGEST)]


def _found() -> None:
    found = st.session_state["frame:typed"].found
    if isinstance(found, Mapping):
        st.session_state["_typed"] = dict(list(found.items())[:MOST])


def _waiting() -> dict[str, Any]:
    waiting: dict[str, Any] = st.session_state.get("_typed", {})
    return waiting


def _class(key: str) -> str:
    return "st-key-" + UNFIT.sub("-", key)
