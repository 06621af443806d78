"""What holds for every lead (leads.md)."""

from sqlalchemy import ColumnElement, and_, func, or_, select

from db.models import Lead, LeadConversion, LeadDispute, LeadState, User
from services import disputes, leads
from services.core.work import Work
from services.integrity.problem import Found, Rule
from services.leads.flow import HELD

WRITTEN = (Lead.id, Lead.search_key, Lead.topic, Lead.company, Lead.person, Lead.mobile, Lead.landline)


def of_its_owners_branch(work: Work) -> Found:
    """Whoever owns an open lead can see it: both are of one branch. A deleted one is assigned anew when it comes back."""
    apart = select(Lead.id, User.name).join(User, User.id == Lead.owner_id)
    still_open = (Lead.state.in_(leads.OPEN), Lead.deleted_at.is_(None))
    for row in work.rows(apart.where(*still_open, User.branch_id.is_distinct_from(Lead.branch_id))):
        yield f"lead {row.id}", f"is of another branch than {row.name}, who owns it"


def times_in_order(work: Work) -> Found:
    """A lead is assigned, contacted, converted or given up after it came in, and says when."""
    for row in work.rows(select(Lead.id).where(or_(*(_too_early(name) for name in TIMES), *_unsaid()))):
        yield f"lead {row.id}", "has times that do not fit its state"


def _too_early(name: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = getattr(Lead, name) < Lead.created_at
    return condition


def _unsaid() -> tuple[ColumnElement[bool], ...]:
    return (
        and_(Lead.state.in_((LeadState.ASSIGNED, LeadState.WORKING)), Lead.assigned_at.is_(None)),
        and_(Lead.state == LeadState.DISQUALIFIED, Lead.disqualified_at.is_(None)),
    )


def converted_once(work: Work) -> Found:
    """LEAD-5: a converted lead has exactly one conversion that was not undone, every other lead none."""
    valid = func.count(LeadConversion.id).filter(LeadConversion.undone_at.is_(None))
    counted = select(Lead.id, Lead.state, valid.label("valid")).outerjoin(
        LeadConversion, LeadConversion.lead_id == Lead.id
    )
    expected = (Lead.state == LeadState.CONVERTED).cast(LeadConversion.id.type)
    for row in work.rows(counted.group_by(Lead.id, Lead.state).having(valid != expected)):
        yield f"lead {row.id}", f"is {row.state} with {row.valid} valid conversions"


def found_by_its_words(work: Work) -> Found:
    """ALL-2: search keys are those of the present words and numbers."""
    for row in work.stream(select(*WRITTEN)):
        if row.search_key != leads.key_of(row._mapping):
            yield f"lead {row.id}", "cannot be found by its present words"


def disputed_with_its_owner(work: Work) -> Found:
    """ASG-4: while nobody has decided, the lead stays with whom the dispute is about; a decision says when."""
    stays = and_(
        Lead.owner_id == LeadDispute.owner_id, Lead.branch_id == LeadDispute.branch_id,
        Lead.assignment_no == LeadDispute.assignment_no, Lead.state.in_(HELD), Lead.deleted_at.is_(None),
    )  # fmt: skip
    undecided, final = LeadDispute.state.in_(disputes.UNDECIDED), LeadDispute.state.in_(disputes.FINAL)
    wrong = or_(and_(undecided, ~stays), and_(final, LeadDispute.decided_at.is_(None)))
    for row in work.rows(select(LeadDispute.id).join(Lead, Lead.id == LeadDispute.lead_id).where(wrong)):
        yield f"lead_dispute {row.id}", "does not fit how its lead stands"


TIMES = ("assigned_at", "first_contact_at", "converted_at", "disqualified_at")
RULES = (
    Rule("lead is of its owner's branch", of_its_owners_branch),
    Rule("lead says when", times_in_order),
    Rule("converted once", converted_once),
    Rule("found by its words", found_by_its_words),
    Rule("disputed with its owner", disputed_with_its_owner),
)
