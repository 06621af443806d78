"""The drawer that asks why a customer is deleted; it goes to the recycle bin (ALL-8)."""

import streamlit as st

from pages.ui import actions, forms
from pages.ui.drawers.reason import REASON
from pages.ui.text import _
from services import accounts


def ask(account_id: int) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Delete"), _drawer, account_id, form=f"delete-{account_id}")


def _drawer(account_id: int) -> None:
    form = f"delete-{account_id}"
    st.caption(_("The customer is hidden everywhere; from the recycle bin it can be restored as it was."))
    forms.begin(form, [REASON], {})
    forms.one(form, REASON, {})

    def act() -> bool:
        reason = forms.values(form, [REASON])["reason"] or ""
        return actions.perform(
            accounts.delete, form=form, done=_("Deleted."), then=lambda _none: actions.go("accounts"),
            account_id=account_id, reason=reason,
        )  # fmt: skip

    actions.submit(_("Delete"), form=form, act=act)
