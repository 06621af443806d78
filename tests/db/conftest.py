"""Databases without anything in them, of the kind that this run of the tests is about."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.session import engine
from tests import databases


@pytest.fixture
def empty_url(tmp_path: Path) -> Iterator[str]:
    """Address of an empty database: SQLite, or with TEST_DB=postgresql PostgreSQL."""
    with empty_database(tmp_path) as url:
        yield url


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """Address of an empty database until the end of the block."""
    on_server = os.environ.get("TEST_DB") == "postgresql"
    url = databases.postgres_url() if on_server else databases.sqlite_url(folder)
    yield url
    engine(url).dispose()
    if on_server:
        databases.drop(url)
