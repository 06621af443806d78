"""What surrounds every screen: who is signed in, search over everything, notices, language, sign-out."""

from pathlib import Path

import streamlit as st

from pages.ui import actions, session, text
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
        with st.container(horizontal=True, gap="small"):
            unread = f" {actor.unread}" if actor.unread else ""
            st.button(
                f":material/notifications:{unread}",
                key="frame:bell",
                help=_("Notices"),
                on_click=actions.go,
                args=("notices",),
            )
            other = {"zh_CN": "EN", "en": "中文"}[text.language()]
            st.button(other, key="frame:language", help=_("Language"), on_click=_switch_language)
            st.button(
                ":material/manage_accounts:",
                key="frame:me",
                help=_("My settings"),
                on_click=actions.go,
                args=("profile",),
            )
            st.button(":material/logout:", key="frame:out", help=_("Sign out"), on_click=session.sign_out)


def _search() -> None:
    words = str(st.session_state["frame:search"]).strip()
    if words:
        actions.go("search", q=words)


def _switch_language() -> None:
    chosen = "en" if text.language() == "zh_CN" else "zh_CN"
    st.session_state["_language"] = chosen
    actions.perform(users.choose_language, language=chosen)
