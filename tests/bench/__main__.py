"""Run the benchmark: every line on SQLite and PostgreSQL, printed and written to docs/performance.md."""

import argparse
import asyncio
import time
from dataclasses import replace
from itertools import cycle

from sqlalchemy import select

from db.models import Account, Role, User
from services import activities, exports
from services.core.events import pulse
from services.core.listing import ListRequest, fetch
from services.core.moments import day_start
from services.core.work import work_as, work_as_system
from tests.bench import bringing, doubles, giving, lines, measure, page, writes
from tests.bench.measure import Figure
from tests.bench.place import Place, Process, application, place

PEOPLE = 250


def screens(where: Place, process: Process, manager: int, branch_id: int | None) -> list[Figure]:
    """The lines that are a screen, drawn by a branch manager."""
    cookie = where.session_of(manager)
    with work_as(manager, readonly=True) as work:
        name = work.scalar(select(Account.name).where(Account.branch_id == branch_id).order_by(Account.id.desc()))
        key = work.scalar(select(Account.search_key).where(Account.name == name))
    activity_id = writes.ended_id(where.person(Role.REP)[0])
    found = []
    for visit in lines.visits(activity_id, rare=name[:8], frequent="工程", pinyin=key.split()[-1][:5]):
        median, p95, cpu, kib = asyncio.run(measure.screen(process, cookie, visit.page, visit.query))
        below = measure.timed(lines.floor(visit.floor, branch_id))[0] if visit.floor else 0.0
        found.append(Figure(visit.name, visit.goal, median, p95, cpu, below, kib))
    return [replace(found[1], statements=statements(manager)) if one is found[1] else one for one in found]


def statements(manager: int) -> int:
    """How many statements a page of the list takes, the person included."""
    with measure.counted() as seen, work_as(manager, readonly=True) as work:
        fetch(work, activities.LIST, ListRequest())
    return len(seen)


def acts(rep: int) -> list[Figure]:
    """The lines that write, and the question that open monitors ask."""
    create = writes.create(rep)
    found = [Figure("g. create an activity", 30, *measure.timed(create))]
    found.append(Figure("g. move an activity", 30, *measure.timed(writes.move(rep, create()))))
    made = [create() for _ in range(measure.WARM_UP + measure.RUNS)]
    found.append(Figure("end a visit with feedback, next step, hours", 50, *measure.timed(writes.finish(rep, made))))
    with work_as_system("bench", readonly=True) as work:
        since = day_start(work.today, work.zone)
        asked = measure.timed(lambda: pulse(work, since=since))
    found.append(Figure("live monitor, is there anything new (all branches)", 10, *asked))
    return found


def typing(rep: int) -> list[Figure]:
    """What may exist already, while somebody types."""
    doubles.fill_leads()
    customer, lead, asked = doubles.typed(rep)
    below = measure.timed(lines.floor(asked, None))[0]
    return [
        Figure(f"possible duplicates of a {what}, while it is typed", 50, *measure.timed(act), floor=below)
        for what, act in (("customer", customer), ("lead", lead))
    ]


def export(where: Place, administrator: int) -> Figure:
    """About 100,000 rows of activities to .xlsx, reckoned to exactly that many."""
    request = ListRequest(filters={"branch": "1,2,3,4"})
    began = time.perf_counter()
    with work_as(administrator, readonly=True) as work:
        made = exports.of_list(work, spec=activities.LIST, request=request, path=where.folder / "export.xlsx")
    taken = (time.perf_counter() - began) * 1000 * 100_000 / max(made.rows, 1)
    return Figure("h. 100,000 rows to .xlsx", 4000, taken, taken)


def load(where: Place, process: Process) -> list[str]:
    """The lines with many people at once, as sentences."""
    with work_as_system("bench", readonly=True) as work:
        everyone = list(work.scalars(select(User.id).where(User.active).order_by(User.id)))
    cookies = [where.session_of(user_id) for user_id, _ in zip(cycle(everyone), range(PEOPLE), strict=False)]
    idle = process.memory_mib()
    rate, p95, wrong = asyncio.run(measure.crowd(process, cookies[:20], "activities", 10))
    _rate, slowest, failed = asyncio.run(measure.crowd(process, cookies, "activities", 60, pause=10))
    told = (
        f"j. 20 clients opening the list without pause: {rate:.0f} pages/s, p95 {p95:.0f} ms, {wrong} errors",
        "goal 45/s, 700 ms",
        f"{len(cookies)} signed-in people, one list page each every 10 s, one process: p95 {slowest:.0f} ms, {failed} errors",
        "goal 500 ms",
        f"k. start to first answer {process.started_in:.1f} s; memory {idle:.0f} MiB before the many, {process.memory_mib():.0f} MiB after",
        "goal 4 s, 260 MiB idle",
    )
    return [f"{said} ({goal})" for said, goal in zip(told[::2], told[1::2], strict=True)]


def run(name: str, size: str) -> page.Report:
    """Every line on one database."""
    with place(name, size) as where, application() as process:
        manager, branch_id = where.person(Role.BRANCH_MANAGER)
        figures = screens(where, process, manager, branch_id) + acts(where.person(Role.REP)[0])
        administrator = where.person(Role.DATA_ADMINISTRATOR)[0]
        figures.append(
            Figure("proposals for 1,000 unassigned leads", 400, *measure.timed(giving.proposals(administrator)))
        )
        figures.append(Figure("ten leads assigned by rule", 150, *measure.timed(giving.assign(administrator))))
        figures.append(export(where, administrator))
        brought, memory = bringing.lines(administrator)
        figures += typing(where.person(Role.REP)[0])
        return page.Report(name, size, figures + brought, [memory, *load(where, process)])


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="large", choices=("small", "large"))
    parser.add_argument("--database", default="both", choices=("sqlite", "postgresql", "both"))
    asked = parser.parse_args()
    names = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    page.write([run(name, asked.size) for name in names])


main()
