"""Reassignment (ACT-7): what a rep does not carry out goes to the next suitable one, else into the manager's queue."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, select

from db.models import Activity, ActivityState, Occurrence, Route, User
from services import activities, assignment, readers, superiors
from services.activities.answering import tell_taken_away
from services.activities.planning import customer_name, tell_assigned
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.outbox import notify
from services.core.text import translator
from services.core.work import Work, work_as_system
from services.runs import each
from services.time_rules import clocks, messages

RULE = "ACT-7"
NOT_DONE = N_("Not carried out for {days} days.")


def reassign(at: datetime) -> int:
    """Pass on every assigned activity that was not carried out in time, each in a transaction of its own."""
    with work_as_system(RULE, at=at, readonly=True) as work:
        late = work.scalars(select(Activity.id).where(_late(work)).order_by(Activity.assigned_at, Activity.id))
    return each(late, lambda activity_id: _pass_on(activity_id, at))


def _late(work: Work) -> ColumnElement[bool]:
    """Assigned, not begun, not in a queue, and not yet passed on for this assignment."""
    number = cast(Activity.assignment_no, String)
    done = (Occurrence.kind == RULE, Occurrence.record_id == Activity.id, Occurrence.period == number)
    return and_(
        Activity.state == ActivityState.ASSIGNED,
        Activity.assigned_at <= work.now - timedelta(days=_days(work)),
        Activity.queue_reason.is_(None),
        ~exists().where(*done),
    )


def _days(work: Work) -> int:
    return int(configuration(work).setting("reassign_days"))


def _pass_on(activity_id: int, at: datetime) -> int:
    with work_as_system(RULE, at=at) as work:
        activity = work.load(Activity, activity_id, to="activity.reassign")
        still_late = work.scalar(select(Activity.id).where(Activity.id == activity_id, _late(work)))
        if still_late is None or not work.once(RULE, activity_id, str(activity.assignment_no)):
            return 0
        clocks.report(work, clocks.ANSWER, record_id=activity_id)  # another worker may not have come to it yet
        turn = assignment.next_rep(work, activity=activity)
        if turn.user_id is not None:
            _give(work, activity, turn.user_id)
        else:
            _queue(work, activity, turn.reason)
        return 1


def _give(work: Work, activity: Activity, to_user_id: int) -> None:
    before, told = activity.owner_id, _told(work, activity)
    _hand_over(work, activity, to_user_id)
    tell_assigned(work, activity)
    managers = [
        *superiors.managers_of(work, branch_id=activity.branch_id),
        superiors.superior_of(work, user_id=to_user_id),
    ]
    owner = work.scalar(select(User.name).where(User.id == to_user_id))
    others = [
        person for person in readers.among(work, record=activity, people=managers) if person not in (before, to_user_id)
    ]
    notify(work, messages.PASSED_ON, to=others, about=activity, owner=owner, **told)
    tell_taken_away(work, activity, before, _reason(work, before))


def _queue(work: Work, activity: Activity, reason: str) -> None:
    """To the first manager of the branch; where there is none, it stays and the administrators hear of it."""
    before, told = activity.owner_id, _told(work, activity)
    managers = [person for person in superiors.managers_of(work, branch_id=activity.branch_id) if person != before]
    template, receivers = (
        (messages.QUEUED, managers) if managers else (messages.STRANDED, superiors.administrators(work))
    )
    if managers:
        _hand_over(work, activity, managers[0], queue_reason=_in_words(work, managers[0], reason))
        tell_taken_away(work, activity, before, _reason(work, before))
    for person in receivers:
        words = _in_words(work, person, reason)
        notify(work, template, to=[person], about=activity, routes=[Route.EMAIL], reason=words, **told)


def _hand_over(work: Work, activity: Activity, to_user_id: int, queue_reason: str | None = None) -> None:
    reason = _reason(work, to_user_id)
    activities.hand_over(work, activity=activity, to_user_id=to_user_id, reason=reason, queue_reason=queue_reason)


def _told(work: Work, activity: Activity) -> dict[str, Any]:
    before = work.scalar(select(User.name).where(User.id == activity.owner_id))
    customer = customer_name(work, activity)
    return {"subject": activity.subject, "customer": customer, "before": before, "days": _days(work)}


def _reason(work: Work, reader_id: int) -> str:
    return _in_words(work, reader_id, NOT_DONE).format(days=_days(work))


def _in_words(work: Work, reader_id: int, sentence: str) -> str:
    """A sentence in the language of the person who will read it."""
    language = work.scalar(select(User.language).where(User.id == reader_id))
    return translator(language or "en")(sentence)
