"""One person: where they stand, whether they may come in, a code for a new password (ADM-1, SIG-4, ACC-4)."""

import streamlit as st

from pages.ui import actions, changes, pickers, records, session, text
from pages.ui.drawers import confirm, edit, people
from pages.ui.handovers import FORM, KINDS
from pages.ui.text import _
from services import holdings, users
from services.core import events

user_id = records.asked_id()
with session.reading() as work:
    card = users.card(work, user_id=user_id)
    happened = events.story(work, kind="user", record_id=user_id)
    owned = holdings.counts(work, user_id=user_id)
    told = changes.teller(work, [("user", event.changes) for event in happened])
    branch, superior = (
        pickers.named(work, "branch", card["branch_id"]),
        pickers.named(work, "user", card["superior_id"]),
    )


def new_code() -> None:
    actions.perform(
        users.reset_password, user_id=user_id, then=lambda code: st.session_state.update({"user:code": code})
    )


def hand_over() -> None:
    actions.forget(FORM)
    actions.go("new_handover", person=user_id)


def deactivate() -> None:
    if any(owned.values()):
        st.session_state["user:owns"] = user_id
        return
    said = _("{name} is signed out everywhere at once and cannot come in any more. You can let them in again.")
    warning = text.plain(said.format(name=card["name"]))
    confirm.ask(_("Deactivate"), warning, users.deactivate, done=_("Deactivated."), user_id=user_id)


def end_sessions() -> None:
    said = _("{name} is signed out in every browser; what is being typed there is kept.")
    warning = text.plain(said.format(name=card["name"]))
    confirm.ask(_("End all sessions"), warning, users.sign_out, done=_("All sessions are ended."), user_id=user_id)


def let_in() -> None:
    actions.perform(users.activate, user_id=user_id, done=_("Active again."))


state: records.Mark = (_("active"), "green") if card["active"] else (_("inactive"), "grey")
likely = [
    (_("Edit"), "edit", lambda: edit.ask_change(people.USER, user_id)),
    (_("Code for a new password"), "key", new_code),
    (_("End all sessions"), "logout", end_sessions),
]
if any(owned.values()):
    likely.append((_("Hand over the work"), "move_down", hand_over))
if card["active"]:
    likely.append((_("Deactivate"), "person_off", deactivate))
else:
    likely.append((_("Let in again"), "person", let_in))
records.header(card["name"], badges=[state], caption=card["login"], actions=likely, key="user")
if st.session_state.pop("user:owns", None) == user_id:
    told_owned = _(", ").join(f"{_(KINDS[kind])} {count}" for kind, count in owned.items() if count)
    said = _("{name} still has open work, which has to go to others first: {owned}.")
    st.warning(text.plain(said.format(name=card["name"], owned=told_owned)), icon=":material/inventory_2:")
    st.button(_("Hand over now"), icon=":material/move_down:", type="primary", on_click=hand_over)
if code := st.session_state.pop("user:code", None):
    st.success(
        _("Code for a new password, valid once and for 30 minutes; it is shown only now:"), icon=":material/key:"
    )
    st.code(code, language=None)
records.facts(
    [
        (_("Role"), _(users.ROLES[card["role"]])),
        (_("Branch"), branch or _("Head office")),
        (_("Superior"), superior),
        (_("Product lines"), records.shown(card["lines"])),
        (_("Open leads at most"), "" if card["lead_capacity"] is None else text.number(card["lead_capacity"])),
        (_("E-mail"), card["email"] or ""),
        (_("Mobile"), card["mobile"] or ""),
        (_("Language"), {"zh_CN": "中文", "en": "English"}[card["language"]]),
        (_("Must choose a password"), _("yes") if card["must_change_password"] else _("no")),
    ]
)
st.caption(_("What is changed here holds from the person's next click on, in every open browser."))
st.subheader(_("History"))
records.story(happened, told, kind="user")
