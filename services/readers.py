"""Who may hear of a record: only people who may read it at that moment (ACC-3, ALL-7)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from db.models import User
from services.core.access import READING, Actor, criteria
from services.core.work import Work


def among(work: Work, *, record: Any, people: Iterable[int | None]) -> list[int]:
    """Those of the people who are active and may read the record, in their order."""
    wanted = [person for person in dict.fromkeys(people) if person is not None]
    columns = select(User.id, User.name, User.role, User.branch_id, User.language)
    found = {row.id: row for row in work.rows(columns.where(User.id.in_(wanted), User.active))}
    return [person for person in wanted if person in found and _may_read(work, record, found[person])]


def _may_read(work: Work, record: Any, person: Any) -> bool:
    kind = type(record)
    rule = criteria(kind, READING[kind], Actor(**person._mapping))
    if rule is None:
        return True
    return bool(work.scalar(select(func.count()).select_from(kind).where(kind.id == record.id, rule)))
