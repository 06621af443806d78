"""The drawers that ask for a reason before something is done: decline, insist, reassign, cancel, review, edit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.drawers import reason
from pages.ui.drawers.reason import REASON
from pages.ui.text import _
from services import activities
from services.activities import FIELDS
from services.core.errors import N_
from services.core.fields import Field, Kind

COMMENT = Field("comment", N_("Comment"), Kind.LONG, required=True, limit=1000)


@dataclass(frozen=True)
class Asked:
    """An action that needs one sentence: title, what will happen, the field, the service, the toast."""

    title: str
    explanation: str
    field: Field
    service: Callable[..., Any]
    done: str


ASKED: Mapping[str, Asked] = {
    "decline": Asked(
        N_("Decline"),
        N_("Your manager gets an e-mail and decides what happens next."),
        REASON,
        activities.decline,
        N_("Declined."),
    ),
    "insist": Asked(
        N_("Insist"),
        N_("The rep gets it back with your comment and cannot decline it again."),
        COMMENT,
        activities.insist,
        N_("Sent back."),
    ),
    "withdraw": Asked(
        N_("Cancel"), N_("The activity is cancelled for good."), REASON, activities.withdraw, N_("Cancelled.")
    ),
    "cancel": Asked(
        N_("Cancel"),
        N_("The activity is cancelled for good; its owner is told."),
        REASON,
        activities.cancel,
        N_("Cancelled."),
    ),
}


def ask(action: str, activity_id: int) -> None:
    """Have the drawer of an action open at the next drawing; for callbacks."""
    actions.ask(_(TITLES[action]), _drawer, action, activity_id, form=f"{action}-{activity_id}")


def _drawer(action: str, activity_id: int) -> None:
    DRAWERS.get(action, _reason)(action, activity_id, f"{action}-{activity_id}")


def _reason(action: str, activity_id: int, form: str) -> None:
    asked, field = ASKED[action], ASKED[action].field
    st.caption(_(asked.explanation))
    forms.begin(form, [field], {})
    forms.one(form, field, {})

    def act() -> bool:
        given = {field.name: forms.values(form, [field])[field.name] or ""}
        return actions.perform(asked.service, activity_id=activity_id, form=form, done=_(asked.done), **given)

    actions.submit(_(TITLES[action]), form=form, act=act)


def _reassign(_action: str, activity_id: int, form: str) -> None:
    st.caption(_("Both reps are told. The history keeps who held it, and why."))
    reason.with_receiver(form, _("New owner"))

    def act() -> bool:
        given, done = reason.given(form), _("Reassigned.")
        return actions.perform(
            activities.reassign, activity_id=activity_id, form=form, done=done, needed=given, **given
        )

    actions.submit(_("Reassign"), form=form, act=act)


def _review(_action: str, activity_id: int, form: str) -> None:
    st.segmented_control(
        _("Mark"), [1, 2, 3, 4, 5], key=f"form:{form}:mark", default=4, required=True, help=_("5 is best.")
    )
    comment = Field("comment", N_("Comment"), Kind.LONG, limit=2000)
    forms.begin(form, [comment], {})
    forms.one(form, comment, {})

    def act() -> bool:
        mark, words = (st.session_state.get(f"form:{form}:{name}") for name in ("mark", "comment"))
        given = {"mark": mark or 0, "comment": words or ""}
        return actions.perform(activities.review, activity_id=activity_id, form=form, done=_("Review saved."), **given)

    actions.submit(_("Review"), form=form, act=act)


def _change(_action: str, activity_id: int, form: str) -> None:
    with session.reading() as work:
        record = activities.card(work, activity_id=activity_id).activity
        offered = forms.options(work, FIELDS)
    now = {field.name: getattr(record, field.name) for field in FIELDS}
    forms.begin(form, FIELDS, now)
    before, version = forms.since(form, FIELDS, now, record.version)
    forms.draw(form, FIELDS, offered)

    def act() -> bool:
        changed = forms.changes(form, FIELDS, before)
        return actions.perform(
            activities.change, activity_id=activity_id, changes=changed, version=version, form=form, done=_("Saved.")
        )

    actions.submit(_("Save"), form=form, act=act)


TITLES: Mapping[str, str] = {name: asked.title for name, asked in ASKED.items()} | {
    "reassign": N_("Reassign"),
    "review": N_("Review"),
    "change": N_("Edit"),
}
DRAWERS: Mapping[str, Callable[[str, int, str], None]] = {"reassign": _reassign, "review": _review, "change": _change}


def menu(activity_id: int, allowed: set[str]) -> list[tuple[str, str, Callable[[], Any]]]:
    """The decisions open to the reader, the most likely first, for an action bar."""
    open_ones = [(name, icon) for name, icon in ICONS.items() if name in allowed]
    return [(_(TITLES[name]), icon, partial(ask, name, activity_id)) for name, icon in open_ones]


ICONS = {
    "insist": "undo",
    "reassign": "swap_horiz",
    "review": "rate_review",
    "decline": "thumb_down",
    "change": "edit",
    "withdraw": "cancel",
    "cancel": "cancel",
}
