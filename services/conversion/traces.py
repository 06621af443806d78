"""What shows that something has happened to a record."""

from sqlalchemy import func, select

from db.models import Event
from services.core.work import Work


def last_event(work: Work, kind: str, record_id: int) -> int | None:
    """The newest line in the story of a record."""
    found: int | None = work.scalar(select(func.max(Event.id)).where(Event.kind == kind, Event.record_id == record_id))
    return found
