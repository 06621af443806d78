"""Disputes as rows: both sides' words, what the first manager proposed, and large buttons to decide (ASG-4)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import streamlit as st

from pages.ui import actions, look, records, text
from pages.ui.drawers import dispute as drawer
from pages.ui.requests import WIDTHS
from pages.ui.text import _
from services import disputes
from services.core.errors import N_
from services.disputes import Entry

#: action → label, icon, and whether it is the likely one
BUTTONS: Mapping[str, tuple[str, str, bool]] = {
    "give": (N_("Give"), "swap_horiz", True),
    "keep": (N_("Keep"), "pin_drop", False),
    "reply": (N_("Tell your side"), "chat", True),
    "withdraw": (N_("Withdraw"), "undo", False),
}


def rows(entries: Sequence[Entry], *, linked: bool = True) -> None:
    """Each dispute in a frame of its own, with the reader's buttons."""
    for entry in entries:
        with st.container(border=True, key=f"request-dispute-{entry.id}"):
            which, what, buttons = st.columns(WIDTHS, vertical_alignment="center")
            with which.container(gap=None):
                _which(entry, linked)
            with what.container(gap="small"):
                records.marks([(_(disputes.STATES[entry.state]), look.DISPUTE_TONES[entry.state], "balance")])
                st.markdown("  \n".join(_words(entry)))
            with buttons.container(horizontal=True):
                for action in (name for name in BUTTONS if name in entry.allowed):
                    _button(entry, action)


def _which(entry: Entry, linked: bool) -> None:
    if linked and entry.lead_id:
        records.link("lead", entry.lead_id, entry.subject, icon="flag")
    elif linked:
        st.markdown(f"**{text.plain(entry.subject)}**")
    branches = " ⇄ ".join(place for place in (entry.branch, entry.other_branch) if place)
    holder = _("with {name}").format(name=entry.owner) if entry.owner else ""
    lines = (" · ".join(part for part in (holder, branches) if part), text.moment(entry.opened_at))
    st.caption("  \n".join(text.plain(line) for line in lines))


def _words(entry: Entry) -> Iterator[str]:
    """Who said what, one line each."""
    yield _said(entry.opened_by, entry.reason)
    if entry.claimant and entry.claimant != entry.opened_by:
        yield f":gray[{text.plain(_('should go to {name}').format(name=entry.claimant))}]"
    if entry.reply:
        yield _said(_("The other side"), entry.reply)
    if entry.proposal:
        verdict = _("give to {name}").format(name=entry.proposed_to) if entry.proposed_to else _("keep")
        yield _said(f"{entry.proposed_by} · {verdict}", entry.proposal)
    if entry.decision:
        verdict = _("given to {name}").format(name=entry.given_to) if entry.given_to else _("stays with its owner")
        yield _said(f"{entry.decided_by} · {verdict}", entry.decision)
    elif entry.decided_at and entry.state in disputes.FINAL:
        verdict = _("given to {name}").format(name=entry.given_to) if entry.given_to else _("stays with its owner")
        yield f":gray[{_('Nobody decided in time; the setting of the head office did:')}] {text.plain(verdict)}"
    if entry.agreed is False:
        yield f":gray[{_('The managers did not agree; the setting of the head office decided.')}]"


def _said(who: str | None, words: str) -> str:
    return f"**{text.plain(who)}**: {text.lines(words)}"


def _button(entry: Entry, action: str) -> None:
    label, icon, likely = BUTTONS[action]
    act = partial(drawer.ask, action, entry.id, entry.proposed_to_id or entry.claimant_id)
    if action == "withdraw":
        act = partial(actions.perform, disputes.withdraw, dispute_id=entry.id, done=_("Withdrawn."))
    kind = "primary" if likely else "secondary"
    key = f"{action}-dispute-{entry.id}"
    st.button(_(label), icon=f":material/{icon}:", key=key, type=kind, width="stretch", on_click=act)
