"""Reports as workbooks: the same figures as on the screen, with what was asked for (EXP-1, REP-3)."""

from pathlib import Path
from typing import Any

from services import activities, exports
from services.activities.figures import FIGURES, PERMISSION
from services.core.access import needs
from services.core.errors import N_
from services.core.listing import ListRequest
from services.core.work import Work
from services.exports import words
from services.lead_figures import counting as lead_figures
from services.reports import activity_statistics, lead_success
from services.reports.shape import Question


@needs(PERMISSION)
def statistics(work: Work, *, question: Question, path: Path) -> exports.Exported:
    """The activity statistics with their total, within the actor's reach (ACT-18)."""
    found = activity_statistics.statistics(work, question=question)
    by = work.translate(activity_statistics.SHAPE.bys[question.by].label)
    counts = [exports.Heading(work.translate(one.label), "number") for one in FIGURES.values()]
    more = [exports.Heading(work.translate(AVERAGE), "decimal"), exports.Heading(work.translate(HOURS), "decimal")]
    lines = [(line.label, line.figures) for line in found.lines]
    return exports.of_table(
        work,
        title=work.translate(TITLE),
        kind="report",
        headings=[exports.Heading(by, width=28), *counts, *more],
        rows=[_row(label, those) for label, those in (*lines, (work.translate(TOTAL), found.total))],
        asked=_asked(work, question),
        path=path,
    )


@needs(lead_figures.PERMISSION)
def leads(work: Work, *, question: Question, path: Path) -> exports.Exported:
    """The success rate of leads with its total, and below it the reasons of disqualification (LEAD-7)."""
    found = lead_success.success(work, question=question)
    counts = [exports.Heading(work.translate(one.label), "number") for one in lead_figures.FIGURES.values()]
    more = [exports.Heading(work.translate(RATE), "decimal"), exports.Heading(work.translate(FIRST_CONTACT), "decimal")]
    lines = [(line.label, line.figures) for line in found.lines]
    rows = [_lead_row(label, those) for label, those in (*lines, (work.translate(TOTAL), found.total))]
    reasons = [[f"{work.translate(REASON)}: {one.label}", None, None, None, one.count] for one in found.reasons]
    by = exports.Heading(work.translate(lead_success.SHAPE.bys[question.by].label), width=28)
    width = 1 + len(counts) + len(more)
    return exports.of_table(
        work,
        title=work.translate(LEADS),
        kind="report",
        headings=[by, *counts, *more],
        rows=[*rows, *(one + [None] * (width - len(one)) for one in reasons)],
        asked=_asked(work, question),
        path=path,
    )


def _lead_row(label: str, those: lead_success.Figures) -> list[Any]:
    return [label, *(getattr(those, name) for name in lead_figures.FIGURES), those.rate, those.hours]


def _row(label: str, those: activity_statistics.Figures) -> list[Any]:
    return [label, *(getattr(those, name) for name in FIGURES), those.mark, those.hours]


def _asked(work: Work, question: Question) -> list[tuple[str, str]]:
    """What a report was asked for, in words; every list has the filters that it is narrowed by."""
    narrowed = ListRequest(filters=question.narrowed)
    return [(work.translate(PERIOD), str(question.period)), *words.asked(work, activities.LIST, narrowed)]


TITLE, TOTAL, PERIOD = N_("Activity statistics"), N_("Total"), N_("Period")
AVERAGE, HOURS = N_("Average mark"), N_("Hours")
LEADS, RATE = N_("Success rate of leads"), N_("Success rate, %")
FIRST_CONTACT, REASON = N_("Hours to first contact (median)"), N_("Disqualified")
