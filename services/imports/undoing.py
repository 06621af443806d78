"""Taking an import back as a whole, as long as nobody has worked on what it made or changed (LEAD-3)."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from db.models import Activity, Attachment, ImportJob, ImportRow, Lead
from db.models.import_job import ImportState, Outcome
from services import leads
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Refused
from services.core.work import Work
from services.imports.jobs import APPLIED, still_there

ENDED = (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
AT_ONCE = 500


@needs("lead.import")
def undo(work: Work, *, job_id: int) -> int:
    """Hide every lead that the import made and empty the fields that it filled; returns how many leads that were.

    All or none: Refused, with how many, when somebody has changed some of them since, or worked on them.
    """
    job = still_there(work.load(ImportJob, job_id, to="lead.import"))
    if job.state not in ENDED or job.started_at is None:
        raise Refused(NOT_RUN)
    columns = (ImportRow.record_id, ImportRow.outcome, ImportRow.version, ImportRow.before)
    rows = work.rows(select(*columns).where(applied(job_id)).order_by(ImportRow.record_id))
    if changed := len(rows) - untouched(work, job_id=job_id):
        raise Refused(CHANGED, count=f"{changed:,}", all=f"{len(rows):,}")
    found = _locked(work, [row.record_id for row in rows])
    made = [row.record_id for row in rows if row.outcome is Outcome.CREATE]
    if gone := len(set(made) - found.keys()):  # given to somebody else between our look and our lock
        raise Refused(CHANGED, count=f"{gone:,}", all=f"{len(rows):,}")
    for some in _portions(made):
        _hide(work, [found[number] for number in some], job.name)
    for row in rows:
        if row.outcome is Outcome.UPDATE:
            leads.change(work, lead_id=row.record_id, changes=row.before, version=row.version)
    job.state, job.undone_at = ImportState.UNDONE, work.now
    events.record(work, job, "undone", note=job.name)
    return len(rows)


def untouched(work: Work, *, job_id: int) -> int:
    """How many of the leads that an import made or changed are as it left them; what colleagues do about them counts too."""
    used = or_(
        exists(select(Activity.id).where(Activity.lead_id == Lead.id)),
        exists(select(Attachment.id).where(Attachment.lead_id == Lead.id)),
    )
    same = and_(Lead.version == ImportRow.version, Lead.deleted_at.is_(None))
    found = (
        select(func.count())
        .select_from(ImportRow)
        .join(Lead, Lead.id == ImportRow.record_id)
        .where(applied(job_id), same, ~and_(ImportRow.outcome == Outcome.CREATE, used))
    )
    return int(work.unseen(found)[0][0])  # how many, and never which


def applied(job_id: int) -> ColumnElement[bool]:
    """The rows of an import that made or changed a lead."""
    return and_(ImportRow.job_id == job_id, ImportRow.outcome.in_(APPLIED), ImportRow.applied_at.is_not(None))


def _locked(work: Work, lead_ids: Sequence[int]) -> dict[int, Lead]:
    """Those of the leads that are still within reach, all made and filled ones in the order in which everybody locks."""
    those = (work.load_many(Lead, some, to="lead.import") for some in _portions(lead_ids))
    return {lead.id: lead for some in those for lead in some}


def _hide(work: Work, found: Sequence[Lead], note: str) -> None:
    for lead in found:
        lead.deleted_at = lead.updated_at = work.now
    events.record_many(work, [(lead, {}) for lead in found], "deleted", note=note)


def _portions(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    yield from (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


NOT_RUN = N_("This import has stored nothing that could be undone, or was undone already.")
CHANGED = N_(
    "{count} of {all} leads were changed or worked on since this import; it can no longer be undone as a whole."
)
