"""The databases that tests are promised really come, separate from one another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests import databases


@pytest.fixture
def postgres() -> Iterator[str]:
    url = databases.postgres_url()
    yield url
    databases.drop(url)


def ask(url: str, *statements: str) -> object:
    """Runs the statements in one transaction; gives the first value of the last one."""
    engine: Engine = create_engine(url)
    with engine.begin() as connection:
        results = [connection.execute(text(statement)) for statement in statements]
        value = results[-1].scalar() if results[-1].returns_rows else None
    engine.dispose()
    return value


def test_postgres_is_recent_and_speaks_utf8(postgres: str) -> None:
    assert int(str(ask(postgres, "SHOW server_version_num"))) >= 150000
    assert ask(postgres, "SHOW server_encoding") == "UTF8"


def test_each_caller_has_a_database_of_its_own(postgres: str) -> None:
    ask(postgres, "CREATE TABLE mine (name text)")
    other = databases.postgres_url()
    assert ask(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'") == 0
    databases.drop(other)


def test_copy_holds_what_the_original_held_and_goes_its_own_way(postgres: str) -> None:
    ask(postgres, "CREATE TABLE mine (name text)", "INSERT INTO mine VALUES ('徐工机械')")
    copy = databases.copy_of(postgres)
    ask(postgres, "DELETE FROM mine")
    assert ask(copy, "SELECT name FROM mine") == "徐工机械"
    databases.drop(copy)


def test_sqlite_is_a_file_in_the_given_folder(tmp_path: Path) -> None:
    ask(databases.sqlite_url(tmp_path), "CREATE TABLE mine (name text)")
    assert [file.name for file in tmp_path.iterdir()] == ["crm.db"]
