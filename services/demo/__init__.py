"""Demo data: a believable dealer group, made on purpose and the same for the same seed (SIG-6, ADM-10)."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from db import planning
from db.filling import filling
from db.models import Account, Activity, Branch, Channel, Contact, Event, Lead, Role, User, UserLine
from services import duplicates, passwords
from services.core.configuration import Configuration, configuration
from services.core.settings import settings
from services.core.work import Work, work_as_system
from services.demo import approvals, assigning, staff, stories, tidying
from services.demo.chronicle import Chronicle
from services.demo.diary import Manner
from services.demo.history import NOTHING_TOLD, Scale, Told, canvass, live
from services.demo.life import Book
from services.demo.stage import Stage

SIZES = {
    "small": Scale(customers=45, days_back=23, told=True),
    "large": Scale(customers=223, days_back=530, leads=1112, manner=Manner(reviewed=0.04)),
}
#: what the stories tell of the last hours comes after everything else, so that it is the latest news
LATELY = timedelta(minutes=40)
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in to try the system."""

    login: str
    name: str
    role: Role
    line: str | None
    branch: str | None


@dataclass(frozen=True)
class Report:
    """What there is now, and who can sign in; ``password`` is None when the data was there before."""

    loaded: bool
    password: str | None
    people: Sequence[SignIn]
    counts: dict[str, int] = field(default_factory=dict)


def load(size: str = "small", seed: int = 1, at: datetime | None = None) -> Report:
    """Fill an empty database; where business data exists, change nothing and only say who can sign in."""
    with work_as_system("look whether there is data", at=at, readonly=True) as work:
        now = work.now.astimezone(UTC).replace(second=0, microsecond=0)
        if _has_data(work):
            return _report(work, None)
        known = configuration(work)
    password = os.environ.get("DEMO_PASSWORD") or "-".join(_syllable() for _ in range(3))
    _fill(SIZES[size], Random(seed), now, known, passwords.hashed(password))
    with work_as_system("report what came in", at=now, readonly=True) as work:
        return _report(work, password)


def _fill(scale: Scale, chance: Random, now: datetime, known: Configuration, password_hash: str) -> None:
    zone = settings().zone
    with work_as_system("hire the people of the demo", at=staff.hired_before(now), channel=Channel.COMMAND) as work:
        branches = staff.found(work, chance=chance, password_hash=password_hash, large=not scale.told)
    stage = Stage(now, zone, known, branches[0])
    with filling() as pen:
        book = Book(pen, Chronicle(pen), now, zone)
        customers = canvass(book, known, branches, scale, chance)
        book.chronicle.write()
    if scale.told:
        stories.prepare(stage)
    stage.play(until=now - LATELY)
    with filling() as pen:
        book = Book(pen, Chronicle(pen), now, zone)
        star = branches[0].of_line(staff.MACHINES)[0]
        told = Told(stage.engaged, frozenset({star.id})) if scale.told else NOTHING_TOLD
        live(book, known, branches, customers, scale, chance, told)
        book.chronicle.write()
    if scale.told:
        approvals.prepare(stage, branches, customers)
        tidying.prepare(stage, branches, customers)
    stage.play(until=now)
    assigning.keep_rules(branches, known, now)
    duplicates.renew_keys()  # what came in through the pen has left no traces yet
    planning.learn()


def _syllable() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(4))


def _has_data(work: Work) -> bool:
    return any(work.scalar(select(kind.id).limit(1)) for kind in (Branch, Account, Activity))


def _report(work: Work, password: str | None) -> Report:
    kinds = {
        "users": User, "accounts": Account, "contacts": Contact, "leads": Lead, "activities": Activity, "events": Event,
    }  # fmt: skip
    counts = {name: int(work.scalar(select(func.count()).select_from(kind))) for name, kind in kinds.items()}
    return Report(password is not None, password, _sign_ins(work), counts)


def _sign_ins(work: Work) -> list[SignIn]:
    """One demo person for each role in each branch, and for reps for each product line."""
    columns = (User.login, User.name, User.role, UserLine.line, Branch.name.label("branch"))
    people = select(*columns).select_from(User).outerjoin(UserLine, UserLine.user_id == User.id)
    people = people.outerjoin(Branch, Branch.id == User.branch_id).where(User.demo, User.active)
    found: dict[tuple[Any, ...], SignIn] = {}
    for row in work.rows(people.order_by(User.branch_id.is_not(None), User.branch_id, User.id)):
        found.setdefault((row.branch, row.role, row.line), SignIn(**row._mapping))
    return list(found.values())
