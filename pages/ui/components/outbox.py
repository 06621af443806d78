"""The server's side of outbox.js: what a component says is heard once and in order, however often it was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVarTuple

import streamlit as st

Sent = Mapping[str, object]
Given = TypeVarTuple("Given")

MOST = 20


def sent_number(value: object) -> int | None:
    """A whole number sent by a browser that any column can hold, else None."""
    return value if type(value) is int and 0 <= value < 2**53 else None


def when(check: Callable[[Sent], tuple[*Given] | None], act: Callable[[*Given], object]) -> Callable[[Sent], None]:
    """Hears one event: hands `act` what `check` lets through."""

    def heard(sent: Sent) -> None:
        given = check(sent)
        if given is not None:
            act(*given)

    return heard


def listen(key: str, **events: Callable[[Sent], None]) -> Callable[[], None]:
    """The callback for what the component with this key says: each message once, the oldest first."""

    def heard() -> None:
        state = st.session_state.get(key)
        said = state.get("said") if isinstance(state, Mapping) else None
        for sent in said[:MOST] if isinstance(said, list) else ():
            if isinstance(sent, Mapping):
                _hear(key, sent, events)

    return heard


def _hear(key: str, sent: Sent, events: Mapping[str, Callable[[Sent], None]]) -> None:
    number, event = sent_number(sent.get("message")), sent.get("event")
    if number is None or number <= answered(key):
        return
    st.session_state[_answered_key(key)] = number
    if isinstance(event, str) and event in events:
        events[event](sent)


def answered(key: str) -> int:
    """Number of the last message of this component that was dealt with; the browser then drops its waiting state."""
    return int(st.session_state.get(_answered_key(key), 0))


def _answered_key(key: str) -> str:
    return f"{key}.answered"
