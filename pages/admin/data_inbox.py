"""The data administrator's inbox: what cannot be right, is incomplete or stale, each with its repair (CON-7, ADM-7)."""

from dataclasses import replace

import streamlit as st

from pages.ui import actions, choices, lists, merges, nouns, session
from pages.ui.drawers import edit, staff
from pages.ui.text import _
from services import data_inbox, trust
from services.core.configuration import configuration

SECTIONS = data_inbox.SECTIONS
NOUNS = {"account": nouns.ACCOUNT, "contact": nouns.CONTACT}
CHECKS = {"account": trust.check_account, "contact": trust.check_contact}

with session.reading() as work:
    counts = data_inbox.counts(work)
    known = configuration(work)
asked_section = st.query_params.get("section", "")
first_full = next((name for name in SECTIONS if counts[name]), next(iter(SECTIONS)))
chosen = asked_section if asked_section in SECTIONS else first_full
section = SECTIONS[chosen]
spec = data_inbox.LISTS[section.kind]
asked = lists.request(spec)
asked = replace(asked, filters={name: value for name, value in asked.filters.items() if name != "section"})
with session.reading() as work:
    page = data_inbox.page(work, section=chosen, request=asked)


def repair(action: str, record_id: int) -> None:
    named = {f"{section.kind}_id": record_id}
    if action == "check":
        actions.perform(CHECKS[section.kind], done=_("Checked."), **named)
    elif action == "staff":
        staff.ask(record_id)
    elif action == "merge":
        merges.ask(section.kind, record_id)
    else:
        edit.ask_change(NOUNS[section.kind], record_id)


def counted(name: str) -> str:
    count = f"{data_inbox.MOST:,}+" if counts[name] > data_inbox.MOST else f"{counts[name]:,}"
    return f"{_(SECTIONS[name].label)} ({count})"


st.title(_("Data inbox"))
lists.parts("section", {name: counted(name) for name in SECTIONS}, chosen, label=_("Problem"), control=st.pills)
st.caption(_(section.told))
offered = {"merge": _("Merge with…"), "check": _("Checked: it is right"), "edit": _("Edit"), "staff": _("Team")}
lists.filter_bar(spec, choices.offer)
lists.draw(
    spec, page, asked, known, to=section.kind, row_actions=[(name, offered[name]) for name in section.repairs], on_action=repair,
    none_yet=_("Nothing of this kind. Well kept!"),
)  # fmt: skip
