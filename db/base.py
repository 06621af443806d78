"""What every stored record has in common."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, TextClause, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from db.types import Money, UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """A stored record; every constraint carries a name made by one convention."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        Decimal: Money,
        str: String(200),
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Keyed:
    """Has a number of its own."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Owned:
    """Belongs to one person and one branch."""

    @declared_attr
    def owner_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("users.id"), index=True)

    @declared_attr
    def branch_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("branches.id"), index=True)


class Timestamped:
    """Knows when and by whom it was made and last touched."""

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("users.id"))


class Versioned:
    """Counts its changes, so that two editors never overwrite each other silently (ALL-4)."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


#: what an index on the recycle bin holds
HIDDEN = text("deleted_at IS NOT NULL")
#: and what one holds that is asked about present records only
PRESENT = text("deleted_at IS NULL")


def partial_index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """An index of the rows for which the condition holds; both databases understand the same one."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def filled_index(name: str, column: str) -> Index:
    """An index of the rows in which the column is filled: the empty ones, mostly many, mislead whoever plans a search."""
    return partial_index(name, column, where=text(f"{column} IS NOT NULL"))


class Hideable:
    """Is hidden, not erased, when deleted (ALL-8)."""

    deleted_at: Mapped[datetime | None]
