"""The life of a handover as one table: planned → done or cancelled; done → undone, for a week."""

from collections.abc import Mapping
from datetime import timedelta

from db.models import Handover, HandoverState
from services.core.errors import N_, Said
from services.core.flow import Flow, Step
from services.core.work import Work

UNDO_WITHIN = timedelta(days=7)
STATES: Mapping[HandoverState, str] = {
    HandoverState.PLANNED: N_("planned"),
    HandoverState.DONE: N_("done"),
    HandoverState.CANCELLED: N_("cancelled"),
    HandoverState.UNDONE: N_("undone"),
}


def _too_late(work: Work, handover: Handover) -> Said | None:
    in_time = handover.done_at is not None and work.now - handover.done_at <= UNDO_WITHIN
    return None if in_time else Said(TOO_LATE)


TOO_LATE = N_("A handover can be undone for 7 days; this one is older.")
FLOW = Flow(
    steps=(
        Step("carry_out", (HandoverState.PLANNED,), HandoverState.DONE, "handover.make"),
        Step("cancel", (HandoverState.PLANNED,), HandoverState.CANCELLED, "handover.make"),
        Step("undo", (HandoverState.DONE,), HandoverState.UNDONE, "handover.make", unless=_too_late),
    ),
    labels=STATES,
)
