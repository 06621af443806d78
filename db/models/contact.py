"""People at accounts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import HIDDEN, PRESENT, Hideable, Keyed, Model, Timestamped, Versioned, filled_index, partial_index


class Contact(Keyed, Timestamped, Versioned, Hideable, Model):
    """A person at one or more accounts; belongs to the branch of the main account."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_branch_id_name", "branch_id", "name", "id"),
        Index("ix_contacts_name", "name", "id"),
        filled_index("ix_contacts_mobile", "mobile"),
        filled_index("ix_contacts_landline", "landline"),
        # the data inbox counts in these, without a look at the rows
        partial_index("ix_contacts_present_updated_at", "updated_at", "checked_at", "deleted_at", where=PRESENT),
        partial_index(
            "ix_contacts_present_mobile", "mobile", "branch_id", "landline", "checked_at", "deleted_at", where=PRESENT
        ),
        partial_index("ix_contacts_present_birthday", "birthday", "deleted_at", where=PRESENT),
        partial_index("ix_contacts_deleted_at", "deleted_at", where=HIDDEN),
        CheckConstraint("sex IN ('m', 'f')", name="sex"),
        CheckConstraint("reports_to_id <> id", name="not_own_superior"),
    )

    name: Mapped[str] = mapped_column(String(60))
    search_key: Mapped[str] = mapped_column(String(1200), default="")
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    sex: Mapped[str | None] = mapped_column(String(1))
    job_title: Mapped[str | None] = mapped_column(String(60))
    responsibility_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    mobile: Mapped[str | None] = mapped_column(String(30))
    landline: Mapped[str | None] = mapped_column(String(40))
    fax: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None]
    wechat: Mapped[str | None] = mapped_column(String(60))
    birthday: Mapped[date | None]
    province_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    city_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    street: Mapped[str | None]
    reports_to_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    preferred_way_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    no_calls: Mapped[bool] = mapped_column(default=False)
    no_sms: Mapped[bool] = mapped_column(default=False)
    no_email: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None]
    duplicate_reason: Mapped[str | None]


class ContactAccount(Keyed, Model):
    """Where a contact works or worked; exactly one account is the main one."""

    __tablename__ = "contact_accounts"
    __table_args__ = (
        partial_index("uq_contact_accounts_main", "contact_id", where=text("main"), unique=True),
        Index("uq_contact_accounts_pair", "contact_id", "account_id", unique=True),
        Index("ix_contact_accounts_account_id", "account_id"),
    )

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    main: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str | None] = mapped_column(String(60))
    since: Mapped[date | None]
    until: Mapped[date | None]


class ContactLine(Model):
    """A product line that the contact deals with: one half of direct business (CON-4)."""

    __tablename__ = "contact_lines"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    line: Mapped[str] = mapped_column(ForeignKey("product_lines.code"), primary_key=True)
