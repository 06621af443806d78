"""The script each visitor runs: who is there, what they may open, the frame, the screen."""

import streamlit as st

from pages.ui import actions, frame, navigation, session, sign_in

st.set_page_config(page_title="Dealer CRM", page_icon=":material/front_loader:", layout="wide")
actor = session.signed_in()
page = st.navigation(navigation.menu(actor), position="sidebar" if actor else "hidden", expanded=True)
if sign_in.gate():
    actions.follow()
    frame.draw()
    actions.show_said()
    with actions.explained():
        page.run()
