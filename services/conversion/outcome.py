"""Both ways to look: what became of a lead, and from which lead a record came (LEAD-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, Lead, LeadState, Opportunity, User
from services.conversion.undoing import UNDO_WITHIN, in_time, undoable, valid
from services.core.errors import NotFound
from services.core.work import Work


@dataclass(frozen=True)
class Place:
    """One record that a lead became."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class Outcome:
    """What became of a lead, as far as the reader may see it; whether it can be undone, and until when."""

    at: datetime
    by: str | None
    places: Sequence[Place]
    undoable: bool
    until: datetime | None


def outcome(work: Work, *, lead_id: int) -> Outcome | None:
    """None for a lead that was not converted; NotFound as for the lead."""
    lead = work.get(Lead, lead_id)
    if lead.state is not LeadState.CONVERTED or lead.converted_at is None:
        return None
    return Outcome(
        at=lead.converted_at,
        by=work.scalar(select(User.name).where(User.id == lead.converted_by_id)),
        places=_places(work, lead),
        **_undo(work, lead),
    )


def origins(
    work: Work, *, account_id: int | None = None, contact_id: int | None = None, opportunity_id: int | None = None
) -> Sequence[Any]:
    """The leads that a record came from, or that were converted into it, newest first: id, topic, converted_at."""
    named = {Lead.account_id: account_id, Lead.contact_id: contact_id, Lead.opportunity_id: opportunity_id}
    given = [column == record_id for column, record_id in named.items() if record_id is not None]
    if len(given) != 1:
        raise NotFound
    found = select(Lead.id, Lead.topic, Lead.converted_at).where(*given, Lead.state == LeadState.CONVERTED)
    return work.rows(found.order_by(Lead.converted_at.desc(), Lead.id.desc()))


def _places(work: Work, lead: Lead) -> list[Place]:
    models: tuple[tuple[str, Any, int | None], ...] = (
        ("account", Account, lead.account_id),
        ("contact", Contact, lead.contact_id),
        ("opportunity", Opportunity, lead.opportunity_id),
    )
    names = (
        (kind, number, work.scalar(select(model.name).where(model.id == number))) for kind, model, number in models
    )
    return [Place(kind, number, name) for kind, number, name in names if number and name]


def _undo(work: Work, lead: Lead) -> dict[str, Any]:
    conversion = valid(work, lead.id)
    if conversion is None or not work.reaches(lead, "lead.work") or not in_time(work, conversion):
        return {"undoable": False, "until": None}
    until = conversion.at + UNDO_WITHIN
    return {"undoable": undoable(work, lead, conversion), "until": until}
