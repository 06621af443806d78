"""Asking: that a contact be deleted, changed or moved by those who may; and taking it back (CON-5, CON-6)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, ContactRequest, RequestKind, RequestState
from services import contacts, superiors
from services.contact_requests import flow, messages
from services.contact_requests.fields import ACCOUNT, LEAVING, REMARK
from services.core import events, fields
from services.core.access import needs
from services.core.conflicts import IN_THE_WAY
from services.core.errors import N_, Invalid, Refused, Said
from services.core.outbox import notify
from services.core.text import search_key
from services.core.work import Work
from services.field_values import check_codes

PENDING = IN_THE_WAY["uq_contact_requests_deletion"][1]


@needs("contact.request")
def ask_deletion(work: Work, *, contact_id: int, reason_id: int | None, remark: str = "") -> int:
    """Ask the branch manager to delete a contact, with reason and remark; refused while another such request waits. Returns the id."""
    contact = work.load(Contact, contact_id, to="contact.request")
    given = fields.filled(LEAVING, {"reason_id": reason_id, "remark": remark})
    check_codes(work, fields=LEAVING, changed={"reason_id": (None, given["reason_id"])})
    _refuse_second(work, contact)
    request = _stored(work, contact, RequestKind.DELETE, reason_id=given["reason_id"], remark=given["remark"])
    managers = superiors.managers_of(work, branch_id=contact.branch_id)
    notify(work, messages.DELETION_ASKED, to=managers, about=request, by=work.actor.name, contact=contact.name)
    return request.id


@needs("contact.request")
def propose(
    work: Work, *, contact_id: int, changes: Mapping[str, Any], remark: str = "", version: int | None = None
) -> int:
    """Propose new values to those who may change the contact; checked as if they were saved. Returns the id (CON-6)."""
    contact = _proposable(work, contact_id, version)
    differing = contacts.difference(work, contact=contact, changes=changes)
    if not differing:
        raise Refused(NOTHING_NEW)
    return _proposed(work, contact, differing, remark)


@needs("contact.request")
def propose_move(work: Work, *, contact_id: int, account_id: int, remark: str = "") -> int:
    """Propose that the contact works for another customer now, instead of deleting it (CON-5). Returns the id."""
    contact = _proposable(work, contact_id, None)
    account, present = work.get(Account, account_id), contacts.main_account_id(work, contact_id=contact.id)
    if account.branch_id != contact.branch_id or account.id == present:
        raise Invalid({ACCOUNT: Said(fields.NOT_LISTED)})
    return _proposed(work, contact, {ACCOUNT: (present, account.id)}, remark)


@needs("contact.withdraw")
def withdraw(work: Work, *, request_id: int) -> None:
    """Take the own request back while nobody has decided."""
    request = work.load(ContactRequest, request_id, to="contact.withdraw")
    flow.advance(work, request, "withdraw")
    events.record(work, request, "withdrawn")


def _refuse_second(work: Work, contact: Contact) -> None:
    """Also one that the actor cannot read; two at the same moment meet the unique index (CON-5)."""
    same = (ContactRequest.contact_id == contact.id, ContactRequest.kind == RequestKind.DELETE)
    if work.exists_unseen(select(ContactRequest.id).where(*same, ContactRequest.state == RequestState.PENDING)):
        raise Refused(PENDING)


def _proposable(work: Work, contact_id: int, version: int | None) -> Contact:
    contact = work.load(Contact, contact_id, to="contact.request", version=version)
    if work.reaches(contact, "contact.change"):
        raise Refused(YOURSELF)
    return contact


def _proposed(work: Work, contact: Contact, differing: Mapping[str, tuple[Any, Any]], remark: str) -> int:
    said = fields.words(REMARK, remark)
    changes = {name: [events.stored(old), events.stored(new)] for name, (old, new) in differing.items()}
    request = _stored(work, contact, RequestKind.CHANGE, changes=changes, remark=said)
    able = [one.id for one in contacts.who_can_change(work, contact_id=contact.id, branch_id=contact.branch_id)]
    deciding = able or superiors.managers_of(work, branch_id=contact.branch_id)
    notify(work, messages.CHANGE_PROPOSED, to=deciding, about=request, by=work.actor.name, contact=contact.name)
    return request.id


def _stored(
    work: Work, contact: Contact, kind: RequestKind, *, remark: str, reason_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> ContactRequest:  # fmt: skip
    request = ContactRequest(
        kind=kind, contact_id=contact.id, name=contact.name, search_key=search_key(contact.name)[:600],
        branch_id=contact.branch_id, state=RequestState.PENDING, asked_by_id=work.actor.id, asked_at=work.now,
        reason_id=reason_id, remark=remark, changes=dict(changes or {}), contact_version=contact.version,
    )  # fmt: skip
    work.also(request)
    events.record(work, request, "asked", note=remark or None)
    return request


NOTHING_NEW = N_("Nothing differs from what is entered already.")
YOURSELF = N_("You can change this contact yourself.")
