"""Several sessions doing something at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from services.core.errors import ServiceError

Act = Callable[[], Any]


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


def _run(act: Act, start: threading.Barrier, outcomes: list[Any], place: int) -> None:
    start.wait()
    try:
        outcomes[place] = act()
    except Exception as error:  # noqa: BLE001 - handed over to the thread that asked
        outcomes[place] = error
