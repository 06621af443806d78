"""The imports of a person, and the rows of one: the data administrator sees those of everybody (ADM-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from db.models import ImportJob, ImportRow, User
from db.models.import_job import ImportState, Outcome
from services.core.access import needs
from services.core.errors import N_, NotFound, Said
from services.core.listing import LARGEST, Column, Filter, ListSpec, one_of, one_of_kind, rows_of_page
from services.core.work import Query, Work
from services.imports.applying import unpacked
from services.imports.checking import cell_at, phone_of
from services.imports.jobs import APPLIED, AT_WORK
from services.imports.undoing import ENDED, applied, untouched

STATES: Mapping[ImportState, str] = {
    ImportState.UPLOADED: N_("columns to match"),
    ImportState.CHECKING: N_("being checked"),
    ImportState.CHECKED: N_("checked"),
    ImportState.RUNNING: N_("running"),
    ImportState.DONE: N_("imported"),
    ImportState.CANCELLED: N_("import cancelled"),
    ImportState.FAILED: N_("broke off"),
    ImportState.UNDONE: N_("undone"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CREATE: N_("new lead"),
    Outcome.UPDATE: N_("adds to a lead"),
    Outcome.DUPLICATE: N_("duplicate"),
    Outcome.WRONG: N_("wrong"),
}
PAGE = 50
#: kept among the answers about a file once its rows are gone
COUNTS = "counts"


def _read(statement: Query) -> Query:
    return statement.join(User, User.id == ImportJob.by_id)


def _later(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How many rows of each came to what (ADM-7); nothing where none has been checked."""
    counted = select(ImportRow.job_id, ImportRow.outcome, func.count()).where(ImportRow.job_id.in_(ids))
    told = work.rows(select(ImportJob.id, ImportJob.options).where(ImportJob.id.in_(ids)))
    found = {row.id: dict(row.options[COUNTS]) for row in told if row.options.get(COUNTS)}
    for job_id, outcome, count in work.rows(counted.group_by(ImportRow.job_id, ImportRow.outcome)):
        found.setdefault(job_id, dict.fromkeys(Outcome, 0))[outcome] = count
    return found


LIST = ListSpec(
    name="imports",
    model=ImportJob,
    columns=(
        Column("name", N_("File"), ImportJob.name),
        Column("state", N_("State"), ImportJob.state, kind="import_state"),
        Column("create", N_("New"), None, kind="number", sortable=False),
        Column("update", N_("Added to"), None, kind="number", sortable=False),
        Column("duplicate", N_("Duplicates"), None, kind="number", sortable=False),
        Column("wrong", N_("Wrong"), None, kind="number", sortable=False),
        Column("by", N_("Who"), User.name, kind="person", sortable=False),
        Column("created_at", N_("Brought in"), ImportJob.created_at, kind="moment"),
        Column("finished_at", N_("Finished"), ImportJob.finished_at, kind="moment"),
    ),
    read=_read,
    search=lambda words: ImportJob.name.icontains(words, autoescape=True),
    filters=(
        Filter("state", N_("State"), one_of_kind(ImportJob.state, ImportState), choices="import_states", first=True),
        Filter("by", N_("Who"), one_of(ImportJob.by_id), choices="people", first=True),
    ),
    sort="created_at",
    descending=True,
    later=_later,
)


@dataclass(frozen=True)
class Card:
    """Everything the screen of one import shows."""

    id: int
    name: str
    state: ImportState
    by: str
    by_id: int
    created_at: datetime
    finished_at: datetime | None
    cleared_at: datetime | None
    undone_at: datetime | None
    beat_at: datetime | None
    options: Mapping[str, Any]
    counts: Mapping[Outcome, int]
    done: int
    to_do: int
    has_begun: bool
    undoable: bool
    touched: int
    error: Sequence[tuple[str, Said]]


@needs("lead.import")
def card(work: Work, *, job_id: int) -> Card:
    """One import with its counts and what can be done with it; NotFound when it is not theirs to see."""
    found = work.row(select(ImportJob, User.name).join(User, User.id == ImportJob.by_id).where(ImportJob.id == job_id))
    if found is None:
        raise NotFound
    job, by = found
    counts = counts_of(work, job)
    made = _made(work, job_id) if job.state in ENDED and job.started_at else 0
    touched = made - untouched(work, job_id=job_id) if made else 0
    return Card(
        id=job.id, name=job.name, state=job.state, by=by, by_id=job.by_id, created_at=job.created_at,
        finished_at=job.finished_at, cleared_at=job.cleared_at, undone_at=job.undone_at, beat_at=job.beat_at,
        options=job.options, counts=counts, done=job.done,
        to_do=_to_do(job, counts), has_begun=job.started_at is not None, undoable=bool(made) and not touched,
        touched=touched, error=unpacked(job.error),
    )  # fmt: skip


