"""Reviews: the manager's word on an ended activity (ACT-15)."""

from db.models import Activity, ActivityReview, ActivityState
from services.activities import messages
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.outbox import notify
from services.core.work import Work

LONGEST = 2000


@needs("activity.review")
def review(work: Work, *, activity_id: int, mark: int, comment: str = "") -> int:
    """Add a mark from 1 to 5 and a comment to an ended activity of somebody else; the owner is told. Returns the review's id."""
    activity = work.get(Activity, activity_id)
    if not work.reaches(activity, "activity.review") or activity.owner_id == work.actor.id:
        raise Refused(NOT_OWN)
    if activity.state is not ActivityState.ENDED:
        raise Refused(NOT_ENDED)
    if mark not in range(1, 6):
        raise Invalid({"mark": Said(ONE_TO_FIVE)})
    if len(comment) > LONGEST:
        raise Invalid({"comment": Said(TOO_LONG, limit=LONGEST)})
    given = ActivityReview(
        activity_id=activity_id, reviewer_id=work.actor.id, mark=mark, comment=comment.strip(), created_at=work.now
    )
    work.also(given)
    events.record(work, activity, "reviewed", note=f"{mark}/5 {comment.strip()}")
    notify(
        work, messages.REVIEWED, to=[activity.owner_id], about=activity,
        subject=activity.subject, by=work.actor.name, mark=mark, comment=comment.strip(),
    )  # fmt: skip
    return given.id


NOT_OWN = N_("Reviews are written by the manager, not by who did the work.")
NOT_ENDED = N_("Only an ended activity can be reviewed.")
ONE_TO_FIVE = N_("A number from 1 to 5 is needed.")
TOO_LONG = N_("At most {limit} characters.")
