"""Several sessions doing something at the same moment."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import text

from db.session import engine
from services.core.errors import ServiceError
from services.core.work import Work

Act = Callable[[], Any]
#: seconds within which a session comes to the lock that it has to wait at, or is done
PATIENCE = 20.0
#: how many sessions of this database wait for another one
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def race(*acts: Act) -> list[Any]:
    """What came of each: its answer, or the service error it was refused with. Any other error comes through."""
    start = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)
    threads = [threading.Thread(target=_run, args=(act, start, outcomes, place)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, ServiceError):
            raise outcome
    return outcomes


def winners(outcomes: Sequence[Any]) -> list[int]:
    """The places of those who were not refused."""
    return [place for place, outcome in enumerate(outcomes) if not isinstance(outcome, ServiceError)]


def meanwhile(opened: AbstractContextManager[Work], first: Callable[[Work], Any], second: Act) -> Any:
    """What came of ``second``, begun after ``first`` was done and before it was stored: its answer, or its service error.

    On PostgreSQL it sees the world as it was until it comes to a lock; on SQLite it waits at its beginning.
    """
    outcomes: list[Any] = [None]
    thread = threading.Thread(target=_run, args=(second, threading.Barrier(1), outcomes, 0))
    with opened as work:
        first(work)
        work.flush()
        thread.start()
        let_come(thread)
    thread.join()
    if isinstance(outcomes[0], Exception) and not isinstance(outcomes[0], ServiceError):
        raise outcomes[0]
    return outcomes[0]


def let_come(session: threading.Thread) -> None:
    """Wait until a session is done, or has come to a lock that somebody holds; on SQLite it waits at its beginning."""
    end = time.monotonic() + (PATIENCE if _on_postgresql() else 0.05)
    while session.is_alive() and time.monotonic() < end and not waits():
        session.join(0.01)


def waits() -> bool:
    """Whether a session waits for a lock that another one holds; of SQLite nobody knows."""
    if not _on_postgresql():
        return False
    with engine().connect() as connection:
        return bool(connection.scalar(text(WAITING)))


def _on_postgresql() -> bool:
    return engine().dialect.name == "postgresql"


def _run(act: Act, start: threading.Barrier, outcomes: list[Any], place: int) -> None:
    start.wait()
    try:
        outcomes[place] = act()
    except Exception as error:  # noqa: BLE001 - handed over to the thread that asked
        outcomes[place] = error
