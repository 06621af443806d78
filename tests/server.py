"""The application in a process of its own, fresh each time and quick: forked from one that has imported everything.

`python -m tests.server` is that one: it reads an environment a line from its input, forks a server with it, and answers with
the number of its process, until its input ends.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

import psutil
import uvicorn

from db.session import engine
from services.core.settings import settings
from tests.house.tree import ROOT

IMPORTED = ("app", "altair", "pandas", "pages.ui.frame", "pages.ui.sign_in", "pages.ui.lists", "pages.ui.forms")
#: what the server is told of its surroundings, besides what a test adds
TOLD = ("DATA_DIR", "DATABASE_URL")


@dataclass(frozen=True)
class Server:
    """A running application; its process is there to be measured and killed."""

    url: str
    pid: int

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, Mapping[str, str], str]:
        """One request as it is, without redirects: status, headers in small letters, body. `_` in names means `-`."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, names, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


@contextmanager
def serving(**environment: str) -> Iterator[Server]:
    """A fresh server on the database that the environment names now; without a worker, unless told otherwise.

    It listens at ``PORT``, if that is given, where the one before it may have listened.
    """
    port = int(environment.get("PORT") or free_port())
    url = f"http://127.0.0.1:{port}"
    told = {name: os.environ[name] for name in TOLD if name in os.environ}
    told |= {"WORKER_INSIDE": "0", "PUBLIC_URL": url, "PORT": str(port)} | environment
    server = Server(url, _forked(told))
    try:
        _wait(server)
        yield server
    finally:
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            os.kill(server.pid, signal.SIGKILL)
            psutil.Process(server.pid).wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _forked(environment: Mapping[str, str]) -> int:
    parent = _parent()
    assert parent.stdin
    assert parent.stdout
    parent.stdin.write(json.dumps(environment) + "\n")
    parent.stdin.flush()
    return int(parent.stdout.readline())


@cache
def _parent() -> subprocess.Popen[str]:
    """Started once a test run; it ends when this process does, because its input ends."""
    command = [sys.executable, "-m", "tests.server"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _wait(server: Server, seconds: float = 30.0) -> None:
    end, address = time.monotonic() + seconds, urlsplit(server.url)
    while time.monotonic() < end and psutil.pid_exists(server.pid):
        try:
            socket.create_connection((address.hostname, address.port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not start")


def _fork_servers() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what servers print does not belong between the answers
    for module in IMPORTED:
        import_module(module)
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            _serve(json.loads(line))
        answers.write(f"{pid}\n")
        answers.flush()


def _serve(environment: Mapping[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(environment)
    engine.cache_clear()
    settings.cache_clear()
    port = int(environment["PORT"])
    uvicorn.run("app:app", host="127.0.0.1", port=port, log_level="error", ws_per_message_deflate=False)
    os._exit(0)


if __name__ == "__main__":
    _fork_servers()
