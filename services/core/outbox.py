"""Notices and messages, written in the transaction that causes them; the worker delivers (ADM-8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from db.base import Model
from db.models import Absence, Message, MessageState, Notice, Route, User
from services.core.access import fits_in_for
from services.core.errors import N_, Translate, worded
from services.core.events import KINDS, stored
from services.core.settings import settings
from services.core.text import translator
from services.core.work import Work

#: in the parameters of what a stand-in is told: for whom
FOR = "standing_in_for"
STANDING_IN = N_("For {name}: {title}")
StandIn = aliased(User)
RECEIVER = (User.id, User.name, User.language, User.email, User.mobile)
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
        said = worded(parameters, translate)
        title, body = translate(self.title).format(**said), translate(self.body).format(**said)
        if FOR in said:
            title = translate(STANDING_IN).format(name=said[FOR], title=title)
        return title, body


def notify(
    work: Work,
    template: Template,
    *,
    to: Iterable[int],
    about: Model | None = None,
    routes: Iterable[Route] = (),
    unattended: bool = False,
    **parameters: Any,
) -> None:
    """Put a notice into the inbox of each active person, and queue it on each route; nobody hears of the own act.

    ``unattended`` is what was done in somebody's name while they were elsewhere: they hear of it.
    Parameters must be visible to every receiver: callers name only people who may read ``about``.
    """
    plain = {name: stored(value) for name, value in parameters.items()}
    for person, told in _receivers(work, set(to), plain, besides=None if unattended else work.actor.id):
        work.also(_notice(work, template, person, about, told))
        work.also(*(_message(work, template, person, about, told, route) for route in routes))


def _receivers(
    work: Work, people: set[int], parameters: dict[str, Any], *, besides: int | None
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each person with what they are told; for who is away today the stand-in too, who is told for whom (ADM-1)."""
    away = and_(Absence.user_id == User.id, Absence.first_day <= work.today, Absence.last_day >= work.today)
    stand_in = and_(StandIn.id == Absence.stand_in_id, fits_in_for(User, StandIn))
    asked = select(*RECEIVER, StandIn.id.label("stand_in_id")).outerjoin(Absence, away).outerjoin(StandIn, stand_in)
    found = {row.id: row for row in work.rows(asked.where(User.id.in_(people), User.active))}
    standing_in: dict[int, list[str]] = {}
    for row in found.values():
        if row.stand_in_id not in (None, *people):
            standing_in.setdefault(row.stand_in_id, []).append(row.name)
    others = work.rows(select(*RECEIVER).where(User.id.in_(standing_in), User.active)) if standing_in else ()
    for person in found.values():
        if person.id != besides:
            yield person, parameters
    for person in others:
        if person.id != besides:
            yield person, {**parameters, FOR: standing_in[person.id]}


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
