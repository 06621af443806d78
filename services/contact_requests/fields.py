"""What is said in a request about a contact, and in the answer."""

from collections.abc import Mapping
from dataclasses import replace

from db.models import RequestKind, RequestState
from services.core.errors import N_
from services.core.fields import Field, Kind

STATES: Mapping[RequestState, str] = {
    RequestState.PENDING: N_("not decided yet"),
    RequestState.APPROVED: N_("approved"),
    RequestState.REFUSED: N_("refused"),
    RequestState.WITHDRAWN: N_("withdrawn"),
}
KINDS: Mapping[RequestKind, str] = {RequestKind.DELETE: N_("Deletion"), RequestKind.CHANGE: N_("Change")}
#: the reason after which moving the contact to the new customer is offered instead of deleting (CON-5)
MOVED = "moved"
#: how a proposed move stands among the proposed values
ACCOUNT = "account_id"

REMARK = Field("remark", N_("Remark"), Kind.LONG, limit=1000, first=True)
ANSWER = Field("answer", N_("Message to whoever asked"), Kind.LONG, limit=1000, first=True)
LEAVING: tuple[Field, ...] = (
    Field("reason_id", N_("Reason"), Kind.CODE, required=True, source="leaving_reason", first=True),
    replace(REMARK, required=True),
)
