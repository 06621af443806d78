"""Operators' commands in a process of their own, killed at a chosen share of their way; and places for them to work in.

Children are forked from one clean process that has everything imported, so that killing dozens costs little.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from db import archive, upgrade
from db.session import engine
from services.__main__ import main
from tests import databases
from tests.faults.finishing import fresh
from tests.stage import surroundings

PATIENCE = 60.0


@dataclass(frozen=True)
class Place:
    """An installation: the folder of its files, its database, and the migrations that its program knows."""

    folder: Path
    url: str
    migrations: Path = upgrade.MIGRATIONS

    @staticmethod
    def empty(folder: Path, kind: str) -> "Place":
        """A new one, of which nothing exists yet."""
        folder.mkdir()
        return Place(folder, databases.sqlite_url(folder) if kind == "sqlite" else databases.postgres_url())

    def copy(self, folder: Path, migrations: Path = upgrade.MIGRATIONS) -> "Place":
        """The same once more; nobody may be at work in this one."""
        shutil.copytree(self.folder, folder)
        sqlite = self.url.startswith("sqlite")
        return Place(folder, databases.sqlite_url(folder) if sqlite else databases.copy_of(self.url), migrations)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """The test itself works there, until the end of the block; leaves nothing connected."""
        with surroundings(self.folder, self.url), knowing(self.migrations):
            yield

    def away(self) -> None:
        """Take no more room: tests make many."""
        shutil.rmtree(self.folder)
        if not self.url.startswith("sqlite"):
            databases.drop(self.url)

    def run(self, *words: object) -> int:
        """Run a command to its end; gives its exit code."""
        with self.entered():
            return main([*map(str, words)])


@contextmanager
def knowing(migrations: Path) -> Iterator[None]:
    """The program as it is with these migrations."""
    before, upgrade.MIGRATIONS = upgrade.MIGRATIONS, migrations
    try:
        yield
    finally:
        upgrade.MIGRATIONS = before


def time_of(place: Place, words: Sequence[object]) -> float:
    """How long the command takes in a process of its own."""
    _, told = _started(place, words)
    began = time.monotonic()
    assert told.poll(PATIENCE)
    assert told.recv() == 0
    return time.monotonic() - began


def killed(place: Place, words: Sequence[object], *, after: float) -> bool:
    """Start the command and kill it that many seconds later; whether that came before its end, which must be a good one."""
    child, told = _started(place, words)
    told.poll(after)  # the moment of the kill is the point of these tests
    child.kill()
    psutil.wait_procs([child], timeout=PATIENCE)
    try:
        code = told.recv()
    except EOFError:
        return True
    assert code == 0, f"{words} failed by itself with {code}: that is no kill"
    return False


def _started(place: Place, words: Sequence[object]) -> tuple[psutil.Process, Connection]:
    """The process that is about to begin with the command."""
    ours, theirs = fresh.Pipe(duplex=False)
    process = fresh.Process(target=_work, args=(place, [*map(str, words)], theirs), daemon=True)
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    ours.recv()
    return psutil.Process(process.pid), ours


def _work(place: Place, words: Sequence[str], told: Connection) -> None:
    with place.entered():
        told.send("begins")
        told.send(main(words))


def rows_of(place: Place) -> dict[str, list[bytes]]:
    """Every row of every table, as a backup would hold them."""
    with place.entered(), archive.snapshot(place.url) as connection:
        return {table.name: list(archive.dump(connection, table)) for table in archive.tables(connection)}


def is_empty(place: Place) -> bool:
    """Whether there is not a single table in its database."""
    with place.entered(), engine(place.url).connect() as connection:
        return upgrade.is_empty(connection)
