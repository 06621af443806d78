"""Similar names: found by their traces, ranked by how much of their sound they share (ACCT-3)."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from db.models import NameTrace
from services import formats
from services.core.work import Work

#: so many are looked at; the person sees the best few of them
LOOKED_AT = 120
#: names that share less than this of their sound are not worth a look
LEAST = 0.5


def remember(work: Work, *, kind: str, record_id: int, name: str | None) -> None:
    """Keep the traces of a record's name in step with the name; written in the same transaction."""
    wanted = formats.traces(name)
    mine = (NameTrace.kind == kind, NameTrace.record_id == record_id)
    present = {row.trace: row for row in work.scalars(select(NameTrace).where(*mine))}
    work.drop(*(row for trace, row in present.items() if trace not in wanted))
    work.also(*(NameTrace(trace=t, kind=kind, record_id=record_id) for t in sorted(wanted - present.keys())))


def remember_new(work: Work, *, kind: str, names: Mapping[int, str | None]) -> None:
    """The same for many records that were just made."""
    traces = ((trace, record_id) for record_id, name in names.items() for trace in sorted(formats.traces(name)))
    work.insert_many(NameTrace, [{"trace": trace, "kind": kind, "record_id": record_id} for trace, record_id in traces])


def alike(work: Work, *, kind: str, name: str | None) -> Sequence[int]:
    """Numbers of records of this kind whose names share traces with this one, those that share most first."""
    wanted = formats.traces(name)
    if not wanted:
        return []
    shared = select(NameTrace.record_id).where(NameTrace.trace.in_(wanted), NameTrace.kind == kind)
    best = shared.group_by(NameTrace.record_id).order_by(func.count().desc(), NameTrace.record_id.desc())
    return work.scalars(best.limit(LOOKED_AT))


def sound_alike(one: str | None, other: str | None) -> bool:
    """Whether two names share enough of their sound to be worth a look."""
    return likeness(one, other) >= LEAST


def likeness(one: str | None, other: str | None) -> float:
    """How much of their sound two names share, from 0 to 1."""
    first, second = Counter(formats.syllables(one)), Counter(formats.syllables(other))
    return 2 * (first & second).total() / max(first.total() + second.total(), 1)
