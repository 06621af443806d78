"""Models: the promises that the database keeps are declared the same way everywhere."""

from collections.abc import Iterator

from sqlalchemy import (
    Column,
    Constraint,
    DateTime,
    Enum,
    Float,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import configure_mappers
from sqlalchemy.types import TypeEngine

import db.models  # fills the registry
from db.base import Model
from tests.house.tree import Recipe, none_of

KINDS = {"ix", "uq", "ck", "fk", "pk"}


def tables() -> list[Table]:
    return list(Model.metadata.sorted_tables)


def columns() -> Iterator[tuple[Table, Column[object]]]:
    for table in tables():
        for column in table.columns:
            yield table, column


def named(table: Table) -> list[Constraint | Index]:
    return [*table.constraints, *table.indexes]


def test_there_are_models() -> None:
    assert len(tables()) > 5
    listed = {id(member) for member in vars(db.models).values()}
    missing = [mapper.class_.__name__ for mapper in Model.registry.mappers if id(mapper.class_) not in listed]
    none_of(missing, "db/models/__init__.py lists every model", Recipe.MODULE)


def test_every_constraint_and_index_has_a_name() -> None:
    assert set(Model.metadata.naming_convention) >= KINDS
    found = [
        f"{table.name}: {item!r}"
        for table in tables()
        for item in (*table.constraints, *table.indexes)
        if not item.name
    ]
    none_of(
        found, "constraints carry names by one convention, so that errors and migrations can name them", Recipe.FIELD
    )


def test_names_fit_into_postgresql() -> None:
    names = [str(item.name) for table in tables() for item in named(table)]
    none_of([name for name in names if len(name) > 63], "PostgreSQL cuts names after 63 characters", Recipe.FIELD)


def test_index_names_are_unique() -> None:
    """SQLite and PostgreSQL keep the indexes of all tables in one drawer."""
    unique = [str(item.name) for table in tables() for item in table.constraints if isinstance(item, UniqueConstraint)]
    names = [str(item.name) for table in tables() for item in table.indexes] + unique
    none_of({name for name in names if names.count(name) > 1}, "two indexes of one name", Recipe.FIELD)


def test_nothing_is_loaded_by_touching_it() -> None:
    configure_mappers()
    found = [
        f"{mapper.class_.__name__}.{relation.key}: {relation.lazy}"
        for mapper in Model.registry.mappers
        for relation in mapper.relationships
        if relation.lazy not in {"raise", "raise_on_sql"}
    ]
    none_of(found, 'relationships are lazy="raise": lists select columns', Recipe.DATABASE)


def test_moments_are_stored_in_utc() -> None:
    found = [f"{table.name}.{column.name}" for table, column in columns() if isinstance(column.type, DateTime)]
    none_of(found, "moments are UtcDateTime", Recipe.FIELD)


def test_money_is_exact() -> None:
    inexact: tuple[type[TypeEngine[object]], ...] = (Float, Numeric)
    found = [f"{table.name}.{column.name}" for table, column in columns() if isinstance(column.type, inexact)]
    none_of(found, "amounts are Money, whole fen in the database", Recipe.FIELD)


def test_closed_sets_are_checked_by_the_database() -> None:
    found = [
        f"{table.name}.{column.name}"
        for table, column in columns()
        if isinstance(column.type, Enum) and (column.type.native_enum or not column.type.create_constraint)
    ]
    none_of(found, "a closed set is one_of(...), which makes a check constraint", Recipe.FIELD)


def test_references_are_checked_by_the_database() -> None:
    referring = {
        (table.name, column.name)
        for table in tables()
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
        for column in constraint.columns
    }
    loose = [f"{t.name}.{c.name}" for t, c in columns() if c.name.endswith("_id") and (t.name, c.name) not in referring]
    none_of([name for name in loose if not names_any_kind(name)], "what names a record is a foreign key", Recipe.FIELD)


def names_any_kind(column: str) -> bool:
    """Whether this is the number of a record whose kind stands beside it."""
    table, _, name = column.partition(".")
    return name == "record_id" and "kind" in Model.metadata.tables[table].columns
