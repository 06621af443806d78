"""How it is measured: the median of at least 20 after a warm-up, with CPU time, statements and payload beside it."""

import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from db.session import engine
from pages.ui.actions import UNEXPECTED
from services.core.text import LANGUAGES, translator
from tests.bench.place import Process
from tests.st_protocol import Tab

WARM_UP, RUNS = 5, 25
FAILED = {translator(language)(UNEXPECTED) for language in LANGUAGES}


@dataclass(frozen=True)
class Figure:
    """One line of the table; times in ms."""

    name: str
    goal: float
    median: float
    p95: float
    cpu: float = 0.0
    floor: float = 0.0
    kib: float = 0.0
    statements: int = 0

    @property
    def reached(self) -> bool:
        """Whether the median is within the goal."""
        return self.median <= self.goal


def timed(act: Callable[[], Any], runs: int = RUNS) -> tuple[float, float]:
    """Median and 95th percentile of an act, in ms."""
    for _ in range(WARM_UP):
        act()
    return _spread([_clock(act) for _ in range(runs)])


def _clock(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _spread(milliseconds: list[float]) -> tuple[float, float]:
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


async def screen(process: Process, cookie: str, page: str, query: str) -> tuple[float, float, float, float]:
    """Draw a screen again and again in one tab: median, p95, CPU ms a run, KiB a run."""
    async with Tab(process.url, cookies={"crm_session": cookie}) as tab:
        first = await tab.goto(page, query)
        if first.exceptions or FAILED & set(tab.texts):
            raise RuntimeError(f"{page}?{query} failed: {first.exceptions or tab.texts}")
        for _ in range(WARM_UP):
            await tab.rerun()
        cpu, runs = process.cpu_seconds(), []
        for _ in range(RUNS):
            runs.append(await tab.rerun())
            await asyncio.sleep(0.02)
        cpu = (process.cpu_seconds() - cpu) * 1000 / RUNS
    median, p95 = _spread([run.seconds * 1000 for run in runs])
    return median, p95, cpu, statistics.fmean(run.bytes for run in runs) / 1024


async def crowd(
    process: Process, cookies: list[str], page: str, seconds: float, pause: float = 0.0
) -> tuple[float, float, int]:
    """Everybody, signed in and with the screen open, draws it again and again: pages a second, p95 in ms, failures."""
    tabs = [Tab(process.url, cookies={"crm_session": cookie}) for cookie in cookies]
    for tab in tabs:
        await (await tab.open()).goto(page)
    end, taken, failures = time.perf_counter() + seconds, [], 0

    async def one(tab: Tab, wait: float) -> None:
        nonlocal failures
        await asyncio.sleep(wait)
        while time.perf_counter() < end:
            run = await tab.rerun()
            taken.append(run.seconds * 1000)
            failures += bool(run.exceptions)
            await asyncio.sleep(max(pause - run.seconds, 0))

    began = time.perf_counter()
    await asyncio.gather(*(one(tab, place * pause / len(tabs)) for place, tab in enumerate(tabs)))
    rate = len(taken) / (time.perf_counter() - began)
    await asyncio.gather(*(tab.close() for tab in tabs))
    return rate, _spread(taken)[1], failures


@contextmanager
def counted() -> Any:
    """Counts the statements sent to the database within the block."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].lstrip().upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(arguments[2])

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine(), "before_cursor_execute", note)
