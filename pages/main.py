"""The script each visitor runs: who is there, what they may open, the frame, the screen."""

from pathlib import Path

import streamlit as st

from pages.ui import actions, frame, navigation, session, sign_in

#: a file of our own: a Material icon in the tab would be fetched from elsewhere
ICON = Path(__file__).parent / "ui/components/icon.png"

st.set_page_config(page_icon=ICON, layout="wide")
actor = session.signed_in()
shown = actor is not None and not actor.must_change_password
page = st.navigation(
    navigation.menu(actor, session.waiting()), position="sidebar" if shown else "hidden", expanded=True
)
if sign_in.gate():
    actions.follow(page.url_path or navigation.SCREENS[0].path)
    frame.draw()
    actions.show_said()
    with actions.explained():
        page.run()
        actions.open_drawer()
