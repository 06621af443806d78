"""What screens read of activities: the record, the plan, today, an account's timeline. Columns only, within the reader's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityReview,
    ActivityState,
    Contact,
    Lead,
    User,
)
from services import leads
from services.activities.flow import OPEN
from services.activities.planning import LONGEST
from services.core.errors import NotFound
from services.core.moments import DAY, day_span, local
from services.core.work import Query, Work

Assigner, Creator, Giver = aliased(User), aliased(User), aliased(User)
DEFAULT_PAUSE = timedelta(days=7)
LEAD_PHONE = func.coalesce(Lead.mobile, Lead.landline)


@dataclass(frozen=True)
class Card:
    """Everything the page of one activity shows."""

    activity: Any
    contacts: Sequence[Any]
    participants: Sequence[Any]
    holdings: Sequence[Any]
    reviews: Sequence[Any]
    follow_ups: Sequence[Any]


@dataclass(frozen=True)
class AtAccount:
    """What has happened and waits at one customer, as far as the reader may know."""

    open: int
    last_id: int | None
    last_at: datetime | None


def card(work: Work, *, activity_id: int) -> Card:
    """The record with the names of everybody in it; NotFound when it is not the reader's to see (ACC-2)."""
    columns = [column for column in Activity.__mapper__.columns if column.key not in ("search_key", "seal")]
    names = (
        Account.name.label("account"), Account.phone.label("account_phone"), User.name.label("owner"),
        Assigner.name.label("assigned_by"), Creator.name.label("created_by"),
        Lead.topic.label("lead"), LEAD_PHONE.label("lead_phone"),
    )  # fmt: skip
    found = work.row(_with_names(select(*columns, *names)).where(Activity.id == activity_id))
    if found is None:
        raise NotFound
    return Card(
        found,
        _contacts(work, activity_id),
        work.rows(_people(ActivityParticipant, ActivityParticipant.user_id, activity_id)),
        _holdings(work, activity_id),
        _reviews(work, activity_id),
        _follow_ups(work, activity_id),
    )


def _with_names(statement: Query) -> Query:
    return (
        statement.select_from(Activity)
        .outerjoin(Account, Account.id == Activity.account_id)
        .outerjoin(Lead, Lead.id == Activity.lead_id)
        .outerjoin(User, User.id == Activity.owner_id)
        .outerjoin(Assigner, Assigner.id == Activity.assigned_by_id)
        .outerjoin(Creator, Creator.id == Activity.created_by_id)
    )


def _contacts(work: Work, activity_id: int) -> Sequence[Any]:
    columns = (Contact.id, Contact.name, Contact.mobile, Contact.job_title, ActivityContact.part)
    return work.rows(
        select(*columns)
        .join(ActivityContact, ActivityContact.contact_id == Contact.id)
        .where(ActivityContact.activity_id == activity_id)
        .order_by(Contact.name)
    )


def _people(kind: Any, key: Any, activity_id: int) -> Query:
    return (
        select(User.id, User.name).join(kind, key == User.id).where(kind.activity_id == activity_id).order_by(User.name)
    )


def _holdings(work: Work, activity_id: int) -> Sequence[Any]:
    return work.rows(
        select(
            User.name,
            ActivityHolding.since_at,
            ActivityHolding.until_at,
            ActivityHolding.reason,
            Giver.name.label("given_by"),
        )
        .join(User, User.id == ActivityHolding.user_id)
        .outerjoin(Giver, Giver.id == ActivityHolding.given_by_id)
        .where(ActivityHolding.activity_id == activity_id)
        .order_by(ActivityHolding.id)
    )


def _reviews(work: Work, activity_id: int) -> Sequence[Any]:
    return work.rows(
        select(ActivityReview.mark, ActivityReview.comment, ActivityReview.created_at, User.name.label("reviewer"))
        .outerjoin(User, User.id == ActivityReview.reviewer_id)
        .where(ActivityReview.activity_id == activity_id)
        .order_by(ActivityReview.id.desc())
    )


def _follow_ups(work: Work, activity_id: int) -> Sequence[Any]:
    columns = (Activity.id, Activity.subject, Activity.state, Activity.planned_start)
    return work.rows(select(*columns).where(Activity.follows_id == activity_id).order_by(Activity.planned_start))


BRIEF = (
    Activity.id, Activity.subject, Activity.state, Activity.type_id, Activity.purpose_id, Activity.priority,
    Activity.planned_start, Activity.planned_end, Activity.due_at, Activity.started_at, Activity.ended_at, Activity.accepted_at,
    Activity.owner_id, Activity.account_id, Activity.version, Activity.queue_reason,
    User.name.label("owner"), Account.name.label("account"),
)  # fmt: skip


