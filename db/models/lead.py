"""Interests that nobody has qualified yet, and what becomes of them (leads.md)."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import HIDDEN, Hideable, Keyed, Model, Timestamped, Versioned, filled_index, partial_index
from db.models.activity import Priority
from db.types import one_of


class LeadState(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    ASSIGNED = "assigned"
    WORKING = "working"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"


class Rating(StrEnum):
    """How promising a lead looks."""

    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


#: what the report of leads counts by, so that it need not look at the leads themselves (LEAD-7)
COUNTED = (
    "deleted_at", "branch_id", "owner_id", "line", "source_id", "state", "disqualify_reason_id", "first_contact_at",
)  # fmt: skip
OPEN_LEADS = text("state IN ('new', 'assigned', 'working') AND deleted_at IS NULL")
NOT_UNDONE = text("undone_at IS NULL")


class Lead(Keyed, Timestamped, Versioned, Hideable, Model):
    """An interest from some source; without an owner until it is assigned, without a branch until a region tells which."""

    __tablename__ = "leads"
    __table_args__ = (
        Index("ix_leads_created_at", "created_at", "id"),
        Index("ix_leads_counted", "created_at", *COUNTED),
        Index("ix_leads_branch_id_created_at", "branch_id", "created_at", "id", "owner_id"),
        Index("ix_leads_owner_id_created_at", "owner_id", "created_at", "id"),
        Index("ix_leads_state_branch_id_created_at", "state", "branch_id", "created_at", "id"),
        partial_index("ix_leads_open_owner_id", "owner_id", where=OPEN_LEADS),
        filled_index("ix_leads_mobile", "mobile"),
        filled_index("ix_leads_landline", "landline"),
        Index("ix_leads_name_key", "name_key"),
        Index("ix_leads_account_id", "account_id"),
        Index("ix_leads_contact_id", "contact_id"),
        Index("ix_leads_opportunity_id", "opportunity_id"),
        partial_index("ix_leads_deleted_at", "deleted_at", where=HIDDEN),
        CheckConstraint("state = 'new' OR state = 'disqualified' OR owner_id IS NOT NULL", name="owned_once_assigned"),
        CheckConstraint("state <> 'new' OR owner_id IS NULL", name="new_has_no_owner"),
        CheckConstraint("state <> 'converted' OR converted_at IS NOT NULL", name="converted_has_time"),
        CheckConstraint("state <> 'disqualified' OR disqualify_reason_id IS NOT NULL", name="disqualified_has_reason"),
        CheckConstraint("mobile IS NOT NULL OR landline IS NOT NULL", name="has_a_phone"),
    )

    topic: Mapped[str]
    search_key: Mapped[str] = mapped_column(String(1700), default="")
    name_key: Mapped[str | None]
    line: Mapped[str] = mapped_column(ForeignKey("product_lines.code"))
    state: Mapped[LeadState] = mapped_column(one_of(LeadState, "state"), default=LeadState.NEW)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    company: Mapped[str | None]
    person: Mapped[str | None] = mapped_column(String(60))
    mobile: Mapped[str | None] = mapped_column(String(30))
    landline: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None]
    wechat: Mapped[str | None] = mapped_column(String(60))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    city_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    street: Mapped[str | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    referred_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    referred_by_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    referred_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    model: Mapped[str | None] = mapped_column(String(60))
    quantity: Mapped[int | None]
    budget: Mapped[Decimal | None]
    wanted_by: Mapped[date | None]
    replaces: Mapped[str | None]
    urgency: Mapped[Priority] = mapped_column(one_of(Priority, "urgency"), default=Priority.NORMAL)
    rating: Mapped[Rating | None] = mapped_column(one_of(Rating, "rating"))
    notes: Mapped[str | None] = mapped_column(Text)
    duplicate_reason: Mapped[str | None]

    assigned_at: Mapped[datetime | None]
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assignment_no: Mapped[int] = mapped_column(default=0)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_rules.id"))
    first_contact_at: Mapped[datetime | None]
    first_contact_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    converted_at: Mapped[datetime | None]
    converted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    disqualified_at: Mapped[datetime | None]
    disqualified_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    disqualify_reason_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    disqualify_note: Mapped[str | None] = mapped_column(Text)

    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"))


class LeadConversion(Keyed, Model):
    """What one conversion made and changed, so that it can be undone as a whole (LEAD-5)."""

    __tablename__ = "lead_conversions"
    __table_args__ = (partial_index("uq_lead_conversions_valid", "lead_id", where=NOT_UNDONE, unique=True),)

    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class DisputeState(StrEnum):
    """Where a dispute stands; ``proposed`` waits for the manager of the other branch."""

    OPEN = "open"
    PROPOSED = "proposed"
    KEPT = "kept"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


UNDECIDED = text("state IN ('open', 'proposed')")


class LeadDispute(Keyed, Model):
    """Somebody disagrees with who has a lead; decided once, with a reason (ASG-4).

    ``subject`` is what everybody concerned may know the lead by, also who cannot read it; ``assignment_no`` the assignment
    that is disputed, and once decided the one that is final. Of two branches the manager of one proposes first.
    """

    __tablename__ = "lead_disputes"
    __table_args__ = (
        partial_index("uq_lead_disputes_open", "lead_id", where=UNDECIDED, unique=True),
        Index("ix_lead_disputes_lead_id", "lead_id", "id"),
        Index("ix_lead_disputes_branch_id", "branch_id", "state"),
        Index("ix_lead_disputes_other_branch_id", "other_branch_id", "state"),
        CheckConstraint("length(trim(reason)) > 0", name="has_reason"),
        CheckConstraint("state <> 'given' OR given_to_id IS NOT NULL", name="given_to_somebody"),
        CheckConstraint("state <> 'proposed' OR proposed_by_id IS NOT NULL", name="proposed_by_somebody"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="nobody_decides_twice"),
        CheckConstraint("other_branch_id <> branch_id", name="two_branches"),
    )

    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    assignment_no: Mapped[int]
    subject: Mapped[str]
    search_key: Mapped[str] = mapped_column(String(1700), default="")
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    other_branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    claimant_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[DisputeState] = mapped_column(one_of(DisputeState, "state"), default=DisputeState.OPEN)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    proposed_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposal: Mapped[str | None] = mapped_column(Text)
    agreed: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)
    given_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
