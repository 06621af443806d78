"""Big acts and their undoing, pressed one after the other by a process that may be killed, and what stands after each.

Every press comes from a form of its own: whoever does not know whether it was stored presses again with the same token.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from sqlalchemy import JSON, Column, func, literal, select

from db.base import Model
from db.models import Event, Handover, Lead, Merge
from db.session import engine
from db.types import UtcDateTime
from services import accounts, activities, attachments, conversion, handover, merging
from services.conversion import New
from services.core.work import Work, work_as_system
from services.handover import Share
from tests.factories import NOW, Make, World, as_person
from tests.faults.finishing import fresh
from tests.faults.killing import PATIENCE, Place
from tests.services.stories import PHOTO, live_through
from tests.stories import plan_values

Ids = Mapping[str, int]
Known = Mapping[str, int]
Act = Callable[[Work, Ids], Any]
MINUTE = timedelta(minutes=1)


def _latest(work: Work, model: Any) -> int:
    return int(work.scalar(select(func.max(model.id))))


NEW = {"account": New(), "contact": New({"name": "王建国"}), "opportunity": New()}
#: who presses what; after the last of them everything stands as before the first
ACTS: tuple[tuple[str, Act], ...] = (
    ("adam", lambda work, ids: merging.merge(work, kind="account", kept_id=ids["kept"], gone_id=ids["gone"], take=["notes"])),
    ("adam", lambda work, _ids: merging.undo(work, merge_id=_latest(work, Merge))),
    ("mia", lambda work, ids: handover.make(work, from_user_id=ids["anna"], shares=[Share(ids["ben"])], reason="Leaves")),
    ("mia", lambda work, _ids: handover.undo(work, handover_id=_latest(work, Handover))),
    ("anna", lambda work, ids: conversion.convert(work, lead_id=ids["lead"], **NEW)),
    ("anna", lambda work, ids: conversion.undo(work, lead_id=ids["lead"])),
)  # fmt: skip
#: how the story of each act begins, in the order of the acts, and how often one of them says so
TOLD = {"merged": 1, "merge_undone": 2, "carried_out": 1, "undone": 1, "converted": 1, "conversion_undone": 1}


def story(world: World, make: Make) -> Ids:
    """Some weeks of work; two customers of which one has most of it, and a lead with a visit and a file."""
    lived = live_through(world, as_person, make)
    lead_id = lived["lead_working"]
    with as_person(world.anna, at=NOW) as work:
        accounts.change(work, account_id=lived["account"], changes={"notes": "Pays late"})
        activities.plan(work, values=plan_values(world, lead_id=lead_id))
        attachments.add(work, name="site.png", data=PHOTO, lead_id=lead_id)
        kept = work.get(Lead, lived["lead_converted"]).account_id or 0
    return {"kept": kept, "gone": lived["account"], "lead": lead_id, **world.people}


def moment(number: int) -> datetime:
    """When the press with this number comes."""
    return NOW + number * MINUTE


def press(ids: Ids, number: int) -> None:
    """Once, however often it is pressed (ALL-5)."""
    who, act = ACTS[number % len(ACTS)]
    with as_person(ids[who], at=moment(number)) as work:
        if work.first_use(f"form {number}"):
            act(work, ids)


class Presses:
    """A process that has pressed everything twice, and gets children that go on, each from a number until it is killed.

    Children of a process that has done it all before begin at once, and die at the moment that is meant.
    """

    def __init__(self, place: Place, ids: Ids, known: Known) -> None:
        self._orders, theirs = fresh.Pipe()
        self._process = fresh.Process(target=_nurse, args=(place, ids, known, theirs), daemon=True)
        self._process.start()
        theirs.close()
        #: what stood before each act, and the seconds that it took
        self.stood: list[Counter[Any]] = self._heard()
        self.took: list[float] = self._heard()

    def kill(self, number: int, *, aim: int, share: float) -> int:
        """Begin at this number, kill at that share of the act ``aim``; the last press that was told as stored."""
        self._orders.send(number)
        pid, last = self._heard(), number - 1
        while last < aim - 1:
            last = self._heard()
            assert last is not None, "a press failed by itself: that is no kill"
        time.sleep(share * self.took[aim % len(ACTS)])  # the moment of the kill is the point of these tests
        os.kill(pid, signal.SIGKILL)
        while (said := self._heard()) is not None:
            last = said
        return last

    def end(self) -> None:
        """No child is left."""
        self._process.kill()
        self._process.join()

    def _heard(self) -> Any:
        assert self._orders.poll(PATIENCE)
        return self._orders.recv()


def _nurse(place: Place, ids: Ids, known: Known, orders: Connection) -> None:
    with place.entered():
        stood, took = [], []
        for number in range(2 * len(ACTS)):
            stood.append(standing(known))
            began = time.monotonic()
            press(ids, number)
            took.append(time.monotonic() - began)
        orders.send([*stood[len(ACTS) :], standing(known)])  # the first round left behind who had what before
        orders.send(took[len(ACTS) :])
        engine().dispose()
        while True:
            number = orders.recv()
            if (child := os.fork()) == 0:
                _press_on(ids, number, orders)
            os.waitpid(child, 0)
            orders.send(None)


def _press_on(ids: Ids, number: int, told: Connection) -> NoReturn:
    told.send(os.getpid())
    for one in count(number):
        press(ids, one)
        told.send(one)
    raise AssertionError


def settled() -> None:
    """Wait for what the server still does for somebody who is dead: every press writes into this table first."""
    with engine().begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE submissions IN EXCLUSIVE MODE")


def pressed(known: Known) -> int:
    """How many presses the trail tells of, each once and in their order."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        lines = select(Event.action, func.count()).where(Event.id > known["events"], Event.action.in_(TOLD))
        found: Counter[str] = Counter(dict(work.rows(lines.group_by(Event.action))))
    times = [found[action] / lines for action, lines in TOLD.items()]
    number = int(sum(times))
    rounds, rest = divmod(number, len(ACTS))
    assert times == [rounds + (place < rest) for place in range(len(ACTS))]
    return number


def last_ids() -> dict[str, int]:
    """Table → the highest number in it."""
    with engine().connect() as connection:
        tables = [table for table in Model.metadata.sorted_tables if "id" in table.columns]
        return {table.name: connection.scalar(select(func.max(table.c.id))) or 0 for table in tables}


def standing(known: Known) -> Counter[Any]:
    """Every row of every table by what is said in it; of what came after the ``known`` ones no numbers, as they go on."""
    found: Counter[Any] = Counter()
    with engine().connect() as connection:
        for table in Model.metadata.sorted_tables:
            columns = [column for column in table.columns if not column.primary_key and column.name not in PASSING]
            for row in connection.execute(select(*columns or [literal(1)]).select_from(table)):
                seen = (_seen(column, value, known) for column, value in zip(columns, row, strict=False))
                found[table.name, *seen] += 1
    return found


def _seen(column: Column[Any], value: Any, known: Known) -> Any:
    if isinstance(column.type, JSON | UtcDateTime):
        return value is not None
    targets = [key.column.table.name for key in column.foreign_keys if key.column.name == "id"]
    return "new" if value is not None and any(value > known[target] for target in targets) else value


#: what counts on with every press, and says nothing else
PASSING = frozenset({"version", "kept_version", "assignment_no", "record_id"})
