"""What a person has: the open work that somebody else must take before they can leave (ACC-6, ADM-6)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityState,
    ContactRequest,
    DisputeState,
    Lead,
    LeadDispute,
    LeadState,
    Opportunity,
    RequestState,
    Role,
    User,
)
from services.core.work import Query, Work

#: kind of work → the record that stands for it, and which of them are open and somebody's
OPEN: Mapping[str, tuple[Any, ColumnElement[bool], Any]] = {
    "activity": (
        Activity,
        Activity.state.not_in((ActivityState.ENDED, ActivityState.CANCELLED)),
        Activity.owner_id,
    ),
    "lead": (
        Lead,
        and_(Lead.state.in_((LeadState.ASSIGNED, LeadState.WORKING)), Lead.deleted_at.is_(None)),
        Lead.owner_id,
    ),
    "opportunity": (Opportunity, Opportunity.deleted_at.is_(None), Opportunity.owner_id),
    "account": (
        AccountMember,
        AccountMember.account_id.in_(select(Account.id).where(Account.deleted_at.is_(None))),
        AccountMember.user_id,
    ),
}


#: what a person must be able to do with a record of each kind, to have it
TAKES: Mapping[str, str] = {
    "account": "account.change",
    "lead": "lead.work",
    "opportunity": "opportunity.create",
    "activity": "activity.carry_out",
}


def open_ids(kind: str, *, user_id: int) -> Query:
    """The ids of what a person has of a kind; for customers, of the places on their teams."""
    model, still_open, holder = OPEN[kind]
    return select(model.id).where(holder == user_id, still_open).order_by(model.id)


def counts(work: Work, *, user_id: int) -> dict[str, int]:
    """How much open work of each kind a person has."""
    return {
        kind: work.scalar(select(func.count()).select_from(model).where(holder == user_id, still_open))
        for kind, (model, still_open, holder) in OPEN.items()
    }


def undecided(work: Work, *, person: User) -> int:
    """Requests and disputes of a branch that nobody could decide any more if this person left: its only manager."""
    if person.role is not Role.BRANCH_MANAGER or not person.active:
        return 0
    others = (User.branch_id == person.branch_id, User.role == Role.BRANCH_MANAGER, User.active, User.id != person.id)
    if work.scalar(select(User.id).where(*others)) is not None:
        return 0
    requests = (ContactRequest.branch_id == person.branch_id, ContactRequest.state == RequestState.PENDING)
    of_branch = or_(LeadDispute.branch_id == person.branch_id, LeadDispute.other_branch_id == person.branch_id)
    disputes = (of_branch, LeadDispute.state.in_((DisputeState.OPEN, DisputeState.PROPOSED)))
    asked = select(func.count()).select_from(ContactRequest).where(*requests)
    disputed = select(func.count()).select_from(LeadDispute).where(*disputes)
    return int(work.scalar(asked)) + int(work.scalar(disputed))
