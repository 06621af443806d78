"""The append-only story of a record: audit trail and timeline (ALL-3)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from db.base import Model
from db.models import (
    Absence,
    Account,
    Activity,
    AssignmentRule,
    Branch,
    CodeValue,
    Contact,
    ContactRequest,
    Event,
    Handover,
    ImportJob,
    Lead,
    LeadDispute,
    Opportunity,
    Setting,
    User,
)
from services.core.work import Query, Work

#: lines of a story that a page shows
MOST = 50

KINDS: Mapping[type[Model], str] = {
    Activity: "activity",
    Account: "account",
    Contact: "contact",
    ContactRequest: "contact_request",
    Lead: "lead",
    LeadDispute: "lead_dispute",
    Opportunity: "opportunity",
    AssignmentRule: "assignment_rule",
    Absence: "absence",
    ImportJob: "import_job",
    Handover: "handover",
    User: "user",
    Branch: "branch",
    CodeValue: "code_value",
    Setting: "setting",
}


def record(
    work: Work,
    subject: Model,
    action: str,
    *,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    note: str | None = None,
) -> None:
    """Add one line to the story of ``subject``: what was done, and each changed field with old and new value."""
    record_many(work, [(subject, changes or {})], action, note=note)


def record_many(
    work: Work, happened: Sequence[tuple[Model, Mapping[str, tuple[Any, Any]]]], action: str, *, note: str | None = None
) -> None:
    """The same of several records at once, each with its own changes."""
    work.flush()
    work.insert_many(
        Event,
        [
            _values(
                work,
                kind=KINDS[type(subject)],
                record_id=getattr(subject, "id", None),
                branch_id=getattr(subject, "branch_id", None),
                action=action,
                changes={name: [stored(old), stored(new)] for name, (old, new) in changes.items()},
                note=note,
            )
            for subject, changes in happened
        ],
    )


def note_access(work: Work, action: str, *, kind: str, note: str) -> None:
    """Write to the audit trail that something was taken out or entered, such as an export or a sign-in."""
    branch_id = work.actor.branch_id
    work.also(
        Event(**_values(work, kind=kind, record_id=None, branch_id=branch_id, action=action, changes={}, note=note))
    )


def _values(work: Work, **values: Any) -> dict[str, Any]:
    return {"at": work.now, "actor_id": work.actor.id, "channel": work.channel, **values}


def story(work: Work, *, kind: str, record_id: int) -> Sequence[Any]:
    """What happened to a record, newest first: id, at, actor, action, changes, note; empty when it is not visible."""
    return work.rows(_story(kind, [record_id]))


def story_unseen(work: Work, *, kind: str, record_ids: Sequence[int]) -> Sequence[Any]:
    """The same of records out of sight; the caller has made sure that the actor may read their stories (ACCT-4)."""
    return work.unseen(_story(kind, record_ids))


def _story(kind: str, record_ids: Sequence[int]) -> Query:
    columns = (Event.id, Event.at, User.name.label("actor"), Event.action, Event.changes, Event.note, Event.channel)
    return (
        select(*columns, Event.record_id)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.kind == kind, Event.record_id.in_(record_ids))
        .order_by(Event.id.desc())
        .limit(MOST)
    )


def pulse(work: Work, *, since: datetime) -> dict[int, int]:
    """Branch → a number that changes with every event of that branch since a moment; what open monitors ask (ACT-13).

    It counts too, because on PostgreSQL a lower id may become visible after a higher one.
    """
    rows = work.rows(
        select(Event.branch_id, func.count(), func.max(Event.id))
        .where(Event.at >= since, Event.branch_id.is_not(None))
        .group_by(Event.branch_id)
    )
    return {branch: last * 10_000 + count % 10_000 for branch, count, last in rows}


def stored(value: Any) -> Any:
    """A value as the trail keeps it: plain JSON, exact and readable."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
