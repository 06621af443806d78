"""Many whole rows at once into the tables, for demo data: plain inserts in chunks, all of it or nothing.

It stands outside the row scope, so nothing that a person asks for may come this way.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from db.base import Model
from db.protection import protect, unprotect
from db.session import engine

CHUNK = 5000


class Filling:
    """Takes rows with all their columns and numbers; parents reach the database before their children."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[Table, list[dict[str, Any]]] = {table: [] for table in Model.metadata.sorted_tables}
        self._last: dict[Table, int] = {}

    def number(self, model: type[Model]) -> int:
        """The next free number of a kind of record."""
        table = _table(model)
        if table not in self._last:
            self._last[table] = self._connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
        self._last[table] += 1
        return self._last[table]

    def put(self, model: type[Model], row: Mapping[str, Any]) -> None:
        """Add one row; columns that are left out are empty, or have the model's default."""
        table = _table(model)
        values = {**_blank(table), **row}
        if "id" in table.c and values.get("id") is None:
            values["id"] = self.number(model)
        rows = self._waiting[table]
        rows.append(values)
        if len(rows) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Send what is waiting, parents first."""
        for table, rows in self._waiting.items():
            if rows:
                self._connection.execute(insert(table), rows)
                rows.clear()

    def finish(self) -> None:
        """Send the rest, and let PostgreSQL count on from the highest numbers."""
        self.flush()
        if self._connection.dialect.name == "postgresql":
            for table, last in self._last.items():
                count_on = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
                self._connection.execute(count_on, {"name": table.name, "last": last})


@contextmanager
def filling() -> Iterator[Filling]:
    """One transaction in which ended activities may be written as such; the triggers are back at its end."""
    with engine().begin() as connection:
        unprotect(connection)
        pen = Filling(connection)
        yield pen
        pen.finish()
        protect(connection)


_blanks: dict[Table, dict[str, Any]] = {}


def _blank(table: Table) -> dict[str, Any]:
    """Every column that a row need not name: its default, or nothing."""
    if table not in _blanks:
        _blanks[table] = {
            c.name: c.default.arg if isinstance(c.default, ScalarElementColumnDefault) else None for c in table.columns
        }
    return _blanks[table]


def _table(model: type[Model]) -> Table:
    return model.metadata.tables[model.__tablename__]
