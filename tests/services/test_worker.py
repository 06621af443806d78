"""The worker: planned runs once whichever worker comes first, missed ones in order, failures tried again (ADM-9)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from db.models import Notice, RunState, WorkerRun
from services import delivery, runs, worker
from services.core.errors import Refused
from services.core.work import work_as_system
from services.runs import Rule
from tests.factories import DAY, HOUR, NOW, SHANGHAI, As, Make, World

OVERDUE = {"planned_start": NOW - 3 * DAY, "updated_at": NOW - HOUR}


class Counting:
    """A rule's deed that notes when it was done, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.moments: list[datetime] = []
        self.broken = False

    def __call__(self, at: datetime) -> int:
        self.moments.append(at)
        if self.broken:
            raise ConnectionError("the line is dead")
        return 1


@pytest.fixture
def deed() -> Counting:
    return Counting()


@pytest.fixture
def rule(deed: Counting) -> Rule:
    return Rule("every hour", HOUR, deed)


def stored() -> list[Any]:
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return list(work.scalars(select(WorkerRun).order_by(WorkerRun.due_at)))


def told() -> Counter[tuple[int, str]]:
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return Counter((row.user_id, row.kind) for row in work.rows(select(Notice.user_id, Notice.kind)))


class TestPlannedMoments:
    def test_full_hours_and_mornings_of_the_organisation(self, deed: Counting) -> None:
        moment = datetime(2026, 11, 23, 10, 20, tzinfo=SHANGHAI)
        morning = Rule("digest", DAY, deed, offset=8 * HOUR)
        assert runs.planned(Rule("x", HOUR, deed), moment, SHANGHAI) == NOW
        assert runs.planned(morning, moment, SHANGHAI) == NOW - 2 * HOUR
        assert runs.planned(morning, NOW - 3 * HOUR, SHANGHAI) == NOW - 26 * HOUR

    @pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001 - gets its zone below
    def test_summer_time_neither_loses_nor_doubles_a_day(self, deed: Counting, day: datetime) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        morning, due, found = Rule("digest", DAY, deed, offset=8 * HOUR), day.replace(tzinfo=berlin) - 3 * DAY, []
        for _ in range(6):
            due = runs.next_due(morning, due, NOW + 400 * DAY, berlin) if not found else _after(morning, due, berlin)
            found.append(due)
        assert len({moment.astimezone(berlin).date() for moment in found[1:]}) == 5
        assert {moment.astimezone(berlin).hour for moment in found[1:]} == {8}


def _after(rule: Rule, due: datetime, zone: ZoneInfo) -> datetime:
    return runs.next_due(rule, due, due + 2 * DAY, zone)


