"""The rows of a whole database as lines of JSON: the same from SQLite and PostgreSQL, and back into either."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, DateTime, MetaData, Table, func, insert, select
from sqlalchemy.schema import AddConstraint, DropConstraint, ForeignKeyConstraint

from db.session import database_url, engine

#: signed-in browsers and open resets must not come to life again; alembic's own table is written by its upgrade
LEFT_OUT = frozenset({"alembic_version", "sign_in_sessions", "sign_in_tickets", "reset_codes"})
BATCH = 2000

Convert = Callable[[Any], Any]


@contextmanager
def snapshot(url: str | None = None) -> Iterator[Connection]:
    """One moment of a database, for reading, while everybody else goes on writing."""
    server = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    source = engine(url or database_url())
    options = {"reading": True} if source.dialect.name == "sqlite" else server
    with source.execution_options(**options).connect() as connection, connection.begin():
        yield connection


def tables(connection: Connection) -> list[Table]:
    """What a backup holds, as the database itself describes it; a table comes after those that it refers to."""
    seen = MetaData()
    seen.reflect(connection)
    return [table for table in seen.sorted_tables if table.name not in LEFT_OUT]


def dump(connection: Connection, table: Table) -> Iterator[bytes]:
    """The columns of a table, then its rows in the order of their keys, each as one line."""
    yield _line([column.name for column in table.columns])
    statement = select(table).order_by(*table.primary_key)
    for row in connection.execution_options(yield_per=BATCH).execute(statement):
        yield _line(list(row))


def load(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Put dumped rows into an empty table; returns how many."""
    feed = iter(lines)
    names = json.loads(next(feed))
    converters = [_converter(table.columns[name].type, connection) for name in names]
    count = 0
    while batch := list(islice(feed, BATCH)):
        rows = (zip(names, converters, json.loads(line), strict=True) for line in batch)
        connection.execute(insert(table), [{name: convert(value) for name, convert, value in row} for row in rows])
        count += len(batch)
    return count


@contextmanager
def filling(connection: Connection, those: Sequence[Table]) -> Iterator[None]:
    """While tables are filled: rows may come before the rows of the same table that they refer to.

    PostgreSQL checks all of them at the end; SQLite does where the transaction for migrations ends.
    """
    own = _references_to_itself(those) if connection.dialect.name == "postgresql" else []
    for reference in own:
        connection.execute(DropConstraint(reference))
    yield
    for reference in own:
        connection.execute(AddConstraint(reference))
    if connection.dialect.name == "postgresql":
        _count_on(connection, those)


def _references_to_itself(those: Sequence[Table]) -> list[ForeignKeyConstraint]:
    return [key for table in those for key in table.foreign_key_constraints if key.referred_table is table]


def _count_on(connection: Connection, those: Sequence[Table]) -> None:
    """New rows get numbers after those that came in."""
    for table in those:
        if "id" in table.columns and (last := connection.scalar(select(func.max(table.columns["id"])))):
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_written).encode() + b"\n"


def _written(value: Any) -> str:
    """Moments in UTC, whether the database keeps their zone or not."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no way to write {type(value).__name__} into a backup")


def _converter(kind: Any, connection: Connection) -> Convert:
    """How a written value comes back; SQLite keeps moments without their zone."""
    readers: dict[type[Any], Convert] = {
        DateTime: datetime.fromisoformat
        if connection.dialect.name == "postgresql"
        else lambda value: datetime.fromisoformat(value).replace(tzinfo=None),
        Date: date.fromisoformat,
    }
    read = next((reader for known, reader in readers.items() if isinstance(kind, known)), None)
    return (lambda value: None if value is None else read(value)) if read else lambda value: value
