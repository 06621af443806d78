"""The worker: time rules and delivery, as a process (`python -m services.worker`) or inside the application.

Several at once share the work: runs and messages are claimed in the database (ADM-9).
"""

import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy import func, select

from db.models import Message, MessageState, RunState, WorkerRun
from services import delivery, imports, runs
from services.core.access import needs
from services.core.errors import ServiceError
from services.core.work import Work, work_as_system
from services.runs import Rule
from services.time_rules import RULES

#: seconds between two looks
RULES_EVERY, DELIVERY_EVERY, IMPORTS_EVERY = 20.0, 2.0, 1.0
#: a rule or message that waits longer than this means that no worker runs
LATE = timedelta(minutes=10)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What one tick did: runs of rules, of these failed ones, and messages taken by a gateway."""

    runs: int
    failed: int
    sent: int


def tick(*, at: datetime | None = None, rules: Sequence[Rule] = RULES, stop: Event | None = None) -> Done:
    """Run everything that is due at a moment, missed runs first and in order, work on imports, then deliver the outbox."""
    done, failed = run_due(at=at, rules=rules, stop=stop)
    imports.work_off(at=at, stop=stop)
    return Done(done, failed, delivery.deliver(at=at, stop=stop))


def run_due(*, at: datetime | None = None, rules: Sequence[Rule] = RULES, stop: Event | None = None) -> tuple[int, int]:
    """Run the rules that are due; returns how many runs there were and how many failed, to be tried next time."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    results = [_catch_up(rule, worker, at, stop) for rule in rules]
    return sum(done for done, _ in results), sum(failed for _, failed in results)


def _catch_up(rule: Rule, worker: str, at: datetime | None, stop: Event | None) -> tuple[int, int]:
    """Each due moment of a rule after the other; a failure ends it, because order matters."""
    done = 0
    while not (stop and stop.is_set()) and (claimed := _claim(rule, worker, at)):
        done += 1
        if not _run(rule, worker, *claimed, at):
            return done, 1
    return done, 0


def _claim(rule: Rule, worker: str, at: datetime | None) -> tuple[int, datetime] | None:
    try:
        with work_as_system("claim a run", at=at) as work:
            run_id = runs.claim(work, rule=rule, worker=worker)
            return (run_id, work.now) if run_id is not None else None
    except ServiceError:  # another worker was quicker, or the database is busy
        return None


def _run(rule: Rule, worker: str, run_id: int, now: datetime, at: datetime | None) -> bool:
    handled, error = 0, None
    try:
        handled = rule.run(now)
    except Exception as failure:  # noqa: BLE001 - a failing rule is noted and tried again; the others go on
        error = runs.told(failure)
        log.error("%s failed: %s", rule.name, error)
    with work_as_system("finish a run", at=at) as work:
        runs.finish(work, run_id=run_id, worker=worker, handled=handled, error=error)
    return error is None


def run_inside(stop: Event) -> None:
    """Work until ``stop`` is set; delivery and imports go on while a long rule runs. Survives a database that comes and goes."""
    besides: Sequence[tuple[float, Callable[[], object]]] = (
        (DELIVERY_EVERY, lambda: delivery.deliver(stop=stop)),
        (IMPORTS_EVERY, lambda: imports.work_off(stop=stop)),
    )
    others = [Thread(target=_again, args=(stop, *one), daemon=True) for one in besides]
    for other in others:
        other.start()
    _again(stop, RULES_EVERY, lambda: run_due(stop=stop))
    for other in others:
        other.join()


def _again(stop: Event, seconds: float, act: Callable[[], object]) -> None:
    while not stop.is_set():
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look may find it mended
            log.error("the worker could not look: %s", runs.told(error))
        stop.wait(seconds)


@dataclass(frozen=True)
class RuleHealth:
    """How a rule fares: when it last ran to its end, since when it is due, and what its last run said."""

    name: str
    last_run: datetime | None
    last_state: RunState | None
    lag: timedelta
    handled: int
    error: str | None


@dataclass(frozen=True)
class Health:
    """How worker and outbox fare; ``ok`` is what a monitor asks."""

    rules: Sequence[RuleHealth]
    waiting: int
    oldest: timedelta
    failed: int
    no_channel: int

    @property
    def ok(self) -> bool:
        """Whether everything due was done in time."""
        return self.oldest <= LATE and all(rule.lag <= LATE and rule.error is None for rule in self.rules)


@needs("system.administer")
def health(work: Work) -> Health:
    """How the worker fares: per rule last run and lag, and how many messages wait, have failed or have no channel."""
    counts = dict(work.rows(select(Message.state, func.count()).select_from(Message).group_by(Message.state)))
    waiting = Message.state.in_(delivery.WAITING)
    oldest = work.scalar(select(func.min(Message.next_try_at)).select_from(Message).where(waiting))
    return Health(
        rules=[_health_of(work, rule) for rule in RULES],
        waiting=sum(counts.get(state, 0) for state in delivery.WAITING),
        oldest=max(work.now - oldest, timedelta()) if oldest else timedelta(),
        failed=counts.get(MessageState.FAILED, 0),
        no_channel=counts.get(MessageState.NO_CHANNEL, 0),
    )


def _health_of(work: Work, rule: Rule) -> RuleHealth:
    columns = (WorkerRun.finished_at, WorkerRun.state, WorkerRun.handled, WorkerRun.error)
    last = work.row(select(*columns).where(WorkerRun.job == rule.name).order_by(WorkerRun.due_at.desc()).limit(1))
    lag = max(work.now - runs.due(work, rule=rule), timedelta())
    if last is None:
        return RuleHealth(rule.name, None, None, lag, 0, None)
    return RuleHealth(rule.name, last.finished_at, last.state, lag, last.handled, last.error)


def main() -> None:
    """Work until the process is told to end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stop = Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    run_inside(stop)


if __name__ == "__main__":
    main()
