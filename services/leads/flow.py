"""The whole life of a lead as one table: new → assigned → working → converted or disqualified."""

from sqlalchemy import select

from db.models import DisputeState, Lead, LeadDispute, LeadState
from services.core.errors import N_, Said
from services.core.flow import Flow, Step
from services.core.work import Work
from services.leads.fields import STATES

NEW, ASSIGNED, WORKING = LeadState.NEW, LeadState.ASSIGNED, LeadState.WORKING
CONVERTED, DISQUALIFIED = LeadState.CONVERTED, LeadState.DISQUALIFIED
OPEN = (NEW, ASSIGNED, WORKING)
#: with somebody
HELD = (ASSIGNED, WORKING)


def _contacted(_work: Work, lead: Lead) -> Said | None:
    """A lead in work was contacted, unless it was given up before that and taken up again."""
    return Said(CONTACTED) if lead.state is WORKING and lead.first_contact_at is not None else None


def disputed(work: Work, lead: Lead) -> Said | None:
    """While somebody disagrees with who has the lead, it stays there; also when the actor sees nothing of that (ASG-4)."""
    if lead.owner_id is None:  # nobody disagrees with that
        return None
    undecided = (LeadDispute.lead_id == lead.id, LeadDispute.state.in_([DisputeState.OPEN, DisputeState.PROPOSED]))
    return Said(DISPUTED) if work.exists_unseen(select(LeadDispute.id).where(*undecided)) else None


DISPUTED = N_("There is an open dispute about this lead; the branch manager decides it first.")
CONTACTED = N_("The first contact was noted already.")
FLOW = Flow(
    steps=(
        Step("assign", OPEN, ASSIGNED, "lead.assign", unless=disputed),
        Step("contact", (ASSIGNED, WORKING), WORKING, "lead.work", unless=_contacted),
        Step("convert", (ASSIGNED, WORKING), CONVERTED, "lead.work", unless=disputed),
        Step(
            "disqualify", (ASSIGNED, WORKING), DISQUALIFIED, "lead.work",
            needs=("disqualify_reason_id",), unless=disputed,
        ),
        Step("reopen", (DISQUALIFIED,), WORKING, "lead.work", needs=("reason",)),
    ),
    labels=STATES,
)  # fmt: skip


def allowed(work: Work, *, lead_id: int) -> set[str]:
    """What the actor may do to the lead now: flow actions, attach, and change and delete while it is open."""
    lead = work.get(Lead, lead_id)
    actions = {step.action for step in FLOW.available(work, lead)}
    wanted = {"lead.attach"} | ({"lead.change", "lead.delete"} if lead.state in OPEN else set())
    reached = work.reached(lead, wanted)
    return actions | {name.partition(".")[2] for name in reached}
