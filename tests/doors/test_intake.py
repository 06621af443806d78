"""LEAD-9 at the address itself: the key, the size, what a website is told and what not."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from db.models import Lead
from services.core.work import work_as_system
from tests.factories import Make, World
from tests.server import Server, serving

KEY = "a-key-that-nobody-guesses-1"
FORM = {"姓名": "王建国", "手机": "13801395136", "备注": "=cmd|'/c calc'!A1 <script>"}


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with serving(INTAKE_KEYS=f"官网:{KEY}") as running:
        yield running


def send(server: Server, given: object, key: str = KEY, **headers: str) -> tuple[int, dict[str, object]]:
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    status, _headers, text = server.request("POST", "/intake/leads", body, Authorization=f"Bearer {key}", **headers)
    return status, json.loads(text)


def count() -> int:
    with work_as_system("look", readonly=True) as work:
        return int(work.scalar(select(func.count()).select_from(Lead)))


def test_a_form_is_taken_and_a_known_number_answers_alike(server: Server, make: Make) -> None:
    make.account(phone="13801395137")
    first = send(server, FORM)
    assert first == (202, {"received": True})
    assert send(server, FORM) == first
    assert send(server, FORM | {"手机": "13801395137"}) == first
    assert count() == 2


@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], KEY + "1"])
def test_without_the_key_nothing_is_looked_at(server: Server, key: str) -> None:
    assert send(server, FORM, key) == (401, {"error": "key"})
    assert count() == 0


def test_what_is_wrong_is_said_in_the_language_asked_for(server: Server) -> None:
    status, answer = send(server, {"手机": "12345"}, Accept_Language="en")
    assert (status, list(answer)) == (422, ["errors"])
    assert send(server, {"手机": "12345"}, Accept_Language="zh")[1] != answer


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (b"", 400), (b"\xff", 400), (b"[]", 400), ({}, 400), ({"手机": ["13801395136"]}, 400), ({"x" * 17000: 1}, 413),
        ({str(n): n for n in range(61)}, 400), (b"[" * 9000, 400),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(server: Server, given: object, status: int) -> None:
    assert send(server, given)[0] == status
    assert count() == 0


def test_too_many_in_a_minute_are_asked_to_wait(server: Server) -> None:
    """The setting says 30."""
    answers = [send(server, FORM)[0] for _ in range(31)]
    assert answers == [202] * 30 + [429]
