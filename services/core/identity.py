"""Who acts: the person behind a number or a sign-in session, with whom they stand in for today; asked by every Work."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from db.models import Absence, Notice, Setting, SignInSession, User
from services.core.access import Actor, fits_in_for, permissions_of
from services.core.errors import N_, SignedOut
from services.core.moments import local
from services.core.settings import settings

#: the setting that counts changes of code lists and settings
CONFIGURATION_VERSION = "configuration_version"
SIGNED_OUT = N_("Your session has ended. Please sign in again.")


def by_id(session: Session, user_id: int, now: datetime) -> Actor:
    """The active person with this number."""
    return _actor(session, PERSON, now, {"user_id": user_id})


def by_session(session: Session, token: str, now: datetime) -> Actor:
    """The active person who is signed in with this token."""
    return _actor(session, HOLDER, now, {"token": token, "now": now})


def _people() -> Any:
    """With what each screen needs to know at once: unread notices and the version of the configuration."""
    unread = select(func.count()).where(Notice.user_id == User.id, Notice.read_at.is_(None)).scalar_subquery()
    version = select(Setting.value).where(Setting.key == CONFIGURATION_VERSION).scalar_subquery()
    who = (User.id, User.name, User.role, User.branch_id, User.language, User.login, User.must_change_password)
    stands_in = exists().where(Absence.stand_in_id == User.id, *_lasting()).label("stands_in")
    counted = (unread.label("unread"), version.label("configuration_version"))
    return select(*who, *counted, stands_in).where(User.active)


def _lasting() -> tuple[Any, ...]:
    return (Absence.first_day <= bindparam("today"), Absence.last_day >= bindparam("today"))


def _holders() -> Any:
    live = (SignInSession.ended_at.is_(None), SignInSession.expires_at > bindparam("now"))
    held = _people().join(SignInSession, SignInSession.user_id == User.id)
    return held.where(SignInSession.token == bindparam("token"), *live)


def _absent() -> Any:
    """The people whom somebody stands in for today; their branches and roles have to fit on that day too."""
    here = aliased(User)
    found = select(User.id, User.name, User.role, User.branch_id, User.language).join(
        Absence, Absence.user_id == User.id
    )
    stood_in = found.join(here, here.id == Absence.stand_in_id).where(
        here.id == bindparam("user_id"), fits_in_for(User, here)
    )
    return stood_in.where(User.active, *_lasting()).order_by(User.id).distinct()


# asked by every Work: made once
PERSON = _people().where(User.id == bindparam("user_id"))
HOLDER = _holders()
ABSENT = _absent()


def _actor(session: Session, statement: Any, now: datetime, asked: dict[str, Any]) -> Actor:
    today = local(now, settings().zone).date()
    row = session.execute(statement, {**asked, "today": today}).first()
    if row is None:
        raise SignedOut(SIGNED_OUT)
    values = dict(row._mapping)
    others = session.execute(ABSENT, {"user_id": row.id, "today": today}) if values.pop("stands_in") else ()
    stands_for = tuple(Actor(**one._mapping, permissions=permissions_of(one.role)) for one in others)
    version = row.configuration_version or 0  # nothing was ever changed
    known = {**values, "configuration_version": version, "stands_for": stands_for}
    return Actor(**known, permissions=permissions_of(row.role))
