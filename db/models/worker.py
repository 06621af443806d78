"""What the worker did and when (ADM-9)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model
from db.types import one_of


class RunState(StrEnum):
    """How a run went."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class WorkerRun(Keyed, Model):
    """One run of one time rule for one planned moment; the pair is unique, so several workers share the work."""

    __tablename__ = "worker_runs"
    __table_args__ = (
        Index("uq_worker_runs_job_due_at", "job", "due_at", unique=True),
        Index("ix_worker_runs_started_at", "started_at"),
    )

    job: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[RunState] = mapped_column(one_of(RunState, "state"), default=RunState.RUNNING)
    worker: Mapped[str] = mapped_column(String(80))
    handled: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
