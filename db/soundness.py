"""What only the database itself can say about its soundness: its files, references, indexes and triggers."""

from collections.abc import Iterator

from sqlalchemy import Connection

from db.archive import snapshot
from db.protection import expected, triggers
from db.upgrade import broken_references

#: what PostgreSQL knows to be out of order: half-built indexes, and constraints that were never checked on all rows
UNFINISHED = (
    "SELECT 'index ' || indexrelid::regclass || ' is not valid' FROM pg_index WHERE NOT indisvalid"
    " UNION ALL SELECT 'constraint ' || conname || ' was never checked' FROM pg_constraint WHERE NOT convalidated"
)


def faults(url: str | None = None) -> list[str]:
    """Everything that the database finds wrong with itself, and triggers that are missing or switched off (ACT-9)."""
    with snapshot(url) as connection:
        return [*_of_itself(connection), *_unprotected(connection)]


def _of_itself(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        yield from (said for (said,) in connection.exec_driver_sql(UNFINISHED))
        return
    yield from (said for (said,) in connection.exec_driver_sql("PRAGMA integrity_check") if said != "ok")
    yield from broken_references(connection)


def _unprotected(connection: Connection) -> Iterator[str]:
    in_place = {name for name, _ in triggers(connection)}
    for name in sorted(expected(connection.dialect.name) - in_place):
        yield f"the trigger {name} is missing or switched off"
