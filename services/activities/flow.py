"""The whole life of an activity as one table."""

from db.models import Activity, ActivityState
from services.activities.fields import STATES
from services.core.errors import N_, Said
from services.core.flow import Flow, Step
from services.core.work import Work

PLANNED, ASSIGNED, DECLINED = ActivityState.PLANNED, ActivityState.ASSIGNED, ActivityState.DECLINED
IN_PROGRESS, ENDED, CANCELLED = ActivityState.IN_PROGRESS, ActivityState.ENDED, ActivityState.CANCELLED
OPEN = (PLANNED, ASSIGNED, DECLINED, IN_PROGRESS)


def _declined_before(_work: Work, activity: Activity) -> Said | None:
    return Said(ONCE) if activity.declined_at is not None else None


ONCE = N_("This assignment was declined once already; please carry it out or talk to your manager.")

FLOW = Flow(
    steps=(
        Step("start", (PLANNED, ASSIGNED), IN_PROGRESS, "activity.carry_out"),
        Step("end", (IN_PROGRESS,), ENDED, "activity.carry_out", needs=("result_id", "learned")),
        Step("decline", (ASSIGNED,), DECLINED, "activity.decline", needs=("reason",), unless=_declined_before),
        Step("insist", (DECLINED,), ASSIGNED, "activity.insist", needs=("comment",)),
        Step("reassign", (PLANNED, ASSIGNED, DECLINED), ASSIGNED, "activity.reassign", needs=("reason",)),
        Step("withdraw", (PLANNED,), CANCELLED, "activity.withdraw", needs=("reason",)),
        Step("cancel", (ASSIGNED, DECLINED, IN_PROGRESS), CANCELLED, "activity.cancel", needs=("reason",)),
    ),
    labels=STATES,
)


def allowed(work: Work, *, activity_id: int) -> set[str]:
    """What the actor may do to the activity now: flow actions, and finish, change, attach, follow_up, review."""
    activity = work.get(Activity, activity_id)
    actions = {step.action for step in FLOW.available(work, activity)}
    if actions & {"start", "end"}:
        actions.add("finish")
    others = (
        {"change", "attach"}
        if activity.state in OPEN
        else {"follow_up", "review"}
        if activity.state is ENDED
        else set()
    )
    if activity.owner_id == work.actor.id:
        others -= {"review"}
    reached = work.reached(activity, {f"activity.{name}" for name in others})
    return actions | {name for name in others if f"activity.{name}" in reached}
