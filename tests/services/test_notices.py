"""The inbox: in the reader's language, newest first, silent about what its reader may no longer see (ADM-8, ALL-7)."""

import pytest

from db.models import Activity, Notice, User
from services import activities, notices
from services.core import outbox
from services.core.errors import NotFound
from services.core.outbox import Template
from services.core.work import work_as_system
from services.time_rules import messages
from tests.factories import HOUR, NOW, As, Make, World

HELLO = Template("test_inbox", "Hello {name}", "There is something new.")


def tell(person: int, name: str = "Anna", about: int | None = None) -> None:
    with work_as_system("a test tells", at=NOW) as work:
        record = work.get(Activity, about) if about else None
        outbox.notify(work, HELLO, to=[person], about=record, name=name)


def test_newest_first_in_pages(world: World, as_: As) -> None:
    for name in ("one", "two", "three"):
        tell(world.anna, name)
    with as_(world.anna, readonly=True) as work:
        first, rest, none = (notices.inbox(work, page=page, size=2) for page in (1, 2, 3))
        assert notices.count(work) == 3
    assert [[line.title for line in page] for page in (first, rest, none)] == [
        ["Hello three", "Hello two"],
        ["Hello one"],
        [],
    ]
    assert first[0].created_at == NOW


def test_reading_counts_down(world: World, as_: As) -> None:
    for name in ("one", "two", "three"):
        tell(world.anna, name)
    with as_(world.anna) as work:
        assert notices.count(work, unread_only=True) == work.actor.unread == 3
        notices.mark_read(work, notice_id=notices.inbox(work)[0].id)
    with as_(world.anna, at=NOW + HOUR) as work:
        assert [line.title for line in notices.inbox(work, unread_only=True)] == ["Hello two", "Hello one"]
        assert notices.mark_all_read(work) == 2
        assert (notices.count(work, unread_only=True), notices.count(work)) == (0, 3)
    with as_(world.anna, readonly=True) as work:
        assert [line.read_at for line in notices.inbox(work)] == [NOW, NOW + HOUR, NOW + HOUR]


def test_everybody_has_an_inbox_of_their_own(world: World, as_: As) -> None:
    tell(world.anna)
    with as_(world.anna, readonly=True) as work:
        (line,) = notices.inbox(work)
    for person in (world.ben, world.mia, world.adam):
        with as_(person) as work:
            assert notices.inbox(work) == []
            assert notices.mark_all_read(work) == 0
            with pytest.raises(NotFound):
                notices.mark_read(work, notice_id=line.id)


def test_each_reader_reads_the_own_language(world: World, make: Make, as_: As) -> None:
    """ALL-1: the words are made when they are read."""
    make.activity(state="assigned")
    with work_as_system("a test tells", at=NOW) as work:
        outbox.notify(work, messages.OVERDUE, to=[world.anna], subject="拜访", customer="徐工", due="2026-11-20")
        work.get(User, world.anna).language = "zh_CN"
    with as_(world.anna, readonly=True) as work:
        expected = work.translate(messages.OVERDUE.title).format(subject="拜访")
        assert notices.inbox(work)[0].title == expected
    with work_as_system("a test changes", at=NOW) as work:
        work.get(User, world.anna).language = "en"
    with as_(world.anna, readonly=True) as work:
        assert notices.inbox(work)[0].title == "Overdue: 拜访"


def test_a_notice_opens_its_record(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity()
    tell(world.anna, about=activity_id)
    with as_(world.anna, readonly=True) as work:
        (line,) = notices.inbox(work)
    assert (line.record_kind, line.record_id) == ("activity", activity_id)


def test_a_notice_about_what_one_may_no_longer_see_says_nothing(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity()
    tell(world.anna, "Secret Ltd", about=activity_id)
    with as_(world.mia) as work:
        activities.reassign(work, activity_id=activity_id, to_user_id=world.ben, reason="Anna is away")
    with as_(world.anna, readonly=True) as work:
        told = {line.title for line in notices.inbox(work)}
        assert notices.GONE_TITLE in told
        assert not any("Secret" in line.title + line.body for line in notices.inbox(work))
        assert all(line.record_id is None for line in notices.inbox(work))


def test_words_that_are_gone_leave_what_was_stored(world: World, as_: As) -> None:
    with work_as_system("an older version told", at=NOW) as work:
        work.also(Notice(user_id=world.anna, kind="of_old", parameters={"subject": "拜访"}, created_at=NOW))
    with as_(world.anna, readonly=True) as work:
        (line,) = notices.inbox(work)
    assert (line.title, line.body) == ("of_old", "拜访")
