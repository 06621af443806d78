"""One's own settings: password, where one is signed in."""

import streamlit as st

from pages.ui import session, sign_in, text
from pages.ui.text import _

actor = session.actor()
st.title(_("My settings"))
st.markdown(f"**{text.plain(actor.name)}** · {text.plain(actor.login)}")
sign_in.password_form()
st.button(
    _("Sign out everywhere"),
    icon=":material/logout:",
    on_click=session.sign_out_everywhere,
    help=_("Ends every session of yours, on every device."),
)
