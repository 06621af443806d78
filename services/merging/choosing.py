"""Before merging: both records side by side, what would move, and what stands in the way (ACCT-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from db.models import ContactRequest, RequestState
from services.core.access import needs
from services.core.access.grants import NOT_ALLOWED
from services.core.errors import N_, Invalid, Refused, Said
from services.core.work import Work
from services.field_values import in_words
from services.merging.ties import TIES, Merging, Tie, merging_of
from services.regions import CODES

#: an address is one thing: a street of one town never joins the city of another
PLACE = (*CODES, "street", "postal_code")


@dataclass(frozen=True)
class Side:
    """One of the two records."""

    id: int
    name: str
    version: int
    hanging: int


@dataclass(frozen=True)
class Choice:
    """Fields in which the two differ, as one choice: label, what each has, and whether the other's is proposed."""

    names: Sequence[str]
    label: str
    kept: Sequence[Any]
    gone: Sequence[Any]
    take: bool


@dataclass(frozen=True)
class Preview:
    """What merging would do."""

    kind: str
    kept: Side
    gone: Side
    choices: Sequence[Choice]
    moves: Sequence[tuple[str, int]]
    stays: Sequence[tuple[str, int]]
    obstacle: Said | None


@needs("account.merge")
def preview(work: Work, *, kind: str, kept_id: int, gone_id: int) -> Preview:
    """Both records, the fields in which they differ, and how many of what would move from the one to the other."""
    how = merging_of(kind)
    kept, gone = two_of(work, how, kept_id, gone_id)
    counted = [(tie.label, *_counted(work, tie, kept, gone)) for tie in TIES[kind]]
    return Preview(
        kind, _side(work, kind, kept), _side(work, kind, gone), _choices(work, how, kept, gone),
        moves=[(label, moving) for label, moving, _staying in counted if moving],
        stays=[(label, staying) for label, _moving, staying in counted if staying],
        obstacle=obstacle(work, kind, kept, gone),
    )  # fmt: skip


def two_of(work: Work, how: Merging, kept_id: int, gone_id: int) -> tuple[Any, Any]:
    """Both records, if the actor may merge such ones."""
    if not work.actor.may(how.permission):
        raise Refused(NOT_ALLOWED)
    return work.get(how.model, kept_id), work.get(how.model, gone_id)


def obstacle(work: Work, kind: str, kept: Any, gone: Any) -> Said | None:
    """Why these two cannot become one."""
    if kept.id == gone.id:
        return Said(THE_SAME)
    if kept.branch_id != gone.branch_id:
        return Said(OTHER_BRANCH)
    asked = (ContactRequest.contact_id.in_((kept.id, gone.id)), ContactRequest.state == RequestState.PENDING)
    if kind == "contact" and work.exists_unseen(select(ContactRequest.id).where(*asked)):
        return Said(PENDING)
    return None


def checked_take(how: Merging, take: Sequence[str]) -> list[str]:
    """The fields to take from the other record; of an address all or nothing."""
    known = [field.name for field in how.fields]
    if unknown := set(take) - set(known):
        raise Invalid({name: Said(NOT_A_FIELD) for name in sorted(unknown)})
    whole = {*take, *(PLACE if set(take) & set(PLACE) else ())}
    return [name for name in known if name in whole]


def _side(work: Work, kind: str, record: Any) -> Side:
    hanging = sum(_count(work, tie, record.id) for tie in TIES[kind])
    return Side(record.id, record.name, record.version, hanging)


def _count(work: Work, tie: Tie, record_id: int) -> int:
    return int(work.unseen(select(func.count()).select_from(tie.model).where(tie.names == record_id))[0][0])


def _counted(work: Work, tie: Tie, kept: Any, gone: Any) -> tuple[int, int]:
    """How many rows would move, and how many would stay because the kept record has the like."""
    total = _count(work, tie, gone.id)
    if tie.once is None or not total:
        return total, 0
    there = {tie.once(row[0]) for row in work.unseen(select(tie.model).where(tie.names == kept.id))}
    staying = sum(tie.once(row[0]) in there for row in work.unseen(select(tie.model).where(tie.names == gone.id)))
    return total - staying, staying


def _choices(work: Work, how: Merging, kept: Any, gone: Any) -> list[Choice]:
    told = [_told(work, how, record) for record in (kept, gone)]
    found = []
    for field in how.fields:
        first, second = getattr(kept, field.name), getattr(gone, field.name)
        if field.name not in PLACE and first != second:
            proposed = first in (None, "", False) and field.name != how.above
            shown = [[side[field.name]] for side in told]
            found.append(Choice([field.name], field.label, shown[0], shown[1], take=proposed))
    return [*found, *_address(how, kept, gone, told)]


def _address(how: Merging, kept: Any, gone: Any, told: Sequence[Mapping[str, Any]]) -> list[Choice]:
    names = [field.name for field in how.fields if field.name in PLACE]
    first, second = ([getattr(record, name) for name in names] for record in (kept, gone))
    if first == second:
        return []
    shown = [[side[name] for name in names if side[name]] for side in told]
    return [Choice(names, ADDRESS, shown[0], shown[1], take=not any(first))]


def _told(work: Work, how: Merging, record: Any) -> Mapping[str, Any]:
    values = {field.name: getattr(record, field.name) for field in how.fields}
    above = work.scalar(select(how.model.name).where(how.model.id == values[how.above])) if values[how.above] else None
    return in_words(work, fields=how.fields, values=values, names={how.above: above})


ADDRESS = N_("Address")
THE_SAME = N_("This is one and the same record.")
OTHER_BRANCH = N_("The two belong to different branches. Each branch keeps its own record of a customer.")
PENDING = N_("A request about one of the two is still to be decided; please decide it first.")
NOT_A_FIELD = N_("This field cannot be changed here.")
