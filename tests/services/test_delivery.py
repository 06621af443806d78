"""The outbox is delivered: to the right receiver, once, with retries for a day; what failed for good is shown (ADM-8)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Event, Message, MessageState, Notice, Route, User
from services import channels, delivery
from services.core import outbox
from services.core.errors import Invalid, NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.outbox import Template
from services.core.settings import settings
from services.core.work import work_as, work_as_system
from tests.factories import NOW, As, Make, World
from tests.gateways import Gateway, Manner, http_gateway, smtp_server

HELLO = Template("test_hello", "Hello {name}", "You have “{subject}” & more <b>")
MINUTE = timedelta(minutes=1)
SECRET = "s3cr3t-t0ken"
SetChannels = Callable[..., None]


@pytest.fixture
def set_channels(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetChannels]:
    """`set_channels(sms="json://...")`: the environment names these channels."""

    def set_(sms: str = "", email: str = "") -> None:
        monkeypatch.setenv("SMS_CHANNELS", sms)
        monkeypatch.setenv("EMAIL_CHANNELS", email)
        settings.cache_clear()

    yield set_
    settings.cache_clear()


@pytest.fixture
def gateway(world: World, set_channels: SetChannels) -> Iterator[Gateway]:
    with http_gateway() as gateway:
        set_channels(sms=sms_channel(gateway))
        yield gateway


def sms_channel(gateway: Gateway) -> str:
    return f"json://desk:{SECRET}@127.0.0.1:{gateway.port}/sms?:to={{address}}"


def mail_channel(gateway: Gateway) -> str:
    return f"mailto://127.0.0.1:{gateway.port}?from=crm@example.com&to={{address}}&mode=insecure&format=text"


def tell(person: int, route: Route = Route.SMS, subject: str = "挖掘机 visit") -> None:
    with work_as_system("a test tells", at=NOW) as work:
        outbox.notify(work, HELLO, to=[person], routes=[route], name="Anna", subject=subject)


def messages() -> list[Any]:
    columns = (Message.id, Message.state, Message.attempts, Message.last_error, Message.next_try_at, Message.sent_at)
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return list(work.rows(select(*columns).order_by(Message.id)))


def test_an_sms_reaches_the_gateway_once_with_a_lasting_id(gateway: Gateway, world: World) -> None:
    tell(world.anna)
    assert delivery.deliver(at=NOW) == 1
    assert delivery.deliver(at=NOW + 60 * MINUTE) == 0
    (taken,) = gateway.taken
    assert (taken["to"], taken["title"]) == ("13800000000", "Hello Anna")
    assert "挖掘机" in taken["message"]
    assert taken["id"].startswith("crm-20261123020000-")
    (message,) = messages()
    assert (message.state, message.attempts, message.sent_at) == (MessageState.SENT, 1, NOW)


def test_an_email_reaches_the_mailbox(world: World, set_channels: SetChannels) -> None:
    with smtp_server() as server:
        set_channels(email=mail_channel(server))
        tell(world.anna, Route.EMAIL)
        assert delivery.deliver(at=NOW) == 1
    (mail,) = server.taken
    assert mail["to"] == ["anna@example.com"]
    assert mail["title"] == "Hello Anna"
    assert "“挖掘机 visit” & more <b>" in mail["message"]
    assert mail["id"].startswith("crm-")


def test_without_a_channel_it_stays_visible(world: World, set_channels: SetChannels) -> None:
    set_channels()
    tell(world.anna)
    assert delivery.deliver(at=NOW) == 0
    assert [message.state for message in messages()] == [MessageState.NO_CHANNEL]
    with work_as(world.anna, at=NOW, readonly=True) as work:
        assert work.scalars(select(Notice.kind)) == ["test_hello"]


def test_a_receiver_without_an_address_reads_it_in_the_inbox(
    gateway: Gateway, world: World, make: Make, as_: As
) -> None:
    person = make.user("No mobile", mobile=None)
    tell(person)
    assert delivery.deliver(at=NOW) == 0
    assert [message.state for message in messages()] == [MessageState.NO_CHANNEL]
    with as_(person, readonly=True) as work:
        assert work.actor.unread == 1


def test_who_has_left_gets_nothing(gateway: Gateway, world: World) -> None:
    tell(world.anna)
    with work_as_system("Anna leaves", at=NOW) as work:
        work.get(User, world.anna).active = False
    assert delivery.deliver(at=NOW) == 0
    assert [(message.state, message.last_error) for message in messages()] == [(MessageState.FAILED, delivery.HAS_LEFT)]
    assert gateway.taken == []


def test_a_channel_that_was_taken_away_is_no_failure(gateway: Gateway, world: World, set_channels: SetChannels) -> None:
    tell(world.anna)
    set_channels()
    delivery.deliver(at=NOW)
    assert [message.state for message in messages()] == [MessageState.NO_CHANNEL]


def test_retries_pause_longer_and_end_after_a_day(gateway: Gateway, world: World) -> None:
    gateway.manner = Manner.REFUSING
    tell(world.anna)
    tries, moment = [], NOW
    while messages()[0].state is not MessageState.FAILED:
        tries.append(moment)
        delivery.deliver(at=moment)
        assert delivery.deliver(at=moment) == 0
        moment = messages()[0].next_try_at
    pauses = [(later - earlier) // MINUTE for earlier, later in pairwise(tries)]
    assert pauses[:6] == [1, 5, 15, 60, 180, 180]
    assert tries[-1] - tries[0] == timedelta(days=1)
    assert len(gateway.taken) == len(tries)
    assert len({taken["id"] for taken in gateway.taken}) == 1
    assert delivery.deliver(at=NOW + timedelta(days=3)) == 0


def test_the_error_names_neither_secret_nor_receiver(gateway: Gateway, world: World) -> None:
    gateway.manner = Manner.REFUSING
    tell(world.anna)
    delivery.deliver(at=NOW)
    (message,) = messages()
    assert "503" in message.last_error
    for hidden in (SECRET, "13800000000", "127.0.0.1"):
        assert hidden not in message.last_error


def test_nothing_is_logged(gateway: Gateway, world: World, caplog: Any, capfd: Any) -> None:
    gateway.manner = Manner.REFUSING
    tell(world.anna)
    delivery.deliver(at=NOW)
    captured = capfd.readouterr()
    assert "13800000000" not in caplog.text + captured.out + captured.err
    assert captured.err == ""


def test_the_second_channel_takes_what_the_first_refuses(world: World, set_channels: SetChannels) -> None:
    with http_gateway(Manner.REFUSING) as first, http_gateway() as second:
        set_channels(sms=f"{sms_channel(first)} {sms_channel(second)}")
        tell(world.anna)
        assert delivery.deliver(at=NOW) == 1
    assert len(first.taken) == len(second.taken) == 1


@pytest.mark.parametrize(
    "address",
    ["13800000000,13900000000", "13800000000&:to=13900000000", "+", "", "{address}", "a@b", "138％0", "1" * 30],
)
def test_an_address_that_is_not_one_number_goes_nowhere(
    gateway: Gateway, world: World, make: Make, address: str
) -> None:
    person = make.user("Nobody", mobile=address)
    tell(person)
    delivery.deliver(at=NOW)
    assert gateway.taken == []
    (message,) = messages()
    assert message.state in (MessageState.FAILED, MessageState.NO_CHANNEL)


@pytest.mark.parametrize("address", ["a@one.example,b@two.example", "a@one.example?bcc=b@two.example", "a b@c.d", "x"])
def test_an_address_that_is_not_one_mailbox_goes_nowhere(
    world: World, make: Make, set_channels: SetChannels, address: str
) -> None:
    with smtp_server() as server:
        set_channels(email=mail_channel(server))
        tell(make.user("Nobody", email=address), Route.EMAIL)
        delivery.deliver(at=NOW)
    assert server.taken == []
    assert [message.state for message in messages()] == [MessageState.FAILED]


def test_the_address_fills_only_its_place() -> None:
    filled = channels.filled("json://u:{x}p@h/sms?:to={address}&:no={message_id}", "+86&a=b#c", "id 1")
    assert filled == "json://u:{x}p@h/sms?:to=%2B86%26a%3Db%23c&:no=id%201&%2BX-Message-ID=id%201"


def test_a_channel_that_would_drop_the_receiver_is_not_used(
    gateway: Gateway, world: World, set_channels: SetChannels
) -> None:
    set_channels(sms=f"json://127.0.0.1:{gateway.port}/sms?to={{address}}")
    tell(world.anna)
    delivery.deliver(at=NOW)
    assert gateway.taken == []
    assert messages()[0].last_error == channels.NOT_PLACED


def test_a_clock_that_was_ahead_does_not_hold_a_message_back(gateway: Gateway, world: World) -> None:
    gateway.manner = Manner.REFUSING
    tell(world.anna)
    delivery.deliver(at=NOW + timedelta(days=9))
    gateway.manner = Manner.NORMAL
    assert delivery.deliver(at=NOW + MINUTE) == 1


def test_a_test_message_is_tried_once(gateway: Gateway, world: World, as_: As) -> None:
    gateway.manner = Manner.REFUSING
    with as_(world.adam) as work:
        message_id = delivery.test_channel(work, route=Route.SMS, address="139 0000 0000")
    delivery.deliver(at=NOW)
    with as_(world.adam, readonly=True) as work:
        page = fetch(work, delivery.LIST, ListRequest(filters={"state": "failed", "route": "sms"}))
        assert [row["id"] for row in page.rows] == [message_id]
        assert "503" in page.rows[0]["last_error"]
        assert "channel_tested" in work.scalars(select(Event.action))
    assert gateway.taken[0]["to"] == "13900000000"


def test_a_test_message_needs_an_address_that_can_be_used(gateway: Gateway, world: World, as_: As) -> None:
    with pytest.raises(Invalid), as_(world.adam) as work:
        delivery.test_channel(work, route=Route.EMAIL, address="139 0000 0000")


def test_what_failed_is_tried_again_on_request(gateway: Gateway, world: World, as_: As, make: Make) -> None:
    gateway.manner = Manner.REFUSING
    tell(world.anna)
    moment = NOW
    while messages()[0].state is not MessageState.FAILED:
        delivery.deliver(at=moment)
        moment = messages()[0].next_try_at
    gateway.manner = Manner.NORMAL
    later = NOW + timedelta(days=5)
    with as_(world.adam, at=later) as work:
        delivery.requeue(work, message_id=messages()[0].id)
    assert delivery.deliver(at=later) == 1
    with pytest.raises(Refused), as_(world.adam, at=later) as work:
        delivery.requeue(work, message_id=messages()[0].id)


def test_only_the_administrator_looks_after_the_outbox(gateway: Gateway, world: World, as_: As) -> None:
    tell(world.anna)
    for person in (world.anna, world.mia, world.eva):
        with pytest.raises(Refused), as_(person) as work:
            delivery.requeue(work, message_id=messages()[0].id)
        with pytest.raises(Refused), as_(person) as work:
            delivery.test_channel(work, route=Route.SMS, address="13900000000")
    with as_(world.ben, readonly=True) as work:
        assert fetch(work, delivery.LIST, ListRequest()).total == 0
        with pytest.raises(NotFound):
            work.get(Message, messages()[0].id)
