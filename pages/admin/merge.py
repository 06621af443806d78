"""Two records side by side: which field comes from which, what moves, and the merge itself (ACCT-4)."""

from functools import partial

import streamlit as st

from pages.ui import actions, merges, records, session, text
from pages.ui.text import _
from services import merging

kind = st.query_params.get("kind", "")
kept_id, gone_id = (records.number(st.query_params.get(name)) for name in ("kept", "gone"))
title = _("Merge two customers") if kind == "account" else _("Merge two contacts")
records.header(title, key="merge")
if merges.over(kind, (kept_id, gone_id)):
    st.stop()
with session.reading() as work:
    seen = merging.preview(work, kind=kind, kept_id=kept_id, gone_id=gone_id)

turn = partial(actions.go, "merge", kind=kind, kept=gone_id, gone=kept_id)
merges.heads(seen)
st.button(_("Keep the other one"), icon=":material/swap_horiz:", on_click=turn)
if seen.obstacle:
    st.error(text.plain(text.worded(seen.obstacle)), icon=":material/block:")
else:
    take = merges.fields(seen)
    merges.consequences(seen)
    form = f"merge-{kind}-{kept_id}-{gone_id}"
    done = _("Merged: the two are one now.")

    def merge() -> None:
        actions.perform(
            merging.merge, form=form, done=done, then=lambda _merge: actions.go(kind, id=kept_id), kind=kind,
            kept_id=kept_id, gone_id=gone_id, take=take, versions=[seen.kept.version, seen.gone.version],
        )  # fmt: skip

    st.button(_("Merge"), type="primary", icon=":material/merge:", on_click=merge)
    merges.problems(form)
