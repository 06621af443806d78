"""Planning and assigning: how activities come into being and move in the calendar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from db.models import (
    Account,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    ActivityState,
    Contact,
    ContactAccount,
    ContactPart,
    Lead,
    Priority,
    Route,
    User,
)
from services import leads, regions
from services.activities import messages
from services.activities.fields import FIELDS, key_of
from services.activities.flow import OPEN, PLANNED
from services.core import events, fields
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, NotFound, Refused, Said
from services.core.guard import NOT_YOURS
from services.core.locking import ahead
from services.core.moments import local, next_month
from services.core.outbox import notify
from services.core.work import Work
from services.field_values import check_codes

LONGEST = timedelta(days=14)
MOST_AT_ONCE = 200
LONGEST_STEP = 366  # days or months between two of a series


@dataclass(frozen=True)
class Repeat:
    """A series: every ``step`` days or months, ``times`` in all."""

    times: int = 1
    days: int = 0
    months: int = 0


ONCE = Repeat()


@needs("activity.plan")
def plan(
    work: Work,
    *,
    values: Mapping[str, Any],
    contact_ids: Sequence[int] = (),
    participant_ids: Sequence[int] = (),
    follows_id: int | None = None,
) -> int:
    """Put one activity into the actor's own plan; returns its id (ACT-1, ACT-10)."""
    _lock_ahead(work, [work.actor.id], values, [values.get("account_id")], contact_ids)
    return _plan(work, values, contact_ids, participant_ids, follows_id)


def _lock_ahead(
    work: Work,
    owner_ids: Sequence[int | None],
    values: Mapping[str, Any],
    account_ids: Sequence[int | None],
    contact_ids: Sequence[int],
) -> None:
    """All that the new activities are about, in the order of everybody."""
    ahead(work, {User: owner_ids, Lead: [values.get("lead_id")], Account: account_ids, Contact: contact_ids})


def _plan(
    work: Work,
    values: Mapping[str, Any],
    contact_ids: Sequence[int],
    participant_ids: Sequence[int],
    follows_id: int | None,
) -> int:
    _check_followed(work, follows_id)
    activity = _new(work, values, owner_id=work.actor.id or 0, to="activity.plan", follows_id=follows_id)
    _join(work, activity, contact_ids, participant_ids)
    events.record(work, activity, "planned")
    return activity.id


@needs("activity.plan")
def plan_many(
    work: Work,
    *,
    values: Mapping[str, Any],
    account_ids: Sequence[int | None],
    repeat: Repeat = ONCE,
    contact_ids: Sequence[int] = (),
    participant_ids: Sequence[int] = (),
    follows_id: int | None = None,
) -> list[int]:
    """Plan the same visit at several customers and for several dates in one step; one after the other on each day (ACT-1).

    Each is due as long after its end as the first.
    """
    if not 1 <= len(account_ids) * repeat.times <= MOST_AT_ONCE:
        raise Refused(TOO_MANY, most=MOST_AT_ONCE)
    if not (0 <= repeat.days <= LONGEST_STEP and 0 <= repeat.months <= LONGEST_STEP):
        raise Invalid({"repeat": Said(fields.WRONG)})
    given = fields.filled(FIELDS, values)
    length = given["planned_end"] - given["planned_start"]
    rest = (given.get("due_at") or given["planned_end"]) - given["planned_end"]
    _lock_ahead(work, [work.actor.id], given, account_ids, contact_ids)
    ids = []
    for turn in range(repeat.times):
        begin = _shifted(work, given["planned_start"], repeat, turn)
        for place, account_id in enumerate(account_ids):
            start = begin + place * length
            times = {"planned_start": start, "planned_end": start + length, "due_at": start + length + rest}
            here = {**given, **times, "account_id": account_id}
            ids.append(_plan(work, here, contact_ids, participant_ids, follows_id))
    return ids


