"""The audit trail: who, when, record, old and new, through which channel; never changed (ALL-3)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from db.models import Activity, Channel, Event, Priority, User
from db.session import engine
from services.core import events
from services.core.errors import Refused
from services.core.work import work_as_system
from tests.factories import DAY, NOW, As, Make, World


@pytest.fixture
def noted(world: World, make: Make, as_: As) -> int:
    """An activity of Anna's with one line in its story."""
    activity_id = make.activity(world.anna)
    with as_(world.anna) as work:
        activity = work.load(Activity, activity_id, to="activity.change")
        events.record(
            work, activity, "changed", changes={"priority": (Priority.NORMAL, Priority.URGENT)}, note="by phone"
        )
    return activity_id


def test_line_says_who_when_what_and_how(world: World, noted: int, as_: As) -> None:
    with as_(world.anna, readonly=True) as work:
        line = work.row(select(Event))[0]
    assert (line.actor_id, line.at, line.channel) == (world.anna, NOW, Channel.SCREEN)
    assert (line.kind, line.record_id, line.branch_id, line.action) == ("activity", noted, world.nanjing, "changed")
    assert (line.changes, line.note) == ({"priority": ["normal", "urgent"]}, "by phone")


@pytest.mark.parametrize("channel", list(Channel))
def test_line_names_the_channel(world: World, noted: int, as_: As, channel: Channel) -> None:
    """ALL-3: screen, import, worker, command line."""
    with as_(world.mia, channel=channel) as work:
        events.record(work, work.load(Activity, noted, to="activity.change"), "touched")
    with as_(world.mia, readonly=True) as work:
        assert events.story(work, kind="activity", record_id=noted)[0].channel is channel


def test_story_is_read_by_those_who_may_read_the_record(world: World, noted: int, as_: As) -> None:
    """access.md, "audit trail": of records one may read."""
    readers = set()
    for name, person in world.people.items():
        with as_(person, readonly=True) as work:
            if events.story(work, kind="activity", record_id=noted):
                readers.add(name)
    assert readers == {"anna", "sun", "mia", "adam", "eva"}


def test_what_was_taken_out_is_read_by_the_administrator(world: World, as_: As) -> None:
    """EXP-1's trace: a line without a record belongs to nobody else."""
    with as_(world.anna) as work:
        events.note_access(work, "exported", kind="activity", note="120 rows")
    seen = {}
    for name in ("anna", "mia", "adam"):
        with as_(world.people[name], readonly=True) as work:
            seen[name] = len(work.rows(select(Event.id)))
    assert seen == {"anna": 0, "mia": 0, "adam": 1}


@pytest.mark.parametrize("statement", ["UPDATE events SET note = 'x'", "DELETE FROM events"])
def test_trail_cannot_be_edited_by_any_statement(noted: int, statement: str) -> None:
    """ALL-3: the database itself refuses."""
    with pytest.raises(DBAPIError, match="append-only"), engine().begin() as connection:
        connection.execute(text(statement))


def test_trail_cannot_be_edited_through_services(world: World, noted: int) -> None:
    with pytest.raises(Refused), work_as_system("tidy up", at=NOW) as work:
        work.scalar(select(Event)).note = "x"
    with pytest.raises(Refused), work_as_system("tidy up", at=NOW) as work:
        work.drop(work.scalar(select(Event)))


def test_pulse_changes_with_every_event_of_the_branch_alone(world: World, noted: int, as_: As) -> None:
    """ACT-13: the cheap question of open monitors."""

    def marks() -> dict[int, str]:
        with work_as_system("watch", at=NOW, readonly=True) as work:
            return events.pulse(work, since=NOW - DAY)

    before = marks()
    assert set(before) == {world.nanjing}
    with as_(world.anna) as work:
        events.record(work, work.load(Activity, noted, to="activity.change"), "touched")
    assert marks()[world.nanjing] != before[world.nanjing]


def test_values_are_kept_exactly() -> None:
    kept = [events.stored(value) for value in (Decimal("1.10"), date(2028, 2, 29), NOW, Priority.URGENT, None, 7, True)]
    assert kept == ["1.10", "2028-02-29", "2026-11-23T10:00:00+08:00", "urgent", None, 7, True]


def test_users_and_lists_have_a_story_too(world: World) -> None:
    with work_as_system("role", at=NOW) as work:
        events.record(work, work.get(User, world.anna), "changed", changes={"role": ("rep", "sales_manager")})
        assert events.story(work, kind="user", record_id=world.anna)[0].changes == {"role": ["rep", "sales_manager"]}
