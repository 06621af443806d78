"""The stream of marks for open monitors: at once, on change, only of one's own branch, until the session ends (ACT-13)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from db.models import Channel, Event, SignInSession
from pages.routes import live
from services import sign_in
from services.core.work import work_as_system
from tests.factories import World

Story = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look a second, a beat every ten and a check every thirty are too slow to wait for."""
    monkeypatch.setattr(live, "watch", live.Watch())
    monkeypatch.setattr(live, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(live, "CHECK_EVERY", 0.1)


def session_of(user_id: int) -> str:
    token, now = sign_in.digest(f"secret of {user_id}"), datetime.now(UTC)
    with work_as_system("a browser") as work:
        times = {"created_at": now, "last_seen_at": now, "expires_at": now + timedelta(hours=1)}
        work.also(SignInSession(token=token, user_id=user_id, **times))
    return token


def happens(branch_id: int) -> None:
    with work_as_system("somebody does something") as work:
        work.also(
            Event(
                at=work.now,
                channel=Channel.SCREEN,
                kind="activity",
                record_id=1,
                branch_id=branch_id,
                action="start",
                changes={},
            )
        )


async def piece(stream: AsyncIterator[bytes]) -> bytes:
    async with asyncio.timeout(5):
        return await anext(stream)


def number(sent: bytes) -> int:
    found = json.loads(sent.decode().removeprefix("data: "))["n"]
    assert isinstance(found, int)
    return found


def told(story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await story()

    asyncio.run(whole())


def test_a_change_in_the_branch_is_told(world: World) -> None:
    """ACT-13: the first mark comes at once, another one with the next change."""

    async def story() -> None:
        stream = live._stream(session_of(world.mia))
        first = number(await piece(stream))
        happens(world.nanjing)
        assert number(await piece(stream)) != first
        await stream.aclose()

    told(story)


def test_other_branches_are_not_heard(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACT-16: not even that something happened there; what comes is a beat."""
    monkeypatch.setattr(live, "BEAT_EVERY", 0.3)

    async def story() -> None:
        stream = live._stream(session_of(world.mia))
        await piece(stream)
        happens(world.hefei)
        assert await piece(stream) == live.BEAT
        await stream.aclose()

    told(story)


def test_the_head_office_hears_every_branch(world: World) -> None:
    async def story() -> None:
        stream = live._stream(session_of(world.eva))
        seen = {number(await piece(stream))}
        for branch in (world.nanjing, world.hefei):
            happens(branch)
            seen.add(number(await piece(stream)))
        assert len(seen) == 3
        await stream.aclose()

    told(story)


def test_the_stream_ends_with_the_session(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIG-2, ACC-4."""
    monkeypatch.setattr(live, "BEAT_EVERY", 0.05)

    async def story() -> None:
        token = session_of(world.mia)
        stream = live._stream(token)
        await piece(stream)
        with sign_in.door() as work:
            sign_in.sign_out(work, session=token)
        async with asyncio.timeout(5):
            beats = [sent async for sent in stream]
        assert set(beats) <= {live.BEAT}

    told(story)


def test_one_look_serves_all_streams_and_stops_with_the_last(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 2: twenty open monitors cost next to nothing."""
    looks: list[int] = []
    look = live._pulse
    monkeypatch.setattr(live, "_pulse", lambda: (looks.append(1), look())[1])

    async def story() -> None:
        token = session_of(world.mia)
        streams = [live._stream(token) for _ in range(20)]
        for stream in streams:
            await piece(stream)
        looks.clear()
        await asyncio.sleep(0.2)
        assert 1 <= len(looks) <= 11
        for stream in streams:
            await stream.aclose()
        looks.clear()
        await asyncio.sleep(0.1)
        assert len(looks) <= 1

    told(story)


def test_a_failing_database_ends_the_streams(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """screens.md: a stale connection says so, which the browser sees by the end of the stream."""

    async def story() -> None:
        stream = live._stream(session_of(world.mia))
        await piece(stream)
        monkeypatch.setattr(live, "_pulse", broken)
        with pytest.raises(StopAsyncIteration):
            await piece(stream)

    told(story)


def broken() -> dict[int, str]:
    raise ConnectionError("the database is gone")


def test_marks_fit_into_javascript_and_agree_between_processes() -> None:
    marks = {1: "3-99", 2: "1-7"}
    assert live.mark(marks, 1) == live.mark({1: "3-99"}, 1) != live.mark(marks, 2)
    assert live.mark(marks, None) == live.mark(dict(reversed(marks.items())), None)
    assert all(0 <= live.mark(marks, branch) < 2**53 for branch in (1, 2, None, 99))
