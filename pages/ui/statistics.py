"""What the activity statistics are drawn from: filters, key figures, table; each figure opens its records (ALL-10)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages.ui import actions, charts, choices, look, session, text
from pages.ui.components.table import TableColumn, table, table_labels
from pages.ui.text import _
from services import activities
from services.activities.figures import FIGURES
from services.core.errors import N_
from services.reports.activity_statistics import Figures, Line, Statistics, drill, people
from services.reports.periods import CUSTOM, PRESETS
from services.reports.questions import BYS, NAMES, Question

TOTAL, YEAR = -1, 366
LAST = "statistics:asked"
MOST_LINES = 100
SHOWN = ("planned", "ended", "on_time", "overdue", "declined", "cancelled")
MEASURES = {**{name: FIGURES[name].label for name in SHOWN}, "hours": N_("Hours")}
TONES: Mapping[str, look.Tone] = {
    "planned": "slate", "ended": "green", "on_time": "green", "overdue": "red", "declined": "amber", "cancelled": "grey", "hours": "blue",
}  # fmt: skip
#: what makes an increase bad news
UNWELCOME = ("overdue", "declined", "cancelled")
Choices = Mapping[str, str]


def given() -> dict[str, str]:
    """What the address says of the question; without a word of it, what was asked last, for who comes back."""
    asked = {name: value for name, value in st.query_params.to_dict().items() if name in NAMES}
    if not asked and (asked := st.session_state.get(LAST, {})):
        st.query_params.from_dict(asked)
    st.session_state[LAST] = asked
    return asked


def filters(question: Question) -> None:
    """Period and division in sight; branch, product line and rep behind “More”."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _choice("period", _("Period"), _periods(), given().get("period") or _standing(), width=170)
        if given().get("period") == CUSTOM or "from" in given():
            _dates(question)
        _choice("by", _("By"), _divisions(), question.by, width=170)
        _more(question)


def _standing() -> str:
    return CUSTOM if {"from", "to"} & given().keys() else "this_month"


def _periods() -> Choices:
    return {name: _(label) for name, (label, _period) in PRESETS.items()} | {CUSTOM: _("Other period")}


def _divisions() -> Choices:
    offered = {name: _("By {what}").format(what=_(by.label).lower()) for name, by in BYS.items()}
    return offered if session.actor().branch_id is None else {n: label for n, label in offered.items() if n != "branch"}


def _dates(question: Question) -> None:
    key = f"statistics:dates:{question.period}"
    value = (question.period.first, question.period.last)
    st.date_input(
        _("From – to"), value=value, key=key, format="YYYY-MM-DD", label_visibility="collapsed", width=230,
        on_change=_set_dates, args=(key,),
    )  # fmt: skip


def _set_dates(key: str) -> None:
    chosen: Sequence[date] = st.session_state[key]
    if len(chosen) == 2:
        _address({"period": CUSTOM, "from": str(chosen[0]), "to": str(chosen[1])})


def _more(question: Question) -> None:
    with session.reading() as work:
        reps = {str(one.id): one.name for one in people(work, branch_id=question.branch_id, line=question.line)}
    offered = choices.offer([activities.LIST.filter("branch"), activities.LIST.filter("line")])
    narrowed = {
        "branch": (_("Branch"), _as_text(offered["branch"]), question.branch_id),
        "line": (_("Product line"), _as_text(offered["line"]), question.line),
        "owner": (_("Rep"), reps, question.owner_id),
    }
    count = sum(1 for _label, _options, present in narrowed.values() if present)
    with st.popover(f"{_('More')} ({count})" if count else _("More"), icon=":material/tune:"):
        for name, (label, options, present) in narrowed.items():
            if len(options) > 1 or present:
                _choice(name, label, options, str(present or ""), optional=True)


def _as_text(options: Sequence[tuple[Any, str]]) -> Choices:
    return {str(value): label for value, label in options}


def _choice(name: str, label: str, options: Choices, present: str, *, optional: bool = False, **look: Any) -> None:
    key = f"statistics:{name}"
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
    kept = {**given(), **changes}
    st.session_state[LAST] = {name: value for name, value in kept.items() if value}
    st.query_params.from_dict(st.session_state[LAST])


def totals(found: Statistics) -> None:
    """The key figures of the period beside those of the period before."""
    with st.container(horizontal=True, gap="small", key="statistics-totals"):
        for name in SHOWN:
            one, now, before = FIGURES[name], getattr(found.total, name), getattr(found.before, name)
            change = None if found.before.empty else now - before
            st.metric(
                _(one.label), text.number(now), delta=None if change is None else f"{change:,}", width=112, help=_(one.formula),
                delta_color="inverse" if name in UNWELCOME else "off" if name == "planned" else "normal",
            )  # fmt: skip
    st.caption(_summary(found))


