"""The step of an import in which its columns are matched with fields (LEAD-3)."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, forms, session, text
from pages.ui import imports as imports_view
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import imports, organisation
from services.imports import Card

SAMPLES = 3


def column_step(card: Card) -> None:
    """Which column is which field, with the first rows beside; dates in doubt and a missing product line are asked for."""
    form = f"import-{card.id}"
    options, problems = card.options, actions.problems(form)
    said = _("{count} rows; the columns stand in row {row} of the file.")
    st.caption(said.format(count=text.number(options["total"]), row=options["header_row"]))
    if options["remembered"]:
        st.caption(f":material/history: {_('Matched as the last time a file had these columns.')}")
    _picture(options)
    st.subheader(_("What the columns are"))
    chosen = _columns(form, options)
    twice = {name for name in chosen.values() if list(chosen.values()).count(name) > 1}
    if twice:
        st.warning(_("Two columns are matched with: {fields}").format(fields=_(", ").join(map(_label, sorted(twice)))))
    _questions(form, chosen, options, problems)
    for name in ("mobile", "columns"):
        if name in problems:
            st.error(text.plain(problems[name]))
    with st.container(horizontal=True):
        st.button(
            _("Check the rows"), icon=":material/fact_check:", type="primary", disabled=bool(twice), key="import:check",
            on_click=_match, args=(card.id, form, {name: place for place, name in chosen.items()}),
        )  # fmt: skip
        imports_view.cancel_button(card)


def _picture(options: Mapping[str, Any]) -> None:
    """The first rows as they stand in the file."""
    header: Sequence[str] = options["header"]
    columns = [TableColumn(str(place), name or text.DASH, sortable=False) for place, name in enumerate(header)]
    first = options["header_row"] + 1
    rows = [{"id": first + n, **{str(p): c for p, c in enumerate(row)}} for n, row in enumerate(options["sample"])]
    with st.container(height=250 if len(rows) > 4 else "content", key="import-picture"):
        table(columns, rows, key="import:picture", labels=table_labels(_, table=_("First rows of the file")))


def _columns(form: str, options: Mapping[str, Any]) -> dict[int, str]:
    """A choice for each column that has a name or holds anything; returns place → field."""
    at = {place: name for name, place in options["columns"].items()}
    chosen: dict[int, str] = {}
    shown = [p for p, name in enumerate(options["header"]) if name or any(row[p] for row in options["sample"])]
    for start in range(0, len(shown), 3):
        for place, box in zip(shown[start : start + 3], st.columns(3), strict=False):
            if name := _choice(form, box, place, at.get(place, ""), options):
                chosen[place] = name
    return chosen


def _choice(form: str, box: Any, place: int, present: str, options: Mapping[str, Any]) -> str:
    key = f"form:{form}:column:{place}"
    st.session_state.setdefault(key, present)
    examples = list(dict.fromkeys(row[place][:20] for row in options["sample"] if row[place]))
    with box.container(gap=None):
        found: str = st.selectbox(
            text.plain(options["header"][place]) or text.DASH,
            ["", *imports.NAMED],
            key=key,
            format_func=lambda name: _label(name) if name else _("leave out"),
            **forms.KEPT,
        )
        st.caption(text.plain(" · ".join(examples[:SAMPLES])) or text.DASH)
    return found


def _label(name: str) -> str:
    column = imports.NAMED[name]
    return text.in_language(column.zh, column.en)


def _questions(form: str, chosen: Mapping[int, str], options: Mapping[str, Any], problems: Mapping[str, str]) -> None:
    if "line" not in chosen.values():
        with session.reading() as work:
            lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
        st.session_state.setdefault(f"form:{form}:line", options["line"])
        st.selectbox(
            _("Product line of all rows"), list(lines), format_func=lines.get, key=f"form:{form}:line", index=None,
            placeholder=_("Please choose"), help=_("The file has no column for it."), **forms.KEPT,
        )  # fmt: skip
        if "line" in problems:
            st.error(text.plain(problems["line"]))
    doubtful = [place for place, name in chosen.items() if name == "wanted_by" and place in options["doubtful"]]
    if doubtful:
        example = next((row[doubtful[0]] for row in options["sample"] if row[doubtful[0]]), "")
        st.radio(
            _("How is the date {example} meant?").format(example=text.plain(example)), [True, False], index=None,
            format_func=lambda day: _("Day first, then month") if day else _("Month first, then day"),
            key=f"form:{form}:day_first", horizontal=True,
        )  # fmt: skip
        if "day_first" in problems:
            st.error(text.plain(problems["day_first"]))


def _match(job_id: int, form: str, columns: Mapping[str, int]) -> None:
    line = None if "line" in columns else st.session_state.get(f"form:{form}:line")
    day_first = st.session_state.get(f"form:{form}:day_first")
    actions.perform(imports.match, form=form, job_id=job_id, columns=columns, line=line, day_first=day_first)
