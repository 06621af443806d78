"""What an ended activity means for the lead that it regards: the first contact, unless nobody was reached (LEAD-8)."""

from sqlalchemy import select

from db.models import Activity, Lead, LeadState
from services.core.configuration import configuration
from services.core.work import Work
from services.leads.life import contacted

#: results that tell of an attempt, not of a contact
NOBODY_REACHED = frozenset(
    {
        "nobody_there", "site_closed", "no_answer", "wrong_number", "email_sent", "email_bounced", "sms_sent", "sms_failed",
        "fax_sent", "fax_failed", "demo_postponed", "tour_cancelled", "not_done",
    }
)  # fmt: skip


def lead_first(work: Work, activity_id: int) -> Lead | None:
    """The lead that waits for its first contact, if the actor works on it; locked before the activity, as converting does."""
    lead_id = work.scalar(select(Activity.lead_id).where(Activity.id == activity_id))
    found = work.scalar(select(Lead).where(Lead.id == lead_id)) if lead_id else None
    return (
        work.load(Lead, lead_id, to="lead.work")
        if found and _waits(found) and work.reaches(found, "lead.work")
        else None
    )


def tell_lead(work: Work, activity: Activity, lead: Lead | None) -> None:
    """Stop the lead's clock at the end of the activity."""
    result = configuration(work).by_id[activity.result_id or 0].code
    if lead is not None and _waits(lead) and result not in NOBODY_REACHED:
        contacted(work, lead, at=activity.ended_at or work.now, note=activity.subject)


def _waits(lead: Lead) -> bool:
    """Whether somebody has it who did not contact it yet; one that was taken up again may be in work without."""
    return lead.state is LeadState.ASSIGNED or (lead.state is LeadState.WORKING and lead.first_contact_at is None)
