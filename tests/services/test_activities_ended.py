"""ACT-9: an ended activity never changes and is never deleted, by nobody and through no path."""

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from db.models import (
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    Attachment,
    Blob,
)
from db.session import engine
from services import activities, attachments
from services.activities.seal import seal_of, values_of
from services.core.errors import NotFound, Refused
from services.core.work import Work, work_as_system
from tests.factories import HOUR, NOW, SHANGHAI, As, Make, World
from tests.stage import ON_POSTGRESQL
from tests.stories import LATER, feedback, holders, plan_values, stored

AFTER = LATER + HOUR
#: every service that changes an activity
PATHS: dict[str, Callable[[Work, World, int], Any]] = {
    "change": lambda work, world, a: activities.change(work, activity_id=a, changes={"subject": "x"}),
    "change contacts": lambda work, world, a: activities.change(work, activity_id=a, changes={}, contact_ids=[]),
    "reschedule": lambda work, world, a: activities.reschedule(
        work, activity_id=a, planned_start=NOW, planned_end=LATER
    ),
    "start": lambda work, world, a: activities.start(work, activity_id=a),
    "end": lambda work, world, a: activities.end(work, activity_id=a, feedback=feedback(world)),
    "finish": lambda work, world, a: activities.finish(work, activity_id=a, feedback=feedback(world)),
    "decline": lambda work, world, a: activities.decline(work, activity_id=a, reason="x"),
    "insist": lambda work, world, a: activities.insist(work, activity_id=a, comment="x"),
    "reassign": lambda work, world, a: activities.reassign(work, activity_id=a, to_user_id=world.ben, reason="x"),
    "delegate_many": lambda work, world, a: activities.delegate_many(
        work, activity_ids=[a], to_user_id=world.ben, reason="x"
    ),
    "withdraw": lambda work, world, a: activities.withdraw(work, activity_id=a, reason="x"),
    "cancel": lambda work, world, a: activities.cancel(work, activity_id=a, reason="x"),
    "attach": lambda work, world, a: attachments.add(work, activity_id=a, name="note.txt", data=b"note"),
}


@pytest.fixture
def done(world: World, make: Make) -> int:
    """Ended, with a contact, a participant, a holder and a file."""
    account_id = make.account()
    contact_id = make.contact(account_id)
    activity_id = make.activity(world.anna, account_id=account_id, contacts=[contact_id], participants=[world.ben])
    with work_as_system("a file", at=NOW) as work:
        work.also(Blob(digest="d" * 64, size=1, media_type="text/plain", created_at=NOW))
        work.flush()
        work.also(_file(world, activity_id))
    make_end(world, activity_id)
    return activity_id


def make_end(world: World, activity_id: int) -> None:
    with work_as_system("end", at=LATER) as work:
        activities.end(work, activity_id=activity_id, feedback=feedback(world))


def _file(world: World, activity_id: int) -> Attachment:
    return Attachment(name="a.txt", digest="d" * 64, activity_id=activity_id, created_at=NOW, created_by_id=world.anna)


def values(activity_id: int) -> dict[str, Any]:
    return {column.key: getattr(stored(activity_id), column.key) for column in Activity.__mapper__.columns}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("person", ["anna", "mia", "adam", "system"])
def test_no_service_changes_it(world: World, done: int, as_: As, path: str, person: str) -> None:
    before = values(done)
    opened = work_as_system("try", at=AFTER) if person == "system" else as_(world.people[person], at=AFTER)
    with pytest.raises((Refused, NotFound)), opened as work:
        PATHS[path](work, world, done)
    assert values(done) == before


def test_no_attribute_changes_through_the_session(world: World, done: int) -> None:
    """Also the system itself is refused, by the database."""
    for name, value in (("learned", "x"), ("state", "planned"), ("owner_id", world.ben), ("updated_at", AFTER)):
        with pytest.raises(Refused), work_as_system("try", at=AFTER) as work:
            setattr(work.get(Activity, done), name, value)


def test_it_is_not_removed_through_the_session(done: int) -> None:
    with pytest.raises(Refused), work_as_system("try", at=AFTER) as work:
        work.drop(work.get(Activity, done))


CHILDREN: dict[str, Callable[[World, int], Any]] = {
    "contact": lambda world, a: ActivityContact(activity_id=a, contact_id=1),
    "participant": lambda world, a: ActivityParticipant(activity_id=a, user_id=world.pia),
    "holding": lambda world, a: ActivityHolding(activity_id=a, user_id=world.ben, since_at=AFTER, until_at=AFTER),
    "attachment": _file,
}


@pytest.mark.parametrize("child", CHILDREN)
def test_nothing_joins_changes_or_leaves_it(world: World, make: Make, done: int, child: str) -> None:
    """Contacts, participants, holders and files are part of what ended."""
    row = CHILDREN[child](world, done)
    with pytest.raises(Refused), work_as_system("try", at=AFTER) as work:
        work.also(row)
    model = type(row)
    for statement in (delete(model), update(model).values(activity_id=make.activity(world.anna))):
        with pytest.raises(Refused), work_as_system("try", at=AFTER) as work:
            work._session.execute(statement.where(model.activity_id == done))


