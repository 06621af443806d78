"""The drawers around requests about contacts: asking for a deletion, moving instead, answering (CON-5, CON-6)."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui import actions, forms, pickers, session
from pages.ui.text import _
from services import contact_requests, contacts
from services.contact_requests import ACCOUNT, ANSWER, LEAVING, MOVED, REMARK
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.fields import Field, Kind

WORD = Field(ANSWER.name, ANSWER.label, Kind.LONG, required=True, limit=ANSWER.limit, first=True)
TITLES: Mapping[str, str] = {
    "ask": N_("Ask to delete"),
    "move": N_("Works elsewhere now"),
    "approve": N_("Approve deletion"),
    "refuse": N_("Refuse deletion"),
    "accept": N_("Accept change"),
    "decline": N_("Refuse change"),
}


def ask(action: str, contact_id: int, may_change: bool) -> None:
    """Have the drawer for asking to delete, or for moving, open at the next drawing; for callbacks."""
    _open(action, contact_id, may_change)


def ask_answer(action: str, request_id: int, version: int | None) -> None:
    """Have the drawer of a decision open at the next drawing; for callbacks."""
    _open(action, request_id, version)


def _open(action: str, record_id: int, more: Any) -> None:
    form = f"contact-{action}-{record_id}"
    actions.ask(_(TITLES[action]), DRAWERS[action], form, action, record_id, more, form=form)


def _ask(form: str, _action: str, contact_id: int, may_change: bool) -> None:
    with session.reading() as work:
        offered = forms.options(work, LEAVING)
        codes = configuration(work).codes.get("leaving_reason", ())
    st.caption(_("The branch manager decides and you are told. Until then the contact stays."))
    forms.begin(form, LEAVING, {})
    forms.draw(form, LEAVING, offered)
    reason_id = st.session_state.get(f"form:{form}:reason_id")
    left = any(code.id == reason_id and code.code == MOVED for code in codes)
    if left and _new_customer(form, may_change):
        actions.submit(_mover(may_change), form=form, act=lambda: _move(form, contact_id, may_change))
    else:
        actions.submit(_("Ask to delete"), form=form, act=lambda: _ask_deletion(form, contact_id))


def _new_customer(form: str, may_change: bool) -> int | None:
    st.info(
        _("Is the new customer one of ours? Then choose it: the contact moves along and the history stays.")
        if may_change
        else _("Is the new customer one of ours? Then choose it: the move is proposed, and the history stays."),
        icon=":material/moving:",
    )
    chosen = pickers.one(_("Works now at"), key=f"form:{form}:{ACCOUNT}", kind="account")
    forms.problem(form, ACCOUNT)
    return chosen


def _ask_deletion(form: str, contact_id: int) -> bool:
    given = forms.values(form, LEAVING)
    asked = {"reason_id": given["reason_id"], "remark": given["remark"] or ""}
    done = _("Asked. The branch manager decides.")
    return actions.perform(contact_requests.ask_deletion, form=form, done=done, contact_id=contact_id, **asked)


def _mover(may_change: bool) -> str:
    return _("Move") if may_change else _("Propose the move")


def _move_drawer(form: str, _action: str, contact_id: int, may_change: bool) -> None:
    st.caption(_("The tie to the present main customer ends today; it stays in the history."))
    pickers.one(f"{_('Works now at')} *", key=f"form:{form}:{ACCOUNT}", kind="account")
    forms.problem(form, ACCOUNT)
    if not may_change:
        forms.begin(form, [REMARK], {})
        forms.one(form, REMARK, {})
    actions.submit(_mover(may_change), form=form, act=lambda: _move(form, contact_id, may_change))


def _move(form: str, contact_id: int, may_change: bool) -> bool:
    needed = {ACCOUNT: st.session_state.get(f"form:{form}:{ACCOUNT}")}
    given: dict[str, Any] = {"contact_id": contact_id, **needed}
    if may_change:
        return actions.perform(contacts.move, form=form, done=_("Moved."), needed=needed, **given)
    given["remark"] = st.session_state.get(f"form:{form}:remark") or ""
    return actions.perform(contact_requests.propose_move, form=form, done=_("Proposed."), needed=needed, **given)


def _approve(form: str, _action: str, request_id: int, _version: int | None) -> None:
    st.warning(
        _("The contact disappears from lists and pickers; the data administrator can bring it back."),
        icon=":material/warning:",
    )
    _answer(form, ANSWER, contact_requests.approve, _("Approve"), _("Deleted."), request_id)


def _refuse(form: str, action: str, request_id: int, _version: int | None) -> None:
    service = contact_requests.refuse if action == "refuse" else contact_requests.decline
    _answer(form, WORD, service, _("Refuse"), _("Refused."), request_id)


def _answer(form: str, field: Field, service: Callable[..., Any], label: str, done: str, request_id: int) -> None:
    forms.begin(form, [field], {})
    forms.one(form, field, {})

    def act() -> bool:
        answer = forms.values(form, [field])[field.name] or ""
        return actions.perform(service, form=form, done=done, request_id=request_id, answer=answer)

    actions.submit(label, form=form, act=act)


def _overwrite(form: str, _action: str, request_id: int, version: int | None) -> None:
    st.warning(
        _("Somebody entered another value since this was proposed. Accepting puts the proposed one in its place."),
        icon=":material/warning:",
    )
    given = {"request_id": request_id, "version": version}
    done = _("Accepted.")
    actions.submit(
        _("Accept"), form=form, act=lambda: actions.perform(contact_requests.accept, form=form, done=done, **given)
    )


DRAWERS: Mapping[str, Callable[..., None]] = {
    "ask": _ask,
    "move": _move_drawer,
    "approve": _approve,
    "refuse": _refuse,
    "accept": _overwrite,
    "decline": _refuse,
}
