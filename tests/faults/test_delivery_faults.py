"""Gateways that are slow, refuse, babble or die, and workers that are killed: nothing is lost, nothing said twice (ADM-8)."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Activity, ActivityHolding, Message, MessageState, Notice, Route, RunState, WorkerRun
from services import delivery, worker
from services.core import outbox
from services.core.outbox import Template
from services.core.settings import settings
from services.core.work import work_as_system
from tests.factories import DAY, NOW, SHANGHAI, Make, World
from tests.gateways import Gateway, Manner, http_gateway, smtp_server

HELLO = Template("test_fault", "Hello {name}", "There is something new.")
ROOT = Path(__file__).parents[2]
MINUTE = timedelta(minutes=1)
#: how many workers a test kills at random moments; more in a long run: KILLS=200
KILLS = int(os.environ.get("KILLS", "8"))


@pytest.fixture
def gateway(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with http_gateway() as gateway:
        use(monkeypatch, sms=f"json://127.0.0.1:{gateway.port}/sms?:to={{address}}")
        yield gateway
    settings.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, *, sms: str = "", email: str = "") -> None:
    monkeypatch.setenv("SMS_CHANNELS", sms)
    monkeypatch.setenv("EMAIL_CHANNELS", email)
    settings.cache_clear()


def tell(*people: int, route: Route = Route.SMS) -> None:
    with work_as_system("a test tells", at=NOW) as work:
        for person in people:
            outbox.notify(work, HELLO, to=[person], routes=[route], name=str(person))


def states() -> list[MessageState]:
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return list(work.scalars(select(Message.state).order_by(Message.id)))


def process(code: str) -> subprocess.Popen[bytes]:
    """A worker of its own, in the same surroundings; ends by itself or is killed by the test."""
    begin = "from datetime import datetime, timedelta; from services import delivery, worker\n"
    begin += f"NOW = datetime.fromisoformat('{NOW}')\n"
    return subprocess.Popen([sys.executable, "-c", begin + code], cwd=ROOT, env=dict(os.environ))


def kill(started: subprocess.Popen[bytes]) -> None:
    started.send_signal(signal.SIGKILL)
    started.wait(10)


@pytest.mark.parametrize("manner", [Manner.REFUSING, Manner.GARBAGE, Manner.DYING])
def test_what_an_http_gateway_does_not_take_is_sent_again(gateway: Gateway, world: World, manner: Manner) -> None:
    gateway.manner = manner
    tell(world.anna, world.ben)
    assert delivery.deliver(at=NOW) == 0
    assert states() == [MessageState.QUEUED, MessageState.QUEUED]
    gateway.manner = Manner.NORMAL
    assert delivery.deliver(at=NOW + MINUTE) == 2
    assert states() == [MessageState.SENT, MessageState.SENT]
    assert len(gateway.received_once()) == 2


@pytest.mark.parametrize("manner", [Manner.REFUSING, Manner.GARBAGE, Manner.DYING])
def test_what_a_mail_server_does_not_take_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch, manner: Manner
) -> None:
    with smtp_server(manner) as server:
        use(monkeypatch, email=f"mailto://127.0.0.1:{server.port}?from=crm@a.example&to={{address}}&mode=insecure")
        tell(world.anna, route=Route.EMAIL)
        assert delivery.deliver(at=NOW) == 0
        assert states() == [MessageState.QUEUED]
        server.manner = Manner.NORMAL
        assert delivery.deliver(at=NOW + MINUTE) == 1
    settings.cache_clear()
    assert len(server.received_once()) == 1


def test_a_gateway_that_answers_twice(gateway: Gateway, world: World) -> None:
    gateway.manner = Manner.TWICE
    tell(world.anna, world.ben)
    assert delivery.deliver(at=NOW) == 2
    assert delivery.deliver(at=NOW + DAY) == 0
    assert len(gateway.taken) == 2


def test_a_gateway_that_is_not_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with http_gateway() as gone:
        use(monkeypatch, sms=f"json://127.0.0.1:{gone.port}/sms?:to={{address}}")
    tell(world.anna)
    assert delivery.deliver(at=NOW) == 0
    assert states() == [MessageState.QUEUED]
    settings.cache_clear()


def test_a_slow_gateway_holds_no_transaction(gateway: Gateway, world: World) -> None:
    """While the gateway thinks, everybody else can write; SQLite has one writer at a time."""
    gateway.manner = Manner.HOLDING
    tell(world.anna)
    sender = process("delivery.deliver(at=NOW)")
    gateway.wait_for_one()
    tell(world.ben)
    assert states() == [MessageState.SENDING, MessageState.QUEUED]
    gateway.manner = Manner.NORMAL
    gateway.go_on.set()
    assert sender.wait(30) == 0
    assert states() == [MessageState.SENT, MessageState.SENT]


@pytest.mark.parametrize(
    ("manner", "in_the_end"), [(Manner.HOLDING, MessageState.SENT), (Manner.DRIPPING, MessageState.QUEUED)]
)
def test_a_gateway_that_never_ends_is_given_up(
    gateway: Gateway, world: World, monkeypatch: pytest.MonkeyPatch, manner: Manner, in_the_end: MessageState
) -> None:
    """Its answer counts if it comes after all."""
    monkeypatch.setattr(delivery, "PATIENCE", timedelta(seconds=0.3))
    gateway.manner = manner
    tell(world.anna)
    assert delivery.deliver(at=NOW) == 0
    assert states() == [MessageState.QUEUED]
    gateway.go_on.set()
    for thread in threading.enumerate():
        if thread.name.startswith("message "):
            thread.join(30)
    assert states() == [in_the_end]


def test_two_workers_send_every_message_once(gateway: Gateway, world: World) -> None:
    people = [world.anna, world.ben, world.pia, world.carl, world.sun]
    tell(*people * 6)
    senders = [process("delivery.deliver(at=NOW)") for _ in range(2)]
    assert [sender.wait(60) for sender in senders] == [0, 0]
    assert states() == 30 * [MessageState.SENT]
    assert len(gateway.taken) == 30


def test_a_worker_killed_while_sending_loses_nothing(gateway: Gateway, world: World) -> None:
    gateway.manner = Manner.HOLDING
    tell(world.anna)
    sender = process("delivery.deliver(at=NOW)")
    gateway.wait_for_one()
    kill(sender)
    assert states() == [MessageState.SENDING]
    gateway.manner = Manner.NORMAL
    assert delivery.deliver(at=NOW + MINUTE) == 0
    assert delivery.deliver(at=NOW + 3 * MINUTE) == 1
    assert len(gateway.taken) == 2
    assert len(gateway.received_once()) == 1


def test_a_message_that_kills_every_worker_is_given_up(gateway: Gateway, world: World) -> None:
    tell(world.anna)
    with work_as_system("every worker has died", at=NOW) as work:
        (message,) = work.scalars(select(Message))
        message.state, message.attempts = MessageState.SENDING, len(delivery.PAUSES) + 1
    assert delivery.deliver(at=NOW) == 0
    assert states() == [MessageState.FAILED]


#: one worker after the other, each killed at a statement chosen by chance; ends with the number of kills
DYING_ONE_BY_ONE = """
import os, random, signal, sys
from sqlalchemy import event
from db.session import engine

