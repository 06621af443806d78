"""An import from the file to the start: kept, matched with fields, checked, set going, cancelled (LEAD-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select

from db.models import ImportJob, ImportLayout, ImportRow, ProductLine
from db.models.import_job import ImportState, Outcome
from services import attachments
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.fields import NOT_LISTED, REQUIRED
from services.core.work import Work
from services.imports import messages
from services.imports.checking import cell_at, day_order
from services.imports.matching import NAMED, cleaned, digest, matched
from services.imports.reading import ZIP, read

KIND = "lead"
SHOWN_ROWS, SHOWN_LENGTH, LONGEST_NAME = 8, 60, 200
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: from where a check can begin, and from where the import itself
UNCHECKED = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED, ImportState.CANCELLED)
STOPPED = (ImportState.FAILED, ImportState.CANCELLED)
AT_WORK = (ImportState.CHECKING, ImportState.RUNNING)
APPLIED = (Outcome.CREATE, Outcome.UPDATE)


@dataclass(frozen=True)
class Look:
    """What the columns of a file are matched by: header, first rows, and what was said the last time a file had them.

    In ``doubtful`` columns dates can be read in two ways; each column is looked at, as each can be said to hold the date.
    """

    header_row: int
    header: Sequence[str]
    total: int
    sample: Sequence[Sequence[str]]
    doubtful: Sequence[int]
    remembered: Mapping[str, Any] | None


@needs("lead.import")
def look(work: Work, *, name: str, content: bytes) -> Look:
    """Read a file before `upload` keeps it: a large one takes longer than others should wait to write."""
    sheet = read(name, content)
    places = range(len(sheet.header))
    sample = [
        [cleaned(cell_at(cells, place))[:SHOWN_LENGTH] for place in places]
        for _number, cells in sheet.rows[:SHOWN_ROWS]
    ]
    doubtful = [place for place in places if day_order(sheet, place) is None]
    layout = (ImportLayout.digest == digest(sheet.header), ImportLayout.kind == KIND)
    remembered = work.scalar(select(ImportLayout.mapping).where(*layout))
    return Look(sheet.header_row, list(sheet.header), len(sheet.rows), sample, doubtful, remembered)


@needs("lead.import")
def upload(work: Work, *, name: str, content: bytes, looked: Look | None = None) -> int:
    """Keep a file, with its columns matched as the last time a file had them; returns the number of the import.

    ``looked`` is what `look` saw in it, in a transaction of its own.
    """
    seen = looked or look(work, name=name, content=content)
    media_type = EXCEL if content.startswith(ZIP) else "text/csv"
    job = ImportJob(
        kind=KIND, name=_safe(name), digest=attachments.put(work, content=content, media_type=media_type),
        layout=digest(seen.header), options=_asked(seen), by_id=work.actor.id, created_at=work.now,
    )  # fmt: skip
    work.also(job)
    events.record(work, job, "uploaded", note=job.name)
    return job.id


def _safe(name: str) -> str:
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return plain[-LONGEST_NAME:] or "-"


def _asked(seen: Look) -> dict[str, Any]:
    """What the matching of columns is asked with, and the answers of the last time or else what the names say."""
    answers = seen.remembered or {"columns": matched(seen.header), "line": None}
    return {**vars(seen), "remembered": seen.remembered is not None, "day_first": None, **answers}


@needs("lead.import")
def match(
    work: Work, *, job_id: int, columns: Mapping[str, int], line: str | None = None, day_first: bool | None = None
) -> None:
    """Say which column is which field, and have the file checked so; the layout is remembered (LEAD-3).

    ``line`` is for files without a column for the product line, ``day_first`` for dates that can be read in two ways.
    """
    job = _present(work, job_id)
    if job.state not in UNCHECKED or job.started_at is not None:
        raise Refused(TOO_LATE)
    _check_columns(work, job, columns, line, day_first)
    _forget_rows(work, job)
    job.options = {**job.options, "columns": dict(columns), "line": line, "day_first": day_first}
    job.state, job.done, job.beat_at, job.error, job.finished_at = ImportState.CHECKING, 0, None, None, None
    _remember(work, job.layout, {"columns": dict(columns), "line": line})


def _present(work: Work, job_id: int) -> ImportJob:
    return still_there(work.load(ImportJob, job_id, to="lead.import"))


def still_there(job: ImportJob) -> ImportJob:
    """The import; Refused when its file and rows were cleared since."""
    if job.cleared_at is not None:
        raise Refused(CLEARED)
    return job


def _check_columns(
    work: Work, job: ImportJob, columns: Mapping[str, int], line: str | None, day_first: bool | None
) -> None:
    wrong: dict[str, Said] = {}
    width = len(job.options["header"])
    if any(name not in NAMED or not 0 <= place < width for name, place in columns.items()):
        wrong["columns"] = Said(NOT_LISTED)
    if len(set(columns.values())) < len(columns):
        wrong["columns"] = Said(ONE_FIELD)
    if "line" not in columns and line is None:
        wrong["line"] = Said(REQUIRED)
    if line is not None and not work.scalar(select(ProductLine.code).where(ProductLine.code == line)):
        wrong["line"] = Said(NOT_LISTED)
    if not {"mobile", "landline"} & columns.keys():
        wrong["mobile"] = Said(NO_PHONES)
    if day_first is None and columns.get("wanted_by") in job.options["doubtful"]:
        wrong["day_first"] = Said(IN_DOUBT)
    if wrong:
        raise Invalid(wrong)


def _forget_rows(work: Work, job: ImportJob) -> None:
    """What an earlier check of this file said."""
    work.erase(delete(ImportRow).where(ImportRow.job_id == job.id))


def _remember(work: Work, layout: str, mapping: dict[str, Any]) -> None:
    found = work.scalar(select(ImportLayout).where(ImportLayout.digest == layout, ImportLayout.kind == KIND))
    if found is not None:
        found.mapping, found.used_at = mapping, work.now
    else:
        work.also_once(ImportLayout(digest=layout, kind=KIND, mapping=mapping, used_at=work.now))


@needs("lead.import")
def start(work: Work, *, job_id: int) -> None:
    """Have a checked import run, or go on with one that broke off or was cancelled on its way."""
    job = _present(work, job_id)
    goes_on = job.state in STOPPED and job.started_at is not None
    if job.state is not ImportState.CHECKED and not goes_on:
        raise Refused(NOT_READY)
    if not goes_on and work.scalar(select(ImportRow.number).where(waiting(job.id)).limit(1)) is None:
        raise Refused(NOTHING_TO_DO)
    job.done = job.done if goes_on else 0
    job.started_at = job.started_at or work.now
    job.state, job.beat_at, job.finished_at, job.error = ImportState.RUNNING, None, None, None
    events.record(work, job, "started")


def waiting(job_id: int) -> ColumnElement[bool]:
    """The rows of an import that are still to be stored."""
    return and_(ImportRow.job_id == job_id, ImportRow.outcome.in_(APPLIED), ImportRow.applied_at.is_(None))


@needs("lead.import")
def cancel(work: Work, *, job_id: int) -> None:
    """Stop an import; what it has stored stays, can be undone, and the rest can follow later."""
    job = work.load(ImportJob, job_id, to="lead.import")
    if job.state not in (*AT_WORK, ImportState.UPLOADED, ImportState.CHECKED):
        raise Refused(OVER)
    job.state, job.finished_at = ImportState.CANCELLED, work.now
    events.record(work, job, "cancelled")
    messages.tell_ended(work, job)


CLEARED = N_("This import is so old that its file and rows were cleared; only its counts are left.")
TOO_LATE = N_("This import has begun already; its columns can no longer be matched anew.")
NOT_READY = N_("This import is not ready to run: it was not checked, or has run already.")
NOTHING_TO_DO = N_("No row of this file would be stored; please correct the wrong ones first.")
OVER = N_("This import has ended already.")
ONE_FIELD = N_("Each column can be only one field.")
NO_PHONES = N_("A column with mobile or landline numbers is needed.")
IN_DOUBT = N_("These dates can be read in two ways; please say which one is meant.")
