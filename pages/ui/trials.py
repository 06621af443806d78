"""Trying rules out: who would have received how many of last month's leads (ASG-5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, charts, forms, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import assignment, users
from services.assignment import Rule, Trial

SET = "set"


def ask(rules: Sequence[Rule]) -> None:
    """Have the drawer for the whole set open at the next drawing; for callbacks."""
    forget(SET)
    st.session_state["trial:counted"] = [rule.id for rule in rules if rule.active]
    actions.ask(_("Try out"), _drawer, {rule.id: rule.name for rule in rules})


def _drawer(names: Mapping[int, str]) -> None:
    st.caption(_("Nothing is changed. Choose which rules count, also ones that are switched off."))
    st.pills(
        _("Rules that count"), list(names), format_func=lambda one: text.plain(names[one]), key="trial:counted",
        selection_mode="multi", **forms.KEPT,
    )  # fmt: skip
    button(SET, SET, lambda: {"counted": list(st.session_state.get("trial:counted") or ())})


def button(form: str, place: str, given: Callable[[], Mapping[str, Any]]) -> None:
    """The button that tries what is chosen, and below it what came of it."""
    if st.button(_("Try out on last month's leads"), icon=":material/science:", key=f"try:{form}", width="stretch"):
        kept = st.session_state
        done = actions.read(
            assignment.try_out, form=form, then=lambda found: kept.update({_key(place): found}), **given()
        )
        if not done:
            kept.pop(_key(place), None)
            st.rerun(scope="fragment")
    if (found := st.session_state.get(_key(place))) is not None:
        _draw(found)


def forget(place: str) -> None:
    """Drop what was tried before; when a drawer opens."""
    st.session_state.pop(_key(place), None)


def _key(place: str) -> str:
    return f"trial:found:{place}"


def _draw(found: Trial) -> None:
    with session.reading() as work:
        names = {row.id: row.name for row in users.named(work, ids=found.reps)}
        rules = {rule.id: rule.name for rule in assignment.rules(work)}
    said = _("{count} leads came in from {first} to {last} and had to be given to somebody.")
    st.markdown(said.format(count=f"**{found.total:,}**", first=text.day(found.first), last=text.day(found.last)))
    bars = [
        charts.Bar(one, names.get(one, ""), names.get(one, ""), count, text.number(count))
        for one, count in found.reps.most_common()
    ]
    if bars:
        charts.bars(bars, title=_("Leads by rep"), tone="blue", key=f"trial:chart:{id(found)}")
    if found.nobody:
        lines = [f"- **{count:,}** {text.plain(_(reason))}" for reason, count in found.nobody.most_common()]
        st.markdown("\n".join([_("To nobody:"), "", *lines]))
    with st.expander(_("As a table")):
        _table(_("Rep"), [(names.get(one, ""), count) for one, count in found.reps.most_common()], "reps")
        unsaved = {assignment.UNSAVED: _("this new rule")}
        by_rule = [((rules | unsaved).get(one, ""), count) for one, count in found.rules.most_common()]
        _table(_("Rule"), by_rule, "rules")
    st.caption(_("Absences, open leads and days of validity are left aside: they were different then."))


def _table(label: str, lines: Sequence[tuple[str, int]], name: str) -> None:
    columns = [
        TableColumn("name", label, sortable=False),
        TableColumn("count", _("Leads"), kind="number", sortable=False),
    ]
    drawn = [{"id": place, "name": words, "count": text.number(count)} for place, (words, count) in enumerate(lines)]
    table(columns, drawn, key=f"trial:table:{name}", labels=table_labels(_, table=label))
