"""Reminders of what is late (ACT-6): to owners once per activity, kind and day; to managers one digest a day."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from db.models import Activity, Channel, Occurrence, Role, Route, User
from services.core.errors import SignedOut
from services.core.outbox import notify
from services.core.work import Work, work_as, work_as_system
from services.runs import each
from services.time_rules import messages
from services.time_rules.lateness import (
    FIRST_FEW,
    OVERDUE,
    UNTOUCHED,
    any_kind,
    conditions,
    digest,
    late,
    on,
    summary,
    untouched_days,
)

#: up to so many single notices a person; more become one
MOST_SINGLE = 5
LEADING = (Role.SALES_MANAGER, Role.BRANCH_MANAGER)


def remind_owners(at: datetime) -> int:
    """Remind every owner of what is late and was not yet reminded of today."""
    with work_as_system("ACT-6", at=at, readonly=True) as work:
        fresh = or_(*(and_(late, _not_reminded(work, kind)) for kind, late in conditions(work).items()))
        active = Activity.owner_id.in_(select(User.id).where(User.active))
        owners = select(Activity.owner_id).where(any_kind(work), fresh, active).distinct()
        people = work.scalars(owners.order_by(Activity.owner_id))
    return each(people, lambda person: _remind(person, at))


def send_digests(at: datetime) -> int:
    """Give every manager one digest for today of what is late with the people they lead."""
    with work_as_system("ACT-6", at=at, readonly=True) as work:
        people = work.scalars(select(User.id).where(User.role.in_(LEADING), User.active).order_by(User.id))
    return each(people, lambda person: _digest(person, at))


def _remind(person: int, at: datetime) -> int:
    found = _read_as(person, at)
    with work_as_system("ACT-6", at=at) as work:
        fresh = {
            kind: [row for row in rows if work.once(_kind(kind), row.id, _today(work))] for kind, rows in found.items()
        }
        count = sum(len(rows) for rows in fresh.values())
        if count > MOST_SINGLE:
            few = [row for rows in fresh.values() for row in rows][:FIRST_FEW]
            told = summary(work, len(fresh[OVERDUE]), len(fresh[UNTOUCHED]), few)
            notify(work, messages.MANY_LATE, to=[person], routes=[Route.EMAIL], **told)
        else:
            _tell_each(work, person, fresh)
        return count


def _read_as(person: int, at: datetime) -> dict[str, list[Any]]:
    """What is late with a person, read with the person's own rights (ACC-3); nothing for who has just left."""
    try:
        with work_as(person, at=at, channel=Channel.WORKER, readonly=True) as theirs:
            mine = Activity.owner_id == person
            return {kind: late(theirs, kind, and_(mine, _not_reminded(theirs, kind))) for kind in conditions(theirs)}
    except SignedOut:
        return {OVERDUE: [], UNTOUCHED: []}


def _tell_each(work: Work, person: int, fresh: dict[str, list[Any]]) -> None:
    for row in fresh[OVERDUE]:
        told = {"subject": row.subject, "customer": row.customer, "due": on(work, row.due_at)}
        notify(work, messages.OVERDUE, to=[person], about=work.get(Activity, row.id), routes=[Route.EMAIL], **told)
    for row in fresh[UNTOUCHED]:
        told = {"subject": row.subject, "customer": row.customer, "since": on(work, row.updated_at)}
        days = untouched_days(work)
        about = work.get(Activity, row.id)
        notify(work, messages.UNTOUCHED, to=[person], about=about, routes=[Route.EMAIL], days=days, **told)


def _digest(person: int, at: datetime) -> int:
    try:
        with work_as(person, at=at, channel=Channel.WORKER, readonly=True) as theirs:
            told = digest(theirs, _led_by(theirs))
    except SignedOut:
        return 0
    with work_as_system("ACT-6", at=at) as work:
        if told is None or not work.once("ACT-6 digest", person, _today(work)):
            return 0
        notify(work, messages.DIGEST, to=[person], routes=[Route.EMAIL], **told)
        return 1


def _led_by(theirs: Work) -> ColumnElement[bool]:
    """The activities of the people whom the actor watches over; the own ones are reminded of singly."""
    return and_(Activity.owner_id != theirs.actor.id, theirs.within_reach(Activity, "activity.watch"))


def _not_reminded(work: Work, kind: str) -> ColumnElement[bool]:
    told = (Occurrence.kind == _kind(kind), Occurrence.record_id == Activity.id, Occurrence.period == _today(work))
    return ~exists().where(*told)


def _kind(kind: str) -> str:
    return f"ACT-6 {kind}"


def _today(work: Work) -> str:
    return work.today.isoformat()
