"""What is known of merges: which have been done, and where a merged record is now (ACCT-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Merge, User
from services.core.access import needs
from services.core.listing import rows_of_page
from services.core.work import Work
from services.merging.ties import PAGE, merging_of

#: an activity, its version, its customer
Stand = tuple[int, int, int | None]
LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Done:
    """A merge that was done: which two, when, by whom, and whether it was undone."""

    id: int
    kind: str
    kept_id: int
    kept: str
    gone: str
    at: datetime
    by: str
    moved: int
    undone_at: datetime | None


def kept_for(work: Work, *, kind: str, record_id: int) -> int | None:
    """The record that this one has become part of, if the actor may see it; its old address leads there."""
    now, model = record_id, merging_of(kind).model
    for _ in range(LONGEST_CHAIN):
        valid = (Merge.kind == kind, Merge.gone == now, Merge.undone_at.is_(None))
        found = work.unseen(select(Merge.kept).where(*valid))
        if not found:
            break
        now = found[0][0]
    visible: int | None = work.scalar(select(model.id).where(model.id == now))
    return visible if now != record_id else None


def moves_of_activities(work: Work) -> Mapping[Stand, Stand]:
    """Of each activity that merges moved along, what it was after a move → what it was before: version and customer."""
    valid = select(Merge.moved).where(Merge.kind == "account", Merge.undone_at.is_(None))
    entries = [entry for (moved,) in work.rows(valid) for entry in moved if entry["table"] == "activities"]
    return {
        (entry["key"]["id"], entry["version"], entry["now"]["account_id"]): (
            entry["key"]["id"], entry["was"], entry["before"]["account_id"],
        )
        for entry in entries
    }  # fmt: skip


def sealed_account(moves: Mapping[Stand, Stand], activity: Any) -> int | None:
    """The customer that an ended activity was sealed with: only merges follow the end, so their unbroken chain leads there."""
    stand: Stand = (activity.id, activity.version, activity.account_id)
    while stand in moves:
        stand = moves[stand]
    return stand[2]


@needs("account.merge")
def done(work: Work, *, page: int = 1) -> tuple[Sequence[Done], int]:
    """One page of the merges, newest first, and how many there are."""
    merges = select(Merge, User.name.label("by")).join(User, User.id == Merge.by_id).order_by(Merge.id.desc())
    rows, total = rows_of_page(work, merges, page=page, size=PAGE)
    return [_done(row, by) for row, by in rows], total


def _done(row: Merge, by: str) -> Done:
    kept, gone = row.before["names"]
    return Done(row.id, row.kind, row.kept, kept, gone, row.at, by, len(row.moved), row.undone_at)
