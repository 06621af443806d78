"""Notices and messages come into being with what causes them (ADM-8)."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Activity, Message, MessageState, Notice, Route, User
from services import notices as notices_of
from services.activities.messages import DECLINED
from services.core.outbox import Template, notify
from services.core.settings import settings
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World

VISIT = Template("test_visit", "Visit: {subject}", "{by} wrote about “{subject}” for {amount}.")


def notices() -> Sequence[Any]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.rows(select(Notice.user_id, Notice.kind, Notice.parameters, Notice.read_at))


def messages() -> Sequence[Any]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.scalars(select(Message).order_by(Message.user_id, Message.id))


def tell(as_: As, actor: int, to: list[int], **more: Any) -> None:
    with as_(actor) as work:
        notify(work, VISIT, to=to, subject="Site 3", by="Mia", amount="1.00", **more)


def test_each_person_hears_once(world: World, as_: As) -> None:
    """What must not happen: a notice sent twice."""
    tell(as_, world.mia, [world.anna, world.ben, world.anna])
    assert sorted(n.user_id for n in notices()) == [world.anna, world.ben]


def test_nobody_hears_of_the_own_act(world: World, as_: As) -> None:
    tell(as_, world.mia, [world.mia])
    assert notices() == []


def test_who_has_left_hears_nothing(world: World, make: Make, as_: As) -> None:
    tell(as_, world.mia, [make.user("Gone", active=False)], routes=[Route.SMS])
    assert (list(notices()), list(messages())) == ([], [])


def test_nothing_is_told_of_what_did_not_happen(world: World, as_: As) -> None:
    """ADM-8: in the same transaction as what caused it."""

    def act_and_fail() -> None:
        with as_(world.mia) as work:
            notify(work, VISIT, to=[world.anna], routes=[Route.SMS], subject="x", by="Mia", amount="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert (list(notices()), list(messages())) == ([], [])


def test_without_a_channel_the_outbox_says_so(world: World, as_: As) -> None:
    """ADM-8: the notice is in the inbox nevertheless."""
    tell(as_, world.mia, [world.anna], routes=[Route.SMS, Route.EMAIL])
    assert [m.state for m in messages()] == [MessageState.NO_CHANNEL] * 2
    assert len(notices()) == 1


def test_message_waits_for_its_channel(world: World, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_CHANNELS", "json://127.0.0.1:1")
    settings.cache_clear()
    tell(as_, world.mia, [world.anna], routes=[Route.SMS, Route.EMAIL])
    states = {m.route: (m.state, m.address) for m in messages()}
    assert states[Route.SMS] == (MessageState.QUEUED, "13800000000")
    assert states[Route.EMAIL][0] is MessageState.NO_CHANNEL


def test_person_without_a_number_is_not_lost(
    world: World, make: Make, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """abuse-cases.md: manager without e-mail."""
    monkeypatch.setenv("EMAIL_CHANNELS", "mailto://127.0.0.1:1")
    settings.cache_clear()
    person = make.user("Wu", email=None)
    tell(as_, world.mia, [person], routes=[Route.EMAIL])
    assert [m.state for m in messages()] == [MessageState.NO_CHANNEL]
    assert [n.user_id for n in notices()] == [person]


def test_message_is_worded_and_refers_to_its_record(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with as_(world.mia) as work:
        notify(
            work, VISIT, to=[world.anna], about=work.get(Activity, activity_id), routes=[Route.SMS],
            subject="Site {3}", by="Mia", amount="1.00",
        )  # fmt: skip
    message = messages()[0]
    assert (message.title, message.body) == ("Visit: Site {3}", "Mia wrote about “Site {3}” for 1.00.")
    assert (message.record_kind, message.record_id) == ("activity", activity_id)


def test_long_subject_does_not_break_the_message(world: World, as_: As) -> None:
    with as_(world.mia) as work:
        notify(work, VISIT, to=[world.anna], routes=[Route.SMS], subject="客" * 300, by="Mia", amount="1")
    assert len(messages()[0].title) == 200


def test_message_speaks_the_receivers_language(world: World, as_: As) -> None:
    """ALL-1: the language kept with the user, whatever the actor's is."""
    with work_as_system("speaks Chinese", at=NOW) as work:
        work.get(User, world.anna).language = "zh_CN"
    with as_(world.mia) as work:
        notify(
            work, DECLINED, to=[world.anna, world.ben], routes=[Route.SMS],
            subject="Site 3", customer="–", by="Mia", reason="ill",
        )  # fmt: skip
    anna, ben = messages()
    assert "declines" in ben.title
    assert "declines" not in anna.title


def test_names_are_listed_in_the_receivers_language(world: World, as_: As) -> None:
    """ALL-1: the names in a notice are divided as its reader's language divides them."""
    with work_as_system("speaks Chinese", at=NOW) as work:
        work.get(User, world.anna).language = "zh_CN"
    with as_(world.mia) as work:
        notify(work, VISIT, to=[world.anna, world.ben], routes=[Route.SMS], subject="x", by=["Mia", "Max"], amount="1")
    assert [message.body.partition(" wrote")[0] for message in messages()] == ["Mia、Max", "Mia, Max"]
    with as_(world.anna, readonly=True) as work:
        assert "Mia、Max" in notices_of.inbox(work)[0].body
