"""Why something is done, and to whom it goes: what several drawers ask for (ACT-14, LEAD-4, ALL-8)."""

from typing import Any

import streamlit as st

from pages.ui import forms, pickers
from services.core.errors import N_
from services.core.fields import Field, Kind

REASON = Field("reason", N_("Reason"), Kind.LONG, required=True, limit=1000)


def with_receiver(form: str, label: str, reason: Field = REASON) -> None:
    """A person to choose, and the reason below."""
    forms.begin(form, [reason], {})
    pickers.one(f"{label} *", key=f"form:{form}:to_user_id", kind="user")
    forms.problem(form, "to_user_id")
    forms.one(form, reason, {})


def given(form: str) -> dict[str, Any]:
    """Person and reason as they stand in the form; for callbacks."""
    return {name: st.session_state.get(f"form:{form}:{name}") for name in ("to_user_id", "reason")}
