"""Pairs that only look like one: the inbox of duplicates shows them no more, until somebody takes that back (ACCT-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select

from db.models import ToldApart, User
from services.core import events
from services.core.access import needs
from services.core.errors import Refused
from services.core.listing import rows_of_page
from services.core.work import Work
from services.merging.choosing import THE_SAME, two_of
from services.merging.pairing import Half, halves
from services.merging.ties import KINDS, PAGE, merging_of


@dataclass(frozen=True)
class Apart:
    """Two that are not the same, by whom and when that was said."""

    kind: str
    first: Half
    second: Half
    at: datetime
    by: str


@needs("account.merge")
def tell_apart(work: Work, *, kind: str, first_id: int, second_id: int) -> None:
    """Note that the two are not the same; once, whoever says it a second time."""
    pair, place = _both(work, kind, first_id, second_id)
    if work.also_once(ToldApart(**place, at=work.now, by_id=work.actor.id)):
        _record(work, pair, "told_apart")


@needs("account.merge")
def look_again(work: Work, *, kind: str, first_id: int, second_id: int) -> None:
    """Take that back: the two stand in the inbox again as long as they look alike."""
    pair, place = _both(work, kind, first_id, second_id)
    if work.rows(select(ToldApart.at).filter_by(**place)):
        work.erase(delete(ToldApart).filter_by(**place))
        _record(work, pair, "look_again")


@needs("account.merge")
def apart(work: Work, *, page: int = 1) -> tuple[Sequence[Apart], int]:
    """One page of the pairs that were told apart, newest first, and how many there are.

    One that is deleted or merged meanwhile is left out.
    """
    said = select(ToldApart, User.name.label("by")).join(User, User.id == ToldApart.by_id)
    there = said.where(or_(*(_both_there(kind) for kind in KINDS)))
    newest = there.order_by(ToldApart.at.desc(), ToldApart.first.desc(), ToldApart.second.desc())
    rows, total = rows_of_page(work, newest, page=page, size=PAGE)
    shown = {kind: halves(work, kind=kind, ids=_of_kind(kind, [row for row, _by in rows])) for kind in KINDS}
    return [
        Apart(row.kind, shown[row.kind][row.first], shown[row.kind][row.second], row.at, by) for row, by in rows
    ], total


def _both_there(kind: str) -> ColumnElement[bool]:
    model: Any = merging_of(kind).model
    present = select(model.id).where(model.deleted_at.is_(None))
    return and_(ToldApart.kind == kind, ToldApart.first.in_(present), ToldApart.second.in_(present))


def _both(work: Work, kind: str, first_id: int, second_id: int) -> tuple[Sequence[Any], dict[str, Any]]:
    """The records, held until this is stored, and the key of the pair."""
    how = merging_of(kind)
    low, high = sorted((first_id, second_id))
    if low == high:
        raise Refused(THE_SAME)
    two_of(work, how, low, high)
    return [work.hold(how.model, number) for number in (low, high)], {"kind": kind, "first": low, "second": high}


def _record(work: Work, pair: Sequence[Any], action: str) -> None:
    first, second = pair
    for mine, other in ((first, second), (second, first)):
        events.record(work, mine, action, note=other.name)


def _of_kind(kind: str, rows: Sequence[ToldApart]) -> set[int]:
    return {number for row in rows if row.kind == kind for number in (row.first, row.second)}
