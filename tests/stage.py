"""Databases for tests, fresh and quick: a copied file on SQLite, one rewound database on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from db.session import engine
from db.upgrade import upgrade
from services.core import configuration
from services.core.settings import settings
from tests import databases
from tests.factories import World, found_world
from tests.rewind import Rewind

T = TypeVar("T")
ON_POSTGRESQL = os.environ.get("TEST_DB") == "postgresql"


@dataclass(frozen=True)
class Stage:
    """A database with the people of tests/factories.py in it, and nothing else."""

    template: str
    world: World
    rewind: Rewind | None
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict)

    @staticmethod
    def set_up(folder: Path) -> "Stage":
        """Make the schema and the people once."""
        url = databases.postgres_url() if ON_POSTGRESQL else databases.sqlite_url(folder)
        with surroundings(folder, url):
            upgrade(url)
            world = found_world()
        return Stage(url, world, Rewind(url) if ON_POSTGRESQL else None)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """The environment points to a database as it was set up, until the end of the block; gives its address.

        One at a time: on PostgreSQL it is always the same database.
        """
        if self.rewind:
            self.rewind.rewind()
        url = self.template if self.rewind else self._copied()
        with surroundings(folder, url):
            yield url

    def once(self, prepare: Callable[..., T], *given: Any) -> T:
        """What `prepare` made of a fresh database and its folder, and its answer: made once, copied for later tests.

        On PostgreSQL made each time.
        """
        if self.rewind:
            return prepare(*given)
        folder, place = Path(os.environ["DATA_DIR"]), self._beside(prepare.__name__)
        if prepare in self._made:
            engine().dispose()
            _copy(place / "used.db", self._beside("used.db"))
            shutil.copytree(place / "files", folder, dirs_exist_ok=True)
            _forget(os.environ["DATABASE_URL"])
        else:
            self._made[prepare] = prepare(*given)
            engine().dispose()
            shutil.copytree(folder, place / "files")
            _copy(self._beside("used.db"), place / "used.db")
        return deepcopy(self._made[prepare])

    def _copied(self) -> str:
        """Always over the same file: the engine stays, with all that it has learned about statements."""
        target = self._beside("used.db")
        _copy(Path(self.template.removeprefix("sqlite:///")), target)
        return f"sqlite:///{target}"

    def _beside(self, name: str) -> Path:
        return Path(self.template.removeprefix("sqlite:///")).with_name(name)


def _copy(database: Path, target: Path) -> None:
    """Nobody is connected to either."""
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    shutil.copyfile(database, target)


@contextmanager
def surroundings(folder: Path, url: str) -> Iterator[None]:
    """An environment in which the installation lives in this folder and database."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATA_DIR", str(folder))
        environment.setenv("DATABASE_URL", url)
        _forget(url)
        try:
            yield
        finally:
            for used in (engine(), engine(url)):
                used.dispose()
    _forget(url)


def _forget(url: str) -> None:
    """What a process keeps about its database: tests have many, one after the other."""
    if engine.cache_info().currsize and engine().url.render_as_string(hide_password=False) != url:
        engine().dispose()  # a file may be written over later, and must not be open then
        engine.cache_clear()
    settings.cache_clear()
    configuration._snapshots.clear()
