"""How a report is looked at: what is asked, one figure as bars, all of them as a table; each figure opens its records (ALL-10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode

import streamlit as st

from pages.ui import actions, charts, look, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import organisation
from services.reports.periods import CUSTOM
from services.reports.shape import NAMES, Line, Question, Shape

TOTAL, YEAR = -1, 366
MOST_LINES = 100
Choices = Mapping[str, str]


class Answer(Protocol):
    """What a report answers: lines that add up to the total."""

    @property
    def question(self) -> Question:
        """What was asked."""

    @property
    def lines(self) -> Sequence[Line[Any]]:
        """A line for each part."""

    @property
    def total(self) -> Any:
        """The figures of all lines together."""


@dataclass(frozen=True)
class Measure:
    """A figure: what it is called, the colour of its meaning if it can be shown as bars, its width in the table (in rem)."""

    label: str
    tone: look.Tone | None = None
    width: float | None = None
    heading: str = ""


@dataclass(frozen=True)
class View:
    """One report: its shape, the list that its figures open, its figures and their words, and the one shown first."""

    name: str
    title: str
    shape: Shape
    path: str
    measures: Mapping[str, Measure]
    first: str
    words: Callable[[Any, str], str]
    drill: Callable[[Question, str, Line[Any] | None], dict[str, str]]
    people: Callable[..., Sequence[Any]]


def given(view: View, *, today: date) -> dict[str, str]:
    """What the address says of the question and means something; without a word of it, what was asked last."""
    asked = {name: value for name, value in st.query_params.to_dict().items() if name in NAMES and value}
    if not asked and (asked := st.session_state.get(f"{view.name}:asked", {})):
        st.query_params.from_dict(asked)
    asked = view.shape.meant(asked, today=today)
    st.session_state[f"{view.name}:asked"] = asked
    return asked


def _given(view: View) -> Mapping[str, str]:
    asked: Mapping[str, str] = st.session_state.get(f"{view.name}:asked", {})
    return asked


def filters(view: View, question: Question) -> None:
    """Period and division in sight; branch, product line and rep behind “More”."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        standing = CUSTOM if {"from", "to"} & _given(view).keys() else view.shape.standard
        periods = {name: _(label) for name, (label, _period) in view.shape.presets.items()} | {
            CUSTOM: _("Other period")
        }
        _choice(view, "period", _("Period"), periods, _given(view).get("period") or standing, width=170)
        if _given(view).get("period") == CUSTOM or {"from", "to"} & _given(view).keys():
            _dates(view, question)
        _choice(view, "by", _("By"), _divisions(view), question.by, width=170)
        _more(view, question)


def _divisions(view: View) -> Choices:
    offered = {name: _("By {what}").format(what=_(by.label).lower()) for name, by in view.shape.bys.items()}
    return offered if session.actor().branch_id is None else {n: label for n, label in offered.items() if n != "branch"}


def _dates(view: View, question: Question) -> None:
    key = f"{view.name}:dates:{question.period}"
    value = (question.period.first, question.period.last)
    st.date_input(
        _("From – to"), value=value, key=key, format="YYYY-MM-DD", label_visibility="collapsed", width=230,
        on_change=_set_dates, args=(view, key),
    )  # fmt: skip


def _set_dates(view: View, key: str) -> None:
    chosen: Sequence[date] = st.session_state[key]
    if len(chosen) == 2:
        _address(view, {"period": CUSTOM, "from": str(chosen[0]), "to": str(chosen[1])})


def _more(view: View, question: Question) -> None:
    with session.reading() as work:
        reps = {str(one.id): one.name for one in view.people(work, branch_id=question.branch_id, line=question.line)}
        lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
        head_office = work.actor.branch_id is None
        branches = {str(one.id): text.branch_name(one) for one in organisation.branches(work)} if head_office else {}
    narrowed = {
        "branch": (_("Branch"), branches, question.branch_id),
        "line": (_("Product line"), lines, question.line),
        "owner": (_("Rep"), reps, question.owner_id),
    }
    count = len(question.narrowed)
    with st.popover(f"{_('More')} ({count})" if count else _("More"), icon=":material/tune:"):
        for name, (label, options, present) in narrowed.items():
            if len(options) > 1 or present:
                _choice(view, name, label, options, str(present or ""), optional=True)


def _choice(
    view: View, name: str, label: str, options: Choices, present: str, *, optional: bool = False, **look: Any
) -> None:
    key = f"{view.name}:{name}"
    st.session_state[key] = present if present in options else None
    st.selectbox(
        label, list(options), key=key, format_func=lambda value: options.get(value, text.DASH), index=None if optional else 0,
        placeholder=label, label_visibility="visible" if optional else "collapsed", on_change=_chosen,
        args=(view, name, key), **look,
    )  # fmt: skip


