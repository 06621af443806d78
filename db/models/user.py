"""People who sign in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, Versioned
from db.types import one_of


class Role(StrEnum):
    """What a person is in the dealer group; rights follow from it (access.md)."""

    REP = "rep"
    SALES_MANAGER = "sales_manager"
    BRANCH_MANAGER = "branch_manager"
    MARKETING = "marketing"
    DATA_ADMINISTRATOR = "data_administrator"
    EXECUTIVE = "executive"


class User(Keyed, Versioned, Model):
    """One person: one role, one branch (none for head office), one superior."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_login", "login", unique=True),
        Index("ix_users_branch_id_role", "branch_id", "role"),
        CheckConstraint("superior_id <> id", name="not_own_superior"),
        CheckConstraint("lead_capacity >= 0", name="lead_capacity_not_negative"),
        CheckConstraint(
            "branch_id IS NOT NULL OR role IN ('marketing', 'data_administrator', 'executive')",
            name="branch_or_head_office",
        ),
    )

    login: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    search_key: Mapped[str] = mapped_column(String(600), default="")
    email: Mapped[str | None]
    mobile: Mapped[str | None] = mapped_column(String(30))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    language: Mapped[str] = mapped_column(String(10), default="zh_CN")
    active: Mapped[bool] = mapped_column(default=True)
    lead_capacity: Mapped[int | None]
    demo: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str] = mapped_column(String(100))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class UserLine(Model):
    """A product line that a rep or sales manager works in."""

    __tablename__ = "user_lines"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    line: Mapped[str] = mapped_column(ForeignKey("product_lines.code"), primary_key=True)
