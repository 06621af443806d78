"""The drawers of where a contact works: at another customer as well, or at one no longer (CON-4 follows from it)."""

import streamlit as st

from pages.ui import actions, forms, pickers, session
from pages.ui.text import _
from services import contacts
from services.core.errors import N_
from services.core.fields import Field, Kind

PART = (contacts.ROLE, contacts.SINCE, Field("main", N_("Main customer"), Kind.FLAG))


def ask_join(contact_id: int) -> None:
    """Have the drawer for one more workplace open at the next drawing; for callbacks."""
    actions.ask(_("Another workplace"), _join, contact_id, form=f"join-{contact_id}")


def ask_leave(contact_id: int, account_id: int) -> None:
    """Have the drawer that ends a workplace open at the next drawing; for callbacks."""
    actions.ask(_("End this workplace"), _leave, contact_id, account_id, form=f"leave-{contact_id}-{account_id}")


def _join(contact_id: int) -> None:
    form = f"join-{contact_id}"
    forms.begin(form, PART, {})
    pickers.one(f"{_('Customer')} *", key=f"form:{form}:account_id", kind="account")
    forms.problem(form, "account_id")
    forms.draw(form, PART, {})

    def act() -> bool:
        needed = {"account_id": st.session_state.get(f"form:{form}:account_id")}
        given = {"contact_id": contact_id, **needed, **forms.values(form, PART)}
        return actions.perform(contacts.tie, form=form, done=_("Saved."), needed=needed, **given)

    actions.submit(_("Save"), form=form, act=act)


def _leave(contact_id: int, account_id: int) -> None:
    form = f"leave-{contact_id}-{account_id}"
    with session.reading() as work:
        today = work.today
    st.caption(_("The workplace stays in the history. Rights that came with it end at once."))
    forms.begin(form, [contacts.UNTIL], {"until": today})
    forms.one(form, contacts.UNTIL, {})

    def act() -> bool:
        given = {"contact_id": contact_id, "account_id": account_id, **forms.values(form, [contacts.UNTIL])}
        return actions.perform(contacts.untie, form=form, done=_("Saved."), **given)

    actions.submit(_("Save"), form=form, act=act)