def _summary(found: Statistics) -> str:
    total, period = found.total, found.question.period
    parts = [str(period)]
    if not found.before.empty:
        parts.append(_("compared with {period}").format(period=period.before))
    if total.ended:
        share = round(100 * total.on_time / total.ended)
        parts.append(
            _("{part} of {whole} on time ({share} %)").format(
                part=f"{total.on_time:,}", whole=f"{total.ended:,}", share=share
            )
        )
    if total.mark is not None:
        parts.append(_("average mark {mark} from {count} reviews").format(mark=total.mark, count=total.reviews))
    return " · ".join([*parts, _("{hours} hours").format(hours=f"{total.hours:,}")])


def chart(found: Statistics, measure: str) -> None:
    """One measure as bars; a click opens the records."""
    lines = {line.key: line for line in found.lines}
    drawn = [_bar(found, line, getattr(line.figures, measure)) for line in found.lines]
    title = _("{measure} by {what}").format(measure=_(MEASURES[measure]), what=_(BYS[found.question.by].label).lower())
    if not any(bar.value for bar in drawn):
        st.caption(_("{title}: none in this period.").format(title=title))
        return
    charts.bars(
        drawn if found.question.parts else [bar for bar in drawn if bar.value],
        title=title, tone=TONES[measure], key=f"statistics:chart:{measure}:{found.question}", in_time=bool(found.question.parts),
        pick=lambda key: _open(found, measure, lines[key]),
    )  # fmt: skip


def _bar(found: Statistics, line: Line, value: float) -> charts.Bar:
    """Weeks are called by their first day where room is short."""
    first_day = f"{line.period.first:%m-%d}" if found.question.period.days <= YEAR else f"{line.period.first:%y-%m-%d}"
    label = first_day if found.question.by == "week" else line.label
    return charts.Bar(line.key, label, line.label, value, text.number(value) if value else "")


def rows(found: Statistics) -> None:
    """The figures of every line and their total; each opens exactly the records that it counts."""
    shown = found.lines[:MOST_LINES]
    total = Line(TOTAL, _("Total"), found.question.period, found.total)
    by_id = {TOTAL: total} | dict(enumerate(shown))
    columns = [
        TableColumn("label", _(BYS[found.question.by].label), sortable=False),
        *(TableColumn(name, _(FIGURES[name].label), kind="number", sortable=False) for name in SHOWN),
        TableColumn("mark", _("Average mark"), kind="number", sortable=False, width=7.5),
        TableColumn("hours", _("Hours"), kind="number", sortable=False),
    ]
    table(
        columns,
        [_row(number, line, found) for number, line in by_id.items()],
        key="table:statistics",
        labels=table_labels(_, table=_("Activity statistics")),
        on_follow=lambda name, number: _open(found, name, by_id[number]),
    )
    if len(found.lines) > MOST_LINES:
        said = _("The first {count} of {all}; the Excel file has them all.")
        st.caption(said.format(count=MOST_LINES, all=f"{len(found.lines):,}"))


def _row(number: int, line: Line, found: Statistics) -> dict[str, Any]:
    cells: dict[str, Any] = {"id": number, "label": line.label}
    for name, words in _words(line.figures).items():
        address = "&".join(f"{key}={value}" for key, value in _filters(found, name, line).items())
        cells[name] = {"text": words, "href": f"/activities?{address}"} if words not in ("", "0") else words
    return cells


def _words(those: Figures) -> dict[str, str]:
    mark = "" if those.mark is None else f"{those.mark} ({those.reviews})"
    return {name: text.number(getattr(those, name)) for name in SHOWN} | {
        "mark": mark,
        "hours": f"{those.hours:,}" if those.hours else "0",
    }


def _filters(found: Statistics, name: str, line: Line) -> dict[str, str]:
    return drill(found.question, name, None if line.key == TOTAL else line)


def _open(found: Statistics, name: str, line: Line) -> None:
    actions.go("activities", **_filters(found, name, line))


def explanation() -> None:
    """How each figure is counted and what is left out."""
    with st.popover(_("How it is counted"), icon=":material/info:", type="tertiary"):
        for name in (*SHOWN, "reviewed"):
            st.markdown(f"**{_(FIGURES[name].label)}**: {_(FIGURES[name].formula)}")
        st.markdown(f"**{_('Average mark')}**: {_(MARK)}")
        st.markdown(f"**{_('Hours')}**: {_(HOURS)}")
        st.caption(_(CALENDAR).format(zone=text.zone().key))


MARK = N_(
    "The average of all marks from 1 to 5 that managers gave to the ended ones; those without a review are left out."
)
HOURS = N_("From start to end of the ended ones, added up.")
CALENDAR = N_(
    "Days, weeks from Monday and months are those of {zone}. Only figures of those whose work you follow are counted."
)


def measure() -> str:
    """Which figure the chart shows; kept while one looks around."""
    key = "statistics:measure"
    st.session_state.setdefault(key, "ended")
    chosen = st.segmented_control(
        _("Chart"), list(MEASURES), key=key, format_func=lambda name: _(MEASURES[name]), label_visibility="collapsed",
        required=True, persist_state="session",
    )  # fmt: skip
    return str(chosen or "ended")
