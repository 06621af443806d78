"""What happens to a lead after it came in: assigned, contacted, given up, reopened, hidden (LEAD-4, LEAD-8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.models import Lead, Route, User
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.fields import Field, Kind
from services.core.outbox import notify
from services.core.work import Work
from services.field_values import check_codes
from services.leads import messages
from services.leads.flow import FLOW, OPEN

DISQUALIFYING: tuple[Field, ...] = (
    Field("disqualify_reason_id", N_("Reason"), Kind.CODE, required=True, source="disqualify_reason", first=True),
    Field("disqualify_note", N_("Remark"), Kind.LONG, limit=1000, first=True),
)


@needs("lead.assign")
def assign_to(work: Work, *, lead_ids: Sequence[int], to_user_id: int, reason: str = "") -> int:
    """Give open leads to one person, all or none; the person hears of it at once (LEAD-4). Returns how many."""
    wanted = sorted(set(lead_ids))  # in one order for everybody, or two who assign at once wait for each other
    for lead_id in wanted:
        _assign(work, work.load(Lead, lead_id, to="lead.assign"), to_user_id, reason.strip())
    return len(wanted)


@needs("lead.work")
def record_contact(work: Work, *, lead_id: int, note: str = "") -> None:
    """Note the first contact; the clock stops (LEAD-8)."""
    contacted(work, work.load(Lead, lead_id, to="lead.work"), at=work.now, note=note)


def contacted(work: Work, lead: Lead, *, at: datetime, note: str = "") -> None:
    """The first contact with a lead that is loaded for working on it; never before the lead came in."""
    FLOW.advance(work, lead, "contact")
    lead.updated_at = work.now
    if lead.first_contact_at is None:
        lead.first_contact_at, lead.first_contact_by_id = max(at, lead.created_at), work.actor.id
    events.record(work, lead, "contacted", note=note.strip() or None)


@needs("lead.work")
def disqualify(work: Work, *, lead_id: int, disqualify_reason_id: int | None, disqualify_note: str = "") -> None:
    """Give a lead up, with a reason that is counted (LEAD-7)."""
    lead = work.load(Lead, lead_id, to="lead.work")
    given = {"disqualify_reason_id": disqualify_reason_id, "disqualify_note": disqualify_note}
    FLOW.advance(work, lead, "disqualify", **given)
    changed = fields.apply(lead, DISQUALIFYING, given)
    check_codes(work, fields=DISQUALIFYING, changed=changed)
    lead.disqualified_at, lead.disqualified_by_id, lead.updated_at = work.now, work.actor.id, work.now
    events.record(work, lead, "disqualified", changes=changed)


@needs("lead.work")
def reopen(work: Work, *, lead_id: int, reason: str) -> None:
    """Work on a lead again that was given up."""
    lead = work.load(Lead, lead_id, to="lead.work")
    FLOW.advance(work, lead, "reopen", reason=reason)
    lead.disqualified_at = lead.disqualified_by_id = lead.disqualify_reason_id = lead.disqualify_note = None
    lead.updated_at = work.now
    events.record(work, lead, "reopened", note=reason.strip())


@needs("lead.delete")
def delete(work: Work, *, lead_id: int, reason: str) -> None:
    """Hide an open lead (ALL-8)."""
    lead = work.load(Lead, lead_id, to="lead.delete")
    if lead.state not in OPEN:
        raise Refused(NOT_OPEN)
    if not reason.strip():
        raise Invalid({"reason": Said(fields.REQUIRED)})
    lead.deleted_at = lead.updated_at = work.now
    events.record(work, lead, "deleted", note=reason.strip())


def _assign(work: Work, lead: Lead, to_user_id: int, reason: str) -> None:
    target, before = _target(work, lead, to_user_id), lead.owner_id
    FLOW.advance(work, lead, "assign")
    changes = {"owner_id": (before, target.id), "branch_id": (lead.branch_id, target.branch_id)}
    lead.owner_id, lead.branch_id = target.id, target.branch_id
    lead.assigned_at, lead.assigned_by_id, lead.updated_at = work.now, work.actor.id, work.now
    lead.assignment_no += 1
    work.flush()
    if not work.reaches(lead, "lead.assign"):
        raise Invalid({"to_user_id": Said(NOT_LED, name=target.name)})
    events.record(
        work, lead, "assigned", changes={n: v for n, v in changes.items() if v[0] != v[1]}, note=reason or None
    )
    _tell(work, lead, target, before, reason)


def _target(work: Work, lead: Lead, to_user_id: int) -> User:
    """Only the head office gives a lead to another branch (LEAD-4)."""
    target = work.hold(User, to_user_id)
    if target.id == lead.owner_id:
        raise Invalid({"to_user_id": Said(SAME_PERSON, name=target.name)})
    elsewhere = work.actor.branch_id is not None and target.branch_id != work.actor.branch_id
    if not target.active or target.branch_id is None or elsewhere:
        raise Invalid({"to_user_id": Said(NOT_ASSIGNABLE, name=target.name)})
    return target


def _tell(work: Work, lead: Lead, target: User, before: int | None, reason: str) -> None:
    told: dict[str, Any] = {"topic": lead.topic, "by": work.actor.name, "phone": lead.mobile or lead.landline}
    notify(work, messages.ASSIGNED, to=[target.id], about=lead, routes=[Route.SMS], **told)
    if before is not None:
        notify(work, messages.TAKEN_AWAY, to=[before], topic=lead.topic, to_name=target.name, reason=reason or "–")


NOT_OPEN = N_("Only an open lead can be deleted.")
SAME_PERSON = N_("{name} has it already.")
NOT_ASSIGNABLE = N_("{name} cannot be given leads: inactive, without a branch, or of another branch.")
NOT_LED = N_("{name} does not report to you.")
