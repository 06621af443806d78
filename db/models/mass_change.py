"""Changes of many rows at once that can be taken back: merges and handovers (ACCT-4, ADM-6)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model
from db.types import one_of


class Merge(Keyed, Model):
    """Two records of one kind became one: what moved and what the kept one looked like before."""

    __tablename__ = "merges"
    __table_args__ = (
        Index("ix_merges_kind_kept", "kind", "kept"),
        Index("ix_merges_kind_gone", "kind", "gone"),
        CheckConstraint("kept <> gone", name="two_records"),
    )

    kind: Mapped[str] = mapped_column(String(30))
    kept: Mapped[int]
    gone: Mapped[int]
    kept_version: Mapped[int]
    before: Mapped[dict[str, Any]]
    moved: Mapped[list[Any]]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ToldApart(Model):
    """Somebody has looked at two records of one kind that seem to be one: they are not."""

    __tablename__ = "told_apart"
    __table_args__ = (CheckConstraint("first < second", name="each_pair_once"),)

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    second: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class HandoverState(StrEnum):
    """Where a handover stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"
    UNDONE = "undone"


class Handover(Keyed, Model):
    """Everything that one person owns goes to others on a date (ADM-6)."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_from_user_id", "from_user_id"),
        Index("ix_handovers_state", "state", "on_day"),
    )

    from_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    on_day: Mapped[date]
    state: Mapped[HandoverState] = mapped_column(one_of(HandoverState, "state"), default=HandoverState.PLANNED)
    shares: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class HandoverItem(Model):
    """One record that a handover moved."""

    __tablename__ = "handover_items"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    to_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    before: Mapped[dict[str, Any]]
    version: Mapped[int | None]
