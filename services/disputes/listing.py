"""The list of disputes: what waits for the actor, the actor's own, what was decided (ALL-2)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import aliased

from db.models import Branch, DisputeState, Lead, LeadDispute, User
from services import formats
from services.core.access import criteria
from services.core.errors import N_
from services.core.listing import Column, Filter, ListSpec, contains, one_of, one_of_kind
from services.core.work import Query, Work
from services.disputes.fields import FINAL, UNDECIDED

Opener, Claimant, Decider, Receiver, Proposer, Proposed = (aliased(User) for _ in range(6))
Owner, Other = aliased(User), aliased(Branch)
#: what the flow's conditions ask of a row
ASKED_OF = ("other_branch_id", "opened_by_id", "claimant_id", "owner_id", "proposed_by_id", "proposed_branch_id")
#: nobody decides as one of these
SIDES = (LeadDispute.opened_by_id, LeadDispute.claimant_id, LeadDispute.owner_id)
VIEWS = {"waiting": N_("To decide"), "mine": N_("About me"), "decided": N_("Decided")}


def waiting(work: Work) -> ColumnElement[bool]:
    """Undecided, the actor's to decide, not yet answered by the actor's branch, and no matter of the actor's own."""
    if not work.actor.may("lead.decide"):
        return and_(false(), LeadDispute.id.is_not(None))
    reached = criteria(LeadDispute, "lead.decide", work.actor)
    unspoken = and_(LeadDispute.proposed_branch_id != work.actor.branch_id, LeadDispute.proposed_by_id != work.actor.id)
    turn = or_(LeadDispute.state == DisputeState.OPEN, and_(LeadDispute.state == DisputeState.PROPOSED, unspoken))
    not_own = [part.is_distinct_from(work.actor.id) for part in SIDES]
    return and_(turn, *not_own, true() if reached is None else reached)


def in_view(work: Work, view: Any) -> ColumnElement[bool]:
    """The condition of a named view; of an unknown one, nothing."""
    parts = (*SIDES, LeadDispute.proposed_by_id)
    match view:
        case "waiting":
            return waiting(work)
        case "mine":
            return and_(LeadDispute.state.in_(UNDECIDED), or_(*(part == work.actor.id for part in parts)))
        case "decided":
            return LeadDispute.state.in_(FINAL)
    return LeadDispute.id.is_(None)


def search(words: str) -> ColumnElement[bool]:
    """By what all concerned know the lead by; for who reads the lead also as leads are found."""
    searched = formats.searched(words)
    of_leads = select(Lead.id).where(contains(Lead.search_key)(searched))
    return or_(contains(LeadDispute.search_key)(searched), LeadDispute.lead_id.in_(of_leads))


def _read(statement: Query) -> Query:
    """The lead itself only for who may read it: to the others its columns are empty."""
    people = (
        (Claimant, LeadDispute.claimant_id), (Decider, LeadDispute.decided_by_id), (Receiver, LeadDispute.given_to_id),
        (Proposer, LeadDispute.proposed_by_id), (Proposed, LeadDispute.proposed_to_id), (Owner, Lead.owner_id),
    )  # fmt: skip
    statement = statement.select_from(LeadDispute).join(Opener, Opener.id == LeadDispute.opened_by_id)
    statement = statement.outerjoin(Lead, Lead.id == LeadDispute.lead_id)
    for person, key in people:
        statement = statement.outerjoin(person, person.id == key)
    statement = statement.outerjoin(Branch, Branch.id == LeadDispute.branch_id)
    return statement.outerjoin(Other, Other.id == LeadDispute.other_branch_id)


LIST = ListSpec(
    name="lead_disputes",
    model=LeadDispute,
    columns=(
        Column("subject", N_("Lead"), func.coalesce(Lead.topic, LeadDispute.subject), sortable=False),
        Column("state", N_("State"), LeadDispute.state, kind="dispute_state"),
        Column("opened_by", N_("Opened by"), Opener.name, kind="person", sortable=False),
        Column("opened_at", N_("Opened"), LeadDispute.opened_at, kind="moment"),
        Column("decided_by", N_("Decided by"), Decider.name, kind="person", sortable=False),
        Column("decided_at", N_("Decided on"), LeadDispute.decided_at, kind="moment"),
        Column("decision", N_("Reason"), LeadDispute.decision, kind="long", sortable=False),
        *(
            Column(name, N_("Lead"), value, sortable=False, shown=False)
            for name, value in {
                "lead_id": Lead.id, "owner": Owner.name, "claimant": Claimant.name, "reason": LeadDispute.reason,
                "reply": LeadDispute.reply, "proposal": LeadDispute.proposal, "proposed_by": Proposer.name,
                "proposed_to": Proposed.name, "proposed_to_id": LeadDispute.proposed_to_id,
                **{name: getattr(LeadDispute, name) for name in ASKED_OF},
                "given_to": Receiver.name, "agreed": LeadDispute.agreed,
                "branch_zh": Branch.name, "branch_en": Branch.name_en, "other_zh": Other.name, "other_en": Other.name_en,
            }.items()
        ),
    ),
    read=_read,
    search=search,
    filters=(
        Filter("view", N_("View"), in_view, first=True),
        Filter("state", N_("State"), one_of_kind(LeadDispute.state, DisputeState)),
        Filter("lead", N_("Lead"), one_of(LeadDispute.lead_id)),
    ),
    sort="opened_at",
    descending=True,
)  # fmt: skip
