"""What is known of merges: which have been done, where a merged record is now, and which pairs wait (ACCT-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from db.models import Branch, Contact, Merge, User
from services import regions
from services.core.access import needs
from services.core.errors import N_, Said
from services.core.work import Work
from services.merging.ties import merging_of

#: an activity, its version, its customer
Stand = tuple[int, int, int | None]
MOST = 50
LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Pair:
    """Two records that may be one, the older first, each with what tells it from the other."""

    first_id: int
    first: str
    first_detail: str
    second_id: int
    second: str
    second_detail: str
    branch: str
    why: Said


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
def done(work: Work) -> Sequence[Done]:
    """The latest merges, newest first."""
    rows = work.rows(
        select(Merge, User.name.label("by")).join(User, User.id == Merge.by_id).order_by(Merge.id.desc()).limit(MOST)
    )
    return [_done(row, by) for row, by in rows]


def _done(row: Merge, by: str) -> Done:
    kept, gone = row.before["names"]
    return Done(row.id, row.kind, row.kept, kept, gone, row.at, by, len(row.moved), row.undone_at)


@needs("account.merge")
def pairs(work: Work, *, kind: str) -> Sequence[Pair]:
    """Pairs of one branch that share name or phone, as far as a page holds them."""
    model = merging_of(kind).model
    one, other = model, aliased(model)
    present = (
        one.deleted_at.is_(None),
        other.deleted_at.is_(None),
        one.branch_id == other.branch_id,
        one.id < other.id,
    )
    found: dict[tuple[int, int], Pair] = {}
    for why, same in _signs(model, one, other):
        statement = (
            select(*_shown(one), *_shown(other), Branch.name, Branch.name_en)
            .join(other, and_(same, *present))
            .join(Branch, Branch.id == one.branch_id)
            .order_by(one.id, other.id)
        )
        for row in work.rows(statement.limit(MOST)):
            first, second, branch = row[:4], row[4:8], row[9 if work.actor.language == "en" else 8]
            pair = Pair(
                first[0], first[1], _detail(first), second[0], second[1], _detail(second), branch=branch, why=Said(why)
            )
            found.setdefault((pair.first_id, pair.second_id), pair)
    return list(found.values())[:MOST]


def _shown(one: Any) -> tuple[Any, ...]:
    """Number, name, and the two that tell namesakes apart."""
    if hasattr(one, "mobile"):
        return one.id, one.name, one.mobile, one.email
    return one.id, one.name, one.phone, one.city_code


def _detail(shown: Sequence[Any]) -> str:
    number, other = shown[2:]
    return " · ".join(filter(None, (number, regions.name(other) or other)))


def _signs(model: Any, one: Any, other: Any) -> list[tuple[str, Any]]:
    if model is Contact:
        return [(SAME_PHONE, one.mobile == other.mobile)]
    crossed = or_(one.phone == other.phone, one.phone == other.phone2, one.phone2 == other.phone)
    return [(SAME_NAME, one.name_key == other.name_key), (SAME_PHONE, and_(one.phone.is_not(None), crossed))]


SAME_NAME, SAME_PHONE = N_("same name"), N_("same phone number")
