"""The step by which a lead is converted, as a table; the rest of a lead's life is no business of this package."""

from collections.abc import Mapping

from db.models import LeadState
from services.core.errors import N_
from services.core.flow import Flow, Step

STATES: Mapping[LeadState, str] = {
    LeadState.NEW: N_("new"),
    LeadState.ASSIGNED: N_("assigned"),
    LeadState.WORKING: N_("in work"),
    LeadState.CONVERTED: N_("converted"),
    LeadState.DISQUALIFIED: N_("disqualified"),
}
FLOW = Flow(
    steps=(Step("convert", (LeadState.ASSIGNED, LeadState.WORKING), LeadState.CONVERTED, "lead.work"),), labels=STATES
)
