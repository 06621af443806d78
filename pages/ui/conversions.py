"""What became of a lead, on its page; and on other records the lead that they came from (LEAD-6)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import records, text
from pages.ui.drawers import confirm
from pages.ui.text import _
from services import conversion
from services.conversion import Outcome
from services.core.errors import N_

SHOWN = {"account": ("domain", N_("Customer")), "contact": ("person", N_("Contact"))}


def became(outcome: Outcome | None) -> None:
    """When and by whom it was converted, with the way to each record; nothing for a lead that was not."""
    if outcome is None:
        return
    with st.container(border=True, gap="small"):
        who = text.plain(outcome.by) if outcome.by else _("the system")
        st.markdown(
            f":green[:material/check_circle:] {_('Converted by {who}').format(who=who)} · {text.moment(outcome.at)}"
        )
        for place in outcome.places:
            if place.kind in SHOWN:
                icon, word = SHOWN[place.kind]
                records.link(place.kind, place.id, f"{_(word)}: {place.name}", icon=icon)
            else:
                st.markdown(f":material/trending_up: {_('Opportunity')}: {text.plain(place.name)}")
        if outcome.until is not None and not outcome.undoable:
            st.caption(_("It can no longer be undone, because what was made has been changed or used."))


def undo_actions(outcome: Outcome | None, lead_id: int) -> list[records.Action]:
    """Undoing, while it is possible: for the header's actions."""
    if outcome is None or not outcome.undoable or outcome.until is None:
        return []
    consequence = _("What the conversion made is removed again, what it filled is emptied. Possible until {moment}.")

    def ask() -> None:
        said = consequence.format(moment=text.moment(outcome.until))
        confirm.ask(_("Undo conversion"), said, conversion.undo, done=_("Undone."), lead_id=lead_id)

    return [(_("Undo conversion"), "undo", ask)]


def came_from(leads: Sequence[Any]) -> None:
    """The leads that a record came from."""
    for lead in leads:
        records.link("lead", lead.id, _("From lead: {topic}").format(topic=lead.topic), icon="flag", width="content")
