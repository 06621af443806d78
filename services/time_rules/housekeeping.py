"""What nobody needs any more goes away at night: old imports, sign-ins, drafts, used tokens, broken-off uploads (LEAD-3, SIG-5, ACT-12)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from db import planning
from db.models import Submission
from services import attachments, drafts, imports, sign_in
from services.core.work import Work, work_as_system

#: nobody presses the same button again after that
TOKENS_KEPT = timedelta(days=7)
MOST = 5000


def sweep(at: datetime) -> int:
    """Remove it, each kind in a transaction of its own; returns how much."""
    removed = imports.clear_old(at)
    for part in (sign_in.sweep, drafts.sweep, _sweep_tokens, attachments.sweep):
        with work_as_system("housekeeping", at=at) as work:
            removed += part(work)
    planning.learn()
    return removed


def _sweep_tokens(work: Work) -> int:
    used = work.scalars(select(Submission).where(Submission.at < work.now - TOKENS_KEPT).limit(MOST))
    work.drop(*used)
    return len(used)
