"""Columns that are worked out of others, brought up to date in rows that an older version of the program wrote.

It stands outside the row scope and leaves versions alone: nothing that a person entered changes. Only upgrading comes this way.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, insert, select, update

from db.base import Model
from db.models import NameTrace
from db.session import engine

CHUNK = 5000
WorkOut = Callable[[Any], Any]


def renew(model: type[Model], column: str, *, of: str, work_out: WorkOut) -> int:
    """Let ``column`` be what ``work_out`` makes of the column ``of``, in every row; returns how many were not."""
    table = model.metadata.tables[model.__tablename__]
    asked = select(table.c.id, table.c[of].label("source"), table.c[column].label("present"))
    statement = update(table).where(table.c.id == bindparam("row")).values({column: bindparam("value")})
    changed = 0
    with engine().begin() as connection:
        for rows in _chunks(connection, asked, table.c.id):
            wrong = [{"row": row.id, "value": value} for row in rows if (value := work_out(row.source)) != row.present]
            if wrong:
                connection.execute(statement, wrong)
            changed += len(wrong)
    return changed


def trace(model: type[Model], kind: str, *, of: str, numbers: Callable[[Any], Collection[int]]) -> int:
    """Give every row that has a name in the column ``of`` and no traces yet its traces; returns how many rows had none.

    A migration that changes what leaves which trace empties the table.
    """
    table, traces = (Model.metadata.tables[one.__tablename__] for one in (model, NameTrace))
    has = exists().where(traces.c.kind == kind, traces.c.record_id == table.c.id)
    named = select(table.c.id, table.c[of].label("name")).where(table.c[of].is_not(None), ~has)
    laid = 0
    with engine().begin() as connection:
        for rows in _chunks(connection, named, table.c.id):
            left = {row.id: found for row in rows if (found := numbers(row.name))}
            new = [{"trace": one, "kind": kind, "record_id": number} for number, found in left.items() for one in found]
            if new:
                connection.execute(insert(traces), new)
            laid += len(left)
    return laid


def _chunks(connection: Connection, asked: Select[*tuple[Any, ...]], number: ColumnElement[int]) -> Iterator[Any]:
    """The rows by their numbers, so many at a time that any number of them fits into the memory."""
    last = 0
    while rows := connection.execute(asked.where(number > last).order_by(number).limit(CHUNK)).all():
        yield rows
        last = rows[-1].id
