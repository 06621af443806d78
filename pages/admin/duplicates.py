"""The duplicates inbox: pairs that may be one, and the merges that were done, with the way back (ACCT-4, ADM-7)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import actions, lists, merges, records, session, text
from pages.ui.text import _
from services import merging
from services.core.errors import N_
from services.merging import Apart, Done, Half, Pair

VIEWS = {"account": N_("Customers"), "contact": N_("Contacts"), "done": N_("Merged"), "apart": N_("Not the same")}
NOTHING = {
    "done": N_("Nothing has been merged yet."),
    "apart": N_("No two records have been told apart yet."),
}
READ: Mapping[str, Callable[..., tuple[Sequence[Any], int]]] = {"done": merging.done, "apart": merging.apart}
asked = st.query_params.get("view", "")
view = asked if asked in VIEWS else "account"
with session.reading() as work:
    found, total = READ.get(view, partial(merging.pairs, kind=view))(work, page=lists.page_asked())


def draw_pair(pair: Pair) -> None:
    number = f"{pair.first.id}-{pair.second.id}"
    with st.container(border=True, key=f"pair-{number}"):
        *halves, why = st.columns((4, 4, 3), vertical_alignment="center")
        for half, place in zip((pair.first, pair.second), halves, strict=True):
            with place.container(gap=None):
                draw_half(view, half)
        with why.container(gap="small"):
            with st.container(horizontal=True, gap="small"):
                records.marks([(text.worded(sign), "amber") for sign in pair.signs])
            st.caption(text.plain(pair.branch))
            compare = partial(actions.go, "merge", kind=view, kept=pair.first.id, gone=pair.second.id)
            told = {"kind": view, "first_id": pair.first.id, "second_id": pair.second.id}
            two = partial(actions.perform, merging.tell_apart, done=_("Noted: these are two."), **told)
            with st.container(horizontal=True, gap="small"):
                st.button(_("Compare"), icon=":material/compare_arrows:", on_click=compare, key=f"compare-{number}")
                st.button(_("Not the same"), icon=":material/call_split:", on_click=two, key=f"apart-{number}")


def draw_half(kind: str, half: Half) -> None:
    """What tells whether it is the same: numbers and place, who holds it, when it was last met."""
    records.link(kind, half.id, half.name, icon=merges.ICONS[kind])
    met = _("last contact {day}").format(day=text.moment(half.last_contact)) if half.last_contact else _("never met")
    lines = (half.detail or text.DASH, half.held_by or _("nobody yet"), met)
    st.caption("  \n".join(text.plain(line) for line in lines))


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


def draw_apart(one: Apart) -> None:
    number = f"{one.first.id}-{one.second.id}"
    with st.container(border=True, key=f"told-{one.kind}-{number}"):
        *halves, who = st.columns((4, 4, 3), vertical_alignment="center")
        for half, place in zip((one.first, one.second), halves, strict=True):
            with place.container(gap=None):
                draw_half(one.kind, half)
        with who.container(gap="small"):
            st.caption(text.plain(f"{one.by} · {text.moment(one.at)}"))
            told = {"kind": one.kind, "first_id": one.first.id, "second_id": one.second.id}
            said = _("They stand among the duplicates again.")
            again = partial(actions.perform, merging.look_again, done=said, **told)
            st.button(_("Look again"), icon=":material/undo:", on_click=again, key=f"again-{one.kind}-{number}")


DRAW: Mapping[str, Callable[[Any], None]] = {"done": draw_done, "apart": draw_apart}
st.title(_("Duplicates"))
lists.parts("view", {name: _(label) for name, label in VIEWS.items()}, view, label=_("What"))
if not found:
    st.info(_(NOTHING.get(view, N_("No two records of a branch look the same."))))
for one in found:
    DRAW.get(view, draw_pair)(one)
lists.pager(lists.page_of(total, merging.PAGE), to_top=True)
actions.show_said()
