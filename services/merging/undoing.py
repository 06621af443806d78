"""Taking a merge back: both records are as they were, as long as nobody has changed what came together (ACCT-4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from db.base import Model
from db.models import Merge
from services.core import events
from services.core.access import needs
from services.core.errors import N_, NotFound, Refused
from services.core.events import stored
from services.core.work import Work
from services.merging.ties import TIES, Merging, merging_of, open_for_writing

Moved = Mapping[str, Any]


@needs("account.merge")
def undo(work: Work, *, merge_id: int) -> None:
    """Give both records back what was theirs; Refused when one of them, or what moved, has changed since."""
    row = work.load(Merge, merge_id, to="account.merge")
    if row.undone_at is not None:
        raise NotFound
    how = merging_of(row.kind)
    there = [_found(work, row.kind, entry, locked=False) for entry in row.moved]
    open_for_writing(work, how.permission, [one for one in there if one], besides={how.model: (row.kept, row.gone)})
    kept, gone = _both(work, how, row)
    moved = [(entry, _found(work, row.kind, entry)) for entry in row.moved]
    if changed := sum(one is None for _entry, one in moved):
        raise Refused(MOVED_CHANGED, count=changed)
    row.undone_at, row.undone_by_id = work.now, work.actor.id
    work.flush()
    fields = dict(row.before["fields"])
    above = {how.above: fields.pop(how.above)}
    how.change(work, kept.id, fields)
    gone.deleted_at = None
    work.flush()
    open_for_writing(work, how.permission, [one for _entry, one in moved])
    for entry, one in reversed(moved):
        _back(work, one, entry)
    if getattr(kept, how.above) != above[how.above]:
        how.change(work, kept.id, above)
    for record in (kept, gone):
        events.record(work, record, "merge_undone", changes={})
    work.flush()
    _as_before(work, row, kept, gone, moved)


def _as_before(work: Work, row: Merge, kept: Any, gone: Any, moved: Sequence[tuple[Moved, Any]]) -> None:
    """For earlier merges everything is as they left it: they can be undone in their turn."""
    earlier = (Merge.kind == row.kind, Merge.id < row.id, Merge.undone_at.is_(None), Merge.kept.in_((kept.id, gone.id)))
    now = {(entry["table"], str(entry["key"]), entry["was"]): getattr(one, "version", None) for entry, one in moved}
    for one in work.scalars(select(Merge).where(*earlier)):
        record, was = (kept, 0) if one.kept == kept.id else (gone, 1)
        if one.kept_version == row.before["versions"][was]:
            one.kept_version = record.version
        one.moved = [
            {**entry, "version": now.get((entry["table"], str(entry["key"]), entry["version"]), entry["version"])}
            for entry in one.moved
        ]


def _both(work: Work, how: Merging, row: Merge) -> tuple[Any, Any]:
    """Both records, locked, if they are as the merge left them."""
    kept = work.load_many(how.model, [row.kept], to=how.permission)
    with work.recycle_bin():
        gone = work.load_many(how.model, [row.gone], to=how.permission)
    if not kept or not gone:
        raise Refused(GONE_ON, name=row.before["names"][0])
    if (kept[0].version, gone[0].version) != (row.kept_version, row.before["gone_version"]):
        raise Refused(CHANGED, name=kept[0].name)
    return kept[0], gone[0]


def _found(work: Work, kind: str, entry: Moved, *, locked: bool = True) -> Any:
    """The row as the merge left it; None when it has changed or is not there any more."""
    model = _model(kind, entry["table"])
    same = [getattr(model, name) == value for name, value in entry["key"].items()]
    statement = select(model).where(*same).execution_options(populate_existing=True)
    found = work.unseen(statement.with_for_update(key_share=True) if locked else statement)
    one = found[0][0] if found else None
    if one is None or entry["version"] != getattr(one, "version", None):
        return None
    return one if all(stored(getattr(one, name)) == value for name, value in entry["now"].items()) else None


def _back(work: Work, one: Any, entry: Moved) -> None:
    for name, value in entry["before"].items():
        setattr(one, name, date.fromisoformat(value) if name == "until" and value else value)
    work.flush()


def _model(kind: str, table: str) -> Any:
    models: Sequence[type[Model]] = [tie.model for tie in TIES[kind]]
    return next(model for model in models if model.__tablename__ == table)


CHANGED = N_("{name} has been changed since; the merge can no longer be undone.")
GONE_ON = N_("{name} has been deleted or merged since; the merge can no longer be undone.")
MOVED_CHANGED = N_("{count} of the records that moved have been changed since; the merge can no longer be undone.")
