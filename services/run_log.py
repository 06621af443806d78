"""The log of background work: each run of a time rule, and how much was taken out and brought in lately (ADM-7, ADM-9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from db.models import Event, ImportJob, RunState, WorkerRun
from services.core.access import needs
from services.core.errors import N_
from services.core.listing import (
    Column,
    Filter,
    ListRequest,
    ListSpec,
    Page,
    contains,
    fetch,
    from_day,
    one_of_kind,
    until_day,
)
from services.core.moments import day_start
from services.core.work import Query, Work
from services.field_values import names

STATES: Mapping[RunState, str] = {
    RunState.RUNNING: N_("running"),
    RunState.DONE: N_("done"),
    RunState.FAILED: N_("failed"),
}
#: today and the days before
LATELY = timedelta(days=6)


@dataclass(frozen=True)
class Lately:
    """What happened within the last week, and how many imports there are at all."""

    since: date
    runs: int
    failed: int
    exports: int
    imports: int


def _read(statement: Query) -> Query:
    return statement


LIST = ListSpec(
    name="runs",
    model=WorkerRun,
    columns=(
        Column("job", N_("Time rule"), WorkerRun.job, kind="job", sortable=False),
        Column("state", N_("State"), WorkerRun.state, kind="run_state", sortable=False),
        Column("due_at", N_("Due"), WorkerRun.due_at, kind="moment", sortable=False),
        Column("started_at", N_("Started"), WorkerRun.started_at, kind="moment"),
        Column("finished_at", N_("Finished"), WorkerRun.finished_at, kind="moment", sortable=False),
        Column("handled", N_("Handled"), WorkerRun.handled, kind="number", sortable=False),
        Column("error", N_("Error"), WorkerRun.error, sortable=False),
    ),
    read=_read,
    search=contains(WorkerRun.error, WorkerRun.job),
    filters=(
        Filter("state", N_("State"), one_of_kind(WorkerRun.state, RunState), choices="run_states", first=True),
        Filter(
            "job", N_("Time rule"), lambda _work, value: WorkerRun.job.in_(names(value)), choices="jobs", first=True
        ),
        Filter("from", N_("From"), from_day(WorkerRun.started_at), choices="date"),
        Filter("to", N_("Until"), until_day(WorkerRun.started_at), choices="date"),
    ),
    sort="started_at",
    descending=True,
)


@needs("system.administer")
def page(work: Work, *, request: ListRequest) -> Page:
    """One page of the runs, the latest first."""
    return fetch(work, LIST, request)


@needs("system.administer")
def lately(work: Work) -> Lately:
    """How many runs, failures and exports there were within the last week, counted in days; all imports."""
    first = work.today - LATELY
    since = day_start(first, work.zone)
    ran = select(func.count()).select_from(WorkerRun).where(WorkerRun.started_at >= since)
    exported = select(func.count()).select_from(Event).where(Event.action == "exported", Event.at >= since)
    imported = select(func.count()).select_from(ImportJob)
    failed = ran.where(WorkerRun.state == RunState.FAILED)
    return Lately(first, *(int(work.scalar(one)) for one in (ran, failed, exported, imported)))
