"""The parts of merging: who is kept, the choice in each field, what follows, and the ways to start it (ACCT-4)."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.ui import actions, forms, navigation, pickers, records, session, text
from pages.ui.text import _
from services import merging
from services.core.errors import N_
from services.merging import Choice, Preview, Side

ICONS = {"account": "domain", "contact": "person"}
WORDS = {"account": N_("Customers"), "contact": N_("Contacts")}


def heads(seen: Preview) -> None:
    """Both records: the one that stays, and the one that becomes part of it."""
    for column, side, role in zip(
        st.columns(2), (seen.kept, seen.gone), (_("stays"), _("becomes part of it")), strict=True
    ):
        with column.container(border=True, gap="small"):
            _head(seen.kind, side, role)


def _head(kind: str, side: Side, role: str) -> None:
    records.link(kind, side.id, side.name, icon=ICONS[kind])
    st.caption(f"{role} · " + _("{count} records hang on it").format(count=side.hanging))


def fields(seen: Preview) -> list[str]:
    """One choice for each field in which the two differ; gives the names of those to take from the other one."""
    if not seen.choices:
        st.caption(_("The two do not differ in any field."))
    return [name for choice in seen.choices for name in _choose(seen, choice)]


def _choose(seen: Preview, choice: Choice) -> Sequence[str]:
    key = f"merge:{seen.kind}:{seen.kept.id}:{seen.gone.id}:{choice.names[0]}"
    shown = {False: _shown(choice.kept), True: _shown(choice.gone)}
    st.session_state.setdefault(key, choice.take)
    label, value = st.columns([1, 4], vertical_alignment="center")
    label.markdown(f"**{text.plain(_(choice.label))}**")
    value.radio(
        _(choice.label), [False, True], key=key, format_func=lambda other: shown[other], horizontal=True,
        label_visibility="collapsed", **forms.KEPT,
    )  # fmt: skip
    return choice.names if st.session_state[key] else ()


def _shown(values: Sequence[object]) -> str:
    words = " ".join(records.shown(value) for value in values if value not in (None, ""))
    return text.plain(words) if words else text.DASH


def consequences(seen: Preview) -> None:
    """How many of what move, what stays behind, and that it can be taken back."""
    st.subheader(_("What follows"), anchor=False)
    for label, count in seen.moves:
        st.markdown(f":material/arrow_forward: {text.plain(_(label))}: **{count}**")
    for label, count in seen.stays:
        kept = _("{count} do not move, because the record that stays already has them").format(count=count)
        st.markdown(f":material/remove: {text.plain(_(label))}: {text.plain(kept)}")
    hidden = _(
        "The other record is hidden, and its address leads to the one that stays. "
        "The merge can be undone as long as nobody changes either."
    )
    st.caption(hidden)


def problems(form: str) -> None:
    """What was wrong when it was last sent."""
    for said in actions.problems(form).values():
        st.error(text.plain(said), icon=":material/error:")


def menu(kind: str, record_id: int) -> list[records.Action]:
    """The entry of a record's menu, for who may merge."""
    if not session.actor().may(merging.KINDS[kind].permission):
        return []
    return [(_("Merge with…"), "merge", partial(ask, kind, record_id))]


def ask(kind: str, record_id: int) -> None:
    """Have the drawer that asks for the other record open at the next drawing; for callbacks."""
    actions.ask(_("Merge with…"), _drawer, kind, record_id, form="merge-with")


def _drawer(kind: str, record_id: int) -> None:
    st.caption(_("Choose the record that becomes part of this one. Nothing happens before you have compared the two."))
    other = pickers.one(_(WORDS[kind]), key="form:merge-with:other", kind=kind)
    if st.button(_("Compare"), type="primary", width="stretch", disabled=other in (None, record_id)):
        actions.go("merge", kind=kind, kept=record_id, gone=other)
        st.rerun(scope="app")


def of_selected(kind: str, selected: Sequence[int]) -> None:
    """The button of a list in which two rows are chosen."""
    if len(selected) == 2:
        first, second = sorted(selected)
        st.button(
            f"{_('Merge')} (2)", icon=":material/merge:", on_click=actions.go, args=("merge",),
            kwargs={"kind": kind, "kept": first, "gone": second},
        )  # fmt: skip


def over(kind: str, record_ids: Sequence[int]) -> bool:
    """Whether one of the two has become part of another record already: says so, and leads to that one."""
    with session.reading() as work:
        there = {merging.kept_for(work, kind=kind, record_id=one) for one in record_ids} - {None}
        named = {one: pickers.named(work, kind, one) for one in there}
    if named:
        st.info(
            _("One of the two has been merged already. What was known of it stands here now:"), icon=":material/merge:"
        )
    for record_id, name in named.items():
        records.link(kind, record_id or 0, name, icon=ICONS[kind])
    return bool(named)


def follow(kind: str, record_id: int) -> None:
    """The old address of a merged record leads to the kept one."""
    with session.reading() as work:
        kept = merging.kept_for(work, kind=kind, record_id=record_id)
    if kept is not None:
        st.switch_page(navigation.file_of(kind), query_params={"id": str(kept)})
