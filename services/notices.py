"""The inbox of a person: what the system told them, in the reader's own words and language (ADM-8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from db.base import Model
from db.models import ContactRequest, ImportJob, LeadDispute, Notice
from services.activities import messages as about_activities
from services.contact_requests import messages as about_requests
from services.core.access import READING
from services.core.errors import N_
from services.core.events import KINDS
from services.core.listing import PAGE_SIZE
from services.core.outbox import TEMPLATES
from services.core.work import Work
from services.disputes import messages as about_disputes
from services.handover import messages as about_handovers
from services.imports import messages as about_imports
from services.leads import messages as about_leads
from services.time_rules import messages as of_time_rules

#: whoever words notices; being imported here makes their templates known to every inbox
SPEAKERS = (
    about_activities, about_leads, about_requests, about_disputes, about_handovers, about_imports, of_time_rules,
)  # fmt: skip
GONE_TITLE = N_("No longer for you")
GONE = N_("This was about a record that you can no longer see.")
OF_FEW: tuple[type[Model], ...] = (ContactRequest, LeadDispute, ImportJob)
#: kinds of record that are seen by some only; a notice about one falls silent when its reader may no longer see it
SCOPED: Mapping[str, type[Model]] = {KINDS[model]: model for model in (*READING, *OF_FEW)}


COLUMNS = (
    Notice.id, Notice.kind, Notice.parameters, Notice.record_kind, Notice.record_id,
    Notice.created_at, Notice.read_at,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One notice as its reader sees it; ``record_id`` is the record that it opens."""

    id: int
    kind: str
    title: str
    body: str
    record_kind: str | None
    record_id: int | None
    created_at: datetime
    read_at: datetime | None


def inbox(work: Work, *, page: int = 1, size: int = PAGE_SIZE, unread_only: bool = False) -> Sequence[Line]:
    """One page of the actor's notices, newest first; nothing past the last one."""
    newest = select(*COLUMNS).where(*_mine(work, unread_only)).order_by(Notice.id.desc())
    rows = work.rows(newest.limit(size).offset((page - 1) * size))
    visible = {kind: _visible(work, kind, rows) for kind in {row.record_kind for row in rows} & SCOPED.keys()}
    return [_line(work, row, row.record_id in visible.get(row.record_kind, {row.record_id})) for row in rows]


def count(work: Work, *, unread_only: bool = False) -> int:
    """How many notices the actor has; those not read are the number on the bell."""
    return int(work.scalar(select(func.count()).select_from(Notice).where(*_mine(work, unread_only))))


def _mine(work: Work, unread_only: bool) -> list[ColumnElement[bool]]:
    own = Notice.user_id == work.actor.id
    return [own, Notice.read_at.is_(None)] if unread_only else [own]


def mark_read(work: Work, *, notice_id: int) -> None:
    """Note that the actor has read a notice; reading it again changes nothing."""
    notice = work.get(Notice, notice_id)
    notice.read_at = notice.read_at or work.now


def mark_all_read(work: Work) -> int:
    """Note that the actor has read everything; returns how many were new."""
    fresh = work.scalars(select(Notice).where(*_mine(work, unread_only=True)))
    for notice in fresh:
        notice.read_at = work.now
    return len(fresh)


def _visible(work: Work, kind: str, rows: Iterable[Any]) -> set[int]:
    model: Any = SCOPED[kind]
    ids = {row.record_id for row in rows if row.record_kind == kind}
    return set(work.scalars(select(model.id).where(model.id.in_(ids))))


def _line(work: Work, row: Any, visible: bool) -> Line:
    title, body = _words(work, row) if visible else (work.translate(GONE_TITLE), work.translate(GONE))
    kind, record_id = (row.record_kind, row.record_id) if visible else (None, None)
    return Line(row.id, row.kind, title, body, kind, record_id, row.created_at, row.read_at)


def _words(work: Work, row: Any) -> tuple[str, str]:
    """Title and body; a kind whose words are gone since shows what was stored."""
    template = TEMPLATES.get(row.kind)
    if template is None:
        return row.kind, " · ".join(str(value) for value in row.parameters.values())
    return template.worded(row.parameters, work.translate)
