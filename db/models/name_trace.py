"""By what similar names are found: numbers made of how a name sounds, without an extension of either database (ACCT-3)."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Model


class NameTrace(Model):
    """One way in which a record's name sounds: whole, with one syllable left out, or its distinctive part alone."""

    __tablename__ = "name_traces"
    __table_args__ = (Index("ix_name_traces_record", "kind", "record_id"), {"sqlite_with_rowid": False})

    trace: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