@needs("activity.assign")
def assign(
    work: Work,
    *,
    values: Mapping[str, Any],
    owner_ids: Sequence[int],
    contact_ids: Sequence[int] = (),
    follows_id: int | None = None,
) -> list[int]:
    """Give an activity to one or several reps: one each, in their plan at once, with an SMS (ACT-2, ACT-3)."""
    if not owner_ids:
        raise Invalid({"owner_ids": Said(fields.REQUIRED)})
    _lock_ahead(work, owner_ids, values, [values.get("account_id")], contact_ids)
    _check_followed(work, follows_id)
    return [_assigned(work, values, owner_id, contact_ids, follows_id) for owner_id in dict.fromkeys(owner_ids)]


@needs("activity.change")
def reschedule(
    work: Work, *, activity_id: int, planned_start: datetime, planned_end: datetime, version: int | None = None
) -> None:
    """Move an open activity in the calendar; its due time moves along unless somebody else set it."""
    activity = work.load(Activity, activity_id, to="activity.change", version=version)
    changes: dict[str, Any] = {"planned_start": planned_start, "planned_end": planned_end}
    if activity.assigned_by_id is None:
        changes["due_at"] = planned_end + max(activity.due_at - activity.planned_end, timedelta())
    _change(work, activity, changes)


@needs("activity.change")
def change(
    work: Work,
    *,
    activity_id: int,
    changes: Mapping[str, Any],
    version: int | None = None,
    contact_ids: Sequence[int] | None = None,
    participant_ids: Sequence[int] | None = None,
) -> None:
    """Change what was planned, while the activity is open; Stale when somebody else changed it since ``version`` (ALL-4)."""
    ahead(work, {Lead: [changes.get("lead_id")], Account: [changes.get("account_id")], Contact: contact_ids or ()})
    activity = work.load(Activity, activity_id, to="activity.change", version=version)
    _change(work, activity, changes)
    if contact_ids is None and "account_id" in changes:
        contact_ids = _still_of_customer(work, activity)
    if contact_ids is not None:
        _replace(work, activity, ActivityContact, "contact_id", contact_ids)
    if participant_ids is not None:
        _replace(work, activity, ActivityParticipant, "user_id", participant_ids)


def _change(work: Work, activity: Activity, changes: Mapping[str, Any]) -> None:
    if activity.state not in OPEN or (activity.state is ActivityState.IN_PROGRESS and "planned_start" in changes):
        raise Refused(NOT_NOW)
    if "due_at" in changes and activity.assigned_by_id and not work.reaches(activity, "activity.assign"):
        raise Invalid({"due_at": Said(DUE_IS_SET)})
    given = _filled(work, activity, fields.checked(FIELDS, changes))
    new = {name: (None, value) for name, value in given.items() if value != getattr(activity, name)}
    check_codes(work, fields=FIELDS, changed=new)
    changed = fields.apply(activity, FIELDS, given)
    _check_times(activity)
    if "account_id" in changed:
        _check_account(work, activity)
    if "lead_id" in changed:
        _check_lead(work, activity)
    activity.search_key, activity.updated_at = key_of(activity.subject), work.now
    events.record(work, activity, "changed", changes=changed)


def _filled(work: Work, activity: Activity, given: dict[str, Any]) -> dict[str, Any]:
    """The changes, with the values for what may be left empty where it was emptied."""
    emptied = {name for name, value in given.items() if value is None}
    if "priority" in emptied:
        given["priority"] = Priority.NORMAL
    if "due_at" in emptied:
        given["due_at"] = given.get("planned_end") or activity.planned_end
    if "subject" in emptied:
        given["subject"] = _subject(work, given.get("type_id") or activity.type_id, _regarded(work, activity, given))
    return given


def _regarded(work: Work, activity: Activity, given: Mapping[str, Any]) -> Account | Lead | None:
    """The customer or lead that the activity is about, as it would be with these changes."""
    account_id, lead_id = (given.get(name, getattr(activity, name)) for name in ("account_id", "lead_id"))
    if account_id:
        return work.get(Account, account_id)
    return work.get(Lead, lead_id) if lead_id else None


