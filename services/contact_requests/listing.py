"""The list of requests: what waits for the actor, what the actor asked for, what was decided (ALL-2)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased

from db.models import ContactRequest, RequestKind, RequestState, User
from services.contact_requests.flow import FLOWS
from services.core.errors import N_
from services.core.listing import Column, Filter, ListSpec, contains, one_of, one_of_kind
from services.core.work import Query, Work

Decider = aliased(User)
VIEWS = {"waiting": N_("To decide"), "mine": N_("Asked by me"), "decided": N_("Decided")}


def waiting(work: Work) -> ColumnElement[bool]:
    """Pending, asked by somebody else, and the actor's to decide."""
    open_ones = (ContactRequest.state == RequestState.PENDING, ContactRequest.asked_by_id != work.actor.id)
    return and_(*open_ones, or_(*(_decidable(work, kind) for kind in RequestKind)))


def _decidable(work: Work, kind: RequestKind) -> ColumnElement[bool]:
    permission = FLOWS[kind].steps[0].permission
    return and_(ContactRequest.kind == kind, work.within_reach(ContactRequest, permission))


def in_view(work: Work, view: Any) -> ColumnElement[bool]:
    """The condition of a named view; of an unknown one, nothing."""
    match view:
        case "waiting":
            return waiting(work)
        case "mine":
            return and_(ContactRequest.asked_by_id == work.actor.id, ContactRequest.state == RequestState.PENDING)
        case "decided":
            return ContactRequest.state.in_([RequestState.APPROVED, RequestState.REFUSED])
    return ContactRequest.id.is_(None)


def _read(statement: Query) -> Query:
    joined = statement.select_from(ContactRequest).join(User, User.id == ContactRequest.asked_by_id)
    return joined.outerjoin(Decider, Decider.id == ContactRequest.decided_by_id)


LIST = ListSpec(
    name="contact_requests",
    model=ContactRequest,
    columns=(
        Column("name", N_("Contact"), ContactRequest.name),
        Column("kind", N_("Request"), ContactRequest.kind, kind="request_kind"),
        Column("state", N_("State"), ContactRequest.state, kind="request_state"),
        Column("reason_id", N_("Reason"), ContactRequest.reason_id, kind="code"),
        Column("asked_by", N_("Asked by"), User.name, kind="person", sortable=False),
        Column("asked_at", N_("Asked"), ContactRequest.asked_at, kind="moment"),
        Column("decided_by", N_("Decided by"), Decider.name, kind="person", sortable=False),
        Column("decided_at", N_("Decided on"), ContactRequest.decided_at, kind="moment"),
        Column("answer", N_("Answer"), ContactRequest.answer, kind="long", sortable=False),
        Column("remark", N_("Remark"), ContactRequest.remark, kind="long", sortable=False, shown=False),
        Column("changes", N_("Changes"), ContactRequest.changes, sortable=False, shown=False),
        Column("contact_id", N_("Contact"), ContactRequest.contact_id, sortable=False, shown=False),
        Column("asked_by_id", N_("Asked by"), ContactRequest.asked_by_id, sortable=False, shown=False),
    ),
    read=_read,
    search=contains(ContactRequest.search_key),
    filters=(
        Filter("view", N_("View"), in_view, first=True),
        Filter("kind", N_("Request"), one_of_kind(ContactRequest.kind, RequestKind)),
        Filter("state", N_("State"), one_of_kind(ContactRequest.state, RequestState)),
        Filter("contact", N_("Contact"), one_of(ContactRequest.contact_id)),
    ),
    sort="asked_at",
    descending=True,
)  # fmt: skip
