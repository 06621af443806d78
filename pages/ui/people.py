"""People around a record: the account team, its contacts, the places where a contact works."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.ui import records, text
from pages.ui.text import _
from services.core.configuration import Configuration


def team(members: Sequence[Any], *, classify: Callable[[int], None] | None = None) -> None:
    """Who looks after the customer, per product line, with the class seen from there, which ``classify`` lets change."""
    if not members:
        st.caption(_("Nobody looks after this customer yet."))
    for one in members:
        line = text.label(one) if one.line else _("whole account")
        grade = f" · {_('class')} {one.grade}" if one.grade else ""
        per_year = f" · {one.contacts_per_year} {_('contacts a year')}" if one.contacts_per_year else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            told = f":material/person: **{text.plain(one.name)}** :gray[{text.plain(line)}{grade}{per_year}]"
            st.markdown(told, width="content")
            if classify:
                st.button(
                    _("Class"),
                    icon=":material/edit:",
                    key=f"class:{one.id}",
                    type="tertiary",
                    on_click=classify,
                    args=(one.id,),
                )


def contacts(rows: Sequence[Any], known: Configuration, *, may_create: bool) -> None:
    """The people at a customer, with their numbers to tap."""
    if not rows:
        hint = _("No contacts yet. Enter the first one with “New contact”.") if may_create else _("No contacts yet.")
        st.info(hint, icon=":material/person_add:")
    for one in rows:
        with st.container(border=True, gap="small"):
            records.link("contact", one.id, one.name, icon="person")
            parts = (one.job_title, known.label(one.responsibility_id, text.language()), _("left") if one.until else "")
            st.caption(text.plain(" · ".join(part for part in parts if part)) or text.DASH)
            records.phones({"mobile": one.mobile, "landline": one.landline}, ("mobile", "landline"))


def workplaces(rows: Sequence[Any], *, leave: Callable[[int], None] | None = None) -> None:
    """Where a contact works and worked; ``leave`` ends a place where they still do."""
    for one in rows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            records.link("account", one.id, one.name, icon="domain", width="content")
            if leave and not one.until:
                st.button(
                    _("End this workplace"),
                    icon=":material/event_busy:",
                    key=f"leave:{one.id}",
                    type="tertiary",
                    on_click=leave,
                    args=(one.id,),
                )
        parts = (
            _("main customer") if one.main else "",
            one.role,
            f"{_('since')} {text.day(one.since)}" if one.since else "",
            f"{_('until')} {text.day(one.until)}" if one.until else "",
        )
        if told := " · ".join(part for part in parts if part):
            st.caption(text.plain(told))
