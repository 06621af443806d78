"""The drawer of an absence: who is away, when, and who stands in (ADM-1)."""

from collections.abc import Callable

import streamlit as st

from pages.ui import actions, forms, pickers, session
from pages.ui.text import _
from services import absences

FIELDS = absences.FIELDS


def ask(absence_id: int = 0) -> None:
    """Have the drawer open at the next drawing, for new days or for some that are entered; for callbacks."""
    actions.ask(_("Edit") if absence_id else _("New absence"), _drawer, absence_id, form=f"absence-{absence_id}")


def act(action: str, absence_id: int) -> None:
    """What a row's menu does; for the table's callback."""
    if action == "remove":
        actions.perform(absences.remove, absence_id=absence_id, done=_("Removed."))
    else:
        ask(absence_id)


def _drawer(absence_id: int) -> None:
    form = f"absence-{absence_id}"
    act = _changing(form, absence_id) if absence_id else _entering(form)
    actions.submit(_("Save"), form=form, act=act)


def _entering(form: str) -> Callable[[], bool]:
    with session.reading() as work:
        others, oneself = absences.may_enter_for_others(work), work.actor.id
    forms.begin(form, FIELDS, {})
    person = f"form:{form}:user_id"
    if others:
        st.session_state.setdefault(person, oneself)
        pickers.one(f"{_('Person')} *", key=person, kind="user")
        forms.problem(form, "user_id")
    forms.draw(form, FIELDS, {})

    def act() -> bool:
        given, user_id = forms.values(form, FIELDS), st.session_state.get(person, oneself)
        needed = {"user_id": user_id, **{field.name: given[field.name] for field in FIELDS if field.required}}
        return actions.perform(
            absences.enter, form=form, done=_("Saved."), needed=needed, user_id=user_id, values=given
        )

    return act


def _changing(form: str, absence_id: int) -> Callable[[], bool]:
    with session.reading() as work:
        row = absences.card(work, absence_id=absence_id)
    now = {field.name: getattr(row, field.name) for field in FIELDS}
    forms.begin(form, FIELDS, now)
    before, version = forms.since(form, FIELDS, now, row.version)
    forms.draw(form, FIELDS, {})

    def act() -> bool:
        given = {"absence_id": absence_id, "version": version, "changes": forms.changes(form, FIELDS, before)}
        return actions.perform(absences.change, form=form, done=_("Saved."), **given)

    return act
