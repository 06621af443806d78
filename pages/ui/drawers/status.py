"""The drawer in which it is said how far we are with a customer: prospect, customer, inactive."""

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.text import _
from services import accounts
from services.core.errors import N_
from services.core.fields import Field, Kind

STATUS = Field("status", N_("Status"), Kind.CHOICE, required=True, options=accounts.STATUSES)


def ask(account_id: int) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Status"), _drawer, account_id, form=f"status-{account_id}")


def _drawer(account_id: int) -> None:
    form = f"status-{account_id}"
    with session.reading() as work:
        card = accounts.card(work, account_id=account_id)
        offered = forms.options(work, [STATUS])
    now = {"status": card.status}
    forms.begin(form, [STATUS], now)
    _before, version = forms.since(form, [STATUS], now, card.version)
    st.caption(_("Inactive is a customer with whom we do no business any more; the history stays."))
    forms.one(form, STATUS, offered)

    def act() -> bool:
        needed = forms.values(form, [STATUS])
        given = {"account_id": account_id, "version": version, **needed}
        return actions.perform(accounts.set_status, form=form, done=_("Saved."), needed=needed, **given)

    actions.submit(_("Save"), form=form, act=act)
