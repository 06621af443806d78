"""What is said in a dispute."""

from collections.abc import Mapping

from db.models import DisputeState
from services.core.errors import N_
from services.core.fields import Field, Kind

STATES: Mapping[DisputeState, str] = {
    DisputeState.OPEN: N_("open"),
    DisputeState.PROPOSED: N_("waits for the other branch"),
    DisputeState.KEPT: N_("stays with its owner"),
    DisputeState.GIVEN: N_("given to somebody else"),
    DisputeState.WITHDRAWN: N_("withdrawn"),
}
UNDECIDED = (DisputeState.OPEN, DisputeState.PROPOSED)
FINAL = (DisputeState.KEPT, DisputeState.GIVEN)

REASON = Field("reason", N_("Reason"), Kind.LONG, required=True, limit=1000, first=True)
REPLY = Field("words", N_("The other side"), Kind.LONG, required=True, limit=1000, first=True)
SOUGHT = Field(
    "sought", N_("Phone or company"), required=True, first=True, help=N_("The phone number of the lead, or the company's full name."),
)  # fmt: skip
