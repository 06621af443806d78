"""Looks into the database behind people's backs: what is stored, and who was told what."""

from typing import Any

from sqlalchemy import select

from db.models import Notice
from services.core.errors import NotFound
from services.core.work import Work, work_as_system
from tests.factories import NOW


def stored(model: Any, record_id: int | None) -> Any:
    """The record as it is in the database, hidden or not."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return work.scalar(select(model).where(model.id == record_id))


def told() -> list[tuple[int, str]]:
    """Every notice, the first one first: (whose, kind)."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return [tuple(row) for row in work.rows(select(Notice.user_id, Notice.kind).order_by(Notice.id))]


def gettable(work: Work, model: Any, record_id: int) -> bool:
    """Whether the actor gets the record by its number."""
    try:
        work.get(model, record_id)
    except NotFound:
        return False
    return True
