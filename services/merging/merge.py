"""Two records become one: fields as chosen, and everything that hangs on the other moves along, in one transaction (ACCT-4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from db.models import ContactAccount, Merge
from services.core import events
from services.core.access import needs
from services.core.conflicts import STALE
from services.core.errors import Refused, Stale
from services.core.events import stored
from services.core.work import Work
from services.hierarchy import check_above
from services.merging.choosing import checked_take, obstacle, two_of
from services.merging.ties import TIES, Merging, Tie, key_of, merging_of, open_for_writing, rows_of

Moved = dict[str, Any]


@needs("account.merge")
def merge(
    work: Work, *, kind: str, kept_id: int, gone_id: int, take: Sequence[str] = (), versions: Sequence[int] = ()
) -> int:
    """Let ``gone`` become part of ``kept``, which takes these fields from it; returns the id of the merge.

    Refused for records of two branches; Stale when one of the two has changed since ``versions`` were read.
    """
    how, wanted = merging_of(kind), checked_take(merging_of(kind), take)
    kept, gone = _locked(work, how, kept_id, gone_id)
    if versions and list(versions) != [kept.version, gone.version]:
        raise Stale(STALE)
    if said := obstacle(work, kind, kept, gone):
        raise Refused(said.message, **said.parameters)
    row = _begin(work, how, kept, gone, wanted)
    changes = {name: getattr(gone, name) for name in wanted if getattr(gone, name) != kept.id or name != how.above}
    gone.deleted_at = work.now
    work.flush()
    row.moved = [entry for tie in TIES[kind] for entry in _move(work, how, tie, kept, gone)]
    how.change(work, kept.id, changes)
    check_above(work, model=how.model, record=kept, field=how.above)
    events.record(work, kept, "merged", changes={"merged_from": (None, gone.name)})
    events.record(work, gone, "merged_away", changes={"merged_into": (None, kept.name)})
    work.flush()
    row.kept_version, row.before = kept.version, {**row.before, "gone_version": gone.version}
    return row.id


def _locked(work: Work, how: Merging, kept_id: int, gone_id: int) -> tuple[Any, Any]:
    """With all that moves, in one order for everybody, or two who work at once wait for each other."""
    two_of(work, how, kept_id, gone_id)
    moving = [row for tie in TIES[how.kind] for row in rows_of(work, tie, gone_id, locked=False)]
    open_for_writing(work, how.permission, moving, besides={how.model: (kept_id, gone_id)})
    found = {number: work.load(how.model, number, to=how.permission) for number in sorted({kept_id, gone_id})}
    return found[kept_id], found[gone_id]


def _begin(work: Work, how: Merging, kept: Any, gone: Any, wanted: Sequence[str]) -> Merge:
    """The row that lets ended activities follow, with what the kept record looked like."""
    before = {
        "fields": {name: stored(getattr(kept, name)) for name in (*wanted, how.above)},
        "names": [kept.name, gone.name],
        "versions": [kept.version, gone.version],
    }
    row = Merge(
        kind=how.kind, kept=kept.id, gone=gone.id, kept_version=kept.version, before=before, moved=[], at=work.now,
        by_id=work.actor.id or 0,
    )  # fmt: skip
    work.also(row)
    work.flush()
    return row


def _move(work: Work, how: Merging, tie: Tie, kept: Any, gone: Any) -> Iterator[Moved]:
    open_for_writing(work, how.permission, rows_of(work, tie, gone.id, locked=False))  # what came meanwhile
    rows = rows_of(work, tie, gone.id)
    there = {tie.once(row): row for row in rows_of(work, tie, kept.id)} if tie.once and rows else {}
    for row in rows:
        present = there.get(tie.once(row)) if tie.once else None
        if present is None:
            yield _set(work, row, _placed(how, tie, row, kept, gone))
        elif isinstance(row, ContactAccount) and how.kind == "account":
            yield from _join(work, row, present)


def _placed(how: Merging, tie: Tie, row: Any, kept: Any, gone: Any) -> dict[str, Any]:
    """Where the row hangs from now on: nothing above itself, and one main customer only."""
    if row is kept:
        above = getattr(gone, how.above)
        return {tie.column: None if above == kept.id else above}
    demoted = {"main": False} if isinstance(row, ContactAccount) and how.kind == "contact" else {}
    return {tie.column: kept.id, **demoted}


def _join(work: Work, row: ContactAccount, present: ContactAccount) -> Iterator[Moved]:
    """Somebody who works at both: the place that counts more wins, and what stays behind is nobody's main place."""
    now: dict[str, Any] = {"main": True} if row.main else {}
    now |= {"until": None} if row.until is None and present.until is not None else {}
    if row.main:
        yield _set(work, row, {"main": False})
    if now:
        yield _set(work, present, now)


def _set(work: Work, row: Any, now: Mapping[str, Any]) -> Moved:
    """Change the row, and keep what has to be known to change it back."""
    before = {name: stored(getattr(row, name)) for name in now}
    was = getattr(row, "version", None)
    for name, value in now.items():
        setattr(row, name, value)
    work.flush()
    return {
        "table": row.__tablename__, "key": key_of(row), "before": before,
        "now": {name: stored(value) for name, value in now.items()}, "version": getattr(row, "version", None),
        "was": was,
    }  # fmt: skip
