"""The append-only story of every record: audit trail and timeline in one (ALL-3)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model
from db.types import one_of


class Channel(StrEnum):
    """Through what a change came in."""

    SCREEN = "screen"
    IMPORT = "import"
    WORKER = "worker"
    COMMAND = "command"


class Event(Keyed, Model):
    """Who did what to which record, when, with old and new values; triggers forbid change and removal."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_kind_record_id", "kind", "record_id", "id"),
        Index("ix_events_branch_id_at", "branch_id", "at"),
        Index("ix_events_actor_id_at", "actor_id", "at"),
        Index("ix_events_action_at", "action", "at"),
        Index("ix_events_at", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    kind: Mapped[str] = mapped_column(String(30))
    record_id: Mapped[int | None]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    action: Mapped[str] = mapped_column(String(40))
    changes: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
