"""The life of a dispute as one table: open → kept, given or withdrawn; of two branches one proposes, the other answers.

What nobody decides in time is settled as the head office has set it, by the worker.
"""

from db.models import DisputeState, LeadDispute
from services.core.errors import N_, Said
from services.core.flow import Flow, Step
from services.core.work import Work
from services.disputes.fields import STATES

OPEN, PROPOSED = DisputeState.OPEN, DisputeState.PROPOSED
KEPT, GIVEN, WITHDRAWN = DisputeState.KEPT, DisputeState.GIVEN, DisputeState.WITHDRAWN


def own(work: Work, dispute: LeadDispute) -> Said | None:
    """Nobody decides the own matter, neither as the manager nor as a stand-in: who opened it, claims the lead or has it."""
    sides = (dispute.opened_by_id, dispute.claimant_id, dispute.owner_id)
    return Said(OWN) if work.actor.id in sides else None


def _one_branch(work: Work, dispute: LeadDispute) -> Said | None:
    return own(work, dispute) if dispute.other_branch_id else Said(ALONE)


def _two_branches(work: Work, dispute: LeadDispute) -> Said | None:
    return Said(BOTH) if dispute.other_branch_id else own(work, dispute)


def has_spoken(work: Work, dispute: LeadDispute) -> Said | None:
    """Nobody decides twice, neither the person nor the branch."""
    if refused := own(work, dispute):
        return refused
    spoken = work.actor.id == dispute.proposed_by_id or work.actor.branch_id == dispute.proposed_branch_id
    return Said(SPOKEN) if spoken else None


def _by_hand(work: Work, _dispute: LeadDispute) -> Said | None:
    return None if work.actor.is_system else Said(IN_TIME)


def _opened(work: Work, dispute: LeadDispute) -> Said | None:
    return Said(OWN_WORDS) if dispute.opened_by_id == work.actor.id else None


FLOW = Flow(
    steps=(
        Step("propose", (OPEN,), PROPOSED, "lead.decide", needs=("reason",), unless=_one_branch),
        Step("keep", (OPEN,), KEPT, "lead.decide", needs=("reason",), unless=_two_branches),
        Step("give", (OPEN,), GIVEN, "lead.decide", needs=("reason",), unless=_two_branches),
        Step("keep", (PROPOSED,), KEPT, "lead.decide", needs=("reason",), unless=has_spoken),
        Step("give", (PROPOSED,), GIVEN, "lead.decide", needs=("reason",), unless=has_spoken),
        Step("settle_keep", (OPEN, PROPOSED), KEPT, "lead.decide", unless=_by_hand),
        Step("settle_give", (OPEN, PROPOSED), GIVEN, "lead.decide", unless=_by_hand),
        Step("reply", (OPEN,), OPEN, "dispute.reply", needs=("words",), unless=_opened),
        Step("reply", (PROPOSED,), PROPOSED, "dispute.reply", needs=("words",), unless=_opened),
        Step("withdraw", (OPEN, PROPOSED), WITHDRAWN, "dispute.withdraw"),
    ),
    labels=STATES,
)  # fmt: skip


ALONE = N_("One branch alone is concerned: its manager decides at once.")
BOTH = N_("Two branches are concerned: both managers decide.")
SPOKEN = N_("You have decided already; now the manager of the other branch answers.")
IN_TIME = N_("Only when nobody decides in time, the setting of the head office does.")
OWN = N_("Somebody else decides a dispute in which you are a side yourself.")
OWN_WORDS = N_("Your reason is there already; the other side answers.")
