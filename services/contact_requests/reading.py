"""What screens read of requests: what waits, what was asked and decided; a change with the values of today beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from db.models import Account, Contact, ContactAccount, ContactRequest, RequestKind, RequestState
from services.contact_requests import flow, listing
from services.contact_requests.deciding import moved_since
from services.core.configuration import configuration
from services.core.listing import ListRequest, fetch
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
    """The requests of a view, the oldest first where something waits, else the latest first."""
    sort, descending = ("decided_at", True) if view == "decided" else ("asked_at", False)
    filters = {"view": view, "kind": kind}
    page = fetch(work, listing.LIST, ListRequest(filters=filters, sort=sort, descending=descending, size=limit))
    return [_entry(work, row) for row in page.rows]


def of_contact(work: Work, *, contact_id: int) -> list[Entry]:
    """What is pending about a contact, as far as it is the reader's to know."""
    asked = ListRequest(filters={"contact": contact_id, "state": RequestState.PENDING}, sort="asked_at", size=MOST)
    return [_entry(work, row) for row in fetch(work, listing.LIST, asked).rows]


def count_waiting(work: Work) -> int:
    """How many requests wait for the actor's decision."""
    return int(work.scalar(select(func.count()).select_from(ContactRequest).where(listing.waiting(work))))


def _entry(work: Work, row: Mapping[str, Any]) -> Entry:
    pending = row["state"] is RequestState.PENDING
    contact = work.scalar(select(Contact).where(Contact.id == row["contact_id"]))
    stale = moved_since(work, contact=contact, changes=row["changes"]) if pending and contact else {}
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
        contact_id=contact.id if contact else None, version=contact.version if contact else None,
        account=_main_account(work, row["contact_id"]),
        reason=configuration(work).label(row["reason_id"], work.actor.language), by_now=stale,
        allowed=_allowed(work, row) if pending else frozenset(),
    )  # fmt: skip


def _main_account(work: Work, contact_id: int) -> str | None:
    main = and_(ContactAccount.account_id == Account.id, ContactAccount.main)
    found = select(Account.name).join(ContactAccount, main).where(ContactAccount.contact_id == contact_id)
    name: str | None = work.scalar(found)
    return name


def _allowed(work: Work, row: Mapping[str, Any]) -> frozenset[str]:
    request = work.get(ContactRequest, row["id"])
    return frozenset(step.action for step in flow.FLOWS[request.kind].available(work, request))
