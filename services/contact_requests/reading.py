"""What screens read of requests: what waits, what was asked and decided; a change with the values of today beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, func, select

from db.models import Account, Contact, ContactAccount, ContactRequest, RequestKind, RequestState
from services.contact_requests import flow, listing
from services.contact_requests.standing import Standing, standing
from services.core.configuration import configuration
from services.core.listing import ListRequest, Page, fetch
from services.core.work import Work

MOST = 50


@dataclass(frozen=True)
class Entry:
    """One request as its reader sees it; ``by_now`` holds the present values of fields that moved since it was asked."""

    id: int
    kind: RequestKind
    state: RequestState
    name: str
    contact_id: int | None
    account: str | None
    reason: str
    remark: str
    changes: Mapping[str, Sequence[Any]]
    by_now: Mapping[str, Any]
    version: int | None
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None
    allowed: frozenset[str]


def entries(work: Work, *, view: str, kind: str = "", limit: int = MOST) -> list[Entry]:
    """The first requests of a view, the oldest first where something waits, else the latest first."""
    return shown(work, view=view, kind=kind, limit=limit)[0]


def shown(work: Work, *, view: str, kind: str = "", page: int = 1, limit: int = MOST) -> tuple[list[Entry], Page]:
    """The same of any page, and which of how many these are."""
    sort, descending = ("decided_at", True) if view == "decided" else ("asked_at", False)
    filters = {"view": view, "kind": kind}
    asked = ListRequest(filters=filters, sort=sort, descending=descending, page=page, size=limit)
    found = fetch(work, listing.LIST, asked)
    return _entries(work, found.rows), found


def of_contact(work: Work, *, contact_id: int) -> list[Entry]:
    """What is pending about a contact, as far as it is the reader's to know."""
    asked = ListRequest(filters={"contact": contact_id, "state": RequestState.PENDING}, sort="asked_at", size=MOST)
    return _entries(work, fetch(work, listing.LIST, asked).rows)


def count_waiting(work: Work) -> int:
    """How many requests wait for the actor's decision."""
    return int(work.scalar(select(waiting_count(work))))


def waiting_count(work: Work) -> Any:
    """The same as a part of another statement."""
    return select(func.count()).select_from(ContactRequest).where(listing.waiting(work)).scalar_subquery()


def _entries(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """All at once: the contacts, where they work, and what the reader may do."""
    ids = [row["contact_id"] for row in rows]
    there = standing(work, people=work.scalars(select(Contact).where(Contact.id.in_(ids)))) if rows else {}
    main = and_(ContactAccount.account_id == Account.id, ContactAccount.main)
    names = (
        select(ContactAccount.contact_id, Account.name).join(Account, main).where(ContactAccount.contact_id.in_(ids))
    )
    accounts = dict(work.rows(names)) if rows else {}
    offered: dict[int, frozenset[str]] = {}
    for kind, of_kind in flow.FLOWS.items():
        same = [SimpleNamespace(**row) for row in rows if row["kind"] is kind]
        offered |= of_kind.offered(work, ContactRequest, same)
    return [_entry(work, row, there.get(row["contact_id"]), accounts, offered) for row in rows]


def _entry(
    work: Work, row: Mapping[str, Any], there: Standing | None, accounts: Mapping[int, str],
    offered: Mapping[int, frozenset[str]],
) -> Entry:  # fmt: skip
    pending = row["state"] is RequestState.PENDING
    stale = there.moved(row["changes"]) if pending and there else {}
    kept = (
        "id",
        "kind",
        "state",
        "name",
        "remark",
        "changes",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "answer",
    )
    return Entry(
        **{name: row[name] for name in kept},
        contact_id=there.contact.id if there else None, version=there.contact.version if there else None,
        account=accounts.get(row["contact_id"]),
        reason=configuration(work).label(row["reason_id"], work.actor.language), by_now=stale, allowed=offered[row["id"]],
    )  # fmt: skip
