"""What whoever brought a file is told once its import has ended while they were elsewhere (LEAD-3)."""

from typing import Any

from sqlalchemy import func, select

from db.models import ImportJob, ImportRow
from db.models.import_job import ImportState, Outcome
from services.core.errors import N_
from services.core.outbox import Template, notify
from services.core.work import Work

COUNTS = N_("New leads: {create}. Added to known leads: {update}. Duplicates: {duplicate}. Wrong: {wrong}.")
DONE = Template("import_done", N_("Imported: {name}"), COUNTS)
FAILED = Template("import_failed", N_("The import broke off: {name}"), COUNTS)
CANCELLED = Template("import_cancelled", N_("{by} cancelled your import: {name}"), COUNTS)
TOLD = {ImportState.DONE: DONE, ImportState.FAILED: FAILED, ImportState.CANCELLED: CANCELLED}


def tell_ended(work: Work, job: ImportJob) -> None:
    """In the transaction that ends it, with what was stored until then; who cancels the own import knows."""
    told: dict[str, Any] = {"name": job.name, "by": work.actor.name, **_stored(work, job.id)}
    ended_itself = job.state is not ImportState.CANCELLED
    notify(work, TOLD[job.state], to=[job.by_id], about=job, unattended=ended_itself, **told)


def _stored(work: Work, job_id: int) -> dict[str, str]:
    """How many rows made or filled a lead, and how many were duplicates or wrong."""
    work.flush()
    came_to = ImportRow.applied_at.is_not(None) | ImportRow.outcome.in_((Outcome.DUPLICATE, Outcome.WRONG))
    found = select(ImportRow.outcome, func.count()).where(ImportRow.job_id == job_id, came_to)
    counts = dict(tuple(row) for row in work.rows(found.group_by(ImportRow.outcome)))
    return {outcome.value: f"{counts.get(outcome, 0):,}" for outcome in Outcome}
