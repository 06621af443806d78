"""What surrounds every screen: who is signed in, search over everything, notices, language, sign-out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import actions, session, text, themes
from pages.ui.text import _
from services import users

STYLE = """<style>
[data-testid="stSidebarContent"]{display:flex;flex-direction:column}
[data-testid="stSidebarHeader"]{order:0;height:2.2rem;padding-bottom:0}
[data-testid="stSidebarUserContent"]{order:1;padding-bottom:.25rem}
[data-testid="stSidebarNav"]{order:2}
.st-key-frame-history,[data-testid="stSidebarNavSeparator"],[data-testid="stHeaderActionElements"]{display:none}
[data-testid="stMainBlockContainer"]{padding:2.2rem 2.5rem 4rem}
[data-testid="stMain"] h1{padding-top:0}
.st-key-frame-tools{flex-wrap:nowrap!important}
.st-key-frame-tools button{padding:.25rem .4rem;min-width:2rem}
body:has(.st-key-frame-theme button[aria-expanded=true]) [role=menuitem]{color:#F3F4F6}
.st-key-frame-tools button div[aria-hidden=true]{display:none}
.st-key-frame-tools button p{font-size:0}
.st-key-frame-tools button p strong{font-size:.9rem;font-weight:400}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"]{padding-left:0}
@media (max-width:640px){
[data-testid="stMainBlockContainer"]{padding:3.9rem .75rem 4rem}
[data-testid="stMetric"]{padding:0!important}
[data-testid="stMetric"]>div{padding:.4rem .6rem!important}
[data-testid="stMetricValue"]{font-size:1.2rem}
.st-key-filters>*{order:2;flex:1 1 28%!important;min-width:0!important;width:auto!important}
.st-key-filters>:first-child{order:0;flex:1 1 55%!important}
.st-key-filters>:last-child{order:1;flex:0 0 auto!important}
}
@media print{[data-testid="stSidebar"],[data-testid="stHeader"]{display:none}}
</style>"""
#: the framework says this in English only
UPLOADER = """<style>
[data-testid="stFileUploaderDropzone"] button{font-size:0}
[data-testid="stFileUploaderDropzone"] button *{font-size:0}
[data-testid="stFileUploaderDropzone"] button::after{content:"%s";font-size:.9rem}
[data-testid="stFileUploaderDropzoneInstructions"]{display:none}
</style>"""
_history = st.components.v2.component(
    "crm_history", js=(Path(__file__).parent / "history.js").read_text(encoding="utf-8")
)


def draw() -> None:
    """Draw the top of the sidebar."""
    actor = session.actor()
    st.html(STYLE + UPLOADER % _("Choose files"))
    with st.sidebar:
        with st.container(key="frame-history"):
            _history(key="frame:history")
        place = text.plain(session.branch()) or _("Head office")
        st.markdown(f"**{text.plain(actor.name)}**  \n:gray[{_(users.ROLES[actor.role or 'rep'])} · {place}]")
        st.text_input(
            _("Search everything"), key="frame:search", label_visibility="collapsed", type="search",
            placeholder=_("Customer, contact, activity"), icon=":material/search:", on_change=_search,
        )  # fmt: skip
        _tools(actor.unread)


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
