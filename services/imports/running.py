"""Whoever works on imports: the worker, for all that wait, and the command line, for its own (LEAD-3, ADM-9).

Every portion is a transaction of its own, with the rights that the person has at that moment (ACC-3).
"""

import logging
from datetime import datetime
from threading import Event
from typing import Any

from sqlalchemy import select

from db.models import Channel, ImportJob
from db.models.import_job import ImportState
from services import attachments, runs
from services.core.errors import N_, Busy, Said, ServiceError
from services.core.work import Work, work_as, work_as_system
from services.imports import applying, messages
from services.imports.checking import day_order
from services.imports.jobs import AT_WORK
from services.imports.reading import read

log = logging.getLogger(__name__)


def work_off(*, at: datetime | None = None, stop: Event | None = None) -> int:
    """Work on every import that waits, the oldest first, until nothing is left to do; returns how many there were."""
    with work_as_system("look for imports", at=at, readonly=True) as work:
        waiting = work.scalars(select(ImportJob.id).where(ImportJob.state.in_(AT_WORK)).order_by(ImportJob.id))
    for job_id in waiting:
        go(job_id, at=at, stop=stop)
    return len(waiting)


def go(job_id: int, *, at: datetime | None = None, stop: Event | None = None) -> None:
    """Work on one import until it waits for somebody again; what breaks is said in the import itself."""
    try:
        job = _job(job_id, at)
        if job.state is ImportState.CHECKING:
            _check(job, at, stop)
        elif job.state is ImportState.RUNNING:
            _run(job, at, stop)
    except Busy:
        return  # the next look goes on where this one stopped
    except ServiceError as error:
        _fail(job_id, error.said, at)
    except Exception as error:  # noqa: BLE001 - whatever it was, the person sees that it broke off and can go on
        log.error("import %s: %s", job_id, runs.told(error))
        _fail(job_id, Said(BROKE_OFF), at)


def _job(job_id: int, at: datetime | None) -> Any:
    columns = (ImportJob.id, ImportJob.state, ImportJob.by_id, ImportJob.name, ImportJob.digest, ImportJob.options)
    with work_as_system("look at an import", at=at, readonly=True) as work:
        return work.row(select(*columns).where(ImportJob.id == job_id))


def _check(job: Any, at: datetime | None, stop: Event | None) -> None:
    with work_as_system("claim a check", at=at) as work:
        if not applying.claim(work, job_id=job.id):
            return
        seen = applying.seen_before(work, job_id=job.id)
    with attachments.fetch(job.digest) as stream:
        sheet = read(job.name, stream.read())
    day_first = job.options["day_first"]
    if day_first is None:
        day_first = day_order(sheet, job.options["columns"].get("wanted_by")) is not False
    while not (stop and stop.is_set()):
        with _work(job, at) as work:
            if not applying.check_portion(work, job_id=job.id, sheet=sheet, day_first=day_first, seen=seen):
                return
    with work_as_system("leave a check to the next worker", at=at) as work:
        applying.release(work, job_id=job.id)


def _run(job: Any, at: datetime | None, stop: Event | None) -> None:
    """Portion after portion; one that is refused is tried in smaller parts, so that a bad row stops no other."""
    size = applying.PORTION
    while not (stop and stop.is_set()):
        try:
            with _work(job, at) as work:
                done = applying.run(work, job_id=job.id, most=size)
        except Busy:
            raise
        except ServiceError as error:
            size = _smaller(job, at, size, error)
            continue
        if not done:
            return
        size = min(size * 2, applying.PORTION)


def _smaller(job: Any, at: datetime | None, size: int, error: ServiceError) -> int:
    if size > 1:
        return size // 2
    with _work(job, at) as work:  # whose rights have gone is refused here too, and the import fails
        applying.refuse_row(work, job_id=job.id, error=error)
    return 1


def _work(job: Any, at: datetime | None) -> Any:
    return work_as(job.by_id, at=at, channel=Channel.IMPORT)


def _fail(job_id: int, said: Said, at: datetime | None) -> None:
    with work_as_system("an import broke off", at=at) as work:
        _note_failure(work, job_id, said)


def _note_failure(work: Work, job_id: int, said: Said) -> None:
    job = work.load(ImportJob, job_id, to="lead.import")
    if job.state in AT_WORK:
        job.state, job.finished_at, job.error = ImportState.FAILED, work.now, applying.packed([("", said)])
        messages.tell_ended(work, job)


BROKE_OFF = N_("Something unexpected happened; what was stored so far is complete. It can go on from there.")