def die_at(statement):
    left = [statement]
    def count(*_):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(engine(), "before_cursor_execute", count)

chance, killed = random.Random(7), 0
for number in range({kills}):
    statement = chance.randrange(1, {most})
    child = os.fork()
    if not child:
        die_at(statement)
        {act}(at=NOW + number * timedelta(minutes={minutes}))
        os._exit(0)
    killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
sys.exit(0 if killed >= {kills} // 2 else 1)
"""


def kill_one_by_one(act: str, *, minutes: int, most: int) -> None:
    """Let worker after worker do this, so many minutes apart, and die of at most the ``most``-th statement."""
    started = process(DYING_ONE_BY_ONE.format(act=act, minutes=minutes, most=most, kills=KILLS))
    assert started.wait(60 + 3 * KILLS) == 0, "too few were killed for this to prove anything"


def test_workers_killed_at_any_moment_of_delivery(gateway: Gateway, world: World) -> None:
    """Nothing is lost, and a gateway that drops repeats by their id passes on each message once."""
    count = 10 + 3 * KILLS
    tell(*[world.anna] * count)
    kill_one_by_one("delivery.deliver", minutes=3, most=30)
    delivery.deliver(at=NOW + 3 * KILLS * MINUTE)
    assert states() == count * [MessageState.SENT]
    assert len(gateway.received_once()) == count
    assert count <= len(gateway.taken) <= count + KILLS * delivery.AT_ONCE


def test_workers_killed_at_any_moment_of_a_tick(world: World, make: Make) -> None:
    """Everything is said, and nothing twice: by person, kind, record and day."""
    count = 4 + KILLS
    late = {"assigned_at": NOW - 16 * DAY, "planned_start": NOW + 9 * DAY, "updated_at": NOW}
    made = [make.activity(state="assigned", subject=f"Late {n:03}", **late) for n in range(count)]
    for number in range(6):
        make.activity(world.pia, subject=f"Overdue {number}", planned_start=NOW - 3 * DAY, updated_at=NOW)
    kill_one_by_one("worker.tick", minutes=11, most=90)
    worker.tick(at=NOW + 11 * (KILLS + 1) * MINUTE)
    once = {f"Late {n:03}": 1 for n in range(count)}
    assert said("activity_unanswered") == said("activity_assigned") == said("activity_taken_away") == once
    assert owners(made) == count * [world.ben]
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        assert set(work.scalars(select(WorkerRun.state))) == {RunState.DONE}
        columns = (Notice.user_id, Notice.kind, Notice.record_id, Notice.parameters, Notice.created_at)
        told = Counter((*row[:3], row.parameters.get("subject"), local_day(row)) for row in work.rows(select(*columns)))
    assert set(told.values()) == {1}
    assert {(world.pia, "activities_late"), (world.mia, "activities_digest")} <= {key[:2] for key in told}


def local_day(row: Any) -> date:
    day: date = row.created_at.astimezone(SHANGHAI).date()
    return day


KILLED_WHILE_REASSIGNING = """
import os, signal
from services import activities
hand_over, count = activities.hand_over, []
def dying(work, **given):
    hand_over(work, **given)
    work.flush()
    count.append(1)
    if len(count) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
activities.hand_over = dying
worker.tick(at=NOW)
"""


def test_a_reassignment_killed_halfway_is_finished_by_the_next_worker(world: World, make: Make) -> None:
    moments = {"assigned_at": NOW - 16 * DAY, "planned_start": NOW + DAY, "updated_at": NOW}
    made = [make.activity(state="assigned", subject=f"Visit {n}", **moments) for n in range(5)]
    assert process(KILLED_WHILE_REASSIGNING).wait(60) == -signal.SIGKILL
    assert owners(made).count(world.ben) == 2
    worker.tick(at=NOW + MINUTE)
    assert owners(made).count(world.ben) == 2
    worker.tick(at=NOW + 11 * MINUTE)
    assert owners(made) == 5 * [world.ben]
    assert said("activity_assigned") == {f"Visit {n}": 1 for n in range(5)}
    assert said("activity_taken_away") == {f"Visit {n}": 1 for n in range(5)}
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        assert set(work.scalars(select(WorkerRun.state))) == {RunState.DONE}
        holdings = work.scalars(select(ActivityHolding.user_id).where(ActivityHolding.activity_id.in_(made)))
        assert sorted(holdings) == sorted(5 * [world.anna] + 5 * [world.ben])


def owners(made: list[int]) -> list[int]:
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return list(work.scalars(select(Activity.owner_id).where(Activity.id.in_(made)).order_by(Activity.id)))


def said(kind: str) -> dict[str, int]:
    """Subject → how many notices of a kind name it."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        subjects: list[Any] = [
            row["subject"] for row in work.scalars(select(Notice.parameters).where(Notice.kind == kind))
        ]
    return {subject: subjects.count(subject) for subject in sorted(subjects)}


def test_the_process_of_its_own_works_and_ends_when_told(gateway: Gateway, world: World) -> None:
    tell(world.anna)
    started = subprocess.Popen([sys.executable, "-m", "services.worker"], cwd=ROOT, env=dict(os.environ))
    gateway.wait_for_one()
    started.terminate()
    assert started.wait(30) == 0
    assert states() == [MessageState.SENT]