def _new(
    work: Work, values: Mapping[str, Any], *, owner_id: int, to: str, state: ActivityState = PLANNED, follows_id: int | None = None
) -> Activity:  # fmt: skip
    owner = _owner(work, owner_id)
    activity = Activity(
        state=state, owner_id=owner_id, branch_id=owner.branch_id, priority=Priority.NORMAL, follows_id=follows_id,
        created_at=work.now, updated_at=work.now, created_by_id=work.actor.id,
    )  # fmt: skip
    given = {"due_at": values.get("planned_end")} | {k: v for k, v in values.items() if v is not None}
    fields.complete(FIELDS, given)
    check_codes(work, fields=FIELDS, changed=fields.apply(activity, FIELDS, given))
    account, lead = _check_account(work, activity), _check_lead(work, activity)
    whom = account or lead
    activity.subject = activity.subject or _subject(work, activity.type_id, whom)
    activity.place = activity.place or (regions.address(whom) if whom else None)
    activity.search_key = key_of(activity.subject)
    _check_times(activity)
    if to == "activity.assign":
        activity.assigned_by_id, activity.assigned_at, activity.assignment_no = work.actor.id, work.now, 1
    work.add(activity, to=to)
    work.also(ActivityHolding(activity_id=activity.id, user_id=owner_id, since_at=work.now, given_by_id=work.actor.id))
    return activity


def _check_followed(work: Work, follows_id: int | None) -> None:
    """A follow-up is added by who may work on what it follows, not by everybody who may read it (ACC-1)."""
    if follows_id is not None and not work.reaches(work.get(Activity, follows_id), "activity.follow_up"):
        raise Refused(NOT_YOURS)


def _assigned(
    work: Work, values: Mapping[str, Any], owner_id: int, contact_ids: Sequence[int], follows_id: int | None
) -> int:
    if owner_id == work.actor.id:
        raise Invalid({"owner_ids": Said(NOT_TO_ONESELF)})
    given: dict[str, Any] = {"to": "activity.assign", "state": ActivityState.ASSIGNED, "follows_id": follows_id}
    activity = _new(work, values, owner_id=owner_id, **given)
    _join(work, activity, contact_ids, ())
    events.record(work, activity, "assigned")
    tell_assigned(work, activity)
    return activity.id


def tell_assigned(work: Work, activity: Activity) -> None:
    """Tell the owner by notice and SMS what has come into the plan (ACT-3)."""
    due = local(activity.due_at, work.zone).strftime("%m-%d %H:%M")
    by, customer = work.actor.name or "Dealer CRM", customer_name(work, activity)
    notify(
        work, messages.ASSIGNED, to=[activity.owner_id], about=activity, routes=[Route.SMS],
        subject=activity.subject, customer=customer, due=due, by=by,
    )  # fmt: skip


def customer_name(work: Work, activity: Activity) -> str:
    """The account's name, or a dash."""
    return work.scalar(select(Account.name).where(Account.id == activity.account_id)) or "–"


def _owner(work: Work, owner_id: int) -> User:
    owner = work.hold(User, owner_id)
    if not owner.active or owner.branch_id is None:
        raise Invalid({"owner_ids": Said(NOT_ASSIGNABLE, name=owner.name)})
    return owner


def _check_account(work: Work, activity: Activity) -> Account | None:
    if activity.account_id is None:
        return None
    with_account = work.hold(Account, activity.account_id)
    if with_account.branch_id != activity.branch_id:
        raise Invalid({"account_id": Said(OTHER_BRANCH)})
    return with_account


def _check_lead(work: Work, activity: Activity) -> Lead | None:
    """A lead that is given up or converted already is not worked on any more; after converting, its customer is."""
    if activity.lead_id is None:
        return None
    lead = work.hold(Lead, activity.lead_id)
    if lead.branch_id != activity.branch_id:
        raise Invalid({"lead_id": Said(LEAD_ELSEWHERE)})
    if lead.state not in leads.OPEN:
        raise Invalid({"lead_id": Said(LEAD_CLOSED)})
    return lead


