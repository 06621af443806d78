"""Wrong rows back as an Excel file with the reasons, to be corrected and imported again (LEAD-3)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.models import ImportJob, ImportRow
from db.models.import_job import Outcome
from services import attachments, exports
from services.core.access import needs
from services.core.errors import N_
from services.core.work import Work
from services.exports import Exported, Heading
from services.imports.applying import unpacked
from services.imports.jobs import still_there
from services.imports.matching import NAMED, cleaned, known
from services.imports.reading import read
from services.imports.values import Reason

#: short cells need no wide column
WIDE = 60.0


@needs("lead.import")
def wrong_rows(work: Work, *, job_id: int, path: Path) -> Exported:
    """The wrong rows as they stood in the file, every cell as text, and behind them what is wrong and what would be right."""
    job = still_there(work.get(ImportJob, job_id))
    header: Sequence[str] = job.options["header"]
    headings = [Heading(name or " ", "long" if known(name) == "notes" else "text") for name in header]
    return exports.of_table(
        work,
        title=f"{work.translate(TITLE)} {job.id}",
        kind="lead",
        headings=[*headings, Heading(work.translate(REASON), "long", WIDE)],
        rows=_rows(work, job, len(header)),
        asked=[(work.translate(FILE), job.name)],
        path=path,
    )


def _rows(work: Work, job: ImportJob, width: int) -> Iterator[list[str]]:
    wrong = (ImportRow.job_id == job.id, ImportRow.outcome == Outcome.WRONG)
    late = work.scalar(select(ImportRow.number).where(*wrong, ImportRow.reason == Reason.REFUSED).limit(1)) is not None
    there = _of_file(job) if late else {}
    columns = (ImportRow.number, ImportRow.cells, ImportRow.message)
    for row in work.stream(select(*columns).where(*wrong).order_by(ImportRow.number)):
        cells = [cleaned(cell) for cell in (row.cells or there.get(row.number, ()))[:width]]
        told = [(_named(work, column), said.text(work.translate)) for column, said in unpacked(row.message)]
        why = work.translate(AND).join(": ".join(filter(None, one)) for one in told)
        yield [*cells, *[""] * (width - len(cells)), why]


def _of_file(job: ImportJob) -> Mapping[int, Sequence[Any]]:
    """The cells by row, for those that were in order when they were checked: of these only what they mean was kept."""
    with attachments.fetch(job.digest or "") as stream:
        return dict(read(job.name, stream.read()).rows)


def _named(work: Work, column: str) -> str:
    field = known(column)
    return NAMED[field].en if field and work.actor.language == "en" else column


TITLE, REASON, FILE, AND = N_("Wrong rows of import"), N_("Reason"), N_("File"), N_("; ")
