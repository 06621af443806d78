"""Four processes assign a thousand leads at once: none twice, fair within one, nobody over capacity (ASG-2, ASG-3)."""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db import upgrade
from db.models import Event, Lead, Notice, User
from services import assignment, leads
from services.assignment import Outcome, Proposal
from services.core.errors import ServiceError
from services.core.work import work_as_system
from tests import databases
from tests.factories import NOW, Make, World, as_person, found_world
from tests.stage import surroundings

PROCESSES, COUNT, SIZE, ROOM = 4, 1000, 40, 30
fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload([__name__])
together: Barrier


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return databases.sqlite_url(tmp_path) if request.param == "sqlite" else databases.postgres_url()


@pytest.fixture
def world(url: str, tmp_path: Path) -> Iterator[World]:
    with surroundings(tmp_path, url):
        upgrade.upgrade(url)
        yield found_world()


@pytest.fixture
def pool(world: World, url: str, tmp_path: Path) -> Iterator[Pool]:
    """Processes on the same database, each with an engine of its own."""
    with fresh.Pool(PROCESSES, begin, (fresh.Barrier(PROCESSES), tmp_path, url)) as made:
        yield made


def begin(barrier: Barrier, folder: Path, url: str) -> None:
    """In the new process: where the database is."""
    global together
    together = barrier
    os.environ["DATA_DIR"], os.environ["DATABASE_URL"] = str(folder), url


def assign_all(person: int, lead_ids: Sequence[int]) -> tuple[Counter[int], int]:
    """In one of the processes: all of them, in portions, as the screen does; what this one gave, and how often it waited."""
    together.wait()
    total, refused = Outcome(), 0
    for ids in assignment.portions([Proposal(one, None) for one in lead_ids], size=SIZE):
        try:
            with as_person(person) as work:
                total.add(assignment.assign_portion(work, lead_ids=ids))
        except ServiceError:
            refused += 1
        time.sleep(assignment.BREATH)
    return total.given, refused


def by_hand(person: int, lead_ids: Sequence[int], to_user_id: int) -> tuple[Counter[int], int]:
    """In one of the processes: one lead after the other to one person."""
    together.wait()
    given, refused = Counter[int](), 0
    for lead_id in lead_ids:
        try:
            with as_person(person) as work:
                given[to_user_id] += leads.assign_to(work, lead_ids=[lead_id], to_user_id=to_user_id)
        except ServiceError:
            refused += 1
    return given, refused


def many_leads(world: World) -> list[int]:
    """A thousand that nobody has yet."""
    values = {
        "branch_id": world.nanjing,
        "line": "machines",
        "mobile": "13912345678",
        "created_at": NOW,
        "updated_at": NOW,
    }
    with work_as_system("a test begins", at=NOW) as work:
        work.also(*(Lead(topic=f"Lead {number}", search_key="", **values) for number in range(COUNT)))
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return list(work.scalars(select(Lead.id).order_by(Lead.id)))


def held() -> Counter[int | None]:
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return Counter(work.scalars(select(Lead.owner_id)))


@pytest.mark.timeout(300)
def test_a_thousand_at_once(world: World, pool: Pool, make: Make) -> None:
    """ASG-2, ASG-3: each lead once with one event and one turn; the reps with room have equally many within one."""
    reps = [world.anna, world.ben, *(make.user(name, lines=["machines"]) for name in ("Dora", "Emil", "Fay"))]
    make.rule(*reps)
    with work_as_system("a test says", at=NOW) as work:
        work.load(User, reps[0], to="user.administer").lead_capacity = ROOM
    those = many_leads(world)
    people = [world.adam, world.mia, world.adam, world.mia]
    outcomes = pool.starmap(assign_all, [(person, those) for person in people], chunksize=1)
    given = sum((each for each, _refused in outcomes), start=Counter[int]())
    assert given == held()
    assert [refused for _each, refused in outcomes] == [0] * PROCESSES
    assert given.total() == COUNT
    assert given[reps[0]] == ROOM
    others = [given[rep] for rep in reps[1:]]
    assert max(others) - min(others) <= 1
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        events = select(Event.record_id, func.count()).where(Event.kind == "lead").group_by(Event.record_id)
        assert dict(work.rows(events)) == dict.fromkeys(those, 1)
        assert set(work.scalars(select(Lead.assignment_no))) == {1}
        told = work.scalars(select(Notice).where(Notice.kind == "leads_assigned"))
        single = work.scalars(select(Notice.id).where(Notice.kind == "lead_assigned"))
        assert sum(notice.parameters["count"] for notice in told) + len(single) == COUNT


@pytest.mark.timeout(300)
def test_by_hand_at_the_same_time(world: World, pool: Pool, make: Make) -> None:
    """ASG-2: what somebody assigns by hand meanwhile is assigned once as well; capacity holds against both."""
    make.rule(world.anna, world.ben)
    with work_as_system("a test says", at=NOW) as work:
        work.load(User, world.ben, to="user.administer").lead_capacity = ROOM
    those = many_leads(world)[:200]
    rules = [pool.apply_async(assign_all, (person, those)) for person in (world.adam, world.mia, world.adam)]
    hand = pool.apply_async(by_hand, (world.mia, those[::-1][:60], world.pia))
    outcomes = [one.get(250) for one in (*rules, hand)]
    assert sum((each for each, _refused in outcomes), start=Counter[int]()) >= Counter({world.ben: ROOM})
    after = held()
    assert after[world.ben] == ROOM
    assert after[None] == COUNT - len(those)
    assert after[world.anna] + after[world.ben] + after[world.pia] == len(those)
