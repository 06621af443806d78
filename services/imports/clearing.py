"""What remains of an old import: its counts and its story; its file and its rows, which hold people's data, go (LEAD-3)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select

from db.models import Attachment, Blob, ImportJob, ImportRow
from db.models.import_job import ImportState
from services.core import events
from services.core.configuration import configuration
from services.core.work import Work, work_as_system
from services.imports.jobs import AT_WORK
from services.imports.listing import COUNTS, counts_of
from services.runs import each

#: what nobody went on with counts as cancelled
LEFT = (ImportState.UPLOADED, ImportState.CHECKED)


def clear_old(at: datetime) -> int:
    """Clear every import that ended or was left longer ago than the setting says, each in a transaction of its own."""
    with work_as_system("housekeeping", at=at, readonly=True) as work:
        old = work.scalars(select(ImportJob.id).where(_old(work)).order_by(ImportJob.id))
    return each(old, lambda job_id: _clear(job_id, at))


def _old(work: Work) -> ColumnElement[bool]:
    since = work.now - timedelta(days=int(configuration(work).setting("import_days")))
    ended = func.coalesce(
        ImportJob.undone_at, ImportJob.finished_at, ImportJob.created_at, type_=ImportJob.created_at.type
    )
    return and_(ImportJob.state.not_in(AT_WORK), ended < since, ImportJob.cleared_at.is_(None))


def _clear(job_id: int, at: datetime) -> int:
    with work_as_system("housekeeping", at=at) as work:
        job = work.load(ImportJob, job_id, to="lead.import")
        if work.scalar(select(ImportJob.id).where(ImportJob.id == job_id, _old(work))) is None:
            return 0  # somebody goes on with it
        counts = {outcome.value: count for outcome, count in counts_of(work, job).items()}
        job.options = {**job.options, COUNTS: counts, "sample": []}
        digest, job.digest, job.cleared_at = job.digest, None, work.now
        if job.state in LEFT:
            job.state, job.finished_at = ImportState.CANCELLED, work.now
        work.erase(delete(ImportRow).where(ImportRow.job_id == job_id))
        events.record(work, job, "cleared")
        work.erase(delete(Blob).where(Blob.digest == digest, ~_used()))
        return 1


def _used() -> ColumnElement[bool]:
    """The same content can hang on a record, or have come a second time."""
    return or_(
        exists(select(Attachment.id).where(Attachment.digest == Blob.digest)),
        exists(select(ImportJob.id).where(ImportJob.digest == Blob.digest)),
    )
