"""Whether the system is well: for load balancers and monitoring (ADM-12)."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from db import upgrade
from db.models import SignInAttempt, SignInSession
from services import worker
from services.core.errors import N_, Refused
from services.core.work import Work


def check_version() -> None:
    """Refuse a database that is not at the version of this program; one out of reach is for the health check to tell."""
    with suppress(OperationalError):
        if not upgrade.is_current():
            raise Refused(NOT_UPGRADED)


NOT_UPGRADED = N_("The database is not at the version of this program. Run: python -m services upgrade")


def worker_lag(work: Work) -> float:
    """For how many seconds the time rule that waits longest has been due; 0 when nothing is."""
    return max((rule.lag.total_seconds() for rule in worker.health(work).rules), default=0.0)


def figures(work: Work) -> dict[str, float]:
    """What monitoring may know, by name: numbers only, none of them about a person or a record."""
    fares = worker.health(work)
    live = (SignInSession.ended_at.is_(None), SignInSession.expires_at > work.now)
    wrong = (SignInAttempt.at > work.now - timedelta(hours=1), SignInAttempt.succeeded.is_(False))
    return {
        "sign_in_sessions": work.scalar(select(func.count()).select_from(SignInSession).where(*live)),
        "wrong_passwords_last_hour": work.scalar(select(func.count()).select_from(SignInAttempt).where(*wrong)),
        "messages_waiting": fares.waiting,
        "messages_oldest_seconds": fares.oldest.total_seconds(),
        "messages_failed": fares.failed,
        "worker_lag_seconds": max((rule.lag.total_seconds() for rule in fares.rules), default=0.0),
        "worker_failing_rules": sum(rule.error is not None for rule in fares.rules),
    }
