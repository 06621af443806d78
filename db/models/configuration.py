"""What an administrator keeps: code lists in two languages, and settings."""

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Keyed, Model, Versioned


class CodeValue(Keyed, Versioned, Model):
    """One entry of a code list (ADM-4); switched off, never deleted while used."""

    __tablename__ = "code_values"
    __table_args__ = (Index("uq_code_values_list_code", "list", "code", unique=True),)

    list: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    group: Mapped[str | None] = mapped_column(String(40))
    label_zh: Mapped[str] = mapped_column(String(80))
    label_en: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Setting(Model):
    """One setting that differs from its default (ADM-5)."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
