"""Handing over everything that a person owns: previewed, at once or on a day, in one transaction, undone for a week (ADM-6).

Who may: access.md lets the data administrator assign leads and activities and staff customers everywhere, and the branch manager
in the own branch; together that is a handover, so both have it, each as far as that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from db.models import Handover, HandoverItem, HandoverState, Route, User
from services import holdings
from services.core import events, fields
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.fields import Field, Kind
from services.core.outbox import notify
from services.core.work import LARGEST_ID, Work
from services.handover import belongings, messages, moving
from services.handover.dividing import Placed, divide
from services.handover.flow import FLOW
from services.handover.moving import MAKE, Move
from services.handover.reading import changed_since
from services.handover.shares import Receiver, Share, checked, queue, read, receivers, stored, unfit

REASON = Field("reason", N_("Reason"), Kind.LONG, required=True, limit=1000)
FARTHEST = timedelta(days=366)
KINDS = ("account", "opportunity", "lead", "activity", "user")
#: in the order in which converting and ending take them, so that nobody waits in a circle
LOCKED = ("lead", "account", "opportunity", "activity", "user")
Placing = Sequence[Placed]


@dataclass(frozen=True)
class Preview:
    """Who would get how many of each kind, what nobody would, and what cannot be handed over but only decided by others."""

    counts: Mapping[int, Mapping[str, int]]
    names: Mapping[int, str]
    nobody: Sequence[Placed]
    staying: Sequence[str]
    total: int
    unfit: Sequence[str]
    undecided: int


@needs("handover.make")
def preview(work: Work, *, from_user_id: int, shares: Sequence[Share]) -> Preview:
    """What would happen if the work of this person were handed over now; who cannot take anything is named, and left out."""
    person = _person(work, from_user_id)
    there = receivers(work, person=person, shares=shares)
    placed = divide(belongings.of(work, person=person), there)
    return Preview(
        counts=_counts(placed, there), names={one.share.to_user_id: one.name for one in there},
        nobody=lost(placed), staying=[one.what.name for one in placed if one.to_user_id is None and one.what.kind == "user"],
        total=sum(one.to_user_id is not None for one in placed),
        unfit=unfit(work, shares=shares, there=there), undecided=holdings.undecided(work, person=person),
    )  # fmt: skip


@needs("handover.make")
def make(work: Work, *, from_user_id: int, shares: Sequence[Share], reason: str, on_day: date | None = None) -> int:
    """Hand over everything that the person owns at this moment, or on a later day whatever is theirs then. Returns the id.

    Refused as long as something would be left without an owner, or the person owns nothing.
    """
    person = _locked(work, from_user_id, shares)
    why = _reason(reason)
    day = _day(work, on_day)
    there = checked(work, person=person, shares=shares)
    _check_alone(work, person)
    placed = divide(belongings.of(work, person=person), there)
    _check_complete(placed)
    handover = Handover(
        from_user_id=person.id, on_day=day, state=HandoverState.PLANNED, shares=stored(shares), reason=why,
        created_at=work.now, created_by_id=work.actor.id or 0,
    )  # fmt: skip
    work.add(handover, to=MAKE)
    events.record(
        work, handover, "planned", changes={"from_user_id": (None, person.id), "on_day": (None, day)}, note=why
    )
    if day == work.today:
        _check_something(person, placed)
        _carry_out(work, handover, person, placed)
    return handover.id


@needs("handover.make")
def carry_out(work: Work, *, handover_id: int) -> int:
    """Do now what was planned, with what the person owns at this moment; returns how many records moved.

    What fits no share, or only that of somebody who has left since, goes to the manager of the branch.
    """
    handover = work.load(Handover, handover_id, to=MAKE)
    shares = read(handover.shares)
    person = _locked(work, handover.from_user_id, shares)
    there = [*receivers(work, person=person, shares=shares), *queue(work, person=person)]
    return _carry_out(work, handover, person, divide(belongings.of(work, person=person), there))


@needs("handover.make")
def cancel(work: Work, *, handover_id: int) -> None:
    """Give up a planned handover; nothing has moved yet."""
    handover = work.load(Handover, handover_id, to=MAKE)
    FLOW.advance(work, handover, "cancel")
    events.record(work, handover, "cancelled")


@needs("handover.make")
def undo(work: Work, *, handover_id: int) -> int:
    """Give everything back, all or nothing, within 7 days; returns how many records.

    Refused, naming them, when somebody has changed some of them since, or when the person could not have them.
    """
    handover = work.load(Handover, handover_id, to=MAKE)
    FLOW.advance(work, handover, "undo")
    found = work.scalars(select(HandoverItem).where(HandoverItem.handover_id == handover.id))
    led = [item.record_id for item in found if item.kind == "user"]
    person = _locked(work, handover.from_user_id, read(handover.shares), led)
    if not person.active:
        raise Refused(HAS_LEFT, name=person.name)
    items = sorted(found, key=lambda item: (LOCKED.index(item.kind), item.record_id))
    if changed := changed_since(work, items=items):
        raise Refused(CHANGED if len(changed) <= 5 else CHANGED_MORE, count=len(changed), names=changed[:5])
    for item in items:
        moving.give_back(work, item, to_user_id=person.id, reason=handover.reason)
    handover.undone_at = work.now
    events.record(work, handover, "undone")
    told: dict[str, Any] = {"by": work.actor.name, "person": person.name, "count": len(items)}
    notify(work, messages.TAKEN_BACK, to={person.id, *(item.to_user_id for item in items)}, **told)
    return len(items)


def _carry_out(work: Work, handover: Handover, person: User, divided: Placing) -> int:
    """Move everything, or nothing; people for whom no other superior is found stay, which no record does."""
    FLOW.advance(work, handover, "carry_out")
    _check_complete(divided)
    placed = [one for one in divided if one.to_user_id is not None]
    handover.done_at = work.now
    for one in sorted(placed, key=lambda one: (LOCKED.index(one.what.kind), one.what.account_id or 0, one.what.id)):
        move = Move(one.what.id, person.id, one.to_user_id or 0, handover.reason)
        work.also(moving.take(work, kind=one.what.kind, move=move, handover_id=handover.id))
    events.record(work, handover, "carried_out", changes={"records": (None, len(placed))})
    _tell(work, handover, person, placed)
    return len(placed)


def _tell(work: Work, handover: Handover, person: User, placed: Placing) -> None:
    """One gathered notice for each receiver, and one for whose work it was."""
    by, names = work.actor.name, []
    for to_user_id in dict.fromkeys(one.to_user_id for one in placed):
        got = Counter(one.what.kind for one in placed if one.to_user_id == to_user_id)
        told: dict[str, Any] = {kind: got[kind] for kind in KINDS} | {
            "person": person.name,
            "by": by,
            "reason": handover.reason,
        }
        notify(work, messages.TAKEN_OVER, to=[to_user_id or 0], routes=[Route.EMAIL], **told)
        names.append(work.scalar(select(User.name).where(User.id == to_user_id)))
    if names:
        given: dict[str, Any] = {
            "receivers": names,
            "count": len(placed),
            "by": by,
            "reason": handover.reason,
        }
        notify(work, messages.GIVEN_AWAY, to=[person.id], **given)


def _person(work: Work, user_id: int) -> User:
    person = work.get(User, user_id)
    if not work.reaches(person, MAKE):
        raise Refused(NOT_YOURS, name=person.name)
    return person


def _locked(work: Work, from_user_id: int, shares: Sequence[Share], moved: Sequence[int] = ()) -> User:
    """The person, all receivers and whoever reports to another one afterwards, in one order until this Work ends."""
    wanted = [share.to_user_id for share in shares if 0 < share.to_user_id <= LARGEST_ID]
    known = work.scalars(select(User.id).where(User.id.in_(wanted)))
    led = {*moved, *work.scalars(select(User.id).where(User.superior_id == from_user_id, User.active))}
    for user_id in sorted({*known, *led, from_user_id}):
        if user_id == from_user_id:
            person = work.load(User, user_id, to=MAKE)
        elif user_id in led:
            work.rows(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
        else:
            work.hold(User, user_id)
    return person


def _reason(reason: str) -> str:
    return str(fields.filled([REASON], {"reason": reason})["reason"])


def _day(work: Work, on_day: date | None) -> date:
    day = on_day or work.today
    if not work.today <= day <= work.today + FARTHEST:
        raise Invalid({"on_day": Said(WHEN)})
    return day


def _check_alone(work: Work, person: User) -> None:
    planned = (Handover.from_user_id == person.id, Handover.state == HandoverState.PLANNED)
    if work.scalar(select(Handover.id).where(*planned)) is not None:
        raise Refused(PLANNED_ALREADY, name=person.name)


def _check_something(person: User, placed: Placing) -> None:
    if not any(one.to_user_id for one in placed):
        raise Refused(NOTHING, name=person.name)


def _check_complete(placed: Placing) -> None:
    """No record is ever left without an owner or queue."""
    if found := lost(placed):
        raise Refused(LEFT_OVER, count=len(found), name=found[0].what.name, why=Said(found[0].why))


def lost(placed: Placing) -> list[Placed]:
    """What nobody would have. Whoever keeps a superior that left is still heard: messages go on to the next one above."""
    return [one for one in placed if one.to_user_id is None and one.what.kind != "user"]


def _counts(placed: Placing, there: Sequence[Receiver]) -> dict[int, dict[str, int]]:
    found: Mapping[Any, int] = Counter((one.to_user_id, one.what.kind) for one in placed)
    return {one.share.to_user_id: {kind: found[one.share.to_user_id, kind] for kind in KINDS} for one in there}


NOT_YOURS = N_("{name} belongs to another branch; its manager or a data administrator hands over.")
HAS_LEFT = N_("{name} is inactive and cannot have anything. Let them in again first.")
CHANGED = N_("Somebody has changed {count} of these records since, so nothing was taken back: {names}.")
CHANGED_MORE = N_("Somebody has changed {count} of these records since, so nothing was taken back: {names} and others.")
WHEN = N_("Today or a day within the next year.")
PLANNED_ALREADY = N_("A handover of {name} is planned already. Cancel it first.")
NOTHING = N_("{name} has nothing to hand over.")
LEFT_OVER = N_("{count} records would be left without an owner, such as “{name}”: {why}. Choose somebody for them.")
