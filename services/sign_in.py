"""Signing in: attempts and locks, tickets and sessions on the server (SIG-2, SIG-3, SIG-5). Only digests are stored.

Passwords are compared outside of writing transactions, which would keep everybody waiting: `check` reads and compares,
`admit` writes down what came of it.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from db.models import Channel, ResetCode, SignInAttempt, SignInSession, SignInTicket, User
from services import passwords
from services.core import events
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, Refused, Said
from services.core.text import LANGUAGES, folded
from services.core.work import Work, work_as_system

WRONG_TRIES = 5
LOCK = timedelta(minutes=15)
TICKET_LIFE = timedelta(seconds=30)
TOUCH_EVERY = timedelta(minutes=1)
LONGEST_NAME = 60
CODE_LIFE = timedelta(minutes=30)
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@contextmanager
def door(*, at: datetime | None = None, readonly: bool = False) -> Iterator[Work]:
    """A Work for people who are not, or no longer, signed in: for the services of this module and for drafts."""
    with work_as_system("somebody is at the door", at=at, channel=Channel.SCREEN, readonly=readonly) as work:
        yield work


@dataclass(frozen=True)
class Checked:
    """What comparing a password gave; worth nothing until `admit` has looked at the lock."""

    login: str
    user_id: int | None


def check(work: Work, *, login: str, password: str) -> Checked:
    """Compare a password; takes as long for a name that does not exist or is switched off (SIG-3)."""
    name = known_as(login)
    person = work.row(select(User.id, User.active, User.password_hash).where(User.login == name))
    right = passwords.matches(password, person.password_hash if person else passwords.NOBODY)
    return Checked(name, person.id if person and person.active and right else None)


def known_as(login: str) -> str:
    """A sign-in name as it is stored: small letters, half-width forms."""
    return folded(login)[:LONGEST_NAME]


def admit(work: Work, *, checked: Checked, address: str | None, language: str = "") -> str | None:
    """Log the attempt; a ticket for one cookie if the password was right and the name is not locked, else None (SIG-3).

    The caller says WRONG for every None, so that the answer tells nothing. ``language`` is what was chosen on the page.
    """
    person = work.scalar(select(User).where(User.login == checked.login).with_for_update())
    locked = is_locked(work, login=checked.login)
    good = checked.user_id is not None and not locked
    work.also(
        SignInAttempt(login=checked.login, at=work.now, succeeded=good, unheard=locked, address=(address or "")[:60])
    )
    if not good:
        return None
    if language in LANGUAGES:
        person.language = language
    return _ticket(work, person.id)


def is_locked(work: Work, *, login: str) -> bool:
    """Whether five wrong passwords within 15 minutes locked this name, known or not, in the last 15 minutes (SIG-3)."""
    attempts = (SignInAttempt.login == login, SignInAttempt.unheard.is_(False))
    latest = work.scalar(select(func.max(SignInAttempt.at)).where(*attempts, SignInAttempt.succeeded))
    wrong: list[ColumnElement[bool]] = [*attempts, SignInAttempt.succeeded.is_(False)]
    wrong += [SignInAttempt.at > latest] if latest else []
    last = select(SignInAttempt.at).where(*wrong).order_by(SignInAttempt.at.desc()).limit(WRONG_TRIES)
    times = list(work.scalars(last))
    return len(times) == WRONG_TRIES and times[0] - times[-1] < LOCK and work.now < times[0] + LOCK


def _ticket(work: Work, user_id: int) -> str:
    ticket = secrets.token_urlsafe(32)
    work.also(SignInTicket(ticket=digest(ticket), user_id=user_id, expires_at=work.now + TICKET_LIFE))
    return ticket


def digest(secret: str) -> str:
    """What is stored of a secret, and by which it is found again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def redeem(
    work: Work, *, ticket: str, previous: str | None = None, address: str | None = None, browser: str | None = None
) -> str | None:
    """The secret of a new session for a ticket, once and within 30 seconds; else None.

    The session that the browser held before (``previous``, its secret) ends, so that none can be planted.
    """
    live = (SignInTicket.ticket == digest(ticket), SignInTicket.expires_at > work.now)
    found = work.scalar(select(SignInTicket).where(*live).with_for_update())
    if found is None:
        return None
    work.drop(found)
    if previous:
        sign_out(work, session=digest(previous))
    return _session(work, found.user_id, address, browser)