def _chosen(view: View, name: str, key: str) -> None:
    chosen = str(st.session_state.get(key) or "")
    dropped = {"from": "", "to": ""} if name == "period" and chosen != CUSTOM else {}
    _address(view, {name: chosen, **dropped})


def _address(view: View, changes: Mapping[str, str]) -> None:
    kept = {name: value for name, value in {**_given(view), **changes}.items() if value}
    st.session_state[f"{view.name}:asked"] = kept
    st.query_params.from_dict(kept)


def measure(view: View) -> str:
    """Which figure the bars show; kept while one looks around."""
    key = f"{view.name}:measure"
    st.session_state.setdefault(key, view.first)
    chosen = st.segmented_control(
        _("Chart"), [name for name, one in view.measures.items() if one.tone], key=key, label_visibility="collapsed",
        format_func=lambda name: _(view.measures[name].label), required=True, persist_state="session",
    )  # fmt: skip
    return str(chosen or view.first)


def chart(view: View, found: Answer, measure: str) -> None:
    """One measure as bars; a click opens the records. A line of which nothing can be said has no bar."""
    shown, in_time = view.measures[measure], bool(view.shape.parts(found.question))
    what = _(view.shape.bys[found.question.by].label).lower()
    title = _("{measure} by {what}").format(measure=_(shown.label), what=what)
    said = [(place, line, view.words(line.figures, measure)) for place, line in enumerate(found.lines)]
    if all(words in NOTHING for _place, _line, words in said):
        st.caption(_("{title}: none in this period.").format(title=title))
        return
    charts.bars(
        [_bar(found.question, *one, measure, in_time=in_time) for one in said if in_time or one[2] not in NOTHING],
        title=title, tone=shown.tone or "slate", key=f"{view.name}:chart:{measure}:{found.question}", in_time=in_time,
        pick=lambda place: _open(view, found, measure, found.lines[place]),
    )  # fmt: skip


def _bar(question: Question, place: int, line: Line[Any], words: str, measure: str, *, in_time: bool) -> charts.Bar:
    """Where room is short, weeks are called by their first day, and a figure is its number alone."""
    first_day = f"{line.period.first:%m-%d}" if question.period.days <= YEAR else f"{line.period.first:%y-%m-%d}"
    label = first_day if question.by == "week" else line.label
    value = getattr(line.figures, measure) or 0
    said = text.number(value) if in_time else words
    return charts.Bar(place, label, line.label, value, "" if words in NOTHING else said)


def rows(view: View, found: Answer) -> None:
    """The figures of every line and their total; each opens exactly the records that it counts."""
    total = Line(TOTAL, _("Total"), found.question.period, found.total)
    by_id = {TOTAL: total} | dict(enumerate(found.lines[:MOST_LINES]))
    columns = [
        TableColumn("label", _(view.shape.bys[found.question.by].label), sortable=False),
        *(
            TableColumn(name, _(one.heading or one.label), kind="number", sortable=False, width=one.width)
            for name, one in view.measures.items()
        ),
    ]
    table(
        columns,
        [_row(view, found, number, line) for number, line in by_id.items()],
        key=f"table:{view.name}",
        labels=table_labels(_, table=_(view.title)),
        on_follow=lambda name, number: _open(view, found, name, by_id[number]),
    )
    if len(found.lines) > MOST_LINES:
        said = _("The first {count} of {all}; the Excel file has them all.")
        st.caption(said.format(count=MOST_LINES, all=f"{len(found.lines):,}"))


def _row(view: View, found: Answer, number: int, line: Line[Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {"id": number, "label": line.label}
    for name in view.measures:
        words = view.words(line.figures, name)
        address = urlencode(_filters(view, found, name, line), safe=":")
        cells[name] = words if words in NOTHING else {"text": words, "href": f"/{view.path}?{address}"}
    return cells


def _filters(view: View, found: Answer, name: str, line: Line[Any]) -> dict[str, str]:
    return view.drill(found.question, name, None if line.key == TOTAL else line)


def _open(view: View, found: Answer, name: str, line: Line[Any]) -> None:
    actions.go(view.path, **_filters(view, found, name, line))


def explained(figures: Sequence[tuple[str, str]], left_out: str) -> None:
    """How each figure is counted, and what is left out."""
    with st.popover(_("How it is counted"), icon=":material/info:", type="tertiary"):
        for label, formula in figures:
            st.markdown(f"**{_(label)}**: {_(formula)}")
        st.caption(_(left_out).format(zone=text.zone().key))


#: what a figure says of which there are no records to open
NOTHING = ("", "0")
