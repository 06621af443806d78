"""What the system tells people: in-app notices, and messages on their way to a gateway (ADM-8)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, partial_index
from db.types import one_of


class Route(StrEnum):
    """By which kind of channel a message leaves."""

    SMS = "sms"
    EMAIL = "email"


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    NO_CHANNEL = "no_channel"


WAITING = text("state IN ('queued', 'sending')")


class Notice(Keyed, Model):
    """A line in a person's in-app inbox; rendered in the reader's language from kind and parameters."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_user_id_created_at", "user_id", "created_at"),
        partial_index("ix_notices_unread", "user_id", where=text("read_at IS NULL")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(40))
    record_kind: Mapped[str | None] = mapped_column(String(30))
    record_id: Mapped[int | None]
    parameters: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Message(Keyed, Model):
    """One SMS or e-mail to one person, written in the transaction that caused it."""

    __tablename__ = "messages"
    __table_args__ = (
        partial_index("ix_messages_waiting", "next_try_at", where=WAITING),
        Index("ix_messages_user_id", "user_id"),
    )

    route: Mapped[Route] = mapped_column(one_of(Route, "route"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str | None]
    kind: Mapped[str] = mapped_column(String(40))
    record_kind: Mapped[str | None] = mapped_column(String(30))
    record_id: Mapped[int | None]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[MessageState] = mapped_column(one_of(MessageState, "state"), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
