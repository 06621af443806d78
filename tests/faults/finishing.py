"""A process that ends one visit after the other with photos and follow-up, until it is done or killed.

Children are forked from one clean process that has everything imported, so that killing dozens costs little.
"""

import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from services import activities
from tests.factories import World, as_person
from tests.stage import surroundings
from tests.stories import LATER, feedback

PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")
SIZE = 300_000

fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload([__name__])


def photos(activity_id: int) -> list[tuple[str, bytes]]:
    """Two photos of this visit alone, and one that all visits share."""
    return [
        (f"{name}.png", PHOTO + f"{name}".encode() * (SIZE // len(name)))
        for name in (f"{activity_id}-front", f"{activity_id}-back", "logo")
    ]


def finish(world: World, activity_id: int) -> None:
    """What the phone's one screen sends."""
    said = feedback(world, next_step="Send the offer", machine_hours=1200)
    with as_person(world.anna, at=LATER) as work:
        activities.finish(
            work, activity_id=activity_id, feedback=said, files=photos(activity_id), follow_up=True, version=1
        )


def start(folder: Path, url: str, world: World, activity_ids: Sequence[int]) -> tuple[BaseProcess, Connection]:
    """The process, and the connection on which it tells each visit that it has ended."""
    ours, theirs = fresh.Pipe(duplex=False)
    process = fresh.Process(target=_run, args=(folder, url, world, list(activity_ids), theirs))
    process.start()
    theirs.close()
    return process, ours


def _run(folder: Path, url: str, world: World, activity_ids: Sequence[int], told: Connection) -> None:
    with surroundings(folder, url):
        for activity_id in activity_ids:
            finish(world, activity_id)
            told.send(activity_id)