def names(work: Work, *, ids: Sequence[Any]) -> Mapping[int, str]:
    """The files of these imports, as far as they are the actor's to see."""
    numbers = [int(one) for one in map(str, ids) if one.isdecimal() and int(one) <= LARGEST]
    return {
        row.id: row.name for row in work.rows(select(ImportJob.id, ImportJob.name).where(ImportJob.id.in_(numbers)))
    }


def counts_of(work: Work, job: ImportJob) -> dict[Outcome, int]:
    """How many rows came to what; of an import whose rows were cleared as they were then."""
    if kept := job.options.get(COUNTS):
        return {outcome: int(kept[outcome.value]) for outcome in Outcome}
    rows = select(ImportRow.outcome, func.count()).where(ImportRow.job_id == job.id).group_by(ImportRow.outcome)
    return dict.fromkeys(Outcome, 0) | dict(tuple(row) for row in work.rows(rows))


def _made(work: Work, job_id: int) -> int:
    found: int = work.scalar(select(func.count()).select_from(ImportRow).where(applied(job_id)))
    return found


def _to_do(job: ImportJob, counts: Mapping[Outcome, int]) -> int:
    """How many rows the present step has in all."""
    if job.state in (ImportState.UPLOADED, ImportState.CHECKING):
        return int(job.options["total"])
    return max(job.done, sum(counts[outcome] for outcome in APPLIED))


@dataclass(frozen=True)
class Line:
    """One row of the file as the screen lists it; the phone of a wrong row as it stands in the file."""

    number: int
    outcome: Outcome
    phone: str
    values: Mapping[str, Any]
    column: str | None
    reason: str | None
    why: Sequence[tuple[str, Said]]
    kind: str
    record_id: int | None
    applied: bool


@needs("lead.import")
def rows(work: Work, *, job_id: int, outcome: Outcome | None = None, page: int = 1) -> tuple[Sequence[Line], int]:
    """One page of the rows of an import, of all kinds or one, and how many there are."""
    places = work.get(ImportJob, job_id).options["columns"]
    wanted = [ImportRow.job_id == job_id, *([] if outcome is None else [ImportRow.outcome == outcome])]
    columns = (
        ImportRow.number, ImportRow.outcome, ImportRow.values, ImportRow.column, ImportRow.reason, ImportRow.message,
        ImportRow.kind, ImportRow.record_id, ImportRow.applied_at, ImportRow.cells,
    )  # fmt: skip
    statement = select(*columns).where(*wanted).order_by(ImportRow.number)
    found, total = rows_of_page(work, statement, page=page, size=PAGE)
    return [_line(row, places) for row in found], total


def _line(row: Any, places: Mapping[str, int]) -> Line:
    cells = [cell_at(row.cells, places.get(name)) for name in ("mobile", "landline")]
    phone = phone_of(row.values) or next((str(cell) for cell in cells if cell), "")
    return Line(
        row.number, row.outcome, phone, row.values, row.column, row.reason, unpacked(row.message), row.kind,
        row.record_id, bool(row.applied_at),
    )  # fmt: skip


@needs("lead.import")
def told(work: Work, *, job_id: int) -> Mapping[str, Any]:
    """An import in figures and row by row, for machines: what `python -m services import leads --json` says."""
    job = work.get(ImportJob, job_id)
    columns = (ImportRow.number, ImportRow.outcome, ImportRow.column, ImportRow.reason, ImportRow.record_id)
    noted = work.rows(
        select(*columns)
        .where(ImportRow.job_id == job_id, ImportRow.outcome != Outcome.CREATE)
        .order_by(ImportRow.number)
    )
    by_outcome = {outcome: [row for row in noted if row.outcome is outcome] for outcome in Outcome}
    return {
        "job": job.id,
        "state": job.state.value,
        "header_row": job.options["header_row"],
        "rows": job.options["total"],
        **{outcome.value: count for outcome, count in counts_of(work, job).items()},
        "update_rows": [row.number for row in by_outcome[Outcome.UPDATE]],
        "duplicate_rows": [row.number for row in by_outcome[Outcome.DUPLICATE]],
        "wrong_rows": [
            {"row": row.number, "column": row.column, "reason": row.reason} for row in by_outcome[Outcome.WRONG]
        ],
    }


@needs("lead.import")
def unfinished(work: Work, *, digest: str) -> int | None:
    """The person's own import of a file with this content that broke off on its way, if there is one."""
    mine = (ImportJob.by_id == work.actor.id, ImportJob.digest == digest, ImportJob.state.in_(AT_WORK))
    found: int | None = work.scalar(select(func.max(ImportJob.id)).where(*mine))
    return found
