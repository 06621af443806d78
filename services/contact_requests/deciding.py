"""Deciding: the branch manager on deletions, whoever may change the contact on proposed changes; the asker is told (CON-5, CON-6)."""

from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, ContactRequest, RequestKind, RequestState
from services import contacts
from services.contact_requests import flow, messages
from services.contact_requests.fields import ACCOUNT, ANSWER
from services.contact_requests.standing import standing
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, NotFound, Stale
from services.core.locking import ahead
from services.core.outbox import Template, notify
from services.core.work import Work


@needs("contact.approve")
def approve(work: Work, *, request_id: int, answer: str = "") -> None:
    """Hide the contact, as was asked (ALL-8); proposed changes of it go with it."""
    contact = _contact(work, request_id, "contact.approve")
    request = _load(work, request_id, RequestKind.DELETE, "contact.approve")
    flow.advance(work, request, "approve", answer=_checked(answer))
    contact.deleted_at = contact.updated_at = work.now
    events.record(work, contact, "deleted")
    _close_proposals(work, contact)
    _tell(work, request, messages.DELETED)


@needs("contact.approve")
def refuse(work: Work, *, request_id: int, answer: str) -> None:
    """Keep the contact, with a word to the asker."""
    request = _load(work, request_id, RequestKind.DELETE, "contact.approve")
    flow.advance(work, request, "refuse", answer=_checked(answer))
    _tell(work, request, messages.NOT_DELETED)


@needs("contact.change")
def accept(work: Work, *, request_id: int, version: int | None = None) -> None:
    """Make the proposed change as one's own act.

    Stale when one of its fields has another value by now than the asker saw, unless the actor has seen that: ``version``
    is then the one of the contact that was shown.
    """
    proposed = work.get(ContactRequest, request_id).changes
    ahead(work, {Account: proposed.get(ACCOUNT, ())})
    contact = _contact(work, request_id, "contact.change")
    request = _load(work, request_id, RequestKind.CHANGE, "contact.change")
    now = standing(work, people=[contact])[contact.id]
    if now.moved(request.changes) and version != contact.version:
        raise Stale(OTHERWISE_BY_NOW)
    flow.advance(work, request, "accept")
    _carry_out(work, contact, request)
    _tell(work, request, messages.ACCEPTED)


@needs("contact.change")
def decline(work: Work, *, request_id: int, answer: str) -> None:
    """Leave the contact as it is, with a word to the asker."""
    request = _load(work, request_id, RequestKind.CHANGE, "contact.change")
    flow.advance(work, request, "decline", answer=_checked(answer))
    _tell(work, request, messages.DECLINED)


def _contact(work: Work, request_id: int, permission: str) -> Contact:
    """The contact first, then its request: everybody locks in this order."""
    return work.load(Contact, work.get(ContactRequest, request_id).contact_id, to=permission)


def _load(work: Work, request_id: int, kind: RequestKind, permission: str) -> ContactRequest:
    request = work.load(ContactRequest, request_id, to=permission)
    if request.kind is not kind:
        raise NotFound
    return request


def _checked(answer: str) -> str:
    return fields.words(ANSWER, answer)


def _carry_out(work: Work, contact: Contact, request: ContactRequest) -> None:
    wanted = {name: new for name, (_old, new) in request.changes.items()}
    if (account_id := wanted.pop(ACCOUNT, None)) is not None:
        contacts.move(work, contact_id=contact.id, account_id=account_id)
    if wanted:
        contacts.change(work, contact_id=contact.id, changes=wanted)


def _close_proposals(work: Work, contact: Contact) -> None:
    waiting = (ContactRequest.contact_id == contact.id, ContactRequest.state == RequestState.PENDING)
    for other in work.scalars(select(ContactRequest).where(*waiting).order_by(ContactRequest.id).with_for_update()):
        other.state, other.decided_at = RequestState.WITHDRAWN, work.now
        events.record(work, other, "withdrawn")
        notify(work, messages.GONE, to=[other.asked_by_id], about=other, contact=other.name)


def _tell(work: Work, request: ContactRequest, template: Template) -> None:
    events.record(work, request, request.state.value, note=request.answer)
    told: dict[str, Any] = {"by": work.actor.name, "contact": request.name, "answer": request.answer or ""}
    notify(work, template, to=[request.asked_by_id], about=request, **told)


OTHERWISE_BY_NOW = N_(
    "Somebody changed the same fields since this was proposed. Have a look at the present values and decide again."
)