def _session(work: Work, user_id: int, address: str | None, browser: str | None) -> str:
    secret = secrets.token_urlsafe(32)
    work.also(
        SignInSession(
            token=digest(secret), user_id=user_id, created_at=work.now, last_seen_at=work.now,
            expires_at=_expiry(work, work.now), address=(address or "")[:60], browser=(browser or "")[:200],
        )
    )  # fmt: skip
    return secret


def _expiry(work: Work, created_at: datetime) -> datetime:
    """When a session used right now ends: after the idle time, at the latest after its whole length (SIG-5)."""
    values = configuration(work)
    idle = work.now + timedelta(minutes=values.setting("idle_minutes"))
    return min(idle, created_at + timedelta(hours=values.setting("session_hours")))


def touch(work: Work, *, session: str) -> None:
    """Note that a person used the session just now, at most once a minute; what runs by itself is no use (SIG-5)."""
    found = work.scalar(select(SignInSession).where(SignInSession.token == session, SignInSession.ended_at.is_(None)))
    if found is not None and work.now - found.last_seen_at >= TOUCH_EVERY:
        found.last_seen_at = work.now
        found.expires_at = _expiry(work, found.created_at)


def sign_out(work: Work, *, session: str) -> None:
    """End one session at once, in all its tabs (SIG-2); ``session`` is the digest that stands for it."""
    _end(work, SignInSession.token == session)


def sign_out_everywhere(work: Work) -> None:
    """End every session of the actor at once, in all browsers (SIG-2)."""
    end_sessions(work, user_id=work.actor.id or 0)


def end_sessions(work: Work, *, user_id: int, but: str | None = None) -> None:
    """End what a person has open, except the session ``but``, and what could open a new one."""
    _end(work, SignInSession.user_id == user_id, SignInSession.token != (but or ""))
    work.drop(*work.scalars(select(SignInTicket).where(SignInTicket.user_id == user_id)))


def _end(work: Work, *which: ColumnElement[bool]) -> None:
    for session in work.scalars(select(SignInSession).where(*which, SignInSession.ended_at.is_(None))):
        session.ended_at = work.now


def holder(work: Work, *, session: str) -> int | None:
    """Whose session this is or was."""
    found: int | None = work.scalar(select(SignInSession.user_id).where(SignInSession.token == session))
    return found


@dataclass(frozen=True)
class Proven:
    """A new password that is good enough, from a person who may set it; made by `prove` and `prove_code` only."""

    user_id: int
    password_hash: str
    code: str | None = None


@needs("user.own")
def prove(work: Work, *, new: str, old: str | None = None) -> Proven:
    """Check the old password, which is not asked of who must change it, and the new one, which is hashed (SIG-4)."""
    person = work.get(User, work.actor.id)
    known = person.must_change_password and old is None
    if not known and not passwords.matches(old or "", person.password_hash):
        raise Invalid({"old": Said(NOT_THE_OLD)})
    return _proven(person, new)


def prove_code(work: Work, *, code: str, new: str) -> Proven:
    """The same with a code in place of the old password; Invalid for one that is unknown, used or too old (SIG-4)."""
    stored = _code_digest(code)
    live = (ResetCode.code == stored, ResetCode.used_at.is_(None), ResetCode.expires_at > work.now, User.active)
    person = work.scalar(select(User).join(ResetCode, ResetCode.user_id == User.id).where(*live))
    if person is None:
        raise Invalid({"code": Said(NOT_A_CODE)})
    return _proven(person, new, stored)


