"""What is particular to the success rate of leads: its key figures, what they mean, the reasons of disqualification (LEAD-7)."""

import streamlit as st

from pages.ui import actions, charts, look, report_view, text
from pages.ui.report_view import Measure, View
from pages.ui.text import _
from services.core.errors import N_
from services.lead_figures.counting import FIGURES
from services.reports.lead_success import SHAPE, Figures, Success, drill, people

HOUR = 60  # minutes
TONES: dict[str, look.Tone] = {
    "created": "slate", "contacted": "blue", "converted": "green", "disqualified": "grey", "open": "amber",
}  # fmt: skip


def words(those: Figures, name: str) -> str:
    """A figure as it is shown; a share with what it is a share of."""
    if name == "rate":
        return "" if those.rate is None else f"{those.rate} % ({those.converted}/{those.decided})"
    return waited(those) if name == "hours" else text.number(getattr(those, name))


def waited(those: Figures) -> str:
    """The time to the first contact; below an hour in minutes."""
    if those.minutes is None or those.hours is None:
        return ""
    if those.minutes < HOUR:
        return _("{count} min").format(count=max(1, those.minutes))
    return _("{count} h").format(count=f"{those.hours:,}")


VIEW = View(
    name="lead-success",
    title=N_("Success rate of leads"),
    shape=SHAPE,
    path="leads",
    measures={
        **{name: Measure(FIGURES[name].label, tone) for name, tone in TONES.items()},
        "rate": Measure(N_("Success rate, %"), "green", width=9, heading=N_("Success rate")),
        "hours": Measure(N_("Hours to first contact (median)"), "blue", heading=N_("To first contact")),
    },
    first="rate",
    words=words,
    drill=drill,
    people=people,
)


def totals(found: Success) -> None:
    """The key figures of the period; the rate with its numerator and denominator."""
    with st.container(horizontal=True, gap="small", key="statistics-totals"):
        for name in TONES:
            st.metric(
                _(FIGURES[name].label),
                text.number(getattr(found.total, name)),
                width=112,
                help=_(FIGURES[name].formula),
            )
        rate = text.DASH if found.total.rate is None else f"{found.total.rate} %"
        st.metric(_("Success rate"), rate, width=130, help=_(RATE))
        st.metric(_("Time to first contact"), waited(found.total) or text.DASH, width=190, help=_(HOURS))
    said = _("{part} of {whole} decided leads were converted")
    part, whole = f"{found.total.converted:,}", f"{found.total.decided:,}"
    st.caption(f"{found.question.period} · {said.format(part=part, whole=whole)}")


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
    counted = [(FIGURES[name].label, FIGURES[name].formula) for name in TONES]
    report_view.explained([*counted, (N_("Success rate"), RATE), (N_("Time to first contact"), HOURS)], LEFT_OUT)


RATE = N_("Converted of converted and disqualified together; leads that are still open are left out.")
HOURS = N_("The median of the hours from creation to the first contact; leads without one are left out.")
LEFT_OUT = N_(
    "Months are those of {zone} in which a lead came in. Won sales and revenue follow once opportunities are kept here."
)
