"""What the success rate of leads is drawn from: filters, key figures, chart, tables; each figure opens its leads (ALL-10)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from pages.ui import actions, charts, look, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import organisation
from services.core.errors import N_
from services.lead_figures.counting import FIGURES
from services.reports.lead_questions import BYS, NAMES, PRESETS, STANDARD, Question
from services.reports.lead_success import Figures, Line, Success, drill, people
from services.reports.periods import CUSTOM

TOTAL = -1
MOST_LINES = 100
COUNTS = ("created", "contacted", "converted", "disqualified", "open")
MEASURES = {name: FIGURES[name].label for name in COUNTS} | {
    "rate": N_("Success rate, %"),
    "hours": N_("Hours to first contact (median)"),
}
TONES: Mapping[str, look.Tone] = {
    "created": "slate", "contacted": "blue", "converted": "green", "disqualified": "grey", "open": "amber", "rate": "green",
    "hours": "blue",
}  # fmt: skip
Choices = Mapping[str, str]


def given() -> dict[str, str]:
    """What the address says of the question."""
    return {name: value for name, value in st.query_params.to_dict().items() if name in NAMES and value}


def filters(question: Question) -> None:
    """Period and division in sight; branch, product line and rep behind “More”."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        standing = CUSTOM if {"from", "to"} & given().keys() else STANDARD
        periods = {name: _(label) for name, (label, _period) in PRESETS.items()} | {CUSTOM: _("Other period")}
        _choice("period", _("Period"), periods, given().get("period") or standing, width=170)
        if given().get("period") == CUSTOM or "from" in given():
            _dates(question)
        _choice("by", _("By"), _divisions(), question.by, width=170)
        _more(question)


def _divisions() -> Choices:
    offered = {name: _("By {what}").format(what=_(by.label).lower()) for name, by in BYS.items()}
    return offered if session.actor().branch_id is None else {n: label for n, label in offered.items() if n != "branch"}


def _dates(question: Question) -> None:
    key = f"lead-success:dates:{question.period}"
    st.date_input(
        _("From – to"), value=(question.period.first, question.period.last), key=key, format="YYYY-MM-DD",
        label_visibility="collapsed", width=230, on_change=_set_dates, args=(key,),
    )  # fmt: skip


def _set_dates(key: str) -> None:
    chosen: tuple[date, ...] = st.session_state[key]
    if len(chosen) == 2:
        _address({"period": CUSTOM, "from": str(chosen[0]), "to": str(chosen[1])})


def _more(question: Question) -> None:
    with session.reading() as work:
        reps = {str(one.id): one.name for one in people(work)}
        lines = {line.code: text.label(line) for line in organisation.product_lines(work)}
        head_office = work.actor.branch_id is None
        branches = {str(b.id): text.branch_name(b) for b in organisation.branches(work)} if head_office else {}
    narrowed = {
        "branch": (_("Branch"), branches, question.branch_id),
        "line": (_("Product line"), lines, question.line),
        "owner": (_("Rep"), reps, question.owner_id),
    }
    count = sum(1 for _label, _options, present in narrowed.values() if present)
    with st.popover(f"{_('More')} ({count})" if count else _("More"), icon=":material/tune:"):
        for name, (label, options, present) in narrowed.items():
            if len(options) > 1 or present:
                _choice(name, label, options, str(present or ""), optional=True)


def _choice(name: str, label: str, options: Choices, present: str, *, optional: bool = False, **look: Any) -> None:
    key = f"lead-success:{name}"
    st.session_state[key] = present if present in options else None
    st.selectbox(
        label, list(options), key=key, format_func=lambda value: options.get(value, text.DASH), index=None if optional else 0,
        placeholder=label, label_visibility="visible" if optional else "collapsed", on_change=_chosen, args=(name, key), **look,
    )  # fmt: skip


def _chosen(name: str, key: str) -> None:
    chosen = str(st.session_state.get(key) or "")
    dropped = {"from": "", "to": ""} if name == "period" and chosen != CUSTOM else {}
    _address({name: chosen, **dropped})


def _address(changes: Mapping[str, str]) -> None:
    st.query_params.from_dict({name: value for name, value in {**given(), **changes}.items() if value})


def totals(found: Success) -> None:
    """The key figures of the period; the rate with its numerator and denominator."""
    with st.container(horizontal=True, gap="small", key="statistics-totals"):
        for name in COUNTS:
            st.metric(
                _(FIGURES[name].label),
                text.number(getattr(found.total, name)),
                width=112,
                help=_(FIGURES[name].formula),
            )
        rate = text.DASH if found.total.rate is None else f"{found.total.rate} %"
        st.metric(_("Success rate"), rate, width=130, help=_(RATE))
        hours = text.DASH if found.total.hours is None else f"{found.total.hours:,} h"
        st.metric(_("First contact"), hours, width=130, help=_(HOURS))
    said = _("{part} of {whole} decided leads were converted")
    part, whole = f"{found.total.converted:,}", f"{found.total.decided:,}"
    st.caption(f"{found.question.period} · {said.format(part=part, whole=whole)}")


