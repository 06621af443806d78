"""Bringing a database to the shape that this version of the code needs; safe to run again, and by several at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from db.protection import protect, unprotect
from db.session import database_url, engine

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 4_711_002  # the number of PostgreSQL's advisory lock: any, but always the same


class BrokenReferences(Exception):
    """A migration would leave rows that refer to rows which do not exist; nothing was changed."""


def upgrade(url: str | None = None) -> None:
    """Bring the database to the newest shape, with its triggers in place; all of it or nothing, repeatable."""
    with migrating(url) as connection:
        move(connection, "head")


def head() -> str:
    """The newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def knows(revision_id: str) -> bool:
    """Whether this code knows the revision: false for one of a newer version."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision_id in {script.revision for script in known}


def revision(connection: Connection) -> str | None:
    """The revision that a database is at; None for one that was never upgraded."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(url: str | None = None) -> bool:
    """Whether the database has the shape that this code needs: what a start of the application asks first."""
    with engine(url or database_url()).connect() as connection:
        return revision(connection) == head()


def is_empty(connection: Connection) -> bool:
    """Whether there is not a single table yet."""
    return not inspect(connection).get_table_names()


def move(connection: Connection, target: str) -> None:
    """Run the migrations up to ``target`` on a connection from ``migrating``."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


@contextmanager
def migrating(url: str | None = None) -> Iterator[Connection]:
    """One transaction for changing the shape of a database, alone at it; triggers are away meanwhile, back at its end.

    SQLite rebuilds a table to change it, which only works while foreign keys are not enforced; its end checks them.
    """
    with engine(url or database_url()).connect() as connection:
        _enforce_references(connection, enforced=False)
        try:
            with connection.begin():
                _wait_for_others(connection)
                unprotect(connection)
                yield connection
                _finish(connection)
        finally:
            _enforce_references(connection, enforced=True)


def _finish(connection: Connection) -> None:
    if revision(connection) == head():
        protect(connection)
    if connection.dialect.name == "sqlite" and (broken := broken_references(connection)):
        raise BrokenReferences("; ".join(broken))


def broken_references(connection: Connection) -> list[str]:
    """SQLite's own list of rows that refer to nothing."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [f"{table} {row_id} refers to a missing row of {parent}" for table, row_id, parent, _ in rows]


def _enforce_references(connection: Connection, *, enforced: bool) -> None:
    """Outside any transaction, where alone SQLite listens to it."""
    if connection.dialect.name == "sqlite" and (raw := connection.connection.driver_connection):
        raw.execute(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")


def _wait_for_others(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE has waited already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
