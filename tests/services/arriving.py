"""Signing in as the sign-in page does it, for stories about what comes before, during and after."""

from datetime import datetime, timedelta

from services import sign_in
from services.core.errors import SignedOut
from services.core.work import work_by_session
from tests.factories import NOW, PASSWORD

MINUTE, SECOND, HOUR = timedelta(minutes=1), timedelta(seconds=1), timedelta(hours=1)


def attempt(login: str, password: str, at: datetime | None = NOW, language: str = "") -> str | None:
    """One try, as the sign-in page makes it; gives the ticket."""
    with sign_in.door(at=at, readonly=True) as work:
        checked = sign_in.check(work, login=login, password=password)
    with sign_in.door(at=at) as work:
        return sign_in.admit(work, checked=checked, address="10.0.0.1", language=language)


def signed_in(login: str, at: datetime | None = NOW, password: str = PASSWORD) -> str:
    """The secret of a new session."""
    ticket = attempt(login, password, at)
    assert ticket is not None
    with sign_in.door(at=at) as work:
        secret = sign_in.redeem(work, ticket=ticket)
    assert secret is not None
    return secret


def who(secret: str, at: datetime = NOW) -> int | None:
    """Whose Works this secret opens, if anybody's."""
    try:
        with work_by_session(sign_in.digest(secret), at=at, readonly=True) as work:
            return work.actor.id
    except SignedOut:
        return None
