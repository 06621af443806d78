"""Companies and machine owners we sell to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import HIDDEN, PRESENT, Hideable, Keyed, Model, Timestamped, Versioned, filled_index, partial_index
from db.types import one_of


class AccountStatus(StrEnum):
    """How far we are with an account."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    INACTIVE = "inactive"


class Account(Keyed, Timestamped, Versioned, Hideable, Model):
    """A customer or prospect; seen by its whole branch."""

    __tablename__ = "accounts"
    __table_args__ = (
        partial_index("uq_accounts_credit_code", "credit_code", where=PRESENT, unique=True),
        Index("ix_accounts_branch_id_name", "branch_id", "name", "id"),
        Index("ix_accounts_name", "name", "id"),
        Index("ix_accounts_name_key", "name_key"),
        filled_index("ix_accounts_phone", "phone"),
        filled_index("ix_accounts_phone2", "phone2"),
        # the data inbox counts in these, without a look at the rows
        partial_index("ix_accounts_present_updated_at", "updated_at", "checked_at", "deleted_at", where=PRESENT),
        partial_index(
            "ix_accounts_present_name_key", "name_key", "branch_id", "checked_at", "deleted_at", where=PRESENT
        ),
        partial_index(
            "ix_accounts_present_place",
            "branch_id",
            "city_code",
            "province_code",
            "checked_at",
            "kind_id",
            "phone",
            "phone2",
            "deleted_at",
            where=PRESENT,
        ),
        partial_index("ix_accounts_deleted_at", "deleted_at", where=HIDDEN),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        CheckConstraint("employees >= 0", name="employees_not_negative"),
    )

    name: Mapped[str]
    short_name: Mapped[str | None] = mapped_column(String(60))
    search_key: Mapped[str] = mapped_column(String(1200), default="")
    name_key: Mapped[str | None]
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    status: Mapped[AccountStatus] = mapped_column(one_of(AccountStatus, "status"), default=AccountStatus.PROSPECT)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    credit_code: Mapped[str | None] = mapped_column(String(18))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    city_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    street: Mapped[str | None]
    postal_code: Mapped[str | None] = mapped_column(String(6))
    phone: Mapped[str | None] = mapped_column(String(40))
    phone2: Mapped[str | None] = mapped_column(String(40))
    fax: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None]
    website: Mapped[str | None]
    industry_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    employees: Mapped[int | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    credit_note: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None]
    duplicate_reason: Mapped[str | None]


class AccountMember(Keyed, Model):
    """One person on the account team, per product line or for the account as a whole; with the class seen from that line."""

    __tablename__ = "account_members"
    __table_args__ = (
        partial_index(
            "uq_account_members_account_line", "account_id", "line", where=text("line IS NOT NULL"), unique=True
        ),
        partial_index(
            "uq_account_members_account_user_no_line", "account_id", "user_id", where=text("line IS NULL"), unique=True
        ),
        Index("ix_account_members_account_id", "account_id"),
        Index("ix_account_members_user_id_account_id", "user_id", "account_id"),
        CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    line: Mapped[str | None] = mapped_column(ForeignKey("product_lines.code"))
    grade: Mapped[str | None] = mapped_column(String(1))
    contacts_per_year: Mapped[int | None]
