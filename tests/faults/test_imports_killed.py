"""kill -9 in the middle of an import, and two workers at once: no row twice, none lost, and nothing left undone (LEAD-3)."""

import multiprocessing
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.models.import_job import ImportState
from db.session import database_url
from services import imports, integrity
from services.core.work import work_as_system
from tests.factories import NOW, World, as_person
from tests.services import importing
from tests.services.importing import LATER, many, state
from tests.stage import Stage

#: rows of the file, and in how many portions a worker would need them
ROWS = 1500
KILLS = int(os.environ.get("KILLS", "6"))
PATIENCE = 60.0
fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload([__name__])


@pytest.fixture
def lists(stage: Stage, tmp_path: Path) -> Iterator[World]:
    """The people of every story, with all lists that are delivered."""
    with stage.fresh(tmp_path):
        importing.all_lists()
        yield stage.world


def work_off(folder: Path, url: str, minutes: int) -> None:
    """A worker in a process of its own, on the same database."""
    os.environ["DATA_DIR"], os.environ["DATABASE_URL"] = str(folder), url
    imports.work_off(at=NOW + minutes * LATER)


def begun(folder: Path, minutes: int = 0) -> multiprocessing.process.BaseProcess:
    """A worker that has just begun."""
    worker = fresh.Process(target=work_off, args=(folder, database_url(), minutes), daemon=True)
    worker.start()
    return worker


def stands(job_id: int) -> tuple[ImportState, int]:
    """Where it is, and with how many rows it is through."""
    card = importing.card(job_id)
    return card.state, card.done


def check_all_once(job_id: int) -> None:
    """Every row of the file is stored once, and the database is sound."""
    assert state(job_id) is ImportState.DONE
    numbers = sorted(lead.mobile or "" for lead in importing.leads())
    assert numbers == [str(13_800_000_000 + number) for number in range(ROWS)]
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        assert integrity.problems(work) == []


@pytest.mark.timeout(600)
def test_killed_again_and_again(lists: World, tmp_path: Path) -> None:
    """LEAD-3: worker after worker dies at the check or at the run; the last one finishes what they began."""
    job_id, chance, seen = importing.uploaded(lists.adam, many(ROWS)), random.Random(3), set()
    for kill in range(KILLS):
        worker, before = begun(tmp_path, kill), stands(job_id)
        while worker.is_alive() and stands(job_id) == before:
            worker.join(0.02)
        worker.join(chance.uniform(0, 0.1))  # the moment of the kill is the point of this test
        worker.kill()
        worker.join(PATIENCE)
        seen.add(state(job_id))
        if state(job_id) is ImportState.CHECKED:
            with as_person(lists.adam) as work:
                imports.start(work, job_id=job_id)
    assert {ImportState.CHECKING, ImportState.RUNNING} <= seen, "some were killed in the middle of each"
    work_off(tmp_path, database_url(), KILLS)
    if state(job_id) is ImportState.CHECKED:
        with as_person(lists.adam) as work:
            imports.start(work, job_id=job_id)
        work_off(tmp_path, database_url(), KILLS + 1)
    check_all_once(job_id)


@pytest.mark.timeout(600)
def test_killed_in_the_middle_of_the_run(lists: World, tmp_path: Path) -> None:
    """LEAD-3: after a portion is stored and before the next; it goes on from there."""
    job_id = importing.started(lists.adam, many(ROWS))
    worker = begun(tmp_path)
    stored = 0
    while not stored and worker.is_alive():
        worker.join(0.05)
        stored = importing.card(job_id).done
    worker.kill()
    worker.join(PATIENCE)
    card = importing.card(job_id)
    assert len(importing.leads()) == card.done
    work_off(tmp_path, database_url(), 1)
    check_all_once(job_id)


@pytest.mark.timeout(600)
def test_two_workers_at_once(lists: World, tmp_path: Path) -> None:
    """LEAD-3, ADM-9: they share the rows, whoever is quicker; and two imports of the same file bring each row once."""
    job_id = importing.started(lists.adam, many(ROWS))
    again = importing.started(lists.adam, many(ROWS))
    workers = [begun(tmp_path) for _ in range(3)]
    for worker in workers:
        worker.join(PATIENCE * 5)
        assert worker.exitcode == 0
    work_off(tmp_path, database_url(), 1)
    assert state(again) is ImportState.DONE
    check_all_once(job_id)
