"""Notices and messages, written in the transaction that causes them; the worker delivers (ADM-8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.base import Model
from db.models import Message, MessageState, Notice, Route, User
from services.core.errors import Translate
from services.core.events import KINDS, stored
from services.core.settings import settings
from services.core.text import translator
from services.core.work import Work

#: kind → template, so that an inbox can put a stored notice into the reader's words
TEMPLATES: dict[str, "Template"] = {}


@dataclass(frozen=True)
class Template:
    """What a kind of message says; title and body are msgids with the same named parameters."""

    kind: str
    title: str
    body: str

    def __post_init__(self) -> None:
        TEMPLATES[self.kind] = self

    def worded(self, parameters: dict[str, Any], translate: Translate) -> tuple[str, str]:
        """Title and body in one language."""
        return translate(self.title).format(**parameters), translate(self.body).format(**parameters)


def notify(
    work: Work,
    template: Template,
    *,
    to: Iterable[int],
    about: Model | None = None,
    routes: Iterable[Route] = (),
    **parameters: Any,
) -> None:
    """Put a notice into the inbox of each active person, and queue it on each route; nobody hears of the own act.

    Parameters must be visible to every receiver: callers name only people who may read ``about``.
    """
    receivers = work.rows(
        select(User.id, User.language, User.email, User.mobile).where(
            User.id.in_(set(to)), User.active, User.id != (work.actor.id or 0)
        )
    )
    plain = {name: stored(value) for name, value in parameters.items()}
    for person in receivers:
        work.also(_notice(work, template, person, about, plain))
        work.also(*(_message(work, template, person, about, plain, route) for route in routes))


def _notice(work: Work, template: Template, person: Any, about: Model | None, parameters: dict[str, Any]) -> Notice:
    return Notice(
        user_id=person.id, kind=template.kind, parameters=parameters, created_at=work.now, **_reference(about)
    )


def _message(
    work: Work, template: Template, person: Any, about: Model | None, parameters: dict[str, Any], route: Route
) -> Message:
    title, body = template.worded(parameters, translator(person.language))
    channels = settings().sms_channels if route is Route.SMS else settings().email_channels
    address = person.mobile if route is Route.SMS else person.email
    state = MessageState.QUEUED if channels and address else MessageState.NO_CHANNEL
    return Message(
        route=route, user_id=person.id, address=address, kind=template.kind, title=title[:200], body=body,
        state=state, next_try_at=work.now, created_at=work.now, **_reference(about),
    )  # fmt: skip


def _reference(about: Model | None) -> dict[str, Any]:
    if about is None:
        return {"record_kind": None, "record_id": None}
    return {"record_kind": KINDS[type(about)], "record_id": about.id}  # type: ignore[attr-defined] # every noun with a kind is Keyed
