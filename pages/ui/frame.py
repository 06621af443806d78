"""What surrounds every screen: who is signed in, search over everything, notices, language, sign-out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import actions, session, text, themes, typed
from pages.ui.text import _
from services import users

STYLE = (Path(__file__).parent / "frame.css").read_text(encoding="utf-8")
#: in English, the marks that Chinese faces draw as wide as a character come from a Latin one of the device
LATIN = (
    "@font-face{font-family:'Dealer CRM English';src:local('Segoe UI'),local('Helvetica Neue'),local('Roboto'),"
    "local('Noto Sans'),local('Liberation Sans'),local('DejaVu Sans'),local('Arial');unicode-range:U+B7,U+2010-2027}"
)
_history = st.components.v2.component(
    "crm_history", js=(Path(__file__).parent / "history.js").read_text(encoding="utf-8")
)


def draw() -> None:
    """Draw the top of the sidebar."""
    actor = session.actor()
    third = "28%" if text.language() == "zh_CN" else "40%"  # English names of filters are too long for three in a row
    look = f"--link:{_colour('linkColor')};--chosen:{_colour('orangeTextColor')};--third:{third}"
    words = f":root{{{look};--choose-files:'{_('Choose files')}'}}"
    st.html(f"<style>{LATIN if text.language() == 'en' else ''}{words}{STYLE}</style>")
    with st.sidebar:
        with st.container(key="frame-history"):
            _history(key="frame:history", data={"turned": st.session_state.get("_turned", 0)})
            typed.keep(actor.id or 0)
        place = text.plain(session.branch()) or _("Head office")
        st.markdown(f"**{text.plain(actor.name)}**  \n:small[:gray[{_(users.ROLES[actor.role or 'rep'])} · {place}]]")
        if actor.stands_for:
            names = _(", ").join(one.name for one in actor.stands_for)
            st.caption(text.plain(_("Standing in today for {names}").format(names=names)))
        st.text_input(
            _("Search everything"), key="frame:search", label_visibility="collapsed", type="search",
            placeholder=_("Customer, lead, contact …"), icon=":material/search:", on_change=_search,
        )  # fmt: skip
        _tools(actor.unread)


def _colour(name: str) -> str:
    mode = "dark" if st.context.theme.type == "dark" else "light"
    return str(st.get_option(f"theme.{mode}.{name}"))


def _tools(unread: int) -> None:
    """Small buttons in one row: what is to be seen of their names is in bold, screen readers hear all of it."""
    other = {"zh_CN": "EN", "en": "中文"}[text.language()]
    with st.container(horizontal=True, gap="xsmall", key="frame-tools"):
        _tool(
            "bell",
            "notifications",
            _("Notices"),
            actions.go,
            "notices",
            seen="99+" if unread > 99 else str(unread or ""),
        )
        _tool("language", None, _("Language"), _switch_language, seen=other)
        themes.choice()
        _tool("me", "manage_accounts", _("My settings"), actions.go, "profile")
        _tool("out", "logout", _("Sign out"), session.sign_out)


def _tool(key: str, icon: str | None, name: str, act: Callable[..., Any], *arguments: Any, seen: str = "") -> None:
    label = f"{name} **{seen}**" if seen else name
    st.button(
        label,
        key=f"frame:{key}",
        icon=f":material/{icon}:" if icon else None,
        help=name,
        on_click=act,
        args=arguments,
    )


def _search() -> None:
    words = str(st.session_state["frame:search"]).strip()
    if words:
        actions.go("search", q=words)


def _switch_language() -> None:
    chosen = "en" if text.language() == "zh_CN" else "zh_CN"
    st.session_state["_language"] = chosen
    actions.perform(users.choose_language, language=chosen)
