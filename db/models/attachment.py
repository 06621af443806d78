"""Files that hang on records; equal content is stored once (ACT-12)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model


class Blob(Model):
    """One content, by its SHA-256; the bytes lie in the attachment store under that name."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


#: records that files hang on
CARRIERS = ("activity", "account", "contact", "lead")
ONE_RECORD = " + ".join(f"CASE WHEN {kind}_id IS NULL THEN 0 ELSE 1 END" for kind in CARRIERS) + " = 1"


class Attachment(Keyed, Model):
    """A named file on exactly one record; readable by whoever reads that record (ACC-7)."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint(ONE_RECORD, name="one_record"),
        Index("ix_attachments_activity_id", "activity_id"),
        Index("ix_attachments_account_id", "account_id"),
        Index("ix_attachments_contact_id", "contact_id"),
        Index("ix_attachments_lead_id", "lead_id"),
        Index("ix_attachments_digest", "digest"),
    )

    name: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
