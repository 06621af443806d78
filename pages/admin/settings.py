"""Settings of the organisation: what each does, its limits and default (ADM-5)."""

import streamlit as st

from pages.ui import actions, forms, session
from pages.ui.text import _
from services import organisation

FORM = "settings"
SEEN = f"{FORM}:seen"
with session.reading() as work:
    values = organisation.settings(work)
if SEEN not in st.session_state or f"form:{FORM}:{values[0].spec.key}" not in st.session_state:
    st.session_state[SEEN] = {one.spec.key: one.value for one in values}
seen = st.session_state[SEEN]


def save() -> None:
    """Sends what was changed here; everything else shows from then on what others have set (ALL-4)."""
    typed = {key: st.session_state[f"form:{FORM}:{key}"] for key in seen}
    changed = {key: value for key, value in typed.items() if value != seen[key]}
    if not actions.perform(organisation.change_settings, changes=changed, seen=seen, form=FORM, done=_("Saved.")):
        for key in seen.keys() - changed.keys():
            del st.session_state[f"form:{FORM}:{key}"]
    del st.session_state[SEEN]


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
            st.selectbox(_(spec.label), list(offered), key=key, format_func=offered.get, width=280, **forms.KEPT)
        elif isinstance(spec.default, int):
            st.number_input(_(spec.label), key=key, step=1, width=280, **forms.KEPT)
        else:
            st.text_input(_(spec.label), key=key, width=280, max_chars=organisation.LONGEST_NAME, **forms.KEPT)
        st.caption(told, width=520)
    forms.problem(FORM, spec.key)
st.button(_("Save"), type="primary", on_click=save)
