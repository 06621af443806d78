"""Names, numbers and addresses stand as they would be stored if somebody typed them today (CON-1 to CON-3)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, Lead
from services import accounts, contacts, leads
from services.core.errors import Invalid
from services.core.fields import Fields, Kind
from services.core.work import Work
from services.integrity.problem import Found, Rule

WRITTEN: tuple[tuple[str, Any, Fields], ...] = (
    ("account", Account, accounts.FIELDS), ("contact", Contact, contacts.FIELDS), ("lead", Lead, leads.FIELDS),
)  # fmt: skip


def written_as_typed(work: Work) -> Found:
    """Every field that has a format keeps it, whatever way its value came in."""
    for kind, model, fields in WRITTEN:
        formed = [field for field in fields if field.check is not None and field.kind in (Kind.TEXT, Kind.PHONE)]
        columns = (getattr(model, field.name) for field in formed)
        for row in work.stream(select(model.id, *columns).where(model.deleted_at.is_(None))):
            for name in _misshapen(formed, row):
                yield f"{kind} {row.id}", f"has a {name} that nobody could type"


def _misshapen(formed: Fields, row: Any) -> Iterator[str]:
    for field in formed:
        value = getattr(row, field.name)
        if value is not None and field.check is not None and not _keeps(field.check, value):
            yield field.name


def _keeps(check: Any, value: Any) -> bool:
    try:
        return bool(check(value) == value)
    except Invalid:
        return False


RULES = (Rule("written as typed", written_as_typed),)
