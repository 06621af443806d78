"""kill -9 in the middle of a merge, a handover, a conversion and their undoing: each whole and once, or not at all."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import upgrade
from tests.factories import Make, found_world
from tests.faults.killing import Place
from tests.faults.pressing import ACTS, Presses, last_ids, press, pressed, settled, standing, story

#: kills on each database; `KILLS=200 pytest tests/faults/test_acts_killed.py` is the long run
KILLS = int(os.environ.get("KILLS", "12"))


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    made = Place.empty(tmp_path / "place", request.param)
    with made.entered():
        upgrade.upgrade(made.url)
        yield made
    made.away()


@pytest.mark.timeout(900)
def test_killed_at_any_moment_each_act_is_whole_and_once(place: Place) -> None:
    """quality.md; ACCT-4, ADM-6, LEAD-5, ALL-5: nothing half done, nothing twice, and the next try goes on from there."""
    world = found_world()
    ids = story(world, Make(world))
    known = last_ids()
    presses = Presses(place, ids, known)
    grown = presses.stood[-1] - presses.stood[0]
    chance, number, stored = random.Random(20261125), 2 * len(ACTS), 0
    for kill in range(KILLS):
        aim = number + (kill - number) % len(ACTS)
        told = presses.kill(number, aim=aim, share=chance.random())
        settled()
        done = pressed(known)
        assert done in (told + 1, told + 2)
        rounds, rest = divmod(done, len(ACTS))
        assert standing(known) == presses.stood[rest] + Counter(
            {row: count * (rounds - 1) for row, count in grown.items()}
        )
        stored += done > aim
        number = told + 1  # whoever does not know presses the last one again
    assert stored < KILLS
    presses.end()
    while number % len(ACTS) or number < pressed(known):
        press(ids, number)
        number += 1
    assert place.run("check") == 0
