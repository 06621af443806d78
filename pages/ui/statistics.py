"""What is particular to the activity statistics: key figures beside those of the period before, and what they mean (ACT-18)."""

import streamlit as st

from pages.ui import look, report_view, text
from pages.ui.report_view import Measure, View
from pages.ui.text import _
from services.activities.figures import FIGURES
from services.core.errors import N_
from services.reports.activity_statistics import SHAPE, Figures, Statistics, drill, people

TONES: dict[str, look.Tone] = {
    "planned": "slate", "ended": "green", "on_time": "green", "overdue": "red", "declined": "amber", "cancelled": "grey",
}  # fmt: skip
#: what makes an increase bad news
UNWELCOME = ("overdue", "declined", "cancelled")


def words(those: Figures, name: str) -> str:
    """A figure as it is shown; an average with how many it is made of."""
    if name == "mark":
        return "" if those.mark is None else f"{those.mark} ({those.reviews})"
    if name == "hours":
        return f"{those.hours:,}" if those.hours else "0"
    return text.number(getattr(those, name))


VIEW = View(
    name="statistics",
    title=N_("Activity statistics"),
    shape=SHAPE,
    path="activities",
    measures={
        **{name: Measure(FIGURES[name].label, tone) for name, tone in TONES.items()},
        "mark": Measure(N_("Average mark"), width=7.5),
        "hours": Measure(N_("Hours"), "blue"),
    },
    first="ended",
    words=words,
    drill=drill,
    people=people,
)


def totals(found: Statistics) -> None:
    """The key figures of the period beside those of the period before."""
    with st.container(horizontal=True, gap="small", key="statistics-totals"):
        for name in TONES:
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


def explanation() -> None:
    """How each figure is counted and what is left out."""
    counted = [(FIGURES[name].label, FIGURES[name].formula) for name in (*TONES, "reviewed")]
    report_view.explained([*counted, (N_("Average mark"), MARK), (N_("Hours"), HOURS)], CALENDAR)


MARK = N_(
    "The average of all marks from 1 to 5 that managers gave to the ended ones; those without a review are left out."
)
HOURS = N_("From start to end of the ended ones, added up.")
CALENDAR = N_(
    "Days, weeks from Monday and months are those of {zone}. Only figures of those whose work you follow are counted."
)
