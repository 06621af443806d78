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
from services.reports import activity_statistics
from services.reports.activity_statistics import Figures
from services.reports.questions import BYS, Question


@needs(PERMISSION)
def statistics(work: Work, *, question: Question, path: Path) -> exports.Exported:
    """The activity statistics with their total, within the actor's reach (ACT-18)."""
    found = activity_statistics.statistics(work, question=question)
    by = work.translate(BYS[question.by].label)
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


def _row(label: str, those: Figures) -> list[Any]:
    return [label, *(getattr(those, name) for name in FIGURES), those.mark, those.hours]


def _asked(work: Work, question: Question) -> list[tuple[str, str]]:
    narrowed = {"branch": question.branch_id, "line": question.line, "owner": question.owner_id}
    filters = ListRequest(filters={name: value for name, value in narrowed.items() if value})
    return [(work.translate(PERIOD), str(question.period)), *words.asked(work, activities.LIST, filters)]


TITLE, TOTAL, PERIOD = N_("Activity statistics"), N_("Total"), N_("Period")
AVERAGE, HOURS = N_("Average mark"), N_("Hours")
