"""Opening a dispute: by the owner, by a rep with a claim, by the data administrator; telling the other side; withdrawing (ASG-4)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from db.models import DisputeState, Lead, LeadDispute, User
from services import formats, leads, superiors
from services.core import events, fields
from services.core.access import needs
from services.core.conflicts import IN_THE_WAY
from services.core.errors import N_, Invalid, Refused, Said
from services.core.locking import ahead
from services.core.outbox import Template, notify
from services.core.text import search_key
from services.core.work import Work
from services.disputes import messages
from services.disputes.fields import FINAL, REASON, REPLY, SOUGHT, UNDECIDED
from services.disputes.flow import FLOW
from services.leads.flow import HELD

OPEN_ALREADY = IN_THE_WAY["uq_lead_disputes_open"][1]


@needs("lead.dispute")
def begin(work: Work, *, lead_id: int, reason: str, claimant_id: int | None = None) -> int:
    """Disagree with who has a lead that one may read; ``claimant_id`` is who should have it instead. Returns the id."""
    ahead(work, {User: [claimant_id]})
    lead = work.load(Lead, lead_id, to="lead.dispute")
    claimant = _claimant(work, lead, claimant_id) if claimant_id else None
    subject = lead.topic if claimant is None else lead.mobile or lead.landline or lead.topic
    return _opened(work, lead, claimant, subject, reason)


@needs("lead.claim")
def claim(work: Work, *, sought: str, reason: str) -> int:
    """Claim a lead that a colleague has, by its phone or company as one knows them. Returns the id of the dispute.

    What cannot be claimed gets one answer: unknown, unassigned, closed, hidden or the own one (ALL-7).
    """
    given = fields.filled([SOUGHT, REASON], {"sought": sought, "reason": reason})
    lead_id = _found(work, given["sought"])
    if lead_id is None:
        raise Refused(NOTHING_TO_CLAIM)
    return _opened(work, work.load_unseen(Lead, lead_id), work.get(User, work.actor.id), given["sought"], reason)


@needs("dispute.reply")
def reply(work: Work, *, dispute_id: int, words: str) -> None:
    """The other side says how it sees the matter; until it is decided it may say so again."""
    dispute = work.load(LeadDispute, dispute_id, to="dispute.reply")
    said = fields.words(REPLY, words)
    FLOW.advance(work, dispute, "reply", words=said)
    dispute.reply, dispute.replied_by_id = said, work.actor.id
    events.record(work, dispute, "replied", note=said)
    tell(work, dispute, messages.REPLIED, [dispute.opened_by_id, *deciders(work, dispute)], said)


@needs("dispute.withdraw")
def withdraw(work: Work, *, dispute_id: int) -> None:
    """Take the own dispute back while it is undecided."""
    lead_first(work, work.get(LeadDispute, dispute_id))
    dispute = work.load(LeadDispute, dispute_id, to="dispute.withdraw")
    FLOW.advance(work, dispute, "withdraw")
    dispute.decided_at = work.now
    events.record(work, dispute, "withdrawn")
    events.record(work, work.load_unseen(Lead, dispute.lead_id), "dispute_withdrawn")
    tell(work, dispute, messages.WITHDRAWN, concerned(work, dispute))


def lead_first(work: Work, dispute: LeadDispute) -> None:
    """Lock the lead before its dispute, as a handover does; whoever may not go on with it learns nothing of it."""
    work.load_unseen(Lead, dispute.lead_id)


def follow(work: Work, *, lead_id: int, owner_id: int, assignment_no: int) -> None:
    """A handover gives the lead of somebody who leaves to a successor, who is then a side in what is undecided (ADM-6)."""
    undecided = (LeadDispute.lead_id == lead_id, LeadDispute.state.in_(UNDECIDED))
    for dispute in work.scalars(select(LeadDispute).where(*undecided)):
        dispute.owner_id, dispute.assignment_no = owner_id, assignment_no


def deciders(work: Work, dispute: LeadDispute) -> list[int]:
    """The managers of the branches concerned, except who is a side in it."""
    branches = [branch for branch in (dispute.branch_id, dispute.other_branch_id) if branch]
    managers = [manager for branch in branches for manager in superiors.managers_of(work, branch_id=branch)]
    return [one for one in managers if one not in (dispute.opened_by_id, dispute.claimant_id, dispute.owner_id)]


def concerned(work: Work, dispute: LeadDispute) -> list[int]:
    """Everybody who hears of what becomes of it."""
    parties = (dispute.opened_by_id, dispute.owner_id, dispute.claimant_id)
    return [*(one for one in parties if one), *deciders(work, dispute)]


def tell(
    work: Work, dispute: LeadDispute, template: Template, to: list[int], reason: str | None = None, **more: Any
) -> None:
    """Tell these people, all of whom may read the dispute."""
    told: dict[str, Any] = {"by": work.actor.name, "subject": dispute.subject, "reason": reason or "", **more}
    notify(work, template, to=to, about=dispute, **told)


def _claimant(work: Work, lead: Lead, claimant_id: int) -> User:
    """Who is named by others: active, of a branch, and for people of a branch of the same one."""
    person = work.hold(User, claimant_id)
    elsewhere = work.actor.branch_id not in (None, person.branch_id)
    if not leads.able(target=person) or elsewhere or person.id == lead.owner_id:
        raise Invalid({"claimant_id": Said(NOT_TO_NAME, name=person.name)})
    return person


def _found(work: Work, sought: str) -> int | None:
    """The lead with a colleague that is best meant: of the own branch first, then the one assigned last."""
    wanted = (_known_by(sought), Lead.state.in_(HELD), Lead.deleted_at.is_(None), Lead.owner_id != work.actor.id)
    best = (Lead.branch_id == work.actor.branch_id, Lead.assigned_at, Lead.id)
    order = (key.desc().nulls_last() for key in best)  # the databases differ about what is not known
    found = work.unseen(select(Lead.id).where(*wanted).order_by(*order).limit(1))
    return found[0].id if found else None


def _known_by(sought: str) -> ColumnElement[bool]:
    named = and_(Lead.company.is_not(None), Lead.name_key == formats.name_key(sought))
    try:
        number = formats.phone(sought)
    except Invalid:
        return named
    return or_(named, Lead.mobile == number, Lead.landline == number)


def _opened(work: Work, lead: Lead, claimant: User | None, subject: str, reason: str) -> int:
    said = _disputable(work, lead, reason)
    other = claimant.branch_id if claimant and claimant.branch_id != lead.branch_id else None
    dispute = LeadDispute(
        lead_id=lead.id, assignment_no=lead.assignment_no, subject=subject[:200], search_key=search_key(subject)[:1700],
        branch_id=lead.branch_id, other_branch_id=other, owner_id=lead.owner_id, opened_by_id=work.actor.id,
        opened_at=work.now, reason=said, claimant_id=claimant.id if claimant else None, state=DisputeState.OPEN,
    )  # fmt: skip
    work.also(dispute)
    lead.updated_at = work.now  # an import that brought the lead can no longer be undone
    events.record(work, dispute, "opened", note=said)
    events.record(work, lead, "disputed", note=said)
    tell(work, dispute, messages.TO_DECIDE, deciders(work, dispute), said)
    parties = [one for one in (dispute.owner_id, dispute.claimant_id) if one]
    tell(work, dispute, messages.ABOUT_YOURS, parties, said)
    return dispute.id


def _disputable(work: Work, lead: Lead, reason: str) -> str:
    """The reason in stored form; Refused unless the lead is with somebody, undisputed, and this assignment not decided on."""
    said = str(fields.filled([REASON], {"reason": reason})["reason"])
    if lead.state not in HELD:
        raise Refused(NOT_HELD)
    of_lead = select(LeadDispute.id).where(LeadDispute.lead_id == lead.id)
    if work.exists_unseen(of_lead.where(LeadDispute.state.in_(UNDECIDED))):
        raise Refused(OPEN_ALREADY)
    same = (LeadDispute.assignment_no == lead.assignment_no, LeadDispute.state.in_(FINAL))
    if work.exists_unseen(of_lead.where(*same)):
        raise Refused(DECIDED_ALREADY)
    return said


NOTHING_TO_CLAIM = N_("No colleague works on a lead with this number or name. You can enter it as a new lead.")
NOT_TO_NAME = N_("{name} cannot have this lead: inactive, without a branch, of another branch, or the owner already.")
NOT_HELD = N_("Only a lead that somebody works on can be disputed.")
DECIDED_ALREADY = N_("This assignment was disputed and decided before; the decision is final.")
