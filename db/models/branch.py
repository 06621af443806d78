"""Branch companies, their regions, and the product lines of the group."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, Versioned


class Branch(Keyed, Versioned, Model):
    """A branch company; its manager is the user with that role in it."""

    __tablename__ = "branches"
    __table_args__ = (Index("uq_branches_code", "code", unique=True),)

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    active: Mapped[bool] = mapped_column(default=True)


class Region(Model):
    """A province, prefecture-level city or district by its GB/T 2260 code."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)


class BranchRegion(Model):
    """A province or city that one branch covers; each region belongs to one branch at most."""

    __tablename__ = "branch_regions"

    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)


class ProductLine(Model):
    """Machines 整机, parts 配件, service 服务."""

    __tablename__ = "product_lines"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    label_zh: Mapped[str] = mapped_column(String(40))
    label_en: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