def _check_times(activity: Activity) -> None:
    if activity.planned_end < activity.planned_start:
        raise Invalid({"planned_end": Said(ENDS_FIRST)})
    if activity.planned_end - activity.planned_start > LONGEST:
        raise Invalid({"planned_end": Said(TOO_LONG, days=LONGEST.days)})
    if activity.due_at < activity.planned_end:
        raise Invalid({"due_at" if activity.assigned_by_id is None else "planned_end": Said(AFTER_DUE)})


def _subject(work: Work, type_id: int, whom: Account | Lead | None) -> str:
    label = configuration(work).label(type_id, work.actor.language)
    if whom is None:
        return label
    return f"{label} · {whom.topic if isinstance(whom, Lead) else whom.short_name or whom.name}"[:200]


def _join(work: Work, activity: Activity, contact_ids: Iterable[int], participant_ids: Iterable[int]) -> None:
    contacts, people = (
        list(dict.fromkeys(contact_ids)),
        [p for p in dict.fromkeys(participant_ids) if p != activity.owner_id],
    )
    _all_found(work, _of_customer(activity).where(Contact.id.in_(contacts)), contacts)
    for contact_id in sorted(contacts):
        work.hold(Contact, contact_id)
    _all_found(
        work, select(User.id).where(User.id.in_(people), User.branch_id == activity.branch_id, User.active), people
    )
    work.also(*(ActivityContact(activity_id=activity.id, contact_id=c, part=ContactPart.MET) for c in contacts))
    work.also(*(ActivityParticipant(activity_id=activity.id, user_id=p) for p in people))


def _of_customer(activity: Activity) -> Any:
    """The contacts that the activity's customer has; without a customer, anybody."""
    people = select(Contact.id)
    if activity.account_id is None:
        return people
    ties = select(ContactAccount.contact_id).where(ContactAccount.account_id == activity.account_id)
    return people.where(Contact.id.in_(ties))


def _still_of_customer(work: Work, activity: Activity) -> Sequence[int]:
    met = select(ActivityContact.contact_id).where(ActivityContact.activity_id == activity.id)
    return work.scalars(_of_customer(activity).where(Contact.id.in_(met)))


def _all_found(work: Work, statement: Any, wanted: Sequence[int]) -> None:
    if wanted and len(work.rows(statement)) != len(wanted):
        raise NotFound


def _replace(work: Work, activity: Activity, kind: Any, key: str, ids: Sequence[int]) -> None:
    present = {getattr(row, key): row for row in work.scalars(select(kind).where(kind.activity_id == activity.id))}
    if set(present) == set(ids):
        return
    work.drop(*(row for known, row in present.items() if known not in ids))
    fresh = [one for one in ids if one not in present]
    _join(work, activity, fresh if kind is ActivityContact else (), fresh if kind is ActivityParticipant else ())
    events.record(work, activity, "changed", changes={f"{key}s": (sorted(present), sorted(set(ids)))})


def _shifted(work: Work, start: datetime, repeat: Repeat, turn: int) -> datetime:
    wall = local(start, work.zone)
    day = wall.date() + timedelta(days=repeat.days * turn)
    for _ in range(repeat.months * turn):
        day = min(next_month(day) + timedelta(days=wall.day - 1), next_month(next_month(day)) - timedelta(days=1))
    return datetime.combine(day, wall.time(), tzinfo=work.zone)


TOO_MANY = N_("Between 1 and {most} activities can be planned in one step.")
NOT_NOW = N_("Only what is still open can be changed.")
DUE_IS_SET = N_("The due time was set by who assigned this; please ask for another one.")
NOT_TO_ONESELF = N_("One's own work is planned, not assigned.")
NOT_ASSIGNABLE = N_("{name} is not active in a branch and cannot be given activities.")
OTHER_BRANCH = N_("This customer belongs to another branch than the person.")
LEAD_ELSEWHERE = N_("This lead belongs to another branch than the person.")
LEAD_CLOSED = N_("This lead is no longer open.")
ENDS_FIRST = N_("The end lies before the start.")
TOO_LONG = N_("An activity lasts at most {days} days.")
AFTER_DUE = N_("This is later than the due time.")
