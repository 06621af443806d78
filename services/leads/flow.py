"""The whole life of a lead as one table: new → assigned → working → converted or disqualified."""

from db.models import Lead, LeadState
from services.core.flow import Flow, Step
from services.core.work import Work
from services.leads.fields import STATES

NEW, ASSIGNED, WORKING = LeadState.NEW, LeadState.ASSIGNED, LeadState.WORKING
CONVERTED, DISQUALIFIED = LeadState.CONVERTED, LeadState.DISQUALIFIED
OPEN = (NEW, ASSIGNED, WORKING)

FLOW = Flow(
    steps=(
        Step("assign", OPEN, ASSIGNED, "lead.assign"),
        Step("contact", (ASSIGNED,), WORKING, "lead.work"),
        Step("convert", (ASSIGNED, WORKING), CONVERTED, "lead.work"),
        Step("disqualify", (ASSIGNED, WORKING), DISQUALIFIED, "lead.work", needs=("disqualify_reason_id",)),
        Step("reopen", (DISQUALIFIED,), WORKING, "lead.work", needs=("reason",)),
    ),
    labels=STATES,
)


def allowed(work: Work, *, lead_id: int) -> set[str]:
    """What the actor may do to the lead now: flow actions, attach, and change and delete while it is open."""
    lead = work.get(Lead, lead_id)
    actions = {step.action for step in FLOW.available(work, lead)}
    wanted = {"lead.attach"} | ({"lead.change", "lead.delete"} if lead.state in OPEN else set())
    reached = work.reached(lead, wanted)
    return actions | {name.partition(".")[2] for name in reached}
