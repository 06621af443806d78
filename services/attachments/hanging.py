"""Hanging files on records and taking them out again, with the rights on the record (ACC-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import select

from db.base import Model
from db.models import Account, Activity, ActivityState, Attachment, Blob, Contact, Lead, User
from services.attachments import store
from services.attachments.kinds import KINDS, LARGEST, kind_of
from services.attachments.names import safe_name
from services.core import events
from services.core.errors import N_, Invalid, NotFound, Refused
from services.core.work import Work

CLOSED = (ActivityState.ENDED, ActivityState.CANCELLED)
#: what files hang on, by the column that names it
HOOKS: Mapping[str, type[Model]] = {
    "activity_id": Activity, "account_id": Account, "contact_id": Contact, "lead_id": Lead
}  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A file to be handed out: never as something that a browser runs."""

    name: str
    media_type: str
    size: int
    stream: BinaryIO


def add(
    work: Work,
    *,
    name: str,
    data: bytes | BinaryIO,
    activity_id: int | None = None,
    account_id: int | None = None,
    contact_id: int | None = None,
    lead_id: int | None = None,
) -> int:
    """Hang a file on one record, given the right to attach to it; equal content is stored once. Returns the id (ACT-12)."""
    subject, key = _subject(
        work, activity_id=activity_id, account_id=account_id, contact_id=contact_id, lead_id=lead_id
    )
    content = data if isinstance(data, bytes) else data.read(LARGEST + 1)
    media_type = _checked(name, content)
    digest = store.put(work, content=content, media_type=media_type)
    row = Attachment(
        name=safe_name(name, KINDS[media_type]), digest=digest, created_at=work.now, created_by_id=work.actor.id, **key
    )
    work.also(row)
    events.record(work, subject, "attached", changes={"file": (None, row.name)}, note=digest)
    return row.id


def add_many(
    work: Work,
    *,
    files: Sequence[tuple[str, bytes]],
    activity_id: int | None = None,
    account_id: int | None = None,
    contact_id: int | None = None,
    lead_id: int | None = None,
) -> list[int]:
    """Hang several files, by name and content, on one record; all or none."""
    where = {"activity_id": activity_id, "account_id": account_id, "contact_id": contact_id, "lead_id": lead_id}
    return [add(work, name=name, data=data, **where) for name, data in files]


def list_of(
    work: Work,
    *,
    activity_id: int | None = None,
    account_id: int | None = None,
    contact_id: int | None = None,
    lead_id: int | None = None,
) -> Sequence[Any]:
    """The files of one record, newest first: id, name, media_type, size, created_at, created_by; NotFound as for the record."""
    model, key, record_id = _named(
        activity_id=activity_id, account_id=account_id, contact_id=contact_id, lead_id=lead_id
    )
    work.get(model, record_id)
    return work.rows(
        select(
            Attachment.id,
            Attachment.name,
            Blob.media_type,
            Blob.size,
            Attachment.created_at,
            User.name.label("created_by"),
        )
        .join(Blob, Blob.digest == Attachment.digest)
        .outerjoin(User, User.id == Attachment.created_by_id)
        .where(getattr(Attachment, key) == record_id)
        .order_by(Attachment.id.desc())
    )


def open_(work: Work, *, attachment_id: int) -> Opened:
    """A file with name, media type and a stream of its content, for who may read its record at this moment (ACC-7)."""
    found = work.row(
        select(Attachment.name, Blob.digest, Blob.media_type, Blob.size, *(getattr(Attachment, key) for key in HOOKS))
        .join(Blob, Blob.digest == Attachment.digest)
        .where(Attachment.id == attachment_id)
    )
    if found is None:
        raise NotFound
    model, _, record_id = _named(**{key: getattr(found, key) for key in HOOKS})
    work.get(model, record_id)
    return Opened(found.name, found.media_type, found.size, store.fetch(found.digest))


def _named(**given: int | None) -> tuple[type[Model], str, int]:
    """The one record that is meant: its kind, the column that names it, its id."""
    named = [(HOOKS[key], key, record_id) for key, record_id in given.items() if record_id is not None]
    if len(named) != 1:
        raise NotFound
    return named[0]


def _subject(work: Work, **given: int | None) -> tuple[Model, dict[str, int]]:
    """The record, open for attaching."""
    model, key, record_id = _named(**given)
    subject = work.load(model, record_id, to=f"{key.removesuffix('_id')}.attach")
    if isinstance(subject, Activity) and subject.state in CLOSED:
        raise Refused(NO_LONGER_OPEN)
    return subject, {key: record_id}


def _checked(name: str, content: bytes) -> str:
    try:
        return kind_of(name, content)
    except Invalid as refused:
        raise Invalid({"file": refused.fields[""]}) from None


NO_LONGER_OPEN = N_("Files can be attached while an activity is open; plan a follow-up for what comes later.")
