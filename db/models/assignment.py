"""By which rules leads are given out, whose turn it is, and who is away (ASG-1 to ASG-5, ADM-1)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, Timestamped, Versioned


class AssignmentRule(Keyed, Timestamped, Versioned, Model):
    """One rule of a branch: when it fits, then who. The first that fits counts; an empty condition fits everything."""

    __tablename__ = "assignment_rules"
    __table_args__ = (
        Index("ix_assignment_rules_branch_id_position", "branch_id", "position", "id"),
        CheckConstraint("valid_to >= valid_from", name="valid_to_after_from"),
        CheckConstraint("value_to >= value_from", name="value_to_after_from"),
    )

    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    position: Mapped[int]
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    region_codes: Mapped[list[Any]]
    line: Mapped[str | None] = mapped_column(ForeignKey("product_lines.code"))
    source_groups: Mapped[list[Any]]
    category_ids: Mapped[list[Any]]
    value_from: Mapped[Decimal | None]
    value_to: Mapped[Decimal | None]
    customer_kind_ids: Mapped[list[Any]]
    employees_from: Mapped[int | None]
    employees_to: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AssignmentRuleRep(Model):
    """A rep whom a rule gives to, in turn with the others of the rule."""

    __tablename__ = "assignment_rule_reps"
    __table_args__ = (Index("ix_assignment_rule_reps_user_id", "user_id"),)

    rule_id: Mapped[int] = mapped_column(ForeignKey("assignment_rules.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class AssignmentTurn(Model):
    """When a person was last given a lead; ``number`` counts through the branch, so that no two are at the same moment."""

    __tablename__ = "assignment_turns"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    number: Mapped[int]
    at: Mapped[datetime]


class Absence(Keyed, Timestamped, Versioned, Model):
    """A person is away; the stand-in receives the notices and may act (ADM-1)."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_user_id", "user_id", "first_day"),
        Index("ix_absences_stand_in_id", "stand_in_id"),
        CheckConstraint("last_day >= first_day", name="last_day_after_first"),
        CheckConstraint("stand_in_id <> user_id", name="not_own_stand_in"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str | None]