def brief() -> Query:
    """The select behind calendars, boards and timelines: one line per activity with owner and customer."""
    joined = select(*BRIEF).select_from(Activity).outerjoin(Account, Account.id == Activity.account_id)
    return joined.outerjoin(User, User.id == Activity.owner_id)


def plan_of(work: Work, *, owner_ids: Sequence[int], begin: datetime, until: datetime) -> Sequence[Any]:
    """What stands in these people's calendars between two moments, cancelled ones left out (ACT-1)."""
    overlaps = and_(
        Activity.planned_start > begin - LONGEST, Activity.planned_start < until, Activity.planned_end >= begin
    )
    mine = Activity.owner_id.in_(owner_ids)
    kept = Activity.state != ActivityState.CANCELLED
    return work.rows(brief().where(mine, overlaps, kept).order_by(Activity.planned_start, Activity.id))


def timeline(
    work: Work, *, account_id: int | None = None, lead_id: int | None = None, limit: int = 50
) -> Sequence[Any]:
    """The activities of a customer or a lead, newest first, with what was learned."""
    extra = brief().add_columns(Activity.learned, Activity.result_id, Activity.next_step, Activity.next_step_on)
    about = Activity.account_id == account_id if lead_id is None else Activity.lead_id == lead_id
    return work.rows(extra.where(about).order_by(Activity.planned_start.desc()).limit(limit))


def at_account(work: Work, *, account_id: int) -> AtAccount:
    """The figures of a customer's page, exact: how many activities are open, when one last ended and which."""
    here = (Activity.account_id == account_id,)
    count = select(func.count()).select_from(Activity).where(*here, Activity.state.in_(OPEN)).scalar_subquery()
    last = select(Activity.id, Activity.ended_at).where(*here, Activity.ended_at.is_not(None))
    found = work.row(last.order_by(Activity.ended_at.desc(), Activity.id.desc()).limit(1))
    return AtAccount(work.scalar(select(count)), *(found or (None, None)))


def today(work: Work) -> Sequence[Any]:
    """The actor's open work of today and before: new assignments first, then by time; in one statement (ACT-3)."""
    _, end = day_span(work.today, work.today, work.zone)
    fresh = and_(Activity.state == ActivityState.ASSIGNED, Activity.accepted_at.is_(None))
    start, _ = day_span(work.today, work.today, work.zone)
    mine = Activity.owner_id == work.actor.id
    wanted = and_(
        Activity.state.in_(OPEN), Activity.state != ActivityState.DECLINED, or_(fresh, Activity.planned_start < end)
    )
    done = and_(Activity.state == ActivityState.ENDED, Activity.ended_at >= start)
    phone = func.coalesce(Account.phone, LEAD_PHONE).label("account_phone")
    extra = brief().add_columns(fresh.label("fresh"), Activity.place, phone, _last_word().label("last_word"))
    with_lead = extra.outerjoin(Lead, Lead.id == Activity.lead_id)
    return work.rows(
        with_lead.where(mine, or_(wanted, done)).order_by(fresh.desc(), Activity.planned_start, Activity.id)
    )


def _last_word() -> Any:
    earlier = aliased(Activity)
    return (
        select(earlier.learned)
        .where(earlier.account_id == Activity.account_id, earlier.state == ActivityState.ENDED)
        .order_by(earlier.planned_start.desc())
        .limit(1)
        .scalar_subquery()
    )


def follow_up_values(work: Work, *, activity_id: int) -> tuple[dict[str, Any], list[int]]:
    """What the follow-up of an activity starts from: customer, purpose, subject, time by “next step”; and its contacts (ACT-10)."""
    done = work.get(Activity, activity_id)
    wall = local(done.planned_start, work.zone)
    day = done.next_step_on or (local(done.ended_at or work.now, work.zone) + DEFAULT_PAUSE).date()
    begin = datetime.combine(max(day, work.today), max(wall.time().replace(tzinfo=None), time(8)), tzinfo=work.zone)
    values = _whom_next(work, done) | {
        "type_id": done.type_id, "purpose_id": done.purpose_id,
        "subject": done.next_step or done.subject, "place": done.place,
        "planned_start": begin, "planned_end": begin + min(done.planned_end - done.planned_start, DAY),
    }  # fmt: skip
    return values, [contact.id for contact in _contacts(work, activity_id)]


def _whom_next(work: Work, done: Activity) -> dict[str, Any]:
    """The same customer and lead; of a converted lead its customer, of a closed one nothing."""
    lead = (
        work.row(select(Lead.id, Lead.state, Lead.account_id).where(Lead.id == done.lead_id)) if done.lead_id else None
    )
    if lead is None:
        return {"account_id": done.account_id}
    return {
        "account_id": done.account_id or lead.account_id, "lead_id": lead.id if lead.state in leads.OPEN else None
    }  # fmt: skip
