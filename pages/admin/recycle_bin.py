"""The recycle bin: what was deleted, and the way back (ALL-8, ADM-7)."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages.ui import actions, choices, lists, session
from pages.ui.components.table import clear_selection
from pages.ui.text import _
from services import recycle_bin
from services.core.configuration import configuration

asked_kind = st.query_params.get("kind", "")
kind = asked_kind if asked_kind in recycle_bin.BINS else next(iter(recycle_bin.BINS))
spec = recycle_bin.BINS[kind].list
asked = lists.request(spec)
asked = replace(asked, filters={name: value for name, value in asked.filters.items() if name != "kind"})
with session.reading() as work:
    page = recycle_bin.page(work, kind=kind, request=asked)
    counts = recycle_bin.counts(work)
    known = configuration(work)
    own_branch = work.actor.branch_id is not None


def restore(record_ids: Sequence[int]) -> None:
    done = _("{count} restored.").format(count=len(record_ids))
    if actions.perform(recycle_bin.restore, kind=kind, record_ids=list(record_ids), done=done):
        clear_selection(f"table:{spec.name}")


with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Recycle bin"), width="content")
    bar = st.container(horizontal=True, width="content")
st.caption(_("What is deleted is only hidden. Restored, it is as it was before, with its history."))
words = {name: f"{_(one.label)} ({counts[name]:,})" for name, one in recycle_bin.BINS.items()}
lists.parts("kind", words, kind, label=_("What"))
lists.filter_bar(spec, choices.offer)
chosen = lists.draw(
    spec, page, asked, known, to=None, selectable=True, row_actions=[("restore", _("Restore"))],
    on_action=lambda _action, record_id: restore([record_id]), hide=["branch"] if own_branch else [],
    none_yet=_("Nothing of this kind is deleted."),
)  # fmt: skip
if chosen.selected:
    bar.button(
        f"{_('Restore')} ({len(chosen.selected)})",
        icon=":material/restore_from_trash:",
        type="primary",
        on_click=restore,
        args=(chosen.selected,),
    )
