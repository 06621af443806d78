"""What somebody asks for and somebody else decides: deletions and changes of master data (CON-5, CON-6)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, partial_index
from db.types import one_of


class RequestKind(StrEnum):
    """What is asked for."""

    DELETE = "delete"
    CHANGE = "change"


class RequestState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PENDING_DELETION = text("kind = 'delete' AND state = 'pending'")


class ContactRequest(Keyed, Model):
    """A rep asks that a contact be deleted or changed; never decided by who asks.

    ``name`` is the contact's as the asker knew it: who asked still sees it once the contact is gone.
    """

    __tablename__ = "contact_requests"
    __table_args__ = (
        partial_index("uq_contact_requests_deletion", "contact_id", where=PENDING_DELETION, unique=True),
        Index("ix_contact_requests_contact_id", "contact_id", "id"),
        Index("ix_contact_requests_branch_id_state", "branch_id", "state", "id"),
        Index("ix_contact_requests_asked_by_id", "asked_by_id", "id"),
        CheckConstraint("decided_by_id <> asked_by_id", name="not_decided_by_asker"),
    )

    kind: Mapped[RequestKind] = mapped_column(one_of(RequestKind, "kind"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    name: Mapped[str] = mapped_column(String(60))
    search_key: Mapped[str] = mapped_column(String(600), default="")
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    state: Mapped[RequestState] = mapped_column(one_of(RequestState, "state"), default=RequestState.PENDING)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]]
    contact_version: Mapped[int]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
