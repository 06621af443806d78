"""Delivery of the outbox: every message once, as far as its gateway allows, with retries for a day (ADM-8).

A worker marks messages as being sent, in a short transaction of its own; then it sends; then it notes how it went.
If it dies in between, the mark expires and another worker sends the message again under the same id.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from db.models import Message, MessageState, Route, User
from services import channels
from services.channels import Letter, Outcome
from services.core import events
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, Refused, Said
from services.core.listing import Column, Filter, ListSpec, contains
from services.core.outbox import Template
from services.core.work import Query, Work, work_as_system

#: minutes from one try to the next; together a day
PAUSES = (1, 5, 15, 60, 180, 180, 180, 180, 180, 180, 180, 99)
LONGEST_PAUSE = timedelta(minutes=max(PAUSES))
#: how many are sent side by side, so that one slow gateway does not hold up everybody
AT_ONCE = 4
PATIENCE = timedelta(seconds=30)
#: for how long a message belongs to the worker that is sending it
LEASE = timedelta(minutes=2)
WAITING = (MessageState.QUEUED, MessageState.SENDING)
TEST = Template(
    "channel_test",
    N_("Test of the channel"),
    N_("This is a test message of {organisation}. It was sent by {by}."),
)
NO_ANSWER = N_("The gateway did not answer in time.")
HAS_LEFT = N_("The receiver is no longer active.")
log = logging.getLogger(__name__)


def deliver(*, at: datetime | None = None, stop: Event | None = None) -> int:
    """Send everything that is due, several at a time; returns how many messages were taken by a gateway."""
    sent = 0
    while not (stop and stop.is_set()) and (claimed := _claim(at)):
        sent += _send_together(claimed, at)
    return sent


def _claim(at: datetime | None) -> list[tuple[int, int, Letter]]:
    """Mark the next few due messages as being sent by us: id, number of the attempt, letter."""
    with work_as_system("look into the outbox", at=at, readonly=True) as work:
        if work.scalar(select(Message.id).where(_due(work)).limit(1)) is None:
            return []  # the usual case takes no lock
    with work_as_system("deliver", at=at) as work:
        found = select(Message).where(_due(work)).order_by(Message.next_try_at, Message.id).limit(AT_ONCE)
        messages = work.scalars(found.with_for_update(skip_locked=True))
        gone = set(work.scalars(select(User.id).where(User.id.in_([m.user_id for m in messages]), ~User.active)))
        return [taken for message in messages if (taken := _take(work, message, message.user_id in gone))]


def _due(work: Work) -> ColumnElement[bool]:
    ahead = work.now + LONGEST_PAUSE + LEASE  # nothing waits longer: such a time comes from a wrong clock
    return and_(Message.state.in_(WAITING), or_(Message.next_try_at <= work.now, Message.next_try_at > ahead))


def _take(work: Work, message: Message, gone: bool) -> tuple[int, int, Letter] | None:
    """Ours to send now; not to who has left, and not if worker after worker has died with it."""
    if gone or message.attempts > len(PAUSES):
        message.state, message.last_error = MessageState.FAILED, HAS_LEFT if gone else NO_ANSWER
        return None
    message.state, message.next_try_at = MessageState.SENDING, work.now + LEASE
    message.attempts += 1
    letter = Letter(message.route, message.address or "", message.title, message.body, lasting_id(message))
    return message.id, message.attempts, letter


def lasting_id(message: Any) -> str:
    """The id under which a gateway sees a message, however often it is sent."""
    return f"crm-{message.created_at:%Y%m%d%H%M%S}-{message.id}"


def _send_together(claimed: Sequence[tuple[int, int, Letter]], at: datetime | None) -> int:
    sent: list[int] = []
    threads = [Thread(target=_send, args=(*one, at, sent), daemon=True, name=f"message {one[0]}") for one in claimed]
    for thread in threads:
        thread.start()
    deadline = monotonic() + PATIENCE.total_seconds()
    for thread, (message_id, attempt, _) in zip(threads, claimed, strict=True):
        thread.join(max(0.0, deadline - monotonic()))
        if thread.is_alive():
            _note(message_id, attempt, Outcome(NO_ANSWER), at)
    return len(sent)


def _send(message_id: int, attempt: int, letter: Letter, at: datetime | None, sent: list[int]) -> None:
    try:
        outcome = channels.send(letter)
        if _note(message_id, attempt, outcome, at) and outcome.error is None:
            sent.append(message_id)
    except Exception as error:  # noqa: BLE001 - a thread has nobody to tell; the lease ends and the message goes out again
        log.warning("message %s: attempt %s has no result: %s", message_id, attempt, type(error).__name__)


def _note(message_id: int, attempt: int, outcome: Outcome, at: datetime | None) -> bool:
    """Note how an attempt went; nothing if another one has begun since. An answer that comes late still counts."""
    with work_as_system("deliver", at=at) as work:
        mine = (Message.id == message_id, Message.attempts == attempt, Message.state.in_(WAITING))
        message = work.scalar(select(Message).where(*mine).with_for_update())
        if message is None:
            return False
        if outcome.error is None:
            message.state, message.sent_at, message.last_error = MessageState.SENT, work.now, None
        else:
            _postpone(work, message, outcome)
        return True


def _postpone(work: Work, message: Message, outcome: Outcome) -> None:
    message.last_error = outcome.error
    if not channels.of(message.route):
        message.state = MessageState.NO_CHANNEL
    elif outcome.final or message.kind == TEST.kind or message.attempts > len(PAUSES):
        message.state = MessageState.FAILED
    else:
        message.state = MessageState.QUEUED
        message.next_try_at = work.now + timedelta(minutes=PAUSES[message.attempts - 1])


@needs("system.administer")
def test_channel(work: Work, *, route: Route, address: str) -> int:
    """Put a test message for this address into the outbox, tried once; returns its id, to look up how it went."""
    if channels.usable(route, address) is None:
        raise Invalid({"address": Said(channels.UNUSABLE)})
    told = {"organisation": configuration(work).setting("organisation_name"), "by": work.actor.name}
    title, body = TEST.worded(told, work.translate)
    state = MessageState.QUEUED if channels.of(route) else MessageState.NO_CHANNEL
    message = Message(
        route=route, user_id=work.actor.id, address=address, kind=TEST.kind, title=title, body=body,
        state=state, next_try_at=work.now, created_at=work.now,
    )  # fmt: skip
    work.also(message)
    work.flush()
    events.note_access(work, "channel_tested", kind="message", note=f"{route.value} {message.id}")
    return message.id


@needs("system.administer")
def requeue(work: Work, *, message_id: int) -> None:
    """Try a message that has failed, or that had no channel, for another day."""
    message = work.get(Message, message_id)
    if message.state not in OVER:
        raise Refused(NOT_OVER)
    if not (channels.of(message.route) and message.address):
        raise Refused(NOWHERE)
    message.state, message.attempts, message.next_try_at = MessageState.QUEUED, 0, work.now
    events.note_access(work, "message_requeued", kind="message", note=str(message_id))


OVER = (MessageState.FAILED, MessageState.NO_CHANNEL)
NOT_OVER = N_("This message is sent already or still on its way.")
NOWHERE = N_("There is no channel for this message, or its receiver has no address.")

STATES = {
    MessageState.QUEUED: N_("Waiting"),
    MessageState.SENDING: N_("Being sent"),
    MessageState.SENT: N_("Sent"),
    MessageState.FAILED: N_("Failed"),
    MessageState.NO_CHANNEL: N_("No channel"),
}


def _read(statement: Query) -> Query:
    return statement.outerjoin(User, User.id == Message.user_id)


def _in_states(_work: Work, value: Any) -> Any:
    values = value if isinstance(value, list | tuple) else str(value).split(",")
    return Message.state.in_([MessageState(one) for one in values])


LIST = ListSpec(
    name="messages",
    model=Message,
    columns=(
        Column("created_at", N_("Created"), Message.created_at, kind="moment"),
        Column("route", N_("Route"), Message.route, kind="route", sortable=False),
        Column("receiver", N_("Receiver"), User.name, kind="person", sortable=False),
        Column("title", N_("Title"), Message.title, sortable=False),
        Column("state", N_("State"), Message.state, kind="message_state"),
        Column("attempts", N_("Attempts"), Message.attempts, kind="number"),
        Column("next_try_at", N_("Next try"), Message.next_try_at, kind="moment"),
        Column("sent_at", N_("Sent"), Message.sent_at, kind="moment"),
        Column("last_error", N_("Last error"), Message.last_error, sortable=False),
    ),
    read=_read,
    search=contains(Message.title),
    filters=(
        Filter("state", N_("State"), _in_states, choices="message_states", first=True),
        Filter("route", N_("Route"), lambda _work, value: Message.route == Route(value), choices="routes"),
    ),
    sort="created_at",
    descending=True,
)
