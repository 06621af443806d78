"""What a person had typed when the session ended, kept for that person alone until the next sign-in (SIG-5)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.models import Draft
from services import sign_in
from services.core.work import Work

#: what inputs hold besides plain JSON; the first that fits, so that a moment is not taken for a date
KINDS: Mapping[str, tuple[type, Callable[[str], Any]]] = {
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "time": (time, time.fromisoformat),
    "decimal": (Decimal, Decimal),
}
PLAIN = (str, int, float, bool)
KEPT = timedelta(days=14)
LONGEST = 20_000


def save_for(work: Work, *, session: str, forms: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the forms of the person who held this sign-in session, in a Work of the system: the session has ended.

    The session, which no client can name, is the proof of whose text it is; a draft already there gives way.
    """
    user_id = sign_in.holder(work, session=session)
    if user_id is None:
        return
    for form, values in forms.items():
        row = work.scalar(select(Draft).where(Draft.user_id == user_id, Draft.form == form[:120]).with_for_update())
        row = row or Draft(user_id=user_id, form=form[:120])
        row.values, row.saved_at = {name: _packed(value) for name, value in values.items() if _keeps(value)}, work.now
        work.also(row)


def waiting(work: Work) -> list[str]:
    """The forms of the actor for which something is kept."""
    return list(
        work.scalars(select(Draft.form).where(Draft.user_id == work.actor.id, Draft.saved_at > work.now - KEPT))
    )


def take(work: Work, *, form: str) -> dict[str, Any]:
    """What the actor had typed into this form, field by field, and no longer kept then; empty if nothing is."""
    row = work.scalar(select(Draft).where(Draft.user_id == work.actor.id, Draft.form == form))
    if row is None:
        return {}
    work.drop(row)
    return {name: _unpacked(value) for name, value in row.values.items()}


def sweep(work: Work, *, limit: int = 5000) -> int:
    """Remove drafts that nobody came back for; returns how many."""
    old = work.scalars(select(Draft).where(Draft.saved_at < work.now - KEPT).limit(limit))
    work.drop(*old)
    return len(old)


def _keeps(value: Any) -> bool:
    """Whether this is something typed or chosen, not a file or an object."""
    if isinstance(value, list | tuple):
        return all(_keeps(part) for part in value)
    return isinstance(value, (*PLAIN, *(kind for kind, _ in KINDS.values()))) and len(str(value)) <= LONGEST


def _packed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_packed(part) for part in value]
    for name, (kind, _) in KINDS.items():
        if isinstance(value, kind):
            return {"kind": name, "text": str(value)}
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(part) for part in value]
    if isinstance(value, dict):
        return KINDS[value["kind"]][1](value["text"])
    return value
