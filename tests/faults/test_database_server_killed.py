"""What was committed is there after the database server was killed in the middle of work."""

import os
import signal
import tempfile
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
import pytest

from tests.databases import own_server


@pytest.fixture
def folder() -> Path:
    """Where the server's own user may go; the server removes it."""
    return Path(tempfile.gettempdir()) / f"crm-server-{uuid4().hex[:6]}"


def test_committed_rows_survive_and_uncommitted_ones_do_not(folder: Path) -> None:
    server = own_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE TABLE visit (id int PRIMARY KEY)")
        connection.execute("INSERT INTO visit VALUES (1)")
        with pytest.raises(psycopg.OperationalError):
            write_while_the_server_dies(connection, server.get_pid())
    server.ensure_postgres_running()
    with psycopg.connect(server.get_uri()) as connection:
        assert connection.execute("SELECT id FROM visit").fetchall() == [(1,)]
    server.cleanup()


def write_while_the_server_dies(connection: psycopg.Connection, pid: int | None) -> None:
    with connection.transaction():
        connection.execute("INSERT INTO visit VALUES (2)")
        kill(pid)


def kill(pid: int | None) -> None:
    """Kills the server and all its processes at once, as a power cut would."""
    assert pid is not None
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=10)
