"""What holds for every import (LEAD-3)."""

from sqlalchemy import func, or_, select

from db.models import ImportJob, ImportRow, Lead
from db.models.import_job import ImportState, Outcome
from services.core.work import Work
from services.integrity.problem import Found, Rule


def imported_once(work: Work) -> Found:
    """Every stored row has made a lead, no two rows the same one, and what has ended waits for no row."""
    made = (ImportRow.outcome == Outcome.CREATE, ImportRow.applied_at.is_not(None))
    named = select(ImportRow.record_id, func.count().label("rows")).where(*made).group_by(ImportRow.record_id)
    for row in work.rows(named.having(or_(func.count() > 1, ImportRow.record_id.is_(None)))):
        yield f"lead {row.record_id}", f"was made by {row.rows} rows of imports"
    lost = select(ImportRow.job_id, ImportRow.number).outerjoin(Lead, Lead.id == ImportRow.record_id)
    for row in work.rows(lost.where(*made, Lead.id.is_(None))):
        yield f"import {row.job_id}", f"row {row.number} is stored, but its lead is not there"
    waiting = (ImportRow.outcome.in_((Outcome.CREATE, Outcome.UPDATE)), ImportRow.applied_at.is_(None))
    left = select(ImportJob.id).join(ImportRow, ImportRow.job_id == ImportJob.id).distinct()
    for row in work.rows(left.where(ImportJob.state == ImportState.DONE, *waiting)):
        yield f"import {row.id}", "has ended with rows that still wait"


RULES = (Rule("imported once", imported_once),)
