"""The drawers in which something is decided about leads: to whom they go, why they are given up, or worked on again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.components.table import clear_selection
from pages.ui.drawers import reason
from pages.ui.drawers.reason import REASON
from pages.ui.text import _
from services import leads
from services.core.errors import N_

#: the list in which several are chosen
TABLE = f"table:{leads.LIST.name}"
TITLES = {
    "assign": N_("Assign to a rep"),
    "disqualify": N_("Disqualify"),
    "reopen": N_("Reopen"),
    "delete": N_("Delete"),
}


def ask(action: str, lead_ids: Sequence[int]) -> None:
    """Have the drawer of an action open at the next drawing; for callbacks."""
    actions.ask(_(TITLES[action]), DRAWERS[action], action, list(lead_ids), form=_form(action, lead_ids))


def _form(action: str, lead_ids: Sequence[int]) -> str:
    return f"lead-{action}-{lead_ids[0]}"


def _assign(action: str, lead_ids: Sequence[int]) -> None:
    form = _form(action, lead_ids)
    several = _("{count} leads go to one person, who hears of it at once.").format(count=len(lead_ids))
    st.caption(several if len(lead_ids) > 1 else _("The lead goes to one person, who hears of it at once."))
    reason.with_receiver(form, _("Rep"), replace(REASON, required=False))

    def act() -> bool:
        said = reason.given(form)
        given = {"lead_ids": lead_ids, **said, "reason": said["reason"] or ""}
        done, needed = _("Assigned to a rep."), {"to_user_id": said["to_user_id"]}
        return actions.perform(
            leads.assign_to, form=form, done=done, then=lambda _count: clear_selection(TABLE), needed=needed, **given
        )

    actions.submit(_(TITLES[action]), form=form, act=act)


def _disqualify(action: str, lead_ids: Sequence[int]) -> None:
    form = _form(action, lead_ids)
    with session.reading() as work:
        offered = forms.options(work, leads.DISQUALIFYING)
    st.caption(_("The lead is given up; it can be reopened. The reason counts in the reports."))
    forms.begin(form, leads.DISQUALIFYING, {})
    forms.draw(form, leads.DISQUALIFYING, offered)

    def act() -> bool:
        given = forms.values(form, leads.DISQUALIFYING)
        given["disqualify_note"] = given["disqualify_note"] or ""
        return actions.perform(leads.disqualify, form=form, done=_("Disqualified."), lead_id=lead_ids[0], **given)

    actions.submit(_("Disqualify"), form=form, act=act)


def _with_reason(action: str, lead_ids: Sequence[int]) -> None:
    form = _form(action, lead_ids)
    service, done, consequence = SERVICES[action]
    st.caption(_(consequence))
    forms.begin(form, [REASON], {})
    forms.one(form, REASON, {})

    def act() -> bool:
        why = forms.values(form, [REASON])["reason"] or ""
        return actions.perform(service, form=form, done=_(done), then=_after(action), lead_id=lead_ids[0], reason=why)

    actions.submit(_(TITLES[action]), form=form, act=act)


def _after(action: str) -> Callable[[Any], None] | None:
    return (lambda _answer: actions.go("leads")) if action == "delete" else None


SERVICES: Mapping[str, tuple[Callable[..., Any], str, str]] = {
    "reopen": (leads.reopen, N_("Reopened."), N_("The rep works on the lead again; the reason stands in its history.")),
    "delete": (
        leads.delete,
        N_("Deleted."),
        N_("The lead is hidden everywhere and no longer counted; from the recycle bin it can be restored as it was."),
    ),
}
DRAWERS: Mapping[str, Callable[[str, Sequence[int]], None]] = {
    "assign": _assign,
    "disqualify": _disqualify,
    "reopen": _with_reason,
    "delete": _with_reason,
}
