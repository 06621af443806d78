"""Work on an import in portions, each in the transaction of whoever calls: checking rows, then storing them (LEAD-3).

A row is marked as stored in the transaction that stores its lead, under the lock on its import: whoever dies or comes
second, each row is stored once.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.models import ImportJob, ImportRow, Lead
from db.models.import_job import ImportState, Outcome
from services import leads
from services.core import events
from services.core.access import needs
from services.core.errors import Invalid, Said, ServiceError
from services.core.events import stored
from services.core.locking import one_by_one
from services.core.work import Work
from services.imports import known, messages
from services.imports.checking import KNOWN, Checked, judged, phone_of, terms_of
from services.imports.jobs import waiting
from services.imports.matching import NAMED
from services.imports.reading import Sheet
from services.imports.values import Reason

PORTION = 500
#: a check whose last sign of life is older than this is taken over; the longest file is read in less
DIED = timedelta(minutes=2)


def claim(work: Work, *, job_id: int) -> bool:
    """Whether the import now has to be checked, and by us; no when another worker is at it."""
    job = _locked(work, job_id, ImportState.CHECKING)
    if job is None or (job.beat_at is not None and work.now - DIED < job.beat_at <= work.now):
        return False
    job.beat_at = work.now
    return True


def release(work: Work, *, job_id: int) -> None:
    """Leave a check that has begun to whoever comes next."""
    if (job := _locked(work, job_id, ImportState.CHECKING)) is not None:
        job.beat_at = None


def check_portion(work: Work, *, job_id: int, sheet: Sheet, day_first: bool, seen: dict[str, int]) -> int:
    """Check the next rows of a file and keep what they come to; how many, 0 when nothing is left for us to check."""
    job = _locked(work, job_id, ImportState.CHECKING)
    if job is None:
        return 0
    columns = job.options["columns"]
    terms = terms_of(work, sheet.header, columns, day_first=day_first, line=job.options["line"])
    rows = sheet.rows[job.done : job.done + PORTION]
    work.insert_many(ImportRow, [_row(job_id, row) for row in judged(work, rows, columns, terms, seen)])
    job.done, job.beat_at = job.done + len(rows), work.now
    if job.done >= len(sheet.rows):
        job.state = ImportState.CHECKED
    return len(rows)


def seen_before(work: Work, *, job_id: int) -> dict[str, int]:
    """Number → row, of the rows that a broken-off check has kept already."""
    rows = select(ImportRow.number, ImportRow.values, ImportRow.outcome).where(ImportRow.job_id == job_id)
    seen: dict[str, int] = {}
    for row in work.rows(rows.order_by(ImportRow.number)):
        if row.outcome is not Outcome.WRONG:
            seen.setdefault(phone_of(row.values), row.number)
    return seen


@needs("lead.import")
def run(work: Work, *, job_id: int, most: int = PORTION) -> int:
    """Store the next rows of an import that runs; how many were dealt with, 0 when it has ended."""
    job = _locked(work, job_id, ImportState.RUNNING)
    if job is None:
        return 0
    rows = work.scalars(select(ImportRow).where(waiting(job_id)).order_by(ImportRow.number).limit(most))
    if not rows:
        _finish(work, job)
        return 0
    _apply(work, job, rows)
    job.done, job.beat_at = job.done + len(rows), work.now
    return len(rows)


def refuse_row(work: Work, *, job_id: int, error: ServiceError) -> None:
    """Count the next row as wrong, because it could not be stored after all; the others go on."""
    job = _locked(work, job_id, ImportState.RUNNING)
    row = work.scalar(select(ImportRow).where(waiting(job_id)).order_by(ImportRow.number).limit(1))
    if job is None or row is None:
        return
    why = _why(error)
    row.outcome, row.reason, row.applied_at = Outcome.WRONG, Reason.REFUSED, work.now
    row.column, row.message = why[0][0] or None, packed(why)
    job.done, job.beat_at = job.done + 1, work.now


def _why(error: ServiceError) -> list[tuple[str, Said]]:
    """Column by column what stands in the way; without a name what is not about one."""
    if isinstance(error, Invalid):
        return [(NAMED[name].zh if name in NAMED else "", said) for name, said in error.fields.items()]
    return [("", error.said)]


def _locked(work: Work, job_id: int, state: ImportState) -> ImportJob | None:
    """The import, if it stands so, locked until this transaction ends."""
    job = work.load(ImportJob, job_id, to="lead.import")
    return job if job.state is state else None


def _row(job_id: int, row: Checked) -> dict[str, Any]:
    return {
        "job_id": job_id, "number": row.row, "outcome": row.outcome, "column": row.column, "reason": row.reason,
        "message": packed(row.why) if row.why else None, "cells": list(row.cells), "before": {},
        "values": {name: stored(value) for name, value in row.values.items()},
        "kind": row.record.kind if row.record else "lead", "record_id": row.record.id if row.record else None,
    }  # fmt: skip


def packed(said: Sequence[tuple[str, Said]]) -> str:
    """Columns and sentences as they are kept, to be read in any language."""
    return json.dumps([[column, one.message, one.parameters] for column, one in said], ensure_ascii=False, default=str)


def unpacked(message: str | None) -> list[tuple[str, Said]]:
    """Columns and sentences again."""
    return [(column, Said(text, **parameters)) for column, text, parameters in json.loads(message or "[]")]


def _apply(work: Work, job: ImportJob, rows: Sequence[ImportRow]) -> None:
    """The leads of these rows; what has come in since the check, by whatever way, is a duplicate now."""
    one_by_one(work)
    filling = [row.record_id for row in rows if row.outcome is Outcome.UPDATE and row.record_id]
    work.load_many(Lead, filling, to="lead.change")  # whatever their order in the file, in one order for everybody
    phones = {phone_of(row.values) for row in rows if row.outcome is Outcome.CREATE}
    there = known.in_sight(work, phones)
    elsewhere = known.out_of_sight(work, phones - there.keys())
    creating = []
    for row in rows:
        if row.outcome is Outcome.UPDATE:
            _fill(work, row)
        elif (phone := phone_of(row.values)) in elsewhere:
            _is_double(row, None, Reason.ELSEWHERE, elsewhere[phone])
        elif phone in there:
            _is_double(row, there[phone])
        else:
            creating.append(row)
    made = leads.create_many(work, rows=[row.values for row in creating], note=job.name)
    for row, lead_id in zip(creating, made, strict=True):
        row.kind, row.record_id, row.version = "lead", lead_id, 1
    for row in rows:  # at the end: what is set before the leads are stored would be written twice
        row.applied_at = work.now


def _fill(work: Work, row: ImportRow) -> None:
    """Put what the lead does not say yet into it."""
    lead = known.fillable(work, [row.record_id or 0]).get(row.record_id or 0)
    more: Mapping[str, Any] = {} if lead is None else known.missing(lead, row.values)
    if lead is None or not more:
        _is_double(row, known.Known("lead", row.record_id) if row.record_id else None)
        return
    leads.change(work, lead_id=lead.id, changes=more)
    work.flush()
    row.before = dict.fromkeys(more)
    row.version = work.get(Lead, lead.id).version


def _is_double(
    row: ImportRow, record: known.Known | None, reason: Reason = Reason.KNOWN, said: Said | None = None
) -> None:
    row.outcome, row.reason, row.message = Outcome.DUPLICATE, reason, packed([("", said or Said(KNOWN))])
    row.kind, row.record_id = (record.kind, record.id) if record else ("lead", None)


def _finish(work: Work, job: ImportJob) -> None:
    job.state, job.finished_at, job.beat_at = ImportState.DONE, work.now, work.now
    events.record(work, job, "imported", note=job.name)
    messages.tell_ended(work, job)
