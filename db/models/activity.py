"""Planned and finished contact work, and all that belongs to one piece of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, Owned, Timestamped, Versioned, partial_index
from db.types import one_of


class ActivityState(StrEnum):
    """Where an activity stands; overdue, unanswered and the like are derived from times."""

    PLANNED = "planned"
    ASSIGNED = "assigned"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How soon an assigned activity wants an answer (ACT-5)."""

    URGENT = "urgent"
    NORMAL = "normal"


class ContactPart(StrEnum):
    """What a contact has to do with an activity."""

    MET = "met"
    INVITED = "invited"
    COPIED = "copied"


OPEN = text("state IN ('planned', 'assigned', 'declined', 'in_progress')")
#: what a list of one's own is counted by, without a look at the rows
REACHED = ("branch_id", "planned_start", "id", "owner_id", "account_id")
DECLINED = text("declined_at IS NOT NULL")
COMPLETE = (
    "state <> 'ended' OR (started_at IS NOT NULL AND ended_at IS NOT NULL AND ended_at >= started_at"
    " AND result_id IS NOT NULL AND length(trim(coalesce(learned, ''))) > 0 AND seal IS NOT NULL)"
)


class Activity(Keyed, Owned, Timestamped, Versioned, Model):
    """One piece of contact work; once ended, triggers keep it and its children as they are (ACT-9)."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint(COMPLETE, name="ended_is_complete"),
        CheckConstraint(
            "state <> 'declined' OR length(trim(coalesce(decline_reason, ''))) > 0", name="declined_has_reason"
        ),
        CheckConstraint(
            "state <> 'cancelled' OR length(trim(coalesce(cancel_reason, ''))) > 0", name="cancelled_has_reason"
        ),
        CheckConstraint("state <> 'assigned' OR assigned_at IS NOT NULL", name="assigned_has_time"),
        CheckConstraint("planned_end >= planned_start", name="planned_end_after_start"),
        CheckConstraint("attitude BETWEEN 1 AND 5", name="attitude"),
        CheckConstraint("machine_hours >= 0", name="machine_hours_not_negative"),
        CheckConstraint("follows_id <> id", name="not_own_follow_up"),
        Index("ix_activities_planned_start", "planned_start", "id"),
        Index("ix_activities_branch_id_planned_start", *REACHED),
        Index("ix_activities_owner_id_planned_start", "owner_id", "planned_start", "id"),
        Index("ix_activities_account_id_planned_start", "account_id", "planned_start", "id"),
        Index("ix_activities_branch_id_ended_at", "branch_id", "ended_at"),
        Index("ix_activities_ended_at", "ended_at"),
        partial_index("ix_activities_declined_at", "declined_at", where=DECLINED),
        partial_index("ix_activities_open_due_at", "due_at", where=OPEN),
        Index("ix_activities_state_branch_id_planned_start", "state", "branch_id", "planned_start", "id"),
        # searching the list reads this instead of the rows
        Index("ix_activities_search", *REACHED, "search_key"),
    )

    state: Mapped[ActivityState] = mapped_column(one_of(ActivityState, "state"))
    type_id: Mapped[int] = mapped_column(ForeignKey("code_values.id"))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    subject: Mapped[str]
    search_key: Mapped[str] = mapped_column(String(800), default="")
    priority: Mapped[Priority] = mapped_column(one_of(Priority, "priority"), default=Priority.NORMAL)
    planned_start: Mapped[datetime]
    planned_end: Mapped[datetime]
    due_at: Mapped[datetime]
    place: Mapped[str | None]
    description: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"), index=True)

    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[datetime | None]
    assignment_no: Mapped[int] = mapped_column(default=0)
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None] = mapped_column(Text)
    queue_reason: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    started_at: Mapped[datetime | None]
    check_in: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    result_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    learned: Mapped[str | None] = mapped_column(Text)
    attitude: Mapped[int | None]
    needs: Mapped[str | None] = mapped_column(Text)
    competitor_seen: Mapped[str | None]
    machine_seen: Mapped[str | None]
    machine_hours: Mapped[int | None]
    next_step: Mapped[str | None]
    next_step_on: Mapped[date | None]
    seal: Mapped[str | None] = mapped_column(String(64))


class ActivityContact(Model):
    """A contact's part in an activity."""

    __tablename__ = "activity_contacts"
    __table_args__ = (Index("ix_activity_contacts_contact_id", "contact_id"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    part: Mapped[ContactPart] = mapped_column(one_of(ContactPart, "part"), default=ContactPart.MET)


class ActivityParticipant(Model):
    """A colleague who takes part; sees the activity as an own one."""

    __tablename__ = "activity_participants"
    __table_args__ = (Index("ix_activity_participants_user_id", "user_id", "activity_id"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class ActivityHolding(Keyed, Model):
    """Who held an activity from when to when, and why (ACT-14); the open one is the owner's."""

    __tablename__ = "activity_holdings"
    __table_args__ = (
        partial_index("uq_activity_holdings_open", "activity_id", where=text("until_at IS NULL"), unique=True),
        Index("ix_activity_holdings_activity_id", "activity_id"),
        Index("ix_activity_holdings_user_id_since_at", "user_id", "since_at"),
        CheckConstraint("until_at >= since_at", name="until_after_since"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ActivityReview(Keyed, Model):
    """A manager's comment and mark on an ended activity (ACT-15)."""

    __tablename__ = "activity_reviews"
    __table_args__ = (
        Index("ix_activity_reviews_activity_id", "activity_id"),
        CheckConstraint("mark BETWEEN 1 AND 5", name="mark"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    mark: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
