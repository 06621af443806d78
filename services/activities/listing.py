"""The list of activities: columns, filters, search (ALL-2)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from db.models import Account, Activity, ActivityState, Priority, User, UserLine
from services.activities import figures
from services.activities.figures import overdue
from services.activities.flow import OPEN
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.listing import Column, Condition, Filter, ListSpec, contains, one_of, one_of_kind
from services.core.moments import day_span, day_start, next_month, week_start
from services.core.work import Query, Work

WEEK = timedelta(days=7)

#: the named views of the list, each a condition on times: derived, never stored
VIEWS = {
    "open": N_("Open"),
    "today": N_("Today"),
    "week": N_("This week"),
    "month": N_("This month"),
    "overdue": N_("Overdue"),
    "unanswered": N_("Unanswered"),
    "declined": N_("Declined"),
    "untouched": N_("Untouched"),
    "queue": N_("In the manager's queue"),
    "ended": N_("Ended"),
}


def unanswered() -> ColumnElement[bool]:
    """Assigned and not yet opened by the owner."""
    return and_(Activity.state == ActivityState.ASSIGNED, Activity.accepted_at.is_(None))


def in_view(work: Work, view: Any) -> ColumnElement[bool]:
    """The condition of a named view; of an unknown one, nothing."""
    condition = IN_VIEW.get(view)
    return condition(work) if condition else Activity.id.is_(None)


def _this_week(work: Work) -> ColumnElement[bool]:
    first = week_start(work.today)
    return _between(work, first, first + WEEK - timedelta(days=1))


def _this_month(work: Work) -> ColumnElement[bool]:
    return _between(work, work.today.replace(day=1), next_month(work.today) - timedelta(days=1))


def _untouched(work: Work) -> ColumnElement[bool]:
    return and_(Activity.state.in_(OPEN), Activity.updated_at <= work.now - _quiet(work))


def _quiet(work: Work) -> timedelta:
    return timedelta(days=int(configuration(work).setting("untouched_days")))


def _between(work: Work, first: date, last: date) -> ColumnElement[bool]:
    start, end = day_span(first, last, work.zone)
    return and_(Activity.planned_start >= start, Activity.planned_start < end)


IN_VIEW: Mapping[str, Callable[[Work], ColumnElement[bool]]] = {
    "open": lambda _work: Activity.state.in_(OPEN),
    "today": lambda work: _between(work, work.today, work.today),
    "week": _this_week,
    "month": _this_month,
    "overdue": overdue,
    "unanswered": lambda _work: unanswered(),
    "declined": lambda _work: Activity.state == ActivityState.DECLINED,
    "untouched": _untouched,
    "queue": lambda _work: and_(Activity.state.in_(OPEN), Activity.queue_reason.is_not(None)),
    "ended": lambda _work: Activity.state == ActivityState.ENDED,
}


def _one_or_none(column: Any) -> Condition:
    """One of the numbers in the address, of which 0 stands for no value at all."""

    def condition(work: Work, value: Any) -> ColumnElement[bool]:
        several = value if isinstance(value, list | tuple) else str(value).split(",")
        given = one_of(column)(work, value)
        return or_(given, column.is_(None)) if "0" in map(str, several) else given

    return condition


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def search(words: str) -> ColumnElement[bool]:
    """Every word occurs in the subject or in the customer's name, also by pinyin and initials."""
    of_customer = Activity.account_id.in_(select(Account.id).where(contains(Account.search_key)(words)))
    return or_(contains(Activity.search_key)(words), of_customer)


def _read(statement: Query) -> Query:
    return statement.outerjoin(Account, Account.id == Activity.account_id).outerjoin(User, User.id == Activity.owner_id)


LIST = ListSpec(
    name="activities",
    model=Activity,
    columns=(
        Column("subject", N_("Subject"), Activity.subject),
        Column("state", N_("State"), Activity.state, kind="state"),
        Column("planned_start", N_("Start"), Activity.planned_start, kind="moment"),
        Column("type_id", N_("Type"), Activity.type_id, kind="code", shown=False),
        Column("purpose_id", N_("Purpose"), Activity.purpose_id, kind="code", shown=False),
        Column("account", N_("Customer"), Account.name, sortable=False),
        Column("owner", N_("Rep"), User.name, kind="person", sortable=False),
        Column("due_at", N_("Due"), Activity.due_at, kind="moment"),
        Column("ended_at", N_("Ended"), Activity.ended_at, kind="moment", shown=False),
        Column("result_id", N_("Result"), Activity.result_id, kind="code"),
        Column("priority", N_("Priority"), Activity.priority, kind="priority"),
        Column("accepted_at", N_("Accepted"), Activity.accepted_at, kind="moment", shown=False),
        Column("account_id", N_("Customer number"), Activity.account_id, kind="number", shown=False, sortable=False),
        Column("learned", N_("What was learned"), Activity.learned, kind="long", shown=False, sortable=False),
    ),
    read=_read,
    search=search,
    filters=(
        Filter("view", N_("View"), in_view, choices="views", first=True),
        Filter("state", N_("State"), one_of_kind(Activity.state, ActivityState), choices="states", first=True),
        Filter("type", N_("Type"), one_of(Activity.type_id), choices="code:activity_type", first=True),
        Filter("owner", N_("Rep"), one_of(Activity.owner_id), choices="people"),
        Filter("purpose", N_("Purpose"), _one_or_none(Activity.purpose_id), choices="code:activity_purpose"),
        Filter("result", N_("Result"), _one_or_none(Activity.result_id), choices="code:activity_result"),
        Filter("branch", N_("Branch"), one_of(Activity.branch_id), choices="branches"),
        Filter("account", N_("Customer"), _one_or_none(Activity.account_id), choices="account"),
        Filter("from", N_("Start from"), lambda work, v: Activity.planned_start >= day_start(_day(v), work.zone), choices="date"),
        Filter("to", N_("Start until"), lambda work, v: Activity.planned_start < day_span(_day(v), _day(v), work.zone)[1], choices="date"),
        Filter("ended_from", N_("Ended from"), lambda work, v: Activity.ended_at >= day_start(_day(v), work.zone), choices="date"),
        Filter("ended_to", N_("Ended until"), lambda work, v: Activity.ended_at < day_span(_day(v), _day(v), work.zone)[1], choices="date"),
        Filter("priority", N_("Priority"), one_of_kind(Activity.priority, Priority), choices="priorities"),
        Filter("line", N_("Product line"), lambda _work, v: Activity.owner_id.in_(_of_line(v)), choices="lines"),
        Filter("figure", N_("Counted as"), figures.counted, choices="figures"),
    ),
    sort="planned_start",
    descending=True,
    export="activity.export",
)  # fmt: skip


def _of_line(line: Any) -> Any:
    return select(UserLine.user_id).where(UserLine.line == str(line))
