"""Channels: the gateways of this installation, reached through Apprise (ADM-8).

A channel is an Apprise address in the environment (SMS_CHANNELS, EMAIL_CHANNELS), with ``{address}`` where the
receiver's number or mailbox goes and, if the gateway wants it in a place of its own, ``{message_id}``. The id stays the
same when a message is sent again, and also goes along as the header X-Message-ID where the protocol has headers, so
that a gateway can drop a repeat: exactly once as far as the gateway allows. Several channels of a kind are tried in
their order until one takes the message.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from apprise import Apprise, AppriseAsset, NotifyFormat

from db.models import Route
from services.core.errors import N_
from services.core.settings import settings

HEADER = "X-Message-ID"
NUMBER = re.compile(r"\+?\d{3,20}")
MAILBOX = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
#: what may stand between the digits of a telephone number
PUNCTUATION = re.compile(r"[\s()./-]")
SHORTEST_SECRET = 4
LONGEST_ERROR = 300

UNUSABLE = N_("The address of the receiver cannot be used.")
NOT_UNDERSTOOD = N_("The address of the channel is not understood.")
NOT_PLACED = N_("The address of the channel has no place for the receiver.")
REFUSED = N_("The gateway did not take the message.")

logging.getLogger("apprise").propagate = False  # it names receivers and hosts; what matters is kept with the message


@dataclass(frozen=True)
class Letter:
    """What goes out: to whom, with which words, under which lasting id."""

    route: Route
    address: str
    title: str
    body: str
    message_id: str


@dataclass(frozen=True)
class Outcome:
    """How a try went; after an error that is ``final``, another try would end alike."""

    error: str | None = None
    final: bool = False


def of(route: Route) -> tuple[str, ...]:
    """The channels of a route, in the order in which they are tried."""
    return settings().sms_channels if route is Route.SMS else settings().email_channels


def send(letter: Letter) -> Outcome:
    """Hand a letter to the first channel that takes it; the error names no secret and no receiver."""
    address = usable(letter.route, letter.address)
    if address is None:
        return Outcome(UNUSABLE, final=True)
    errors = []
    for channel in of(letter.route):
        error = _tried(channel, letter, address)
        if error is None:
            return Outcome()
        errors.append(error)
    return Outcome(" ".join(errors)[:LONGEST_ERROR] or NOT_UNDERSTOOD)


def usable(route: Route, address: str) -> str | None:
    """The address as gateways take it; None for everything that is not exactly one number or mailbox."""
    plain = PUNCTUATION.sub("", address) if route is Route.SMS else address.strip()
    pattern = NUMBER if route is Route.SMS else MAILBOX
    return plain if pattern.fullmatch(plain) else None


def _tried(channel: str, letter: Letter, address: str) -> str | None:
    try:
        return _send_through(channel, letter, address)
    except Exception as error:  # noqa: BLE001 - whatever breaks in a plugin is this channel's failure and no more
        return type(error).__name__


def _send_through(channel: str, letter: Letter, address: str) -> str | None:
    if "{address}" in channel and not _places_receiver(channel, letter.route):
        return NOT_PLACED
    gateway = Apprise(asset=_asset())
    if not gateway.add(filled(channel, address, letter.message_id)):
        return NOT_UNDERSTOOD
    result = gateway.notify(title=letter.title, body=letter.body, body_format=NotifyFormat.TEXT)
    if result:
        return None
    said = " ".join(entry.message for entry in result.logs())
    return masked(said, channel, address) or REFUSED


def filled(channel: str, address: str, message_id: str) -> str:
    """The channel's address with receiver and id in their places and nothing else changed."""
    placed = channel.replace("{address}", quote(address, safe="")).replace("{message_id}", quote(message_id, safe=""))
    return f"{placed}{'&' if '?' in placed else '?'}%2B{HEADER}={quote(message_id, safe='')}"


def masked(said: str, channel: str, address: str) -> str:
    """What a gateway said, without the receiver and without any part of the channel's address."""
    for secret in sorted({address, *_parts(channel)}, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            said = said.replace(secret, "…")
    return " ".join(said.split())[:LONGEST_ERROR]


def _parts(channel: str) -> Iterator[str]:
    parts = urlsplit(channel)
    values = [parts.netloc, *re.split(r"[@:]", parts.netloc), *parts.path.split("/")]
    for value in (*values, *(value for _, value in parse_qsl(parts.query))):
        yield from (value, unquote(value))


@cache
def _places_receiver(channel: str, route: Route) -> bool:
    """Whether two receivers make two different addresses; a misspelt parameter would send everything nowhere."""
    samples = ("13800000001", "13800000002") if route is Route.SMS else ("a@one.example", "b@two.example")
    urls = {_understood(filled(channel, sample, "0")) for sample in samples}
    return None in urls or len(urls) == len(samples)


def _understood(address: str) -> str | None:
    """What Apprise has made of an address; None if it could make nothing of it."""
    service: Any = Apprise.instantiate(address, asset=_asset())
    return str(service.url()) if service else None


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Dealer CRM", app_desc="Dealer CRM", app_url=settings().public_url, async_mode=False,
        service_timeout=0, allow_templates=False, pgp_autogen=False, pem_autogen=False,
    )  # fmt: skip
