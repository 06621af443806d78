"""The history of what became one: the kept record's, and that of every record merged into it (ACCT-4, ALL-3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from db.models import Merge
from services.core import events
from services.core.work import Work
from services.merging.ties import merging_of

AWAY = "merged_away"


def story(work: Work, *, kind: str, record_id: int) -> tuple[Sequence[Any], Mapping[int, str]]:
    """What happened to the record and to those that are part of it by now, newest first; and what those were called.

    Whoever reads the kept record's history reads theirs, which nobody sees elsewhere any more.
    """
    own, model = events.story(work, kind=kind, record_id=record_id), merging_of(kind).model
    names = _part_of(work, kind, record_id)
    if not names or work.scalar(select(model.id).where(model.id == record_id)) is None:
        return own, {}
    came_along = [line for line in events.story_unseen(work, kind=kind, record_ids=list(names)) if line.action != AWAY]
    return sorted([*own, *came_along], key=lambda line: line.id, reverse=True)[: events.MOST], names


def _part_of(work: Work, kind: str, record_id: int) -> Mapping[int, str]:
    """The records merged into this one, also through one another, and not taken out again."""
    names: dict[int, str] = {}
    into = [record_id]
    while into:
        valid = (Merge.kind == kind, Merge.kept.in_(into), Merge.undone_at.is_(None))
        found = {
            gone: before["names"][1] for gone, before in work.unseen(select(Merge.gone, Merge.before).where(*valid))
        }
        into = [gone for gone in found if gone not in names]
        names |= found
    return names
