"""Migrations make exactly what the models say, on both databases, and may be run again at any time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Inspector, MetaData, String, Table, delete, insert, inspect, select

from db import upgrade
from db.base import Model
from db.models import Activity, Branch, Channel, Event, Region
from db.protection import protect, triggers, unprotect
from db.session import engine
from tests import databases

Shape = dict[str, Any]


def shape(connection: Connection) -> Shape:
    """Everything a database knows about its tables, in an order of its own."""
    seen = inspect(connection)
    tables = {name: table_shape(seen, name) for name in seen.get_table_names() if name != "alembic_version"}
    return {"triggers": triggers(connection), **tables}


def table_shape(seen: Inspector, table: str) -> Shape:
    readers: dict[str, Callable[[str], Any]] = {
        "columns": seen.get_columns,
        "key": lambda name: [seen.get_pk_constraint(name)],
        "references": seen.get_foreign_keys,
        "checks": seen.get_check_constraints,
        "indexes": seen.get_indexes,
    }
    return {part: sorted(map(comparable, read(table))) for part, read in readers.items()}


def comparable(part: Any) -> str:
    if isinstance(part, dict):
        return repr(sorted((key, comparable(value)) for key, value in part.items()))
    return str(part)


def made_by_models(folder: Path) -> Shape:
    folder.mkdir()
    with engine(databases.sqlite_url(folder)).begin() as connection:
        Model.metadata.create_all(connection)
        protect(connection)
        return shape(connection)


def made_by_models_on_postgres() -> Shape:
    url = databases.postgres_url()
    with engine(url).begin() as connection:
        Model.metadata.create_all(connection)
        protect(connection)
        made = shape(connection)
    engine(url).dispose()
    databases.drop(url)
    return made


def test_migrated_shape_is_the_shape_of_the_models(empty_url: str, tmp_path: Path) -> None:
    upgrade.upgrade(empty_url)
    wanted = made_by_models(tmp_path / "models") if "sqlite" in empty_url else made_by_models_on_postgres()
    with engine(empty_url).connect() as connection:
        assert shape(connection) == wanted
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []


def test_upgrade_may_be_run_again_and_keeps_what_is_there(empty_url: str) -> None:
    upgrade.upgrade(empty_url)
    with engine(empty_url).begin() as connection:
        connection.execute(insert(Branch).values(code="js", name="江苏", name_en="Jiangsu", active=True))
        before = shape(connection)
    upgrade.upgrade(empty_url)
    with engine(empty_url).connect() as connection:
        assert connection.scalar(select(Branch.name)) == "江苏"
        assert shape(connection) == before
        assert upgrade.revision(connection) == upgrade.head()


def test_upgrade_puts_lost_triggers_back(empty_url: str) -> None:
    """ACT-9: also after somebody took them away."""
    upgrade.upgrade(empty_url)
    with engine(empty_url).begin() as connection:
        before = triggers(connection)
        unprotect(connection)
        assert before
        assert not triggers(connection)
    upgrade.upgrade(empty_url)
    with engine(empty_url).connect() as connection:
        assert triggers(connection) == before


def test_activities_of_an_older_version_are_searched_in_the_index_as_well(empty_url: str) -> None:
    """ALL-2: their keys are cut to what the index takes, as those of new ones are."""
    with upgrade.migrating(empty_url) as connection:
        upgrade.move(connection, "85323655a034")
        written(connection, "branches", code="js", name="江苏", name_en="Jiangsu")
        written(
            connection, "code_values", list="activity_type", code="visit", label_zh="拜访", label_en="Visit", position=1
        )
        written(
            connection, "users", login="anna", name="Anna", password_hash="x", role="rep", branch_id=1, language="en"
        )
        written(
            connection, "activities", state="planned", type_id=1, subject="x", search_key="长" * 1700, priority="normal",
            branch_id=1, owner_id=1, planned_start=EVENT["at"], planned_end=EVENT["at"], due_at=EVENT["at"],
        )  # fmt: skip
    upgrade.upgrade(empty_url)
    with engine(empty_url).connect() as connection:
        assert connection.scalar(select(Activity.search_key)) == "长" * 800
        assert "ix_activities_search" in {index["name"] for index in inspect(connection).get_indexes("activities")}


def written(connection: Connection, name: str, /, **values: Any) -> None:
    """A row with something in each column that has to say something."""
    table = Table(name, MetaData(), autoload_with=connection)
    empty = {bool: True, datetime: EVENT["at"], int: 1, str: ""}
    wanted = [c for c in table.columns if not c.nullable and not c.primary_key and c.server_default is None]
    connection.execute(insert(table).values(id=1, **{c.name: empty[c.type.python_type] for c in wanted} | values))


def test_several_processes_may_upgrade_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade.upgrade, [empty_url] * 4))
    assert upgrade.is_current(empty_url)


def test_an_empty_database_is_empty_and_not_current(empty_url: str) -> None:
    assert not upgrade.is_current(empty_url)
    with engine(empty_url).connect() as connection:
        assert upgrade.is_empty(connection)
        assert upgrade.revision(connection) is None


def test_a_failing_migration_changes_nothing(empty_url: str) -> None:
    def fail() -> None:
        with upgrade.migrating(empty_url) as connection:
            upgrade.move(connection, "head")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with engine(empty_url).connect() as connection:
        assert upgrade.is_empty(connection)


def test_a_migration_that_breaks_references_changes_nothing(empty_url: str) -> None:
    upgrade.upgrade(empty_url)
    orphan = insert(Region).values(code="320100", name="南京市", level="city", parent_code="320000")
    with pytest.raises(Exception, match=r"320000|regions"), upgrade.migrating(empty_url) as connection:
        connection.execute(orphan)
    with engine(empty_url).connect() as connection:
        assert connection.scalar(select(Region.code)) is None


def test_a_later_migration_may_rebuild_a_table_of_which_rows_are_protected(empty_url: str) -> None:
    """SQLite makes the table anew to change it: rows, checks, indexes and triggers are the same afterwards."""
    upgrade.upgrade(empty_url)
    with engine(empty_url).begin() as connection:
        connection.execute(insert(Event).values(id=1, **EVENT))
        before = shape(connection)
    for table in ("events", "activities", "attachments"):
        with upgrade.migrating(empty_url) as connection:
            rebuild(connection, table)
    with engine(empty_url).connect() as connection:
        assert connection.scalar(select(Event.note)) == "first"
        assert shape(connection) == before
    with pytest.raises(Exception, match="append-only"), engine(empty_url).begin() as connection:
        connection.execute(delete(Event))


EVENT = {
    "at": datetime(2026, 11, 23, tzinfo=UTC),
    "channel": Channel.SCREEN,
    "kind": "user",
    "action": "x",
    "changes": {},
    "note": "first",
}


def rebuild(connection: Connection, table: str) -> None:
    operations = Operations(MigrationContext.configure(connection, opts={"target_metadata": Model.metadata}))
    with operations.batch_alter_table(table, recreate="auto") as batch:
        batch.add_column(Column("fax", String(20)))
    with operations.batch_alter_table(
        table, recreate="always" if connection.dialect.name == "sqlite" else "auto"
    ) as batch:
        batch.drop_column("fax")


def test_foreign_keys_are_enforced_again_after_an_upgrade(empty_url: str) -> None:
    upgrade.upgrade(empty_url)
    orphan = insert(Region).values(code="320100", name="南京市", level="city", parent_code="320000")
    with pytest.raises(Exception, match=r"(?i)foreign key"), engine(empty_url).begin() as connection:
        connection.execute(orphan)
