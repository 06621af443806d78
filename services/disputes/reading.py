"""What screens read of disputes: both sides' words and what was decided; of the lead no more than the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select

from db.models import DisputeState, Lead, LeadDispute
from services.core.listing import ListRequest, Page, fetch
from services.core.work import Work
from services.disputes import listing
from services.disputes.fields import FINAL, UNDECIDED
from services.disputes.flow import FLOW
from services.leads.flow import HELD

MOST = 50
DECIDING = {"keep", "give", "propose"}


@dataclass(frozen=True)
class Entry:
    """One dispute as its reader sees it; ``lead_id`` and ``owner`` only for who may read the lead."""

    id: int
    subject: str
    state: DisputeState
    lead_id: int | None
    owner: str | None
    branch: str
    other_branch: str | None
    opened_by: str
    opened_at: datetime
    reason: str
    claimant: str | None
    claimant_id: int | None
    reply: str | None
    proposal: str | None
    proposed_by: str | None
    proposed_to: str | None
    proposed_to_id: int | None
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    given_to: str | None
    agreed: bool | None
    allowed: frozenset[str]


def entries(work: Work, *, view: str, limit: int = MOST) -> list[Entry]:
    """The first disputes of a view, the oldest first where something waits, else the latest first."""
    return shown(work, view=view, limit=limit)[0]


def shown(work: Work, *, view: str, page: int = 1, limit: int = MOST) -> tuple[list[Entry], Page]:
    """The same of any page, and which of how many these are."""
    sort, descending = ("decided_at", True) if view == "decided" else ("opened_at", False)
    asked = ListRequest(filters={"view": view}, sort=sort, descending=descending, page=page, size=limit)
    found = fetch(work, listing.LIST, asked)
    return _entries(work, found.rows), found


def of_lead(work: Work, *, lead_id: int) -> list[Entry]:
    """The disputes about one lead, the latest first."""
    page = fetch(work, listing.LIST, ListRequest(filters={"lead": lead_id}, size=MOST))
    return _entries(work, page.rows)


def count_waiting(work: Work) -> int:
    """How many disputes wait for the actor's decision."""
    return int(work.scalar(select(waiting_count(work))))


def waiting_count(work: Work) -> Any:
    """The same as a part of another statement."""
    return select(func.count()).select_from(LeadDispute).where(listing.waiting(work)).scalar_subquery()


def may_begin(work: Work, *, lead_id: int) -> bool:
    """Whether the actor can open a dispute about this lead now: what its button is drawn from."""
    lead = work.get(Lead, lead_id)
    if lead.state not in HELD or not work.reaches(lead, "lead.dispute"):
        return False
    of_this = LeadDispute.assignment_no == lead.assignment_no
    in_the_way = LeadDispute.state.in_(UNDECIDED) | (of_this & LeadDispute.state.in_(FINAL))
    return not work.exists_unseen(select(LeadDispute.id).where(LeadDispute.lead_id == lead_id, in_the_way))


def _entries(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[Entry]:
    offered = FLOW.offered(work, LeadDispute, [SimpleNamespace(**row) for row in rows])
    return [_entry(work, row, offered[row["id"]]) for row in rows]


def _entry(work: Work, row: Mapping[str, Any], actions: frozenset[str]) -> Entry:
    language = "en" if work.actor.language == "en" else "zh"
    places = {"branch": row[f"branch_{language}"] or "", "other_branch": row[f"other_{language}"]}
    kept = Entry.__dataclass_fields__.keys() - {"allowed", *places}
    allowed = actions - DECIDING | ({"keep", "give"} if actions & DECIDING else set())
    return Entry(**{name: row[name] for name in kept}, **places, allowed=allowed)
