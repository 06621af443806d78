"""Who is known already: by the number, among what the actor sees, and beyond that only where (ALL-7)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, Lead
from services import duplicates
from services.core.errors import Said
from services.core.work import Work
from services.leads.fields import FIELDS
from services.leads.flow import OPEN

ASKED_AT_ONCE = 500
#: where a number can stand, in the order in which what is found is named
PLACES = (
    ("lead", Lead.mobile), ("lead", Lead.landline), ("account", Account.phone), ("account", Account.phone2),
    ("contact", Contact.mobile), ("contact", Contact.landline),
)  # fmt: skip
#: a lead that a row tells more about gets these, where they are empty
FILLABLE = tuple(field.name for field in FIELDS if field.name not in ("line", "mobile", "urgency"))


@dataclass(frozen=True, slots=True)
class Known:
    """A record that has the number."""

    kind: str
    id: int


def in_sight(work: Work, phones: Collection[str]) -> dict[str, Known]:
    """Number → the first record with it that the actor may see."""
    found: dict[str, Known] = {}
    for kind, number in PLACES:
        record = number.class_
        for some in _portions(set(phones) - found.keys()):
            for row in work.rows(select(number, record.id).where(number.in_(some), record.deleted_at.is_(None))):
                found.setdefault(row[0], Known(kind, row.id))
    return found


def out_of_sight(work: Work, phones: Collection[str]) -> dict[str, Said]:
    """Number → “exists in branch X, ask Y”, for what another branch has; never more than that (ALL-7)."""
    if work.actor.branch_id is None:
        return {}
    found: dict[str, int | None] = {}
    for _kind, number in PLACES:
        record = number.class_
        for some in _portions(set(phones) - found.keys()):
            there = select(number, record.branch_id).where(number.in_(some), record.deleted_at.is_(None))
            found |= {row[0]: row.branch_id for row in work.unseen(there)}
    told = duplicates.elsewhere(work, branches=found.values())
    return {phone: told[branch_id].said for phone, branch_id in found.items()}


def fillable(work: Work, ids: Iterable[int]) -> Mapping[int, Any]:
    """Of these leads the open ones that the actor may change, with what stands in them."""
    mine = (Lead.state.in_(OPEN), work.within_reach(Lead, "lead.change"))
    columns = [getattr(Lead, name) for name in ("id", "line", "mobile", "version", *FILLABLE)]
    return {
        row.id: row
        for some in _portions(set(ids))
        for row in work.rows(select(*columns).where(Lead.id.in_(some), *mine))
    }


def missing(lead: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row knows of the same person's wish that the lead does not say yet; nothing if it is somebody else's."""
    if values.get("mobile") != lead.mobile or values.get("line") != lead.line:
        return {}
    if lead.person and values.get("person") not in (None, lead.person):
        return {}
    places = ("province_code", "city_code", "district_code")
    empty = [name for name in FILLABLE if getattr(lead, name) in (None, "")]
    if any(getattr(lead, name) not in (None, values.get(name)) for name in places):
        empty = [name for name in empty if name not in places]  # a city of another province says where somebody else is
    return {name: values[name] for name in empty if values.get(name) not in (None, "")}


def _portions(phones: Collection[Any]) -> Iterator[Sequence[Any]]:
    asked = sorted(phones)
    yield from (asked[start : start + ASKED_AT_ONCE] for start in range(0, len(asked), ASKED_AT_ONCE))