def _proven(person: User, new: str, code: str | None = None) -> Proven:
    weak = passwords.weakness(new, names=(person.login, person.name, person.mobile))
    if weak is None and passwords.matches(new, person.password_hash):
        weak = Said(SAME_AGAIN)
    if weak is not None:
        raise Invalid({"new": weak})
    return Proven(person.id, passwords.hashed(new), code)


@needs("user.own")
def change_password(work: Work, *, proven: Proven, session: str | None = None) -> None:
    """Store the actor's new password; all sessions end except this one (SIG-2)."""
    if proven.user_id != work.actor.id:
        raise Refused(NOT_YOUR_PASSWORD)
    _store_password(work, work.load(User, proven.user_id, to="user.own"), proven, session)


def use_code(work: Work, *, proven: Proven) -> None:
    """Store the new password of the person who holds a code, which is then used up; all their sessions end (SIG-4)."""
    live = (ResetCode.code == (proven.code or ""), ResetCode.used_at.is_(None))
    code = work.scalar(select(ResetCode).where(*live).with_for_update())
    if code is None:
        raise Invalid({"code": Said(NOT_A_CODE)})
    code.used_at = work.now
    _store_password(work, work.load(User, proven.user_id, to="user.own"), proven, None)


def _store_password(work: Work, person: User, proven: Proven, session: str | None) -> None:
    person.password_hash, person.must_change_password = proven.password_hash, False
    end_sessions(work, user_id=person.id, but=session)
    _void_codes(work, person.id)
    events.record(work, person, "change_password")


def issue_code(work: Work, *, person: User) -> str:
    """A code for choosing a new password, once and within 30 minutes; earlier ones are void. It is shown only now."""
    _void_codes(work, person.id)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(12))
    work.also(ResetCode(code=_code_digest(code), user_id=person.id, expires_at=work.now + CODE_LIFE))
    return "-".join((code[:4], code[4:8], code[8:]))


def _void_codes(work: Work, user_id: int) -> None:
    for code in work.scalars(select(ResetCode).where(ResetCode.user_id == user_id, ResetCode.used_at.is_(None))):
        code.used_at = work.now


def _code_digest(code: str) -> str:
    return digest("".join(c for c in folded(code).upper() if c.isalnum()))


def demo_people(work: Work) -> list[dict[str, Any]]:
    """One demo person per role, to try the system with; empty unless demo data was loaded on purpose (SIG-6)."""
    first = select(func.min(User.id)).where(User.demo, User.active).group_by(User.role)
    found = work.rows(select(User.login, User.name, User.role).where(User.id.in_(first)).order_by(User.id))
    return [dict(row._mapping) for row in found]


def sweep(work: Work, *, sessions: int = 30, attempts: int = 180, limit: int = 5000) -> int:
    """Remove tickets, and sessions and attempts of so many days ago, at most ``limit`` of each; returns how many."""
    old, older = work.now - timedelta(days=sessions), work.now - timedelta(days=attempts)
    gone = or_(SignInSession.ended_at < old, SignInSession.expires_at < old)
    rows = [
        *work.scalars(select(SignInTicket).where(SignInTicket.expires_at < work.now).limit(limit)),
        *work.scalars(select(SignInSession).where(gone).limit(limit)),
        *work.scalars(select(SignInAttempt).where(SignInAttempt.at < older).limit(limit)),
    ]
    work.drop(*rows)
    return len(rows)


WRONG = N_("Sign-in name or password is not right. After five wrong passwords a name is locked for 15 minutes.")
NOT_THE_OLD = N_("This is not your present password.")
SAME_AGAIN = N_("This is your present password. Please choose another one.")
NOT_A_CODE = N_(
    "This code is not known, was used already, or is older than 30 minutes. Ask your administrator for a new one."
)
NOT_YOUR_PASSWORD = N_("Everybody changes only the own password.")
