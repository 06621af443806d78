"""Whether the system is well: for load balancers and monitoring (ADM-12)."""

from datetime import timedelta

from sqlalchemy import func, select

from db.models import Message, MessageState, RunState, SignInAttempt, SignInSession, WorkerRun
from services.core.work import Work


def worker_lag(work: Work) -> float | None:
    """Seconds since the worker last finished a run; None if it never did."""
    last = work.scalar(select(func.max(WorkerRun.finished_at)).where(WorkerRun.state == RunState.DONE))
    return max(0.0, (work.now - last).total_seconds()) if last else None


def figures(work: Work) -> dict[str, float]:
    """What monitoring may know, by name: numbers only, none of them about a person or a record."""
    hour = work.now - timedelta(hours=1)
    live = (SignInSession.ended_at.is_(None), SignInSession.expires_at > work.now)
    wrong = (SignInAttempt.at > hour, SignInAttempt.succeeded.is_(False))
    failed_runs = (WorkerRun.state == RunState.FAILED, WorkerRun.started_at > hour)
    lag = worker_lag(work)
    return {
        "sign_in_sessions": work.scalar(select(func.count()).select_from(SignInSession).where(*live)),
        "wrong_passwords_last_hour": work.scalar(select(func.count()).select_from(SignInAttempt).where(*wrong)),
        "messages_queued": _messages(work, MessageState.QUEUED),
        "messages_failed": _messages(work, MessageState.FAILED),
        "worker_failed_runs_last_hour": work.scalar(select(func.count()).select_from(WorkerRun).where(*failed_runs)),
        **({} if lag is None else {"worker_lag_seconds": lag}),
    }


def _messages(work: Work, state: MessageState) -> int:
    return int(work.scalar(select(func.count()).select_from(Message).where(Message.state == state)))
