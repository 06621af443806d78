"""The duplicates inbox: pairs that may be one, and the merges that were done, with the way back (ACCT-4, ADM-7)."""

from functools import partial

import streamlit as st

from pages.ui import actions, merges, records, session, text
from pages.ui.text import _
from services import merging
from services.core.errors import N_
from services.merging import Done, Pair

VIEWS = {"account": N_("Customers"), "contact": N_("Contacts"), "done": N_("Merged")}
asked = st.query_params.get("view", "")
view = asked if asked in VIEWS else "account"
with session.reading() as work:
    pairs = merging.pairs(work, kind=view) if view != "done" else []
    done = merging.done(work) if view == "done" else []


def open_view() -> None:
    st.query_params.from_dict({"view": st.session_state["duplicates:view"] or view})


def draw_pair(pair: Pair) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"pair-{pair.first_id}-{pair.second_id}"
    ):
        for number, name, detail in (
            (pair.first_id, pair.first, pair.first_detail),
            (pair.second_id, pair.second, pair.second_detail),
        ):
            with st.container(gap=None):
                records.link(view, number, name, icon=merges.ICONS[view])
                st.caption(text.plain(detail or text.DASH))
        st.caption(text.plain(f"{text.worded(pair.why)} · {pair.branch}"), width="content")
        compare = partial(actions.go, "merge", kind=view, kept=pair.first_id, gone=pair.second_id)
        st.button(
            _("Compare"),
            icon=":material/compare_arrows:",
            on_click=compare,
            key=f"compare-{pair.first_id}-{pair.second_id}",
        )


def draw_done(one: Done) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"merge-{one.id}"):
        records.link(one.kind, one.kept_id, one.kept, icon=merges.ICONS[one.kind])
        told = _("{gone} became part of it on {at}, by {by}; {count} records moved").format(
            gone=one.gone, at=text.moment(one.at), by=one.by, count=one.moved
        )
        st.caption(text.plain(told))
        if one.undone_at:
            st.caption(_("undone on {at}").format(at=text.moment(one.undone_at)), width="content")
        else:
            back = partial(actions.perform, merging.undo, merge_id=one.id, done=_("Undone: there are two again."))
            st.button(_("Undo"), icon=":material/undo:", on_click=back, key=f"undo-{one.id}")


st.title(_("Duplicates"))
st.session_state["duplicates:view"] = view
st.segmented_control(
    _("What"), list(VIEWS), format_func=lambda name: _(VIEWS[name]), key="duplicates:view", on_change=open_view,
    label_visibility="collapsed",
)  # fmt: skip
if not pairs and not done:
    st.info(_("Nothing has been merged yet.") if view == "done" else _("No two records of a branch look the same."))
for pair in pairs:
    draw_pair(pair)
for one in done:
    draw_done(one)
actions.show_said()
