"""Rows that make a thing happen once, and text kept for its writer."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Model


class Occurrence(Model):
    """That a time rule has acted for (kind, record, period); written before acting (ADM-9)."""

    __tablename__ = "occurrences"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class Submission(Model):
    """The one-use token of a form or button; a second use is a double click (ALL-5)."""

    __tablename__ = "submissions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class Draft(Model):
    """What a person had typed into a form when the session ended (SIG-5)."""

    __tablename__ = "drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(120), primary_key=True)
    values: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
