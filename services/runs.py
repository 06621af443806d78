"""Planned runs: each moment of each rule once, whichever worker comes first; missed ones in order (ADM-9)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from db.models import RunState, WorkerRun
from services.core.moments import local
from services.core.work import Work

#: a run that began longer ago than this and has not ended is taken over
DIED = timedelta(minutes=10)
#: by how much the clocks of several machines may differ; a run begun later than that has seen a clock that was wrong
SKEW = timedelta(minutes=5)
#: after a standstill this many missed moments of a rule are run, the latest ones
MOST_MISSED = 100
LONGEST_ERROR = 500
#: from where the moments of every rule are counted
MONDAY = datetime(2001, 1, 1, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True)
class Rule:
    """A time rule: how often it is due on the organisation's clock, and what it does then; returns how much it did.

    A rule looks at the present and does each thing once, so that running it again changes nothing.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], int]
    offset: timedelta = timedelta()


def planned(rule: Rule, moment: datetime, zone: ZoneInfo) -> datetime:
    """The last planned moment of a rule up to a moment."""
    first = MONDAY + rule.offset
    return _at_wall(first + (_wall(moment, zone) - first) // rule.every * rule.every, zone)


def next_due(rule: Rule, last: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment to run next: the one after the last that was run, but none too long ago."""
    latest = planned(rule, now, zone)
    if last is None:
        return latest
    after = _at_wall(_wall(last, zone) + rule.every, zone)
    return max(planned(rule, after, zone), latest - MOST_MISSED * rule.every)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the organisation's clock shows, written as if it were UTC: days have 24 hours there."""
    return local(moment, zone).replace(tzinfo=UTC)


def _at_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def claim(work: Work, *, rule: Rule, worker: str) -> int | None:
    """The id of the run that this worker now has to do; None when nothing is due or another one is at it.

    Runs from the future, left by a clock that was ahead, count as not done.
    """
    moment = due(work, rule=rule)
    if moment > work.now:
        return None
    run = work.scalar(select(WorkerRun).where(WorkerRun.job == rule.name, WorkerRun.due_at == moment).with_for_update())
    if run is None:
        run = WorkerRun(job=rule.name, due_at=moment)
        work.also(run)
    elif _is_taken(run, work.now):
        return None
    run.state, run.started_at, run.finished_at = RunState.RUNNING, work.now, None
    run.worker, run.handled, run.error = worker, 0, None
    work.flush()
    return int(run.id)


def _is_taken(run: WorkerRun, now: datetime) -> bool:
    """Another worker is at it, or was quicker and has finished between our look and our lock."""
    if run.started_at > now + SKEW or run.state is RunState.FAILED:
        return False
    return run.state is RunState.DONE or run.started_at > now - DIED


def due(work: Work, *, rule: Rule) -> datetime:
    """The moment of a rule that has to be run next; may lie ahead. A very first run that failed comes again itself."""
    last = last_done(work, rule=rule)
    mine = (WorkerRun.job == rule.name, WorkerRun.due_at <= work.now)
    first: datetime | None = None if last else work.scalar(select(func.min(WorkerRun.due_at)).where(*mine))
    return first or next_due(rule, last, work.now, work.zone)


def last_done(work: Work, *, rule: Rule) -> datetime | None:
    """The last planned moment of a rule that was run to its end."""
    found: datetime | None = work.scalar(
        select(func.max(WorkerRun.due_at)).where(
            WorkerRun.job == rule.name,
            WorkerRun.state == RunState.DONE,
            WorkerRun.due_at <= work.now,
            WorkerRun.started_at <= work.now + SKEW,
        )
    )
    return found


def finish(work: Work, *, run_id: int, worker: str, handled: int = 0, error: str | None = None) -> None:
    """Note how a run ended; nothing if another worker has taken it over in the meantime."""
    run = work.scalar(select(WorkerRun).where(WorkerRun.id == run_id, WorkerRun.worker == worker).with_for_update())
    if run is not None:
        run.state = RunState.FAILED if error else RunState.DONE
        run.finished_at, run.handled, run.error = work.now, handled, error


def each(things: Iterable[T], act: Callable[[T], Any]) -> int:
    """Do something for each thing and count the effects; a failing one does not stop the others, but fails the run."""
    handled, errors = 0, []
    for thing in things:
        try:
            handled += int(act(thing))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others must get their due
            errors.append(error)
    if errors:
        raise SomeFailed(f"{len(errors)} failed, {handled} done; the first: {told(errors[0])}")
    return handled


class SomeFailed(Exception):
    """A run that could not do everything; it is tried again."""


def told(error: Exception) -> str:
    """An error in one line, without the values of the statement that failed."""
    first = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first}"[:LONGEST_ERROR]
