"""The drawers of disputes: disagreeing, claiming a lead, telling one's side, deciding (ASG-4)."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui import actions, forms, pickers
from pages.ui.text import _
from services import disputes
from services.core.errors import N_
from services.disputes import REASON, REPLY, SOUGHT

TITLES: Mapping[str, str] = {
    "begin": N_("Dispute"),
    "claim": N_("Claim a lead"),
    "reply": N_("Tell your side"),
    "keep": N_("Keep"),
    "give": N_("Give"),
}


def ask(action: str, record_id: int = 0, person_id: int | None = None) -> None:
    """Have the drawer of an action open at the next drawing; ``person_id`` is whom it proposes. For callbacks."""
    form = f"dispute-{action}-{record_id}"
    actions.ask(_(TITLES[action]), DRAWERS[action], form, record_id, person_id, form=form)


def _begin(form: str, lead_id: int, _person_id: int | None) -> None:
    st.caption(_("The branch manager decides. Until then the lead stays where it is and cannot be given to anybody."))
    forms.begin(form, [REASON], {})
    pickers.one(_("Who should have it"), key=f"form:{form}:claimant_id", kind="user")
    forms.problem(form, "claimant_id")
    forms.one(form, REASON, {})

    def act() -> bool:
        given = {"lead_id": lead_id, "claimant_id": _held(form, "claimant_id"), "reason": _held(form, "reason") or ""}
        return actions.perform(disputes.begin, form=form, done=_("Opened. The branch manager decides."), **given)

    actions.submit(_("Dispute"), form=form, act=act)


def _claim(form: str, _record_id: int, _person_id: int | None) -> None:
    st.caption(_("A colleague works on your customer's lead? The branch manager hears both sides and decides."))
    forms.begin(form, [SOUGHT, REASON], {})
    forms.draw(form, [SOUGHT, REASON], {})

    def act() -> bool:
        given = {name: value or "" for name, value in forms.values(form, [SOUGHT, REASON]).items()}
        done = _("Claimed. The branch manager decides.")
        return actions.perform(disputes.claim, form=form, done=done, then=lambda _id: actions.go("approvals"), **given)

    actions.submit(_("Claim a lead"), form=form, act=act)


def _reply(form: str, dispute_id: int, _person_id: int | None) -> None:
    forms.begin(form, [REPLY], {})
    forms.one(form, REPLY, {})

    def act() -> bool:
        given = {"dispute_id": dispute_id, "words": _held(form, "words") or ""}
        return actions.perform(disputes.reply, form=form, done=_("Noted."), **given)

    actions.submit(_("Tell your side"), form=form, act=act)


def _decide(form: str, dispute_id: int, person_id: int | None, *, gives: bool) -> None:
    st.caption(_("The decision is final; everybody concerned reads the reason."))
    forms.begin(form, [REASON], {})
    if gives:
        st.session_state.setdefault(f"form:{form}:to_user_id", person_id)
        pickers.one(f"{_('Rep')} *", key=f"form:{form}:to_user_id", kind="user")
        forms.problem(form, "to_user_id")
    forms.one(form, REASON, {})

    def act() -> bool:
        given = {name: _held(form, name) for name in ("reason", *(["to_user_id"] if gives else []))}
        done = _("Decided.")
        return actions.perform(disputes.decide, form=form, done=done, needed=given, dispute_id=dispute_id, **given)

    actions.submit(_("Give") if gives else _("Keep"), form=form, act=act)


def _keep(form: str, dispute_id: int, person_id: int | None) -> None:
    _decide(form, dispute_id, person_id, gives=False)


def _give(form: str, dispute_id: int, person_id: int | None) -> None:
    _decide(form, dispute_id, person_id, gives=True)


def _held(form: str, name: str) -> Any:
    return st.session_state.get(f"form:{form}:{name}")


DRAWERS: Mapping[str, Callable[[str, int, int | None], None]] = {
    "begin": _begin,
    "claim": _claim,
    "reply": _reply,
    "keep": _keep,
    "give": _give,
}
