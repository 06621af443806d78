"""kill -9 in the middle of ending visits with photos: each is ended with everything, or not at all (ACT-8, ACT-9)."""

import hashlib
import os
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.models import Activity, ActivityState, Attachment, Blob
from services import attachments, integrity
from services.core.settings import settings
from services.core.work import work_as_system
from tests.factories import DAY, NOW, Make, World
from tests.faults.finishing import finish, photos, start
from tests.stage import Stage
from tests.stories import LATER, stored, told

#: `KILLS=200 pytest tests/faults/test_ending_faults.py` is the long run of quality.md
KILLS, VISITS = int(os.environ.get("KILLS", "24")), 8
#: about the time that a process takes for its visits; a kill comes at any moment of it
MOMENT = 0.25
WHOLE = ["started", "attached", "attached", "attached", "ended"]


@pytest.mark.timeout(900)
def test_killed_at_any_moment_it_is_ended_whole_or_not_at_all(stage: Stage, tmp_path: Path) -> None:
    """quality.md: nothing committed lost, nothing done twice, no half of anything."""
    chance = random.Random(20261123)
    with stage.fresh(tmp_path) as url:
        make, world = Make(stage.world), stage.world
        everything: list[int] = []
        for _ in range(KILLS):
            ids = [make.activity(world.anna) for _ in range(VISITS)]
            everything += ids
            committed = run_and_kill(tmp_path, url, world, ids, after=chance.uniform(0, MOMENT))
            for activity_id in ids:
                check(activity_id, must_be_ended=activity_id in committed)
        interrupted = [a for a in everything if stored(a).state is not ActivityState.ENDED]
        assert 0 < len(interrupted) < len(everything)
        for activity_id in interrupted:
            finish(world, activity_id)
            check(activity_id, must_be_ended=True)
        check_all(everything)


def run_and_kill(folder: Path, url: str, world: World, ids: list[int], *, after: float) -> set[int]:
    """The visits that the process said it had ended before it died."""
    process, said = start(folder, url, world, ids)
    first = said.recv()  # the first of a new process takes its time
    time.sleep(after)  # the moment of the kill is the point of this test
    process.kill()
    process.join()
    return {first, *drained(said)}


def drained(said: Connection) -> list[int]:
    found = []
    try:
        while True:
            found.append(said.recv())
    except EOFError:
        return found


def check(activity_id: int, *, must_be_ended: bool) -> None:
    with work_as_system("look", at=LATER, readonly=True) as work:
        files = work.scalars(select(Attachment.id).where(Attachment.activity_id == activity_id))
        follow_ups = work.scalar(select(func.count()).select_from(Activity).where(Activity.follows_id == activity_id))
    if stored(activity_id).state is ActivityState.ENDED:
        assert (len(files), follow_ups) == (3, 1)
        assert sorted(told(activity_id)) == sorted(WHOLE)
        assert contents(list(files)) == {hashlib.sha256(data).hexdigest() for _, data in photos(activity_id)}
    else:
        assert not must_be_ended
        assert (len(files), follow_ups, told(activity_id)) == (0, 0, [])


def contents(files: list[int]) -> set[str]:
    found = set()
    with work_as_system("look", at=LATER, readonly=True) as work:
        for attachment_id in files:
            with attachments.open_(work, attachment_id=attachment_id).stream as stream:
                found.add(hashlib.sha256(stream.read()).hexdigest())
    return found


def check_all(everything: list[int]) -> None:
    """Every invariant; equal content stored once; what broken-off uploads left behind is swept, and nothing else."""
    with work_as_system("check", at=LATER) as work:
        assert integrity.problems(work, deep=True) == []
        assert work.scalar(select(func.count()).select_from(Blob)) == 2 * len(everything) + 1
    with work_as_system("a week later", at=NOW + 3650 * DAY) as work:
        attachments.sweep(work)
        assert integrity.problems(work, deep=True) == []
    kept = [f for f in Path(settings().attachments_url.removeprefix("file://")).rglob("*") if f.is_file()]
    assert len(kept) == 2 * len(everything) + 1