@pytest.mark.parametrize("child", CHILDREN)
def test_nothing_moves_into_it(world: World, make: Make, done: int, child: str) -> None:
    other = make.activity(world.anna)
    with work_as_system("prepare", at=NOW) as work:
        work.drop(*work.scalars(select(ActivityHolding).where(ActivityHolding.activity_id == other)))
        work.flush()
        work.also(CHILDREN[child](world, other))
    model = type(CHILDREN[child](world, other))
    with pytest.raises(Refused), work_as_system("try", at=AFTER) as work:
        work._session.execute(update(model).where(model.activity_id == other).values(activity_id=done))


STATEMENTS = [
    "UPDATE activities SET learned = 'x' WHERE id = :id",
    "UPDATE activities SET state = 'planned', seal = NULL WHERE id = :id",
    "UPDATE activities SET id = id + 1000 WHERE id = :id",
    "UPDATE activities SET version = version + 1",
    "DELETE FROM activities WHERE id = :id",
    "DELETE FROM activity_holdings",
    "DELETE FROM activity_contacts",
    "UPDATE activity_participants SET user_id = 1",
    "UPDATE attachments SET name = 'x'",
]
STATEMENTS += (
    ["TRUNCATE activities CASCADE", "TRUNCATE activity_holdings", "TRUNCATE attachments", "TRUNCATE events"]
    if ON_POSTGRESQL
    else [
        "REPLACE INTO activities SELECT * FROM activities WHERE id = :id",
        "UPDATE OR REPLACE activities SET id = :id WHERE id <> :id",
        "REPLACE INTO activity_holdings SELECT * FROM activity_holdings WHERE activity_id = :id",
        "REPLACE INTO activity_contacts SELECT * FROM activity_contacts WHERE activity_id = :id",
        "REPLACE INTO attachments SELECT * FROM attachments WHERE activity_id = :id",
        "REPLACE INTO events SELECT * FROM events",
    ]
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_changes_it(world: World, make: Make, done: int, statement: str) -> None:
    """Direct SQL on the application's tables, on both databases."""
    make.activity(world.anna)
    before = values(done)
    given = {"id": done} if ":id" in statement else {}
    with pytest.raises(DBAPIError, match=r"ended activity|append-only"), engine().begin() as connection:
        connection.execute(text(statement), given)
    assert values(done) == before


def test_seal_shows_any_change(done: int) -> None:
    """ACT-9: what came past the triggers is found by the integrity check."""
    record = stored(done)
    assert seal_of(values_of(record)) == record.seal
    for name, value in values_of(record).items():
        assert seal_of(values_of(record) | {name: f"{value}x"}) != record.seal


@pytest.mark.parametrize("zone", [SHANGHAI, UTC])
def test_seal_does_not_depend_on_the_zone_of_the_clock(world: World, make: Make, as_: As, zone: tzinfo) -> None:
    """Moments that came from a form or a clock in any zone are read back in UTC."""
    activity_id = make.activity(world.anna, state="in_progress")
    with as_(world.anna, at=LATER.astimezone(zone)) as work:
        activities.end(work, activity_id=activity_id, feedback=feedback(world), ended_at=NOW.astimezone(zone))
    record = stored(activity_id)
    assert seal_of(values_of(record)) == record.seal


def test_what_may_be_added(world: World, done: int, as_: As) -> None:
    """ACT-9: reviews and follow-ups, which leave the activity as it is."""
    before = values(done)
    with as_(world.mia, at=AFTER) as work:
        activities.review(work, activity_id=done, mark=5, comment="Well done")
    with as_(world.anna, at=AFTER) as work:
        activities.plan(work, values=plan_values(world, planned_start=AFTER), follows_id=done)
    with as_(world.anna, at=AFTER, readonly=True) as work:
        card = activities.card(work, activity_id=done)
    assert (len(card.reviews), len(card.follow_ups)) == (1, 1)
    assert values(done) == before


def test_other_activities_go_on(world: World, make: Make, done: int, as_: As) -> None:
    """The allowed case beside the refused ones: an open activity of the same people changes and ends."""
    other = make.activity(world.anna, participants=[world.ben])
    with as_(world.anna, at=AFTER) as work:
        activities.change(work, activity_id=other, changes={"subject": "x"}, participant_ids=[world.pia])
        activities.end(work, activity_id=other, feedback=feedback(world))
    assert holders(other) == [(world.anna, True, "")]


def test_record_still_in_memory_is_refused_too(world: World, make: Make) -> None:
    """Loaded before the end, written after it, in one Work."""
    activity_id = make.activity(world.anna)

    def write_after_the_end() -> None:
        with work_as_system("holds it in memory", at=AFTER) as work:
            record = work.get(Activity, activity_id)
            activities.end(work, activity_id=activity_id, feedback=feedback(world))
            work.flush()
            record.learned = "x"

    with pytest.raises(Refused, match="ended"):
        write_after_the_end()
    make_end(world, activity_id)
