"""Ended activities and the audit trail stay as they are, whatever way is tried (ACT-9, ALL-3)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.base import Model
from db.models import (
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityReview,
    ActivityState,
    Attachment,
    Blob,
    Branch,
    Channel,
    CodeValue,
    Contact,
    Event,
    Role,
    User,
)
from db.protection import expected, protect, triggers
from db.session import engine
from db.upgrade import upgrade
from tests.db.conftest import empty_database

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ENDED, OPEN = 1, 2
REFUSAL = "an ended activity cannot change|audit trail is append-only"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One ended and one open activity, each with everything that may hang on one, and an event; no test changes it."""
    with empty_database(tmp_path_factory.mktemp("protected")) as url:
        upgrade(url)
        fill(url)
        yield url


def fill(url: str) -> None:
    with Session(engine(url)) as session:
        for rows in (surroundings(), [activity(ENDED), activity(OPEN)], [*children(ENDED), *children(OPEN), event()]):
            session.add_all(rows)
            session.flush()
        session.execute(update(Activity).where(Activity.id == ENDED).values(**FEEDBACK))
        session.commit()


FEEDBACK = {
    "state": ActivityState.ENDED, "started_at": AT, "ended_at": AT, "result_id": 1, "learned": "Needs two", "seal": "x" * 64,
}  # fmt: skip


def surroundings() -> list[Model]:
    person = {"role": Role.REP, "branch_id": 1, "password_hash": "-", "created_at": AT}
    return [
        Branch(id=1, code="NJ", name="南京", name_en="Nanjing"),
        CodeValue(id=1, list="activity_type", code="visit", label_zh="拜访", label_en="Visit"),
        User(id=1, login="anna", name="Anna", **person),
        User(id=2, login="ben", name="Ben", **person),
        Contact(id=1, name="王建国", branch_id=1, created_at=AT, updated_at=AT),
        Contact(id=2, name="李明", branch_id=1, created_at=AT, updated_at=AT),
        Blob(digest="d" * 64, size=3, media_type="text/plain", created_at=AT),
    ]


def activity(number: int) -> Activity:
    return Activity(
        id=number, state=ActivityState.IN_PROGRESS, type_id=1, subject="Visit", planned_start=AT, planned_end=AT, due_at=AT,
        owner_id=1, branch_id=1, created_at=AT, updated_at=AT,
    )  # fmt: skip


def children(number: int) -> list[Model]:
    return [
        ActivityContact(activity_id=number, contact_id=1),
        ActivityParticipant(activity_id=number, user_id=2),
        ActivityHolding(id=number, activity_id=number, user_id=1, since_at=AT),
        Attachment(id=number, activity_id=number, name="a.txt", digest="d" * 64, created_at=AT, created_by_id=1),
    ]


def event() -> Event:
    return Event(id=1, at=AT, channel=Channel.SCREEN, kind="activity", record_id=ENDED, action="ended", changes={})


FORBIDDEN = {
    "change a text": update(Activity).where(Activity.id == ENDED).values(learned="Needs nothing"),
    "change the version": update(Activity).where(Activity.id == ENDED).values(version=9),
    "open again": update(Activity).where(Activity.id == ENDED).values(state=ActivityState.PLANNED),
    "change all": update(Activity).values(subject="x"),
    "delete": delete(Activity).where(Activity.id == ENDED),
    "add a contact": insert(ActivityContact).values(activity_id=ENDED, contact_id=2),
    "change a contact's part": update(ActivityContact).values(part="invited"),
    "move a contact in": update(ActivityContact).where(ActivityContact.activity_id == OPEN).values(activity_id=ENDED, contact_id=2),
    "remove contacts": delete(ActivityContact),
    "add a participant": insert(ActivityParticipant).values(activity_id=ENDED, user_id=1),
    "remove participants": delete(ActivityParticipant),
    "close the holding": update(ActivityHolding).where(ActivityHolding.activity_id == ENDED).values(until_at=AT),
    "move a holding out": update(ActivityHolding).where(ActivityHolding.id == ENDED).values(activity_id=OPEN, until_at=AT),
    "remove holdings": delete(ActivityHolding),
    "add a file": insert(Attachment).values(activity_id=ENDED, name="b", digest="d" * 64, created_at=AT, created_by_id=1),
    "move a file in": update(Attachment).where(Attachment.id == OPEN).values(activity_id=ENDED),
    "move a file out": update(Attachment).where(Attachment.id == ENDED).values(activity_id=OPEN),
    "rename files": update(Attachment).values(name="c.txt"),
    "remove files": delete(Attachment),
    "change an event": update(Event).values(note="it was somebody else"),
    "remove events": delete(Event),
}  # fmt: skip


