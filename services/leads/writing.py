"""How leads come into being and change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from db.models import Account, BranchRegion, Contact, Lead, LeadState, Priority, ProductLine, User
from services import formats, regions
from services.core import events, fields
from services.core.access import needs
from services.core.access.grants import GRANTS, Reach
from services.core.errors import N_, Invalid, Said
from services.core.work import Work
from services.field_values import drafted
from services.leads.fields import FIELDS, WHY, key_of

NAMED = {"referred_by_account_id": Account, "referred_by_contact_id": Contact, "referred_by_user_id": User}


@needs("lead.create")
def create(work: Work, *, values: Mapping[str, Any], duplicate_reason: str | None = None) -> int:
    """Enter a lead; product line and one phone are enough (LEAD-1). Returns the id.

    Who enters leads only for themselves owns them at once; everybody else's wait to be assigned.
    """
    given = {name: value for name, value in values.items() if value is not None}
    fields.complete(FIELDS, given)
    why = fields.checked(WHY, {"duplicate_reason": duplicate_reason})
    lead = Lead(
        urgency=Priority.NORMAL, **why,
        created_at=work.now, updated_at=work.now, created_by_id=work.actor.id, **_ownership(work),
    )  # fmt: skip
    changed = _apply(work, lead, given)
    lead.branch_id = work.actor.branch_id or _branch_of_region(work, lead)
    work.add(lead, to="lead.create")
    events.record(work, lead, "created", changes=changed)
    return lead.id


@needs("lead.change")
def change(work: Work, *, lead_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change what was entered; Stale when somebody else changed it since ``version`` (ALL-4)."""
    lead = work.load(Lead, lead_id, to="lead.change", version=version)
    changed = _apply(work, lead, changes)
    if changed:
        events.record(work, lead, "changed", changes=changed)


def _ownership(work: Work) -> dict[str, Any]:
    role = work.actor.role
    reach = GRANTS["lead.create"].get(role, Reach.NONE) if role else Reach.ALL
    if not reach & (Reach.HELD | Reach.REPORTS):
        return {"state": LeadState.NEW}
    return {
        "state": LeadState.ASSIGNED, "owner_id": work.actor.id,
        "assigned_at": work.now, "assigned_by_id": work.actor.id,
    }  # fmt: skip


def _branch_of_region(work: Work, lead: Lead) -> int | None:
    """The branch that covers the city, else the province (ASG-1)."""
    for code in filter(None, (lead.city_code, lead.province_code)):
        found: int | None = work.scalar(select(BranchRegion.branch_id).where(BranchRegion.region_code == code))
        if found is not None:
            return found
    return None


def _apply(work: Work, lead: Lead, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Put checked changes into the lead, with what follows from them; returns what differs."""
    values = fields.checked(FIELDS, changes)
    if "urgency" in values:
        values["urgency"] = values["urgency"] or Priority.NORMAL
    _check_named(work, lead, values)
    draft = drafted(work, record=lead, fields=FIELDS, values=values)
    if not draft.mobile and not draft.landline:
        raise Invalid({"mobile": Said(NO_PHONE)})
    topic = draft.topic or draft.company or draft.person or draft.mobile or draft.landline
    follows = {name: getattr(draft, name) for name in regions.CODES} | {"topic": topic}
    changed = fields.apply(lead, FIELDS, values | follows)
    if changed:
        found = vars(draft) | {"topic": topic}
        lead.search_key, lead.updated_at = key_of(found), work.now
        lead.name_key = formats.name_key(draft.company)
    return changed


def _check_named(work: Work, lead: Lead, values: Mapping[str, Any]) -> None:
    """The line exists; whoever is newly said to have referred the lead can be seen by the actor."""
    line = values.get("line")
    if line and not work.scalar(select(ProductLine.code).where(ProductLine.code == line)):
        raise Invalid({"line": Said(fields.NOT_LISTED)})
    for name, model in NAMED.items():
        if values.get(name) is not None and values[name] != getattr(lead, name):
            work.get(model, values[name])


NO_PHONE = N_("A mobile or a landline number is needed.")
