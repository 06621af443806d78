"""Settings of the organisation: what each does, its limits and default (ADM-5)."""

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.text import _
from services import organisation

FORM = "settings"
with session.reading() as work:
    values = organisation.settings(work)


def save() -> None:
    typed = {one.spec.key: st.session_state[f"form:{FORM}:{one.spec.key}"] for one in values}
    changed = {one.spec.key: typed[one.spec.key] for one in values if typed[one.spec.key] != one.value}
    actions.perform(organisation.change_settings, changes=changed, form=FORM, done=_("Saved."))


st.title(_("Settings"))
for one in values:
    spec, key = one.spec, f"form:{FORM}:{one.spec.key}"
    st.session_state.setdefault(key, one.value)
    told = _(spec.help)
    if isinstance(spec.default, int):
        limits = _("From {low} to {high}; usually {default}.").format(
            low=spec.low, high=spec.high, default=spec.default
        )
        told = f"{told} {limits}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if spec.choices:
            offered = {value: _(label) for value, label in spec.choices.items()}
            st.selectbox(_(spec.label), list(offered), key=key, format_func=offered.get, width=280)
        elif isinstance(spec.default, int):
            st.number_input(_(spec.label), key=key, step=1, width=280)
        else:
            st.text_input(_(spec.label), key=key, width=280, max_chars=organisation.LONGEST_NAME)
        st.caption(told, width=520)
    forms.problem(FORM, spec.key)
st.button(_("Save"), type="primary", on_click=save)
