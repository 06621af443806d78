"""Carrying out: accepting, starting, and ending with feedback."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Account, Activity, ActivityContact, ActivityState, Contact, Lead, User
from services import attachments
from services.activities.fields import FEEDBACK, WHEN_AND_WHERE
from services.activities.flow import FLOW
from services.activities.lead_contact import lead_first, tell_lead
from services.activities.planning import assign, plan
from services.activities.reading import follow_up_values
from services.activities.seal import seal_of, values_of
from services.core import events, fields
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, NotFound, Refused, Said, ServiceError
from services.core.locking import ahead
from services.core.moments import local
from services.core.work import Work


@needs("activity.carry_out")
def accept(work: Work, *, activity_id: int) -> None:
    """Note that the owner has opened an assigned activity, which answers the assignment; later openings change nothing."""
    activity = work.load(Activity, activity_id, to="activity.carry_out")
    if activity.state is ActivityState.ASSIGNED and activity.accepted_at is None and activity.owner_id == work.actor.id:
        activity.accepted_at = activity.updated_at = work.now
        events.record(work, activity, "accepted")


@needs("activity.carry_out")
def start(work: Work, *, activity_id: int, started_at: datetime | None = None, check_in: str | None = None) -> None:
    """Begin carrying out a planned or assigned activity, now or at a given earlier moment."""
    activity = work.load(Activity, activity_id, to="activity.carry_out")
    given = fields.checked(WHEN_AND_WHERE, {"started_at": started_at, "check_in": check_in})
    _start(work, activity, given["started_at"] or work.now, given["check_in"])


@needs("activity.carry_out")
def end(
    work: Work,
    *,
    activity_id: int,
    feedback: Mapping[str, Any],
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """End an activity with its feedback, for good; one not started yet is started in the same step (ACT-8, ACT-9)."""
    lead = lead_first(work, activity_id)
    activity = work.load(Activity, activity_id, to="activity.carry_out", version=version)
    fields.checked(WHEN_AND_WHERE, {"started_at": started_at, "ended_at": ended_at})
    results = _results(work, activity)
    if activity.state is not ActivityState.IN_PROGRESS:
        _start(work, activity, started_at or min(activity.planned_start, work.now), None)
        ended_at = ended_at or min(work.now, max(activity.planned_end, activity.started_at or work.now))
    fields.complete(FEEDBACK, feedback)
    changed = fields.apply(activity, FEEDBACK, feedback)
    activity.ended_at = activity.updated_at = ended_at or work.now
    _check_feedback(work, activity, results)
    work.flush()  # whatever joins the activity does so before its last change
    FLOW.advance(work, activity, "end", **feedback)
    activity.seal = seal_of(values_of(activity))
    events.record(work, activity, "ended", changes=changed)
    tell_lead(work, activity, lead)


@needs("activity.carry_out")
def finish(
    work: Work,
    *,
    activity_id: int,
    feedback: Mapping[str, Any],
    files: Sequence[tuple[str, bytes]] = (),
    follow_up: bool = False,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    version: int | None = None,
) -> int | None:
    """The one-screen finish: files, feedback, end and, if wanted, the follow-up, all or nothing; returns the follow-up's id."""
    _lock_ahead(work, activity_id, follow_up=follow_up)
    for name, data in files:
        attachments.add(work, activity_id=activity_id, name=name, data=data)
    end(work, activity_id=activity_id, feedback=feedback, started_at=started_at, ended_at=ended_at, version=version)
    return _follow_up(work, activity_id) if follow_up else None


def _lock_ahead(work: Work, activity_id: int, *, follow_up: bool) -> None:
    """The lead, and whom the follow-up will be with, before the activity: as merging, converting and handing over do."""
    activity = work.get(Activity, activity_id)
    ahead(work, {User: [activity.owner_id] if follow_up else ()})
    lead_first(work, activity_id)
    if follow_up:
        met = work.scalars(select(ActivityContact.contact_id).where(ActivityContact.activity_id == activity.id))
        ahead(work, {Lead: [activity.lead_id], Account: [activity.account_id], Contact: met})


def _follow_up(work: Work, activity_id: int) -> int:
    """Into the plan of whose activity it was: a superior who ended it assigns what follows (ACT-2, ACT-10)."""
    owner_id = work.get(Activity, activity_id).owner_id
    values, contact_ids = follow_up_values(work, activity_id=activity_id)
    given: dict[str, Any] = {"values": values, "contact_ids": contact_ids, "follows_id": activity_id}
    try:
        return plan(work, **given) if owner_id == work.actor.id else assign(work, owner_ids=[owner_id], **given)[0]
    except (NotFound, Invalid, Refused) as error:  # the customer may be gone, or the type switched off
        raise Refused(NO_FOLLOW_UP, reason=_why(error)) from error


def _why(error: ServiceError) -> Said:
    return next(iter(error.fields.values())) if isinstance(error, Invalid) else error.said


def _start(work: Work, activity: Activity, started_at: datetime, check_in: str | None) -> None:
    if started_at > work.now:
        raise Invalid({"started_at": Said(IN_FUTURE)})
    FLOW.advance(work, activity, "start")
    activity.started_at, activity.check_in, activity.updated_at = started_at, check_in, work.now
    activity.accepted_at = activity.accepted_at or (work.now if activity.assigned_at else None)
    events.record(work, activity, "started")


def _check_feedback(work: Work, activity: Activity, results: Collection[int]) -> None:
    wrong: dict[str, Said] = {}
    started, ended = activity.started_at or work.now, activity.ended_at or work.now
    if ended > work.now:
        wrong["ended_at"] = Said(IN_FUTURE)
    if ended < started:
        wrong["ended_at"] = Said(ENDS_FIRST)
    if activity.result_id not in results:
        wrong["result_id"] = Said(fields.NOT_LISTED)
    if activity.attitude is not None and not 1 <= activity.attitude <= 5:
        wrong["attitude"] = Said(ONE_TO_FIVE)
    if activity.next_step_on and activity.next_step_on < local(ended, work.zone).date():
        wrong["next_step_on"] = Said(NEXT_IS_PAST)
    if wrong:
        raise Invalid(wrong)


def _results(work: Work, activity: Activity) -> set[int]:
    known = configuration(work)
    return {code.id for code in known.choices("activity_result", group=known.by_id[activity.type_id].code)}


IN_FUTURE = N_("This lies in the future.")
ENDS_FIRST = N_("The end lies before the start.")
ONE_TO_FIVE = N_("A number from 1 to 5 is needed.")
NEXT_IS_PAST = N_("The next step lies before the end of this activity.")
NO_FOLLOW_UP = N_("No follow-up can be planned, so nothing was saved: {reason} Please finish without the follow-up.")
