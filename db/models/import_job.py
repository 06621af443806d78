"""Imports: the file, what each of its rows would do, and what it did (LEAD-3)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model
from db.types import one_of


class ImportState(StrEnum):
    """Where an import stands; ``checking`` and ``running`` are what a worker works at."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDONE = "undone"


class Outcome(StrEnum):
    """What a row comes to: in the check what it would be, after the run what it was."""

    CREATE = "create"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    WRONG = "wrong"


class ImportJob(Keyed, Model):
    """One file on its way in, with the answers that were given about it; once it is old, its counts alone."""

    __tablename__ = "import_jobs"
    __table_args__ = (Index("ix_import_jobs_by_id", "by_id", "id"), Index("ix_import_jobs_state", "state"))

    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str]
    digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))
    layout: Mapped[str] = mapped_column(String(64))
    options: Mapped[dict[str, Any]]
    state: Mapped[ImportState] = mapped_column(one_of(ImportState, "state"), default=ImportState.UPLOADED)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)


class ImportRow(Model):
    """One row of the file: its values in stored form, what it comes to and why; the record that it made or changed."""

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_outcome", "job_id", "outcome", "number"),
        Index("ix_import_rows_record", "record_id"),
    )

    job_id: Mapped[int] = mapped_column(ForeignKey("import_jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome"))
    column: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(String(40))
    message: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[list[Any]]
    values: Mapped[dict[str, Any]]
    kind: Mapped[str] = mapped_column(String(30), default="lead")
    record_id: Mapped[int | None]
    version: Mapped[int | None]
    before: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime | None]


class IntakeCall(Keyed, Model):
    """That a website has sent something; kept for as long as its pace is measured (LEAD-9)."""

    __tablename__ = "intake_calls"
    __table_args__ = (Index("ix_intake_calls_site_at", "site", "at"),)

    site: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class ImportLayout(Model):
    """How the columns of files with this header were matched the last time."""

    __tablename__ = "import_layouts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    mapping: Mapped[dict[str, Any]]
    used_at: Mapped[datetime]
