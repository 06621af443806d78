"""Requests about contacts as rows: what is asked and why, old → new, and large buttons to decide (CON-5, CON-6)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import actions, changes, records, text
from pages.ui.drawers import contact_request
from pages.ui.text import _
from services import contact_requests
from services.contact_requests import Entry
from services.core.errors import N_
from services.core.work import Work

#: action → label, icon, and whether it is the likely one
BUTTONS: Mapping[str, tuple[str, str, bool]] = {
    "approve": (N_("Approve"), "check", True),
    "accept": (N_("Accept"), "check", True),
    "refuse": (N_("Refuse"), "close", False),
    "decline": (N_("Refuse"), "close", False),
    "withdraw": (N_("Withdraw"), "undo", False),
}
#: of contacts, reasons and buttons; columns stand below each other on a phone
WIDTHS = (3, 5, 3)


def teller(work: Work, entries: Sequence[Entry]) -> changes.Teller:
    """Who tells what these requests would change."""
    proposed = [("contact", entry.changes) for entry in entries]
    present = [("contact", {name: [value] for name, value in entry.by_now.items()}) for entry in entries]
    return changes.teller(work, [*proposed, *present])


def rows(entries: Sequence[Entry], told: changes.Teller, *, linked: bool = True) -> None:
    """Each request in a frame of its own, with the reader's buttons."""
    for entry in entries:
        with st.container(border=True, key=f"request-{entry.id}"):
            who, what, buttons = st.columns(WIDTHS, vertical_alignment="center")
            with who.container(gap=None):
                _who(entry, linked)
            with what.container(gap="small"):
                _what(entry, told)
            with buttons.container(horizontal=True):
                for action in (name for name in BUTTONS if name in entry.allowed):
                    _button(entry, action)


def _who(entry: Entry, linked: bool) -> None:
    if linked and entry.contact_id:
        records.link("contact", entry.contact_id, entry.name, icon="person")
    else:
        st.markdown(f"**{text.plain(entry.name)}**")
    asked = _("{who} asked").format(who=entry.asked_by)
    lines = [entry.account or "", f"{asked} · {text.moment(entry.asked_at)}"]
    st.caption("  \n".join(text.plain(line) for line in lines if line))


def _what(entry: Entry, told: changes.Teller) -> None:
    if entry.reason:
        records.marks([(entry.reason, "red", "person_remove")])
    lines = [part for name in entry.changes for part in _change(entry, told, name)]
    said = f":gray[“{text.lines(entry.remark)}”]" if entry.remark else ""
    st.markdown("  \n".join([*lines, said]))


def _change(entry: Entry, told: changes.Teller, name: str) -> list[str]:
    """“Field: old → new”, and what stands there by now if that is neither."""
    lines = [text.plain(line) for line in told.lines("contact", {name: entry.changes[name]})]
    if name in entry.by_now:
        by_now = _("Somebody entered by now: {value}").format(value=told.value("contact", name, entry.by_now[name]))
        lines.append(f":orange[:material/warning: {text.plain(by_now)}]")
    return lines


def _button(entry: Entry, action: str) -> None:
    label, icon, likely = BUTTONS[action]
    key, kind = f"{action}-{entry.id}", "primary" if likely else "secondary"
    given: Any = {"icon": f":material/{icon}:", "key": key, "type": kind, "width": "stretch"}
    st.button(_(label), on_click=_act(entry, action), **given)


def _act(entry: Entry, action: str) -> Any:
    if action == "accept" and not entry.by_now:
        done = {"version": entry.version, "done": _("Accepted.")}
        return partial(actions.perform, contact_requests.accept, request_id=entry.id, **done)
    if action == "withdraw":
        return partial(actions.perform, contact_requests.withdraw, request_id=entry.id, done=_("Withdrawn."))
    return partial(contact_request.ask_answer, action, entry.id, entry.version)


def pending(entries: Sequence[Entry], told: changes.Teller) -> None:
    """On the contact's own page: what is asked about it and not decided yet, as far as it is the reader's to know."""
    if entries:
        records.marks([(_("not decided yet"), "amber", "hourglass_top")])
    rows(entries, told, linked=False)
