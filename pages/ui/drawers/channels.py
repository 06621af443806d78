"""The drawer that sends a test message through the SMS or e-mail channels (ADM-8)."""

import streamlit as st

from pages.ui import actions, forms, look
from pages.ui.text import _
from services import delivery
from services.core.errors import N_
from services.core.fields import Field

FORM = "channel"
ADDRESS = Field("address", N_("Number or e-mail address"), required=True)


def ask() -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Test a channel"), _drawer, form=FORM)


def _drawer() -> None:
    st.caption(
        _("The test goes into the outbox like every message; how it went stands in the list below a moment later.")
    )
    names = {name: _(label) for name, label in look.ROUTES.items()}
    st.segmented_control(
        _("Route"), list(names), format_func=names.get, key=f"form:{FORM}:route", default="sms", required=True
    )
    forms.begin(FORM, [ADDRESS], {})
    forms.one(FORM, ADDRESS, {})

    def act() -> bool:
        route = delivery.Route(st.session_state.get(f"form:{FORM}:route") or "sms")
        address = st.session_state.get(f"form:{FORM}:address") or ""
        return actions.perform(delivery.test_channel, route=route, address=address, form=FORM, done=_("Queued."))

    actions.submit(_("Send"), form=FORM, act=act)
