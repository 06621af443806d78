"""Several processes ending, declining, reassigning the same visit at once (quality.md, "Reliability")."""

import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from db.models import ActivityState
from db.session import database_url
from services import activities, integrity
from services.core.errors import ServiceError
from services.core.work import work_as_system
from tests.factories import Make, World, as_person
from tests.stage import Stage
from tests.stories import LATER, feedback, holders, messages, stored, told

PROCESSES, ROUNDS = 4, 12
fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload([__name__])
together: Barrier


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    with stage.fresh(tmp_path):
        yield stage.world


@pytest.fixture
def pool(world: World, tmp_path: Path) -> Iterator[Pool]:
    """Processes on the same database, each with an engine of its own."""
    with fresh.Pool(PROCESSES, begin, (fresh.Barrier(PROCESSES), tmp_path, database_url())) as made:
        yield made


def begin(barrier: Barrier, folder: Path, url: str) -> None:
    """In the new process: where the database is."""
    global together
    together = barrier
    os.environ["DATA_DIR"], os.environ["DATABASE_URL"] = str(folder), url


def act(action: str, person: int, given: dict[str, Any]) -> str:
    """In one of the processes, at the same moment as the others: what came of it."""
    together.wait()
    try:
        with as_person(person, at=LATER) as work:
            getattr(activities, action)(work, **given)
    except ServiceError as error:
        return type(error).__name__
    return "done"


def at_once(pool: Pool, *acts: tuple[str, int, dict[str, Any]]) -> list[str]:
    return pool.starmap(act, acts, chunksize=1)


def sound() -> None:
    """Every invariant of the database."""
    with work_as_system("check", at=LATER) as work:
        assert integrity.problems(work) == []


def test_everybody_answers_one_assignment(world: World, pool: Pool, make: Make) -> None:
    """Ended, declined, reassigned and cancelled at once: what remains is one consistent story."""
    for _ in range(ROUNDS):
        activity_id = make.activity(world.anna, state="assigned")
        outcomes = at_once(
            pool,
            ("finish", world.anna, {"activity_id": activity_id, "feedback": feedback(world), "follow_up": True}),
            ("decline", world.anna, {"activity_id": activity_id, "reason": "Ill"}),
            ("reassign", world.mia, {"activity_id": activity_id, "to_user_id": world.ben, "reason": "Ill"}),
            ("cancel", world.sun, {"activity_id": activity_id, "reason": "Closed"}),
        )
        after = stored(activity_id)
        assert [who for who, still, _ in holders(activity_id) if still] == [after.owner_id]
        assert outcomes.count("done") == len([line for line in told(activity_id) if line != "started"])
        assert (after.state is ActivityState.ENDED) == (outcomes[0] == "done")
    sound()


def test_one_visit_ended_by_four(world: World, pool: Pool, make: Make) -> None:
    """ALL-5: a double click reaching several processes of the application."""
    for _ in range(ROUNDS):
        activity_id = make.activity(world.anna)
        given = {"activity_id": activity_id, "feedback": feedback(world), "follow_up": True}
        outcomes = at_once(pool, *[("finish", who, given) for who in (world.anna, world.anna, world.sun, world.mia)])
        assert outcomes.count("done") == 1
        assert told(activity_id) == ["started", "ended"]
    sound()


def test_one_assignment_declined_by_four(world: World, pool: Pool, make: Make) -> None:
    """ACT-4: once, and one e-mail each time."""
    for number in range(1, ROUNDS + 1):
        activity_id = make.activity(world.anna, state="assigned")
        outcomes = at_once(pool, *[("decline", world.anna, {"activity_id": activity_id, "reason": "Ill"})] * 4)
        assert outcomes.count("done") == 1
        assert len(messages()) == number
    sound()
