"""ADM-7: background jobs with state, counts and errors; the audit trail by person, kind of record, kind of event, days."""

from typing import Any

import pytest

from db.models import RunState, WorkerRun
from services import absences, audit, code_lists, contact_requests, disputes, imports, leads, organisation, run_log
from services.core import events
from services.core.errors import Refused
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.services.importing import an_import
from tests.statements import counted


@pytest.fixture
def runs(world: World) -> None:
    """Three of them: done an hour ago, failed yesterday, done a month ago."""
    with work_as_system("runs", at=NOW) as work:
        for job, ago, state, error in (
            ("ACT-5", HOUR, RunState.DONE, None),
            ("ADM-6", DAY, RunState.FAILED, "Busy: locked"),
            ("ACT-5", 30 * DAY, RunState.DONE, None),
        ):
            started = NOW - ago
            work.also(
                WorkerRun(
                    job=job,
                    due_at=started,
                    started_at=started,
                    finished_at=started,
                    state=state,
                    worker="w",
                    handled=3,
                    error=error,
                )
            )


def found(as_: As, world: World, **asked: Any) -> list[str]:
    with as_(world.adam, readonly=True) as work:
        return [row["job"] for row in run_log.page(work, request=ListRequest(**asked)).rows]


@pytest.mark.usefixtures("runs")
class TestRuns:
    def test_the_latest_first_with_filters(self, world: World, as_: As) -> None:
        assert found(as_, world) == ["ACT-5", "ADM-6", "ACT-5"]
        assert found(as_, world, filters={"state": "failed"}) == found(as_, world, search="locked") == ["ADM-6"]
        assert found(as_, world, filters={"job": "ACT-5", "to": (NOW - 2 * DAY).date().isoformat()}) == ["ACT-5"]

    def test_figures_equal_the_records_behind_them(self, world: World, as_: As) -> None:
        """ALL-10."""
        an_import(world.ruth, "done")
        with as_(world.mia) as work:
            events.note_access(work, "exported", kind="account", note="accounts: 3 rows")
        with as_(world.adam, readonly=True) as work:
            lately = run_log.lately(work)
            since = {"from": lately.since.isoformat()}
            assert lately.runs == run_log.page(work, request=ListRequest(filters=since)).total == 2
            assert (
                lately.failed
                == run_log.page(work, request=ListRequest(filters={**since, "state": "failed"})).total
                == 1
            )
            exported = fetch(work, audit.LIST, ListRequest(filters={**since, "action": "exported"}))
            assert lately.exports == exported.total == 1
            assert lately.imports == fetch(work, imports.LIST, ListRequest()).total == 1

    def test_administrators_alone(self, world: World, as_: As) -> None:
        for person in (world.anna, world.mia, world.eva):
            with as_(person, readonly=True) as work, pytest.raises(Refused):
                run_log.page(work, request=ListRequest())


def test_the_trail_by_person_kind_event_and_day(world: World, make: Make, as_: As) -> None:
    """ALL-3, ADM-7."""
    lead_id = make.lead(world.anna, topic="Two excavators")
    again = make.lead(world.anna)
    with as_(world.anna) as work:
        leads.record_contact(work, lead_id=lead_id)
        leads.change(work, lead_id=lead_id, changes={"model": "XE215"})
    with as_(world.mia, at=NOW + DAY) as work:
        leads.delete(work, lead_id=again, reason="Doubled")
    day = NOW.date().isoformat()
    with as_(world.adam, readonly=True) as work:

        def actions(**filters: Any) -> list[str]:
            return [row["action"] for row in fetch(work, audit.LIST, ListRequest(filters=filters)).rows]

        assert actions(kind="lead", action="changed,contacted") == ["changed", "contacted"]
        assert actions(kind="lead", actor=world.mia) == ["deleted"]
        assert actions(action="deleted", **{"from": day, "to": day}) == []
        rows = fetch(work, audit.LIST, ListRequest(filters={"action": "changed"})).rows
        assert audit.names(work, rows=rows) == {("lead", lead_id): "Two excavators"}
        assert counted(lambda: audit.names(work, rows=rows)) == 1, "kinds that are not there are not asked for"


def test_every_line_of_the_trail_says_what_it_is_about(world: World, make: Make, as_: As) -> None:
    """ALL-3, ADM-7: a dispute by its lead, an absence by who is away, an import by its file; no dash instead of a name."""
    assert {*events.KINDS.values()} <= audit.KINDS.keys()
    lead_id, contact_id = make.lead(world.anna, topic="Two excavators"), make.contact(make.account(), name="王建国")
    with as_(world.anna) as work:
        disputes.begin(work, lead_id=lead_id, reason="Not my line")
        absences.enter(work, user_id=world.anna, values={"first_day": NOW.date(), "last_day": NOW.date()})
        contact_requests.ask_deletion(work, contact_id=contact_id, reason_id=world.codes["retired"], remark="At home")
    job_id = an_import(world.adam, "checked")
    with as_(world.adam) as work:
        imports.cancel(work, job_id=job_id)
        organisation.change_branch(work, branch_id=world.hefei, changes={"name_en": "Hefei South"})
        code_lists.switch(work, value_id=world.codes["retired"], active=False)
    with as_(world.adam, readonly=True) as work:
        rows = fetch(work, audit.LIST, ListRequest()).rows
        named = {kind: name for (kind, _number), name in audit.names(work, rows=rows).items()}
    assert named.items() >= {
        ("lead_dispute", "Two excavators"), ("absence", "Anna"), ("contact_request", "王建国"), ("import_job", "线索.csv"),
    }  # fmt: skip
    assert {row["kind"] for row in rows} == named.keys()
