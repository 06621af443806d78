"""The drawer in which a customer's team is set: one person per product line, and others (CON-4 follows from it)."""

from typing import Any

import streamlit as st

from pages.ui import actions, forms, people, pickers, session, text
from pages.ui.text import _
from services import accounts, organisation
from services.accounts import Member


def ask(account_id: int) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Team"), _drawer, account_id, form=f"staff-{account_id}")


def _drawer(account_id: int) -> None:
    form = f"staff-{account_id}"
    with session.reading() as work:
        team = accounts.team(work, account_id=account_id)
        lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
    people.team(team)
    for member in team:
        _leaving(account_id, member)
    st.divider()
    pickers.one(f"{_('Person')} *", key=f"form:{form}:user_id", kind="user")
    forms.problem(form, "user_id")
    st.segmented_control(_("Product line"), list(lines), format_func=lines.get, key=f"form:{form}:line")
    forms.problem(form, "line")
    st.segmented_control(_("Class"), list(accounts.GRADES), key=f"form:{form}:grade")

    def act() -> bool:
        held = {name: st.session_state.get(f"form:{form}:{name}") for name in ("user_id", "line", "grade")}
        member = Member(user_id=held["user_id"] or 0, line=held["line"], grade=held["grade"])
        needed, done = {"user_id": held["user_id"]}, _("Saved.")
        return actions.perform(
            accounts.staff, account_id=account_id, member=member, form=form, done=done, needed=needed
        )

    actions.submit(_("Put on the team"), form=form, act=act)


def _leaving(account_id: int, member: Any) -> None:
    label = _("Take {name} off the team").format(name=member.name)
    if st.button(text.plain(label), icon=":material/person_remove:", key=f"unstaff:{member.id}", type="tertiary"):
        actions.perform(accounts.unstaff, account_id=account_id, member_id=member.id, done=_("Saved."))
        st.rerun(scope="fragment")