class TestRuns:
    def test_once_an_hour(self, world: World, rule: Rule, deed: Counting) -> None:
        for minutes in range(0, 121, 10):
            worker.run_due(at=NOW + timedelta(minutes=minutes), rules=[rule])
        assert deed.moments == [NOW, NOW + HOUR, NOW + 2 * HOUR]
        assert {run.state for run in stored()} == {RunState.DONE}
        assert [run.handled for run in stored()] == [1, 1, 1]

    def test_missed_runs_are_caught_up_in_order(self, world: World, rule: Rule, deed: Counting) -> None:
        worker.run_due(at=NOW, rules=[rule])
        later = NOW + 5 * HOUR
        assert worker.run_due(at=later, rules=[rule]) == (5, 0)
        assert [run.due_at for run in sorted(stored(), key=lambda run: run.id)] == [NOW + n * HOUR for n in range(6)]

    def test_a_long_standstill_does_not_run_for_ever(self, world: World, rule: Rule) -> None:
        worker.run_due(at=NOW, rules=[rule])
        done, _ = worker.run_due(at=NOW + 365 * DAY, rules=[rule])
        assert done <= runs.MOST_MISSED + 1
        assert stored()[-1].due_at == NOW + 365 * DAY

    def test_a_failure_is_noted_and_tried_again(self, world: World, rule: Rule, deed: Counting) -> None:
        deed.broken = True
        assert worker.run_due(at=NOW, rules=[rule]) == (1, 1)
        (run,) = stored()
        assert (run.state, run.error) == (RunState.FAILED, "ConnectionError: the line is dead")
        deed.broken = False
        assert worker.run_due(at=NOW + timedelta(minutes=1), rules=[rule]) == (1, 0)
        (run,) = stored()
        assert (run.state, run.error) == (RunState.DONE, None)

    def test_the_very_first_run_is_not_forgotten_either(self, world: World, rule: Rule, deed: Counting) -> None:
        deed.broken = True
        worker.run_due(at=NOW, rules=[rule])
        deed.broken = False
        assert worker.run_due(at=NOW + 2 * HOUR, rules=[rule]) == (3, 0)
        assert {run.state for run in stored()} == {RunState.DONE}

    def test_a_failing_rule_does_not_stop_the_others(self, world: World, rule: Rule, deed: Counting) -> None:
        other = Counting()
        deed.broken = True
        assert worker.run_due(at=NOW, rules=[rule, Rule("other", HOUR, other)]) == (2, 1)
        assert other.moments == [NOW]

    def test_while_one_is_at_it_others_wait(self, world: World, rule: Rule, deed: Counting) -> None:
        with work_as_system("another worker", at=NOW) as work:
            assert runs.claim(work, rule=rule, worker="another")
        assert worker.run_due(at=NOW + timedelta(minutes=9), rules=[rule]) == (0, 0)

    def test_a_run_that_died_halfway_is_taken_over(self, world: World, rule: Rule, deed: Counting) -> None:
        with work_as_system("another worker", at=NOW) as work:
            run_id = runs.claim(work, rule=rule, worker="another")
        assert worker.run_due(at=NOW + timedelta(minutes=11), rules=[rule]) == (1, 0)
        with work_as_system("it was only slow", at=NOW + timedelta(minutes=12)) as work:
            runs.finish(work, run_id=run_id or 0, worker="another", error="too late")
        assert [run.state for run in stored()] == [RunState.DONE]

    def test_a_clock_that_jumps_back_repeats_nothing(self, world: World, rule: Rule, deed: Counting) -> None:
        worker.run_due(at=NOW - HOUR, rules=[rule])
        worker.run_due(at=NOW, rules=[rule])
        for minutes in (-30, -3, 0, 3):
            assert worker.run_due(at=NOW + timedelta(minutes=minutes), rules=[rule]) == (0, 0)

    def test_a_clock_that_was_ahead_leaves_no_gap(self, world: World, rule: Rule, deed: Counting) -> None:
        worker.run_due(at=NOW, rules=[rule])
        worker.run_due(at=NOW + 2 * DAY, rules=[rule])
        before = len(deed.moments)
        for hours in range(1, 4):
            assert worker.run_due(at=NOW + hours * HOUR, rules=[rule]) == (1, 0)
        assert deed.moments[before:] == [NOW + n * HOUR for n in range(1, 4)]

    def test_two_workers_share_a_run(self, world: World, rule: Rule, deed: Counting) -> None:
        at_once(lambda: worker.run_due(at=NOW, rules=[rule]), times=4)
        assert deed.moments == [NOW]
        assert len(stored()) == 1


def at_once(act: Callable[[], Any], times: int = 2) -> None:
    """Do it several times at the same moment, each in a thread of its own."""
    barrier = Barrier(times)

    def start() -> Any:
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(times) as threads:
        started = [threads.submit(start) for _ in range(times)]
    for one in started:
        one.result()


