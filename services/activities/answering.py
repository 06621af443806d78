"""Answering an assignment, and the manager's answers: decline, insist, reassign, cancel (ACT-4, ACT-14)."""

from collections.abc import Sequence

from sqlalchemy import select

from db.models import Activity, ActivityHolding, ActivityParticipant, Route, User
from services import superiors
from services.activities import messages
from services.activities.flow import FLOW
from services.activities.planning import customer_name, tell_assigned
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.locking import ahead
from services.core.outbox import notify
from services.core.work import Work


@needs("activity.decline")
def decline(work: Work, *, activity_id: int, reason: str) -> None:
    """Decline an assigned activity with a reason, once per assignment; who assigned it gets an e-mail (ACT-4)."""
    activity = work.load(Activity, activity_id, to="activity.decline")
    FLOW.advance(work, activity, "decline", reason=reason)
    activity.declined_at, activity.decline_reason, activity.updated_at = work.now, reason.strip(), work.now
    events.record(work, activity, "declined", note=reason.strip())
    receivers = superiors.decline_receivers(work, activity=activity)
    notify(
        work, messages.DECLINED, to=receivers, about=activity, routes=[Route.EMAIL],
        subject=activity.subject, customer=customer_name(work, activity), by=work.actor.name, reason=reason.strip(),
    )  # fmt: skip


@needs("activity.insist")
def insist(work: Work, *, activity_id: int, comment: str) -> None:
    """Send a declined activity back to the rep with a comment; it cannot be declined again."""
    activity = work.load(Activity, activity_id, to="activity.insist")
    FLOW.advance(work, activity, "insist", comment=comment)
    activity.assigned_at = activity.updated_at = work.now
    events.record(work, activity, "insisted", note=comment.strip())
    notify(
        work, messages.INSISTED, to=[activity.owner_id], about=activity, routes=[Route.SMS],
        subject=activity.subject, customer=customer_name(work, activity), by=work.actor.name, comment=comment.strip(),
    )  # fmt: skip


@needs("activity.reassign")
def reassign(work: Work, *, activity_id: int, to_user_id: int, reason: str) -> None:
    """Give an activity to another rep of the branch; both are told, and the history keeps who held it and why (ACT-14)."""
    ahead(work, {User: [to_user_id]})
    activity = work.load(Activity, activity_id, to="activity.reassign")
    before = activity.owner_id
    hand_over(work, activity=activity, to_user_id=to_user_id, reason=reason)
    if not work.reaches(activity, "activity.reassign"):
        raise Refused(NOT_YOUR_PERSON)
    tell_assigned(work, activity)
    tell_taken_away(work, activity, before, reason)


@needs("activity.reassign")
def delegate_many(work: Work, *, activity_ids: Sequence[int], to_user_id: int, reason: str) -> int:
    """Hand several activities to one person, all or none; returns how many (ACT-14)."""
    wanted = sorted(set(activity_ids))  # in one order for everybody, or two who delegate at once wait for each other
    for activity_id in wanted:
        reassign(work, activity_id=activity_id, to_user_id=to_user_id, reason=reason)
    return len(wanted)


@needs("activity.withdraw")
def withdraw(work: Work, *, activity_id: int, reason: str) -> None:
    """Take back what was only planned, with a reason; the owner is told when somebody else does it."""
    _cancel(work, work.load(Activity, activity_id, to="activity.withdraw"), "withdraw", reason)


@needs("activity.cancel")
def cancel(work: Work, *, activity_id: int, reason: str) -> None:
    """Cancel somebody's open activity for good, with a reason that the owner reads (ACT-4)."""
    _cancel(work, work.load(Activity, activity_id, to="activity.cancel"), "cancel", reason)


def hand_over(
    work: Work, *, activity: Activity, to_user_id: int, reason: str, queue_reason: str | None = None,
    action: str = "reassigned",
) -> None:  # fmt: skip
    """Move a loaded activity to another holder: history, a new assignment, the clock anew; messages are the caller's."""
    target = work.hold(User, to_user_id)
    if target.id == activity.owner_id:
        raise Invalid({"to_user_id": Said(SAME_PERSON, name=target.name)})
    if not target.active or target.branch_id != activity.branch_id:
        raise Invalid({"to_user_id": Said(NOT_IN_BRANCH, name=target.name)})
    leaving = _leaving(work, activity, to_user_id)  # read while the actor still sees the activity
    FLOW.advance(work, activity, "reassign", reason=reason)
    change = {"owner_id": (activity.owner_id, to_user_id)}
    activity.owner_id, activity.assigned_at, activity.updated_at = to_user_id, work.now, work.now
    activity.assigned_by_id = work.actor.id or activity.assigned_by_id
    activity.assignment_no += 1
    activity.accepted_at = activity.declined_at = activity.decline_reason = None
    activity.queue_reason = queue_reason
    _move_holding(work, activity, leaving, reason.strip())
    events.record(work, activity, action, changes=change, note=reason.strip())


def move_holder(work: Work, *, activity: Activity, to_user_id: int, reason: str) -> None:
    """Give a loaded activity another owner and holder, and nothing else."""
    leaving = _leaving(work, activity, to_user_id)
    activity.owner_id = to_user_id
    _move_holding(work, activity, leaving, reason)


def tell_taken_away(work: Work, activity: Activity, before_id: int, reason: str) -> None:
    """Tell the former holder who has it now, and why."""
    name = work.scalar(select(User.name).where(User.id == activity.owner_id))
    notify(
        work, messages.TAKEN_AWAY, to=[before_id], routes=[Route.SMS],
        subject=activity.subject, customer=customer_name(work, activity), to_name=name, reason=reason.strip(),
    )  # fmt: skip


def _leaving(work: Work, activity: Activity, to_user_id: int) -> tuple[ActivityHolding, Sequence[ActivityParticipant]]:
    """The open holding, and the new holder's part as a mere participant."""
    open_one = (ActivityHolding.activity_id == activity.id, ActivityHolding.until_at.is_(None))
    taking_part = (ActivityParticipant.activity_id == activity.id, ActivityParticipant.user_id == to_user_id)
    held: ActivityHolding = work.scalar(select(ActivityHolding).where(*open_one))
    return held, work.scalars(select(ActivityParticipant).where(*taking_part))


def _move_holding(
    work: Work, activity: Activity, leaving: tuple[ActivityHolding, Sequence[ActivityParticipant]], reason: str
) -> None:
    held, parts = leaving
    held.until_at = work.now
    work.drop(*parts)
    work.flush()  # one open holding at a time: the old one closes before the new one opens
    values = {"activity_id": activity.id, "user_id": activity.owner_id, "since_at": work.now, "reason": reason}
    work.also(ActivityHolding(**values, given_by_id=work.actor.id))


def _cancel(work: Work, activity: Activity, action: str, reason: str) -> None:
    FLOW.advance(work, activity, action, reason=reason)
    activity.cancelled_at, activity.cancel_reason, activity.updated_at = work.now, reason.strip(), work.now
    events.record(work, activity, "cancelled", note=reason.strip())
    notify(
        work, messages.CANCELLED, to=[activity.owner_id], about=activity, routes=[Route.SMS],
        subject=activity.subject, customer=customer_name(work, activity), by=work.actor.name, reason=reason.strip(),
    )  # fmt: skip


SAME_PERSON = N_("{name} has it already.")
NOT_IN_BRANCH = N_("{name} is not an active member of this branch.")
NOT_YOUR_PERSON = N_("It can only be given to people who report to you.")
