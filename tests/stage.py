"""Databases for tests, fresh and quick: one template, copied for each test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from db.base import Model
from db.protection import protect
from db.session import engine
from services.core.settings import settings
from tests import databases
from tests.factories import World, found_world

ON_POSTGRESQL = os.environ.get("TEST_DB") == "postgresql"


@dataclass(frozen=True)
class Stage:
    """A template database with the people in it."""

    template: str
    world: World

    @staticmethod
    def set_up(folder: Path) -> "Stage":
        """Make the schema and the people once."""
        url = databases.postgres_url() if ON_POSTGRESQL else databases.sqlite_url(folder)
        with surroundings(folder, url):
            _make_schema(url)
            return Stage(url, found_world())

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """A copy of the template, which everything uses until the end of the block; gives its address."""
        url = databases.copy_of(self.template) if ON_POSTGRESQL else self._copied(folder)
        try:
            with surroundings(folder, url):
                yield url
        finally:
            if ON_POSTGRESQL:
                databases.drop(url)

    def _copied(self, folder: Path) -> str:
        target = databases.sqlite_url(folder)
        shutil.copyfile(self.template.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
        return target


@contextmanager
def surroundings(folder: Path, url: str) -> Iterator[None]:
    """An environment in which the installation lives in this folder and database."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATA_DIR", str(folder))
        environment.setenv("DATABASE_URL", url)
        _forget()
        try:
            yield
        finally:
            engine().dispose()
            _forget()


def _forget() -> None:
    engine.cache_clear()
    settings.cache_clear()


def _make_schema(url: str) -> None:
    made = create_engine(url)
    with made.begin() as connection:
        Model.metadata.create_all(connection)
        protect(connection)
    made.dispose()
