"""An activity as a part of everything that somebody hands over: it changes hands in any open state, and back (ADM-6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Activity, ActivityParticipant, ActivityState
from services.activities.answering import hand_over, move_holder
from services.core import events
from services.core.work import Work

#: what a handover changes of an activity, and puts back when it is undone
KEPT = (
    "state", "assigned_at", "assigned_by_id", "accepted_at", "declined_at", "decline_reason", "queue_reason", "started_at",
    "check_in",
)  # fmt: skip
MOMENTS = tuple(name for name in KEPT if name.endswith("_at"))
#: the action in its story that says in which state it came back
RETURNED: Mapping[ActivityState, str] = {
    ActivityState.PLANNED: "returned",
    ActivityState.ASSIGNED: "returned_assigned",
    ActivityState.DECLINED: "returned_declined",
    ActivityState.IN_PROGRESS: "returned_begun",
}
TAKEN = "handed_over"


def take_over(work: Work, *, activity: Activity, to_user_id: int, reason: str) -> dict[str, Any]:
    """Move a loaded activity to another holder; one that was begun begins anew. Returns what it was before."""
    before = {name: getattr(activity, name) for name in KEPT} | {"took_part": _takes_part(work, activity, to_user_id)}
    if activity.state is ActivityState.IN_PROGRESS:
        activity.state, activity.started_at, activity.check_in = ActivityState.PLANNED, None, None
    hand_over(work, activity=activity, to_user_id=to_user_id, reason=reason, action=TAKEN)
    return before


def give_back(work: Work, *, activity: Activity, to_user_id: int, before: Mapping[str, Any], reason: str) -> None:
    """Put a loaded activity back as it was before `take_over`; its history keeps that it was away (ACT-14)."""
    away, change = activity.owner_id, {"owner_id": (activity.owner_id, to_user_id)}
    move_holder(work, activity=activity, to_user_id=to_user_id, reason=reason)
    for name in KEPT:
        value = before[name]
        setattr(activity, name, datetime.fromisoformat(value) if value and name in MOMENTS else value)
    activity.state, activity.updated_at = ActivityState(before["state"]), work.now
    activity.assignment_no += 1
    if before["took_part"]:
        work.also(ActivityParticipant(activity_id=activity.id, user_id=away))
    events.record(work, activity, RETURNED[activity.state], changes=change, note=reason)


def _takes_part(work: Work, activity: Activity, user_id: int) -> bool:
    mine = (ActivityParticipant.activity_id == activity.id, ActivityParticipant.user_id == user_id)
    return work.scalar(select(ActivityParticipant.user_id).where(*mine)) is not None