def measure() -> str:
    """Which figure the chart shows; kept while one looks around."""
    key = "lead-success:measure"
    st.session_state.setdefault(key, "rate")
    chosen = st.segmented_control(
        _("Chart"), list(MEASURES), key=key, format_func=lambda name: _(MEASURES[name]), label_visibility="collapsed",
        required=True, persist_state="session",
    )  # fmt: skip
    return str(chosen or "rate")


def chart(found: Success, measure: str) -> None:
    """One measure as bars; a click opens the leads."""
    lines = dict(enumerate(found.lines))
    drawn = [
        charts.Bar(n, one.label, one.label, getattr(one.figures, measure) or 0, _words(one.figures, measure))
        for n, one in lines.items()
    ]
    title = _("{measure} by {what}").format(measure=_(MEASURES[measure]), what=_(BYS[found.question.by].label).lower())
    if not any(bar.value for bar in drawn):
        st.caption(_("{title}: none in this period.").format(title=title))
        return
    in_time = bool(found.question.months)
    charts.bars(
        drawn if in_time else [bar for bar in drawn if bar.value], title=title, tone=TONES[measure],
        key=f"lead-success:chart:{measure}:{found.question}", in_time=in_time,
        pick=lambda place: actions.go("leads", **drill(found.question, measure, lines[place])),
    )  # fmt: skip


def _bar(place: int, line: Line, measure: str) -> charts.Bar:
    length = getattr(line.figures, measure) or 0
    return charts.Bar(place, line.label, line.label, length, _words(line.figures, measure))


def rows(found: Success) -> None:
    """The figures of every line and their total; each opens exactly the leads that it counts."""
    total = Line(TOTAL, _("Total"), found.question.period, found.total)
    by_id = {TOTAL: total} | dict(enumerate(found.lines[:MOST_LINES]))
    columns = [
        TableColumn("label", _(BYS[found.question.by].label), sortable=False),
        *(TableColumn(name, _(FIGURES[name].label), kind="number", sortable=False) for name in COUNTS),
        TableColumn("rate", _("Success rate"), kind="number", sortable=False, width=9),
        TableColumn("hours", _("First contact"), kind="number", sortable=False),
    ]
    table(
        columns,
        [_row(number, line, found) for number, line in by_id.items()],
        key="table:lead-success",
        labels=table_labels(_, table=_("Success rate of leads")),
        on_follow=lambda name, number: actions.go("leads", **_filters(found, name, by_id[number])),
    )
    if len(found.lines) > MOST_LINES:
        said = _("The first {count} of {all}; the Excel file has them all.")
        st.caption(said.format(count=MOST_LINES, all=f"{len(found.lines):,}"))


def _row(number: int, line: Line, found: Success) -> dict[str, Any]:
    cells: dict[str, Any] = {"id": number, "label": line.label}
    for name in (*COUNTS, "rate", "hours"):
        words = _words(line.figures, name)
        address = "&".join(f"{key}={value}" for key, value in _filters(found, name, line).items())
        cells[name] = {"text": words, "href": f"/leads?{address}"} if words not in ("", "0") else words
    return cells


def _words(those: Figures, name: str) -> str:
    if name == "rate":
        return "" if those.rate is None else f"{those.rate} % ({those.converted}/{those.decided})"
    if name == "hours":
        return "" if those.hours is None else f"{those.hours:,} h"
    return text.number(getattr(those, name))


def _filters(found: Success, name: str, line: Line) -> dict[str, str]:
    return drill(found.question, name, None if line.key == TOTAL else line)


def reasons(found: Success) -> None:
    """Why leads were given up; each opens its leads."""
    if not found.reasons:
        return
    ids = {one.id: one for one in found.reasons}
    charts.bars(
        [charts.Bar(one.id, one.label, one.label, one.count, text.number(one.count)) for one in found.reasons],
        title=_("Reasons of disqualification, leads"), tone="grey", key=f"lead-success:reasons:{found.question}",
        pick=lambda number: actions.go("leads", **drill(found.question, "disqualified", reason_id=ids[number].id)),
    )  # fmt: skip


def explanation() -> None:
    """How each figure is counted and what is left out."""
    with st.popover(_("How it is counted"), icon=":material/info:", type="tertiary"):
        for name in COUNTS:
            st.markdown(f"**{_(FIGURES[name].label)}**: {_(FIGURES[name].formula)}")
        st.markdown(f"**{_('Success rate')}**: {_(RATE)}")
        st.markdown(f"**{_('First contact')}**: {_(HOURS)}")
        st.caption(_(LEFT_OUT).format(zone=text.zone().key))


RATE = N_("Converted of converted and disqualified together; leads that are still open are left out.")
HOURS = N_("The median of the hours from creation to the first contact; leads without one are left out.")
LEFT_OUT = N_(
    "Months are those of {zone} in which a lead came in. Won sales and revenue follow once opportunities are kept here."
)
