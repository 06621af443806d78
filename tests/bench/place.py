"""Where the benchmark runs: the large database, kept between runs, and a server process of its own on it."""

import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from db import planning
from db.models import Role, SignInSession, User
from db.session import engine
from db.upgrade import upgrade
from services import demo, reference, sign_in
from services.core.settings import settings
from services.core.work import work_as_system
from tests import databases
from tests.server import free_port

FOLDER = Path(__file__).resolve().parents[2] / ".bench"


@dataclass(frozen=True)
class Place:
    """One large database: its name, the people who act, and the folder it lies in."""

    name: str
    folder: Path
    url: str

    def person(self, role: Role) -> tuple[int, int | None]:
        """The first active person with that role: id and branch."""
        with work_as_system("bench", readonly=True) as work:
            row = work.row(select(User.id, User.branch_id).where(User.role == role, User.active).order_by(User.id))
        return row.id, row.branch_id

    def session_of(self, user_id: int) -> str:
        """A sign-in session of this person; gives the cookie's value."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        times = {"created_at": now, "last_seen_at": now, "expires_at": now + timedelta(hours=2)}
        with work_as_system("bench") as work:
            work.also(SignInSession(token=sign_in.digest(token), user_id=user_id, **times))
        return token


@contextmanager
def place(name: str, size: str) -> Iterator[Place]:
    """The database of that size on SQLite or PostgreSQL, made when it is not there yet; the environment points to it."""
    folder = FOLDER / f"{name}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'dealer.db'}" if name == "sqlite" else databases.postgres_url()
    os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": url}
    engine.cache_clear()
    settings.cache_clear()
    upgrade(url)
    with work_as_system("bench") as work:
        reference.load(work)
    began = time.monotonic()
    demo.load(size=size, seed=1)
    _settle()
    print(f"{name}: {size} data ready after {time.monotonic() - began:.0f} s", file=sys.stderr)
    yield Place(name, folder, url)
    engine().dispose()


def _settle() -> None:
    """SQLite's journal of the load is worked off, PostgreSQL's rows are counted, as after a quiet night."""
    planning.learn()
    if engine().dialect.name == "sqlite":
        with closing(engine().raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass(frozen=True)
class Process:
    """The application under measurement."""

    url: str
    pid: int
    started_in: float

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """Resident memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


@contextmanager
def application() -> Iterator[Process]:
    """A tuned server as `make run` starts it, on the database that the environment names."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        shutil.which("uvicorn", path=str(Path(sys.executable).parent)) or "uvicorn",
        "app:app",
        "--port",
        str(port),
    ]
    options = ["--ws-per-message-deflate", "false", "--no-access-log", "--log-level", "error"]
    began = time.monotonic()
    process = subprocess.Popen([*command, *options], env=os.environ | {"WORKER_INSIDE": "0", "PUBLIC_URL": url})
    try:
        _wait(f"{url}/healthz")
        yield Process(url, process.pid, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(url)
