"""The engine and the sessions made from it."""

import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

BUSY_SECONDS = 10


def data_dir() -> Path:
    """The folder of everything this installation keeps in files; made when missing, for its owner only."""
    folder = Path(os.environ.get("DATA_DIR", "data")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def database_url() -> str:
    """``DATABASE_URL``, or a SQLite file in the data folder; PostgreSQL addresses are given the psycopg driver."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data_dir() / 'dealer.db'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def engine(url: str | None = None) -> Engine:
    """One engine per address and process; it is never kept in Streamlit's caches, which any visitor can clear."""
    address = url or database_url()
    if address.startswith("sqlite"):
        made = create_engine(
            address,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            pool_size=20,
            pool_use_lifo=True,
        )
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    return create_engine(address, pool_size=10, max_overflow=20, pool_use_lifo=True, pool_pre_ping=True)


class DealerSession(Session):
    """A session under the row scope of services.core.work; without an actor every statement is refused."""


def new_session(*, readonly: bool, info: dict[str, Any]) -> DealerSession:
    """A session that starts a reading or a writing transaction; ``info`` must name the actor before any statement."""
    bind = engine().execution_options(**_reading_options()) if readonly else engine()
    return DealerSession(bind=bind, expire_on_commit=False, autoflush=not readonly, info=info)


def _reading_options() -> dict[str, Any]:
    return {"reading": True} if engine().dialect.name == "sqlite" else {"reading": True, "postgresql_readonly": True}


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-8000",
        "journal_size_limit=67108864",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