@pytest.mark.parametrize("way", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_statements_are_refused(database: str, way: Any) -> None:
    before = everything(database)
    with pytest.raises(DBAPIError, match=REFUSAL), engine(database).begin() as connection:
        connection.execute(way)
    assert everything(database) == before


SQL = {
    "sqlite": {
        "replace the activity": "INSERT OR REPLACE INTO activities SELECT * FROM activities WHERE id = 1",
        "replace through another": "UPDATE OR REPLACE activities SET id = 1 WHERE id = 2",
        "replace a holding": "INSERT OR REPLACE INTO activity_holdings (id, activity_id, user_id, since_at, until_at, reason) "
        "VALUES (1, 2, 2, '2026-01-01', '2026-01-02', '')",
        "replace a file": "INSERT OR REPLACE INTO attachments (id, activity_id, name, digest, created_at, created_by_id) "
        f"VALUES (1, 2, 'b', '{'d' * 64}', '2026-01-01', 1)",
        "replace an event": "INSERT OR REPLACE INTO events (id, at, channel, kind, action, changes) "
        "VALUES (1, '2026-01-01', 'screen', 'activity', 'planned', '{}')",
        "replace events": "REPLACE INTO events SELECT * FROM events",
        "update on conflict": "INSERT INTO events SELECT * FROM events WHERE true ON CONFLICT (id) DO UPDATE SET note = 'x'",
    },
    "postgresql": {
        "truncate activities": "TRUNCATE activities CASCADE",
        "truncate everything": "TRUNCATE users, branches CASCADE",
        "truncate events": "TRUNCATE events",
        "truncate files": "TRUNCATE attachments",
        "update on conflict": "INSERT INTO events SELECT * FROM events ON CONFLICT (id) DO UPDATE SET note = 'x'",
    },
}


def test_plain_sql_is_refused(database: str) -> None:
    """Also the ways that pass by triggers on changed rows."""
    before = everything(database)
    for name, statement in SQL[engine(database).dialect.name].items():
        with pytest.raises(DBAPIError, match=REFUSAL), engine(database).begin() as connection:
            connection.execute(text(statement))
        assert everything(database) == before, name


def test_changes_of_loaded_records_are_refused(database: str) -> None:
    for change in (forget_feedback, erase, erase_file, rewrite_history):
        with Session(engine(database)) as session:
            change(session)
            with pytest.raises(DBAPIError, match=REFUSAL):
                session.commit()


def forget_feedback(session: Session) -> None:
    session.get_one(Activity, ENDED).learned = "Nothing"


def erase(session: Session) -> None:
    session.delete(session.get_one(Activity, ENDED))


def erase_file(session: Session) -> None:
    session.delete(session.get_one(Attachment, ENDED))


def rewrite_history(session: Session) -> None:
    session.get_one(Event, 1).actor_id = 2


ALLOWED = {
    "a review": insert(ActivityReview).values(activity_id=ENDED, reviewer_id=2, mark=5, comment="", created_at=AT),
    "a follow-up": update(Activity).where(Activity.id == OPEN).values(follows_id=ENDED),
    "changes of an open activity": update(Activity).where(Activity.id == OPEN).values(learned="so far"),
    "ending an activity": update(Activity).where(Activity.id == OPEN).values(**FEEDBACK),
    "contacts of an open one": insert(ActivityContact).values(activity_id=OPEN, contact_id=2),
    "files of an open one": update(Attachment).where(Attachment.id == OPEN).values(name="c.txt"),
    "taking a file from an open one": delete(Attachment).where(Attachment.id == OPEN),
    "another event": insert(Event).values(
        id=9, at=AT, channel=Channel.SCREEN, kind="activity", action="reviewed", changes={}
    ),
}


@pytest.mark.parametrize("way", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_may_be_added_is_not_in_the_way(database: str, way: Any) -> None:
    with engine(database).connect() as connection:
        assert connection.execute(way).rowcount != 0
        connection.rollback()


def test_every_trigger_is_in_place_after_an_upgrade(database: str) -> None:
    with engine(database).begin() as connection:
        assert {name for name, _ in triggers(connection)} == expected(connection.dialect.name)


def test_protecting_twice_changes_nothing(database: str) -> None:
    with engine(database).begin() as connection:
        before = triggers(connection)
        protect(connection)
        assert triggers(connection) == before


def everything(url: str) -> list[Any]:
    kinds: list[Any] = [Activity, ActivityContact, ActivityParticipant, ActivityHolding, Attachment, Event]
    with engine(url).connect() as connection:
        return [rows_of(connection, kind) for kind in kinds]


def rows_of(connection: Connection, kind: Any) -> list[Any]:
    return sorted(connection.execute(select(*kind.__table__.columns)).all(), key=str)
