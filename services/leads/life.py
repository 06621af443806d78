"""What happens to a lead once somebody has it: contacted, given up, reopened, hidden (LEAD-7, LEAD-8)."""

from datetime import datetime

from sqlalchemy import select

from db.models import Activity, ActivityState, Lead, LeadState, User
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, Refused
from services.core.fields import Field, Kind
from services.core.flow import require
from services.core.work import Work
from services.field_values import check_codes
from services.leads.flow import FLOW, HELD, OPEN, disputed

DISQUALIFYING: tuple[Field, ...] = (
    Field("disqualify_reason_id", N_("Reason"), Kind.CODE, required=True, source="disqualify_reason", first=True),
    Field("disqualify_note", N_("Remark"), Kind.LONG, limit=1000, first=True),
)
#: what may be said with it
NOTE = Field("note", N_("Remark"), Kind.LONG, limit=1000)


@needs("lead.work")
def record_contact(work: Work, *, lead_id: int, note: str = "") -> None:
    """Note the first contact; the clock stops (LEAD-8)."""
    contacted(work, work.load(Lead, lead_id, to="lead.work"), at=work.now, note=note)


def contacted(work: Work, lead: Lead, *, at: datetime, note: str = "") -> None:
    """The first contact with a lead that is loaded for working on it; never before the lead came in."""
    said = fields.words(NOTE, note)
    FLOW.advance(work, lead, "contact")
    lead.updated_at = work.now
    if lead.first_contact_at is None:
        lead.first_contact_at, lead.first_contact_by_id = max(at, lead.created_at), work.actor.id
    events.record(work, lead, "contacted", note=said or None)


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
    release_if_left(work, lead=lead)


def release_if_left(work: Work, *, lead: Lead) -> None:
    """An open lead whose rep has left waits to be assigned; one who is there cannot leave until this Work ends (ACC-6)."""
    if lead.state not in HELD:
        return
    owner = work.hold(User, lead.owner_id)
    if owner.active and owner.branch_id == lead.branch_id:
        return
    changes = {"owner_id": (lead.owner_id, None), "state": (lead.state, LeadState.NEW)}
    lead.owner_id, lead.state, lead.assigned_at, lead.assigned_by_id = None, LeadState.NEW, None, None
    events.record(work, lead, "unassigned", changes=changes)


@needs("lead.delete")
def delete(work: Work, *, lead_id: int, reason: str) -> None:
    """Hide an open lead (ALL-8); Refused while activities about it are open, also those that the actor does not see."""
    lead = work.load(Lead, lead_id, to="lead.delete")
    if lead.state not in OPEN:
        raise Refused(NOT_OPEN)
    if obstacle := disputed(work, lead):
        raise Refused(obstacle.message)
    still_open = (Activity.lead_id == lead.id, Activity.state.not_in((ActivityState.ENDED, ActivityState.CANCELLED)))
    if work.exists_unseen(select(Activity.id).where(*still_open)):
        raise Refused(STILL_PLANNED)
    require({"reason": reason}, ["reason"])
    lead.deleted_at = lead.updated_at = work.now
    events.record(work, lead, "deleted", note=reason.strip())


STILL_PLANNED = N_("Activities about this lead are still open; please end or cancel them first.")
NOT_OPEN = N_("Only an open lead can be deleted.")
