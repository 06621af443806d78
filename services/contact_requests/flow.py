"""The life of a request as one table each: pending → approved, refused or withdrawn; nobody decides the own one."""

from typing import Any

from db.models import ContactRequest, RequestKind, RequestState
from services.contact_requests.fields import STATES
from services.core.errors import N_, Said
from services.core.flow import Flow, Step
from services.core.work import Work

PENDING, APPROVED = (RequestState.PENDING,), RequestState.APPROVED
REFUSED, WITHDRAWN = RequestState.REFUSED, RequestState.WITHDRAWN


def own(work: Work, request: ContactRequest) -> Said | None:
    """The asker never decides (CON-5)."""
    return Said(OWN) if request.asked_by_id == work.actor.id else None


WITHDRAW = Step("withdraw", PENDING, WITHDRAWN, "contact.withdraw")
DELETION = Flow(
    steps=(
        Step("approve", PENDING, APPROVED, "contact.approve", unless=own),
        Step("refuse", PENDING, REFUSED, "contact.approve", needs=("answer",), unless=own),
        WITHDRAW,
    ),
    labels=STATES,
)
CHANGE = Flow(
    steps=(
        Step("accept", PENDING, APPROVED, "contact.change", unless=own),
        Step("decline", PENDING, REFUSED, "contact.change", needs=("answer",), unless=own),
        WITHDRAW,
    ),
    labels=STATES,
)
FLOWS = {RequestKind.DELETE: DELETION, RequestKind.CHANGE: CHANGE}


def advance(work: Work, request: ContactRequest, action: str, **given: Any) -> None:
    """Take a step of the request's own flow, and note who took it and when."""
    FLOWS[request.kind].advance(work, request, action, **given)
    request.decided_at, request.answer = work.now, (given.get("answer") or "").strip() or None
    if action != WITHDRAW.action:
        request.decided_by_id = work.actor.id


OWN = N_("Somebody else decides on what you asked for.")
