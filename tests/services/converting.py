"""Leads to be converted, and what is stored of them."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from db.models import Account, Attachment, Blob, Contact, Event, Lead, LeadConversion, LeadState, Opportunity, User
from services import formats, leads
from services.core.work import work_as_system
from tests.factories import DAY, NOW, World


def lead(world: World, owner: int | None = None, **values: Any) -> int:
    """A lead that Anna works on, unless said otherwise: 王建国 of 徐州大地土方有限公司."""
    with work_as_system("a test needs a lead", at=NOW) as work:
        holder = work.get(User, owner or world.anna)
        defaults = {
            "topic": "两台挖掘机", "line": "machines", "state": LeadState.WORKING, "owner_id": holder.id,
            "branch_id": holder.branch_id, "company": "徐州大地土方有限公司", "person": "王建国", "mobile": "13801395136",
            "email": "wang@example.com", "budget": Decimal(900000), "model": "SY215", "quantity": 2,
            "created_at": NOW - DAY, "updated_at": NOW - DAY, "assigned_at": NOW - DAY,
        }  # fmt: skip
        given = defaults | values
        row = Lead(**given, name_key=formats.name_key(given["company"]), search_key=leads.key_of(given))
        work.also(row)
        work.flush()
        return row.id


def attach(lead_id: int, by: int, name: str = "quote.pdf") -> int:
    """A file on the lead."""
    with work_as_system("a test needs a file", at=NOW) as work:
        work.also_once(Blob(digest="d" * 64, size=3, media_type="application/pdf", created_at=NOW))
        row = Attachment(name=name, digest="d" * 64, lead_id=lead_id, created_at=NOW, created_by_id=by)
        work.also(row)
        work.flush()
        return row.id


def counts() -> dict[str, int]:
    """How many of each there are that are not hidden, and how many lines the stories have."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = {}
        for model in (Account, Contact, Opportunity):
            there = select(func.count()).select_from(model).where(model.deleted_at.is_(None))
            found[model.__tablename__] = int(work.scalar(there))
        for model in (LeadConversion, Attachment, Event):
            found[model.__tablename__] = int(work.scalar(select(func.count()).select_from(model)))
        return found
