"""A stream of marks for open live monitors: a new mark says that something changed, never what (ACT-13)."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from pages.routes.identity import SESSION, person
from services import sign_in
from services.core import events
from services.core.access import Actor
from services.core.moments import day_start

log = logging.getLogger(__name__)
PERMISSION = "activity.watch"
LOOK_EVERY, BEAT_EVERY, CHECK_EVERY = 1.0, 10.0, 30.0
BEAT = b"event: beat\ndata: {}\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class Watch:
    """One look a second at what happened today, for all streams of this process, while there is one."""

    def __init__(self) -> None:
        self.marks: Mapping[int, str] | None = None
        self.looked = asyncio.Event()
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None

    async def join(self) -> None:
        """Start looking if nobody does yet, and wait for the first marks."""
        self._listeners += 1
        if self._task is None or self._task.done():
            self.marks, self.looked = None, asyncio.Event()
            self._task = asyncio.create_task(self._look())
            self._task.add_done_callback(self._stopped)
        if self.marks is None:
            await self.looked.wait()

    def leave(self) -> None:
        """Stop looking when the last stream has gone."""
        self._listeners -= 1
        if self._listeners == 0 and self._task:
            self._task.cancel()
            self._task = None

    async def news(self, since: asyncio.Event, seconds: float) -> bool:
        """Wait for a look after ``since`` that saw a change, so long at most; False once nobody looks any more."""
        with suppress(TimeoutError):
            await asyncio.wait_for(since.wait(), seconds)
        return self._task is not None and not self._task.done()

    async def _look(self) -> None:
        while True:
            marks = await to_thread.run_sync(_pulse)
            if marks != self.marks:
                waiting, self.marks, self.looked = self.looked, marks, asyncio.Event()
                waiting.set()
            await asyncio.sleep(LOOK_EVERY)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("live monitors lost the database", exc_info=error)
        self.looked.set()


def _pulse() -> Mapping[int, str]:
    with sign_in.door(readonly=True) as work:
        return events.pulse(work, since=day_start(work.today, work.zone))


watch = Watch()


async def live(request: Request) -> Response:
    """The stream of one monitor; it ends with the session, or when the person may no longer watch."""
    token = request.headers.get(SESSION, "")
    actor = await to_thread.run_sync(person, token)
    if not _may_watch(actor):
        return PlainTextResponse("Not for you.", 403)
    return Stream(_stream(token), media_type="text/event-stream", headers=HEADERS)


class Stream(StreamingResponse):
    """An answer without end; when the server stops, it ends in good order."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _may_watch(actor: Actor | None) -> bool:
    return actor is not None and actor.may(PERMISSION) and not actor.must_change_password


async def _stream(token: str) -> AsyncIterator[bytes]:
    try:
        await watch.join()
        async for piece in _pieces(token):
            yield piece
    finally:
        watch.leave()


async def _pieces(token: str) -> AsyncIterator[bytes]:
    sent, checked_at, actor = -1, datetime.min.replace(tzinfo=UTC), None
    beat_at = datetime.now(UTC)
    while True:
        now = datetime.now(UTC)
        if now - checked_at >= timedelta(seconds=CHECK_EVERY):
            actor, checked_at = await to_thread.run_sync(person, token), now
            if not _may_watch(actor):
                return
        looked = watch.looked
        number = mark(watch.marks or {}, actor.branch_id if actor else None)
        if number != sent:
            sent, beat_at = number, now
            yield f'data: {{"n": {number}}}\n\n'.encode()
        elif now - beat_at >= timedelta(seconds=BEAT_EVERY):
            beat_at = now
            yield BEAT
        if not await watch.news(looked, BEAT_EVERY):
            return


def mark(marks: Mapping[int, str], branch_id: int | None) -> int:
    """A number that stands for the state of a branch (of all branches: None), the same in every process.

    Browsers compare it; it fits into what JavaScript holds exactly.
    """
    seen = [f"{branch}:{value}" for branch, value in sorted(marks.items()) if branch_id in (None, branch)]
    return int.from_bytes(hashlib.sha256(";".join(seen).encode()).digest()[:6])


ROUTES = (Route("/live", live),)
