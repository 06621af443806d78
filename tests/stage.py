"""Databases for tests, fresh and quick: a copied file on SQLite, one rewound database on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.session import engine
from db.upgrade import upgrade
from services.core import configuration
from services.core.settings import settings
from tests import databases
from tests.factories import World, found_world
from tests.rewind import Rewind

ON_POSTGRESQL = os.environ.get("TEST_DB") == "postgresql"


@dataclass(frozen=True)
class Stage:
    """A database with the people of tests/factories.py in it, and nothing else."""

    template: str
    world: World
    rewind: Rewind | None

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

    def _copied(self) -> str:
        """Always over the same file: the engine stays, with all that it has learned about statements."""
        template = Path(self.template.removeprefix("sqlite:///"))
        target = template.with_name("used.db")
        for leftover in ("-wal", "-shm"):
            template.with_name(target.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(template, target)
        return f"sqlite:///{target}"


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
        engine.cache_clear()
    settings.cache_clear()
    configuration._snapshots.clear()
