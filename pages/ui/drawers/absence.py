"""The drawer of an absence: who is away, when, and who stands in (ADM-1)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, forms, pickers, session
from pages.ui.text import _
from services import absences

FIELDS = absences.FIELDS


def ask(row: Any = None) -> None:
    """Have the drawer open at the next drawing, for new days or for some that are entered; for callbacks."""
    values = {field.name: getattr(row, field.name) for field in FIELDS} if row else {}
    absence_id, version = (row.id, row.version) if row else (0, 0)
    title = _("Edit") if row else _("New absence")
    actions.ask(title, _drawer, absence_id, version, values, form=f"absence-{absence_id}")


def act(action: str, absence_id: int, rows: Sequence[Any]) -> None:
    """What a row's click or menu does; for the table's callback."""
    if action == "remove":
        actions.perform(absences.remove, absence_id=absence_id, done=_("Removed."))
    else:
        ask(next(row for row in rows if row.id == absence_id))


def _drawer(absence_id: int, version: int, values: dict[str, Any]) -> None:
    form = f"absence-{absence_id}"
    with session.reading() as work:
        others, oneself = absences.may_enter_for_others(work), work.actor.id
    forms.begin(form, FIELDS, values)
    person = f"form:{form}:user_id"
    if others and not absence_id:
        st.session_state.setdefault(person, oneself)
        pickers.one(f"{_('Person')} *", key=person, kind="user")
        forms.problem(form, "user_id")
    forms.draw(form, FIELDS, {})

    def act() -> bool:
        given = forms.values(form, FIELDS)
        if absence_id:
            more = {"absence_id": absence_id, "version": version, "changes": given}
            return actions.perform(absences.change, form=form, done=_("Saved."), **more)
        user_id = st.session_state.get(person, oneself)
        needed = {"user_id": user_id, **{field.name: given[field.name] for field in FIELDS if field.required}}
        return actions.perform(
            absences.enter, form=form, done=_("Saved."), needed=needed, user_id=user_id, values=given
        )

    actions.submit(_("Save"), form=form, act=act)