class TestTicks:
    """All rules together, with their real shapes."""

    def test_two_workers_at_once_say_everything_once(self, world: World, make: Make) -> None:
        make.activity(**OVERDUE)
        make.activity(state="assigned", assigned_at=NOW - 4 * DAY, planned_start=NOW + DAY, updated_at=NOW)
        late = make.activity(state="assigned", assigned_at=NOW - 16 * DAY, planned_start=NOW + DAY, updated_at=NOW)
        at_once(lambda: worker.tick(at=NOW), times=3)
        assert told() == {
            (world.anna, "activity_overdue"): 1,
            (world.sun, "activity_unanswered"): 2,
            (world.sun, "activities_digest"): 1,
            (world.mia, "activities_digest"): 1,
            (world.ben, "activity_assigned"): 1,
            (world.anna, "activity_taken_away"): 1,
            (world.sun, "activity_passed_on"): 1,
            (world.mia, "activity_passed_on"): 1,
        }
        assert late

    def test_rules_at_once_without_the_planned_run_between_them(self, world: World, make: Make) -> None:
        """Two workers may run one rule at the same time, when one was thought dead."""
        for number in range(4):
            make.activity(subject=f"Visit {number}", **OVERDUE)
            make.activity(state="assigned", assigned_at=NOW - 16 * DAY, planned_start=NOW + DAY, updated_at=NOW)
        for rule in worker.RULES:
            at_once(lambda run=rule.run: run(NOW), times=3)
        counts = told()
        assert counts[(world.anna, "activity_overdue")] == 4
        assert counts[(world.ben, "activity_assigned")] == 4
        assert counts[(world.sun, "activities_digest")] == 1

    def test_three_days_of_standstill_bring_no_flood(self, world: World, make: Make) -> None:
        make.activity(**OVERDUE)
        worker.tick(at=NOW)
        worker.tick(at=NOW + 3 * DAY)
        assert told() == {
            (world.anna, "activity_overdue"): 2,
            (world.sun, "activities_digest"): 2,
            (world.mia, "activities_digest"): 2,
        }

    def test_a_tick_that_finds_nothing_says_nothing(self, world: World) -> None:
        assert worker.tick(at=NOW) == worker.Done(runs=len(worker.RULES), failed=0, sent=0)
        assert worker.tick(at=NOW) == worker.Done(runs=0, failed=0, sent=0)
        assert told() == {}


class TestHealth:
    def test_last_run_and_lag_can_be_read(self, world: World, as_: As) -> None:
        worker.tick(at=NOW)
        with as_(world.adam, at=NOW + timedelta(minutes=5), readonly=True) as work:
            health = worker.health(work)
        assert health.ok
        assert [rule.name for rule in health.rules] == [rule.name for rule in worker.RULES]
        assert {rule.last_run for rule in health.rules} == {NOW}
        with as_(world.adam, at=NOW + 3 * HOUR, readonly=True) as work:
            health = worker.health(work)
        assert not health.ok
        assert health.rules[0].lag == 2 * HOUR

    def test_a_failing_rule_is_seen(self, world: World, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_at: datetime) -> int:
            raise ValueError("no such thing")

        rules = (Rule("ACT-5", HOUR, broken), *worker.RULES[1:])
        assert worker.tick(at=NOW, rules=rules).failed == 1
        with as_(world.adam, readonly=True) as work:
            health = worker.health(work)
        assert not health.ok
        assert health.rules[0].error == "ValueError: no such thing"

    def test_only_the_administrator_asks(self, world: World, as_: As) -> None:
        with pytest.raises(Refused), as_(world.mia, readonly=True) as work:
            worker.health(work)


def test_inside_the_application_it_works_until_it_is_told_to_stop(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, stop, tries = Event(), Event(), []

    def run_due(**_: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("the database is away")
        looked.set()

    monkeypatch.setattr(worker, "RULES_EVERY", 0.01)
    monkeypatch.setattr(worker, "run_due", run_due)
    thread = Thread(target=worker.run_inside, args=(stop,))
    thread.start()
    assert looked.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert delivery.deliver(stop=stop) == 0
