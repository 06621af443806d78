"""The drawer that assigns everything with a proposal: first how many to whom, then with progress (ASG-3)."""

import time
from collections import Counter
from collections.abc import Sequence

import streamlit as st

from pages.ui import actions, session, text, unassigned
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import assignment, users
from services.assignment import Outcome, Proposal

FORM, DONE = "assign-all", "assign-all:done"


def ask(branch_id: str = "") -> None:
    """Have the drawer open at the next drawing, for one branch or for all; for callbacks."""
    actions.ask(_("Assign all"), _drawer, branch_id, form=FORM)


def _drawer(branch_id: str) -> None:
    with session.reading() as work:
        found = assignment.proposals(work, chosen=unassigned.chosen())
        here = [one for one in found if branch_id in ("", str(one.branch_id))]
        going = [one for one in here if one.user_id]
        names = {row.id: row.name for row in users.named(work, ids={one.user_id or 0 for one in going})}
    counts = Counter(one.user_id or 0 for one in going)
    said = _("{count} leads go to {people} people, who hear of it at once. {left} stay unassigned.")
    st.markdown(
        said.format(count=f"**{len(going):,}**", people=f"**{len(counts):,}**", left=f"{len(here) - len(going):,}")
    )
    if not going:
        return
    actions.submit(_("Assign {count} leads").format(count=f"{len(going):,}"), form=FORM, act=lambda: _assign(going))
    table(
        [TableColumn("name", _("Rep"), kind="person", sortable=False), TableColumn("count", _("Leads"), kind="number", sortable=False)],
        [{"id": one, "name": names.get(one), "count": text.number(count)} for one, count in counts.most_common()],
        key="assign-all:counts", labels=table_labels(_, table=_("Leads by rep")),
    )  # fmt: skip


def _assign(going: Sequence[Proposal]) -> bool:
    """Portion by portion; closing the drawer stops after the portion that runs, and what is done stays done."""
    total: Outcome = st.session_state.setdefault(DONE, Outcome())  # of both halves of a double click
    done, bar = 0, st.progress(0.0, text=f"0 / {len(going):,}")
    for ids in assignment.portions(going):
        picked = {one: person for one, person in unassigned.chosen().items() if one in set(ids)}
        if not actions.perform(assignment.assign_portion, lead_ids=ids, chosen=picked, form=FORM, then=total.add):
            return False
        done += len(ids)
        time.sleep(assignment.BREATH)
        bar.progress(done / len(going), text=f"{done:,} / {len(going):,}")
    unassigned.forget()
    return True


def tell() -> None:
    """Say what came of it, once."""
    if done := st.session_state.pop(DONE, None):
        _tell(done)


def _tell(done: Outcome) -> None:
    said = _("{count} leads assigned to {people} people.")
    words = [said.format(count=f"{done.given.total():,}", people=f"{len(done.given):,}")]
    words += [f"{count:,} × {_(reason)}" for reason, count in done.left.most_common()]
    words += (
        [_("{count} had been assigned by somebody else meanwhile.").format(count=f"{done.gone:,}")] if done.gone else []
    )
    st.success(text.plain(" ".join(words)), icon=":material/check_circle:")
