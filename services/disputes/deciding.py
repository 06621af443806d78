"""Deciding a dispute: keep, or give to somebody, with a reason; of two branches both managers, once each (ASG-4).

The manager of one branch decides alone when no other is concerned. Of two the first proposes; if the second says the same,
that is the decision; if not, the head office's setting. Each may name people of the own branch, and who claims the lead.
"""

from sqlalchemy import select

from db.models import DisputeState, Lead, LeadDispute, User
from services import leads, turns
from services.core import events, fields
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, Said
from services.core.work import Work
from services.disputes import messages
from services.disputes.fields import REASON
from services.disputes.flow import FLOW
from services.disputes.opening import concerned, deciders, lead_first, tell
from services.leads.flow import HELD


@needs("lead.decide")
def decide(work: Work, *, dispute_id: int, reason: str, to_user_id: int | None = None) -> None:
    """Keep the lead where it is, or give it to a person."""
    dispute = _loaded(work, dispute_id)
    said = fields.words(REASON, reason)
    target = _target(work, dispute, to_user_id) if to_user_id else None
    if dispute.other_branch_id and dispute.state is DisputeState.OPEN:
        _propose(work, dispute, target, said)
    else:
        _answer(work, dispute, target, said)


def _loaded(work: Work, dispute_id: int) -> LeadDispute:
    """Branches, then the lead, then its dispute: in the order of who assigns and who hands over."""
    seen = work.get(LeadDispute, dispute_id)
    turns.hold(work, branch_ids=[seen.branch_id, seen.other_branch_id])
    lead_first(work, seen)
    return work.load(LeadDispute, dispute_id, to="lead.decide")


def _propose(work: Work, dispute: LeadDispute, target: User | None, said: str) -> None:
    FLOW.advance(work, dispute, "propose", reason=said)
    dispute.proposed_by_id, dispute.proposed_branch_id = work.actor.id, work.actor.branch_id
    dispute.proposed_to_id, dispute.proposal = target.id if target else None, said
    events.record(work, dispute, "proposed", note=said)
    tell(work, dispute, messages.PROPOSED, deciders(work, dispute), said)


def _answer(work: Work, dispute: LeadDispute, target: User | None, said: str) -> None:
    """The word of the only manager, or the second one's; a different one leaves it to the setting."""
    proposed = dispute.state is DisputeState.PROPOSED
    agreed = not proposed or dispute.proposed_to_id == (target.id if target else None)
    outcome = target if agreed else _without_agreement(work, dispute)
    FLOW.advance(work, dispute, "give" if outcome else "keep", reason=said)
    dispute.agreed = agreed if proposed else None
    dispute.decided_by_id, dispute.decided_at, dispute.decision = work.actor.id, work.now, said
    _carry_out(work, dispute, outcome, said)


def _carry_out(work: Work, dispute: LeadDispute, outcome: User | None, said: str | None) -> None:
    """The rest of a decision; without words where nobody decided in time."""
    dispute.given_to_id = outcome.id if outcome else None
    work.flush()
    to_tell = concerned(work, dispute)
    lead = work.load_unseen(Lead, dispute.lead_id)
    events.record(work, lead, "dispute_given" if outcome else "dispute_kept", note=said)
    events.record(work, dispute, dispute.state.value, note=said)
    if outcome is None:
        tell(work, dispute, messages.KEPT if said else messages.SETTLED_KEPT, to_tell, said)
        return
    leads.give_by_decision(work, lead=lead, target=outcome, reason=said)
    turns.took(work, branch_id=outcome.branch_id or 0, user_ids=[outcome.id])
    dispute.assignment_no = lead.assignment_no  # what the decision brought about is final as well
    others = [one for one in to_tell if one != outcome.id]
    tell(work, dispute, messages.GIVEN if said else messages.SETTLED_GIVEN, others, said, to_name=outcome.name)


def settle(work: Work, *, dispute_id: int) -> None:
    """What nobody decided in time ends as the head office has set it; for the worker, which knows that it is time."""
    dispute = _loaded(work, dispute_id)
    held = work.load_unseen(Lead, dispute.lead_id).state in HELD
    outcome = _without_agreement(work, dispute) if held else None
    FLOW.advance(work, dispute, "settle_give" if outcome else "settle_keep")
    dispute.decided_at = work.now
    _carry_out(work, dispute, outcome, None)


def _without_agreement(work: Work, dispute: LeadDispute) -> User | None:
    """As the head office has set it: it stays, or goes to who claims it, if that person can still have it."""
    if configuration(work).setting("dispute_without_agreement") == "keep" or dispute.claimant_id == dispute.owner_id:
        return None
    branch_id = dispute.other_branch_id or dispute.branch_id
    of_branch = (User.id == dispute.claimant_id, User.branch_id == branch_id)
    found: User | None = work.scalar(select(User).where(*of_branch).with_for_update(read=True, key_share=True))
    return found if found and leads.able(target=found) else None


def _target(work: Work, dispute: LeadDispute, to_user_id: int) -> User:
    """Somebody of the manager's own branch, or who claims it; never who has it."""
    person = work.hold(User, to_user_id)
    concerned_branch = person.branch_id in (dispute.branch_id, dispute.other_branch_id)
    nameable = person.branch_id == work.actor.branch_id or person.id in (dispute.claimant_id, dispute.proposed_to_id)
    if not (leads.able(target=person) and concerned_branch and nameable) or person.id == dispute.owner_id:
        raise Invalid({"to_user_id": Said(NOT_TO_GIVE, name=person.name)})
    return person


NOT_TO_GIVE = N_("{name} cannot be given this lead: inactive, of a branch that is not concerned, or the owner already.")
