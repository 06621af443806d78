"""Two sessions that want the same records, one of them stopped at each of its locks: both end, none is told to be very busy."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import event, text

from db import upgrade
from db.session import engine
from services import activities, contact_requests, conversion, handover, merging
from services.conversion import Existing, New
from services.core.errors import Busy, ServiceError
from services.core.work import Work
from services.handover import Share
from tests import databases
from tests.factories import NOW, Make, World, as_person, found_world
from tests.services import converting, handing
from tests.stage import surroundings
from tests.stories import LATER, feedback

Ids = Mapping[str, int]
LOCKS = re.compile(r"FOR (NO KEY UPDATE|SHARE|UPDATE)")
PATIENCE = 20.0
#: at which of its locks the first one is stopped: in front, and with some of them
STOPS = (1, 4)
ACTS: Mapping[str, Callable[[Work, World, Ids], Any]] = {
    "merge": lambda work, _world, ids: merging.merge(work, kind="account", kept_id=ids["kept"], gone_id=ids["gone"]),
    "convert": lambda work, _world, ids: conversion.convert(
        work, lead_id=ids["lead"], account=Existing(ids["gone"]), contact=Existing(ids["person"]),
        opportunity=Existing(ids["chance"]),
    ),
    "convert anew": lambda work, _world, ids: conversion.convert(
        work, lead_id=ids["lead"], account=New(duplicate_reason="x"), contact=New(duplicate_reason="x")
    ),
    "finish": lambda work, world, ids: activities.finish(
        work, activity_id=ids["visit"], feedback=feedback(world), follow_up=True
    ),
    "change": lambda work, _world, ids: activities.change(
        work, activity_id=ids["visit"], changes={"account_id": ids["kept"]}, contact_ids=[]
    ),
    "accept": lambda work, _world, ids: contact_requests.accept(work, request_id=ids["request"]),
    "hand over": lambda work, world, _ids: handover.make(
        work, from_user_id=world.anna, shares=[Share(world.ben)], reason="x"
    ),
}  # fmt: skip
WHO = {"merge": "adam", "accept": "mia", "hand over": "mia"}
PAIRS = (
    ("merge", "convert"), ("merge", "finish"), ("merge", "change"), ("merge", "accept"), ("convert", "merge"),
    ("finish", "merge"), ("change", "merge"), ("accept", "merge"), ("finish", "hand over"), ("convert anew", "hand over"),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """On PostgreSQL: SQLite lets one write at a time."""
    url = databases.postgres_url()
    with surroundings(tmp_path_factory.mktemp("locks"), url):
        upgrade.upgrade(url)
        with engine().connect() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text(f"ALTER DATABASE {name} SET deadlock_timeout = '50ms'"))
            connection.commit()
        engine().dispose()
        yield found_world()


def story(world: World, make: Make) -> Ids:
    """Two records of one customer, and much that hangs on the one that goes."""
    kept, gone = make.account("徐工机械有限公司"), make.account("徐工机械集团", team={world.anna: "machines"})
    person = make.contact(gone)
    lead_id = converting.lead(world, referred_by_account_id=gone, referred_by_contact_id=person)
    make.activity(lead_id=lead_id)
    return {
        "kept": kept, "gone": gone, "person": person, "lead": lead_id, "chance": handing.chance(world, world.anna, gone),
        "visit": make.activity(account_id=gone, contacts=[person], lead_id=converting.lead(world)),
        "request": make.request(person, world.pia, kind="change", changes={"account_id": [gone, kept]}),
    }  # fmt: skip


class Session(threading.Thread):
    """One act in a thread of its own, stopped after the lock with this number."""

    def __init__(self, world: World, name: str, ids: Ids, *, stop: int = 0) -> None:
        super().__init__(daemon=True)
        self.world, self.act, self.ids, self.stop, self.locks = world, name, ids, stop, 0
        self.outcome: Any = None
        self.stopped, self.go_on = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            at = LATER if self.act == "finish" else NOW
            with as_person(self.world.people[WHO.get(self.act, "anna")], at=at) as work:
                self.outcome = ACTS[self.act](work, self.world, self.ids)
        except Exception as error:  # noqa: BLE001 - looked at by the test
            self.outcome = error
        self.stopped.set()

    def locked(self) -> None:
        """One more lock is taken."""
        self.locks += 1
        if self.locks == self.stop:
            self.stopped.set()
            assert self.go_on.wait(PATIENCE)


def _after(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    session = threading.current_thread()
    if isinstance(session, Session) and LOCKS.search(statement):
        session.locked()


def waits() -> bool:
    """Whether somebody waits for a lock."""
    with engine().connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(connection.scalar(text(asked)))


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_nobody_waits_in_a_circle(world: World, one: str, other: str, stop: int) -> None:
    """docs/decisions/0011; ACCT-4, LEAD-5, ACT-8, CON-5, ADM-6: both are done, or one is refused with a reason."""
    ids = story(world, Make(world))
    first, second = Session(world, one, ids, stop=stop), Session(world, other, ids)
    event.listen(engine(), "after_cursor_execute", _after)
    try:
        first.start()
        assert first.stopped.wait(PATIENCE)
        second.start()
        while second.is_alive() and not waits():
            second.join(0.01)
        first.go_on.set()
        first.join(PATIENCE)
        second.join(PATIENCE)
    finally:
        event.remove(engine(), "after_cursor_execute", _after)
    for outcome in (first.outcome, second.outcome):
        assert not isinstance(outcome, Busy)
        assert isinstance(outcome, ServiceError) or not isinstance(outcome, Exception), repr(outcome)
    assert not all(isinstance(outcome, ServiceError) for outcome in (first.outcome, second.outcome))
