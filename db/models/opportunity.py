"""Qualified chances of a sale: what a converted lead needs of them; the sales process comes with its own module."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import HIDDEN, Hideable, Keyed, Model, Owned, Timestamped, Versioned, partial_index


class Opportunity(Keyed, Owned, Timestamped, Versioned, Hideable, Model):
    """A chance of a sale to one account."""

    __tablename__ = "opportunities"
    __table_args__ = (
        Index("ix_opportunities_account_id", "account_id", "id"),
        partial_index("ix_opportunities_deleted_at", "deleted_at", where=HIDDEN),
    )

    name: Mapped[str]
    search_key: Mapped[str] = mapped_column(String(1700), default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    line: Mapped[str] = mapped_column(ForeignKey("product_lines.code"))
    stage: Mapped[str] = mapped_column(String(40), default="identification")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("code_values.id"))
    expected_revenue: Mapped[Decimal | None]
    needs: Mapped[str | None] = mapped_column(Text)
