"""What is overdue and what nobody has touched (ACT-6): derived from times, never stored."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from db.models import Account, Activity, User
from services.activities.flow import OPEN
from services.core.configuration import configuration
from services.core.moments import local
from services.core.work import Work

OVERDUE, UNTOUCHED = "overdue", "untouched"
FIRST_FEW = 5


def untouched_days(work: Work) -> int:
    """After how many days without a change an open activity is called untouched."""
    return int(configuration(work).setting("untouched_days"))


def conditions(work: Work) -> Mapping[str, ColumnElement[bool]]:
    """Kind of lateness → which open activities; an overdue one is not called untouched as well."""
    still_open = Activity.state.in_(OPEN)
    quiet_since = work.now - timedelta(days=untouched_days(work))
    return {
        OVERDUE: and_(still_open, Activity.due_at < work.now),
        UNTOUCHED: and_(still_open, Activity.due_at >= work.now, Activity.updated_at <= quiet_since),
    }


def any_kind(work: Work) -> ColumnElement[bool]:
    """Late in any way; says first that it is open, which indexes know."""
    return and_(Activity.state.in_(OPEN), or_(*conditions(work).values()))


def late(work: Work, kind: str, which: ColumnElement[bool], most: int | None = None) -> list[Any]:
    """The late ones of a kind within the actor's reach, the longest due first."""
    columns = (
        Activity.id, Activity.subject, Activity.due_at, Activity.updated_at,
        func.coalesce(Account.name, "–").label("customer"), User.name.label("owner"),
    )  # fmt: skip
    rows = (
        select(*columns).outerjoin(Account, Account.id == Activity.account_id).join(User, User.id == Activity.owner_id)
    )
    return list(work.rows(rows.where(conditions(work)[kind], which).order_by(Activity.due_at, Activity.id).limit(most)))


def digest(work: Work, which: ColumnElement[bool]) -> dict[str, Any] | None:
    """How many are late within the actor's reach, with the first few by name; None when there is nothing to tell."""
    kinds = conditions(work)
    counts = [func.sum(case((kinds[kind], 1), else_=0)).label(kind) for kind in kinds]
    found = work.row(select(*counts).select_from(Activity).where(which, any_kind(work)))
    overdue, untouched = found.overdue or 0, found.untouched or 0
    if not overdue + untouched:
        return None
    few = [row for kind in kinds for row in late(work, kind, which, FIRST_FEW)][:FIRST_FEW]
    return summary(work, overdue, untouched, few)


def summary(work: Work, overdue: int, untouched: int, few: list[Any]) -> dict[str, Any]:
    """The parameters of a digest: both counts, the days, and a line for each of the first few."""
    lines = [f"{on(work, row.due_at)}  {row.subject} · {row.customer} · {row.owner}" for row in few]
    return {"overdue": overdue, "untouched": untouched, "days": untouched_days(work), "first": "\n".join(lines)}


def on(work: Work, moment: Any) -> str:
    """A moment on the organisation's clock, in a form that reads the same in every language."""
    return local(moment, work.zone).strftime("%Y-%m-%d %H:%M")
