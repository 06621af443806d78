"""How leads come into being and change."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, Lead, LeadState, Priority, ProductLine, User
from services import duplicates, formats, organisation, regions
from services.core import events, fields
from services.core.access import needs
from services.core.access.grants import GRANTS, Reach
from services.core.errors import N_, Invalid, Refused, Said
from services.core.locking import ahead, one_by_one
from services.core.work import Work
from services.field_values import drafted
from services.leads.fields import FIELDS, NO_PHONE, STATES, key_of
from services.leads.flow import OPEN

#: in the order in which everybody locks
NAMED = {"referred_by_user_id": User, "referred_by_account_id": Account, "referred_by_contact_id": Contact}


@needs("lead.create")
def create(work: Work, *, values: Mapping[str, Any], duplicate_reason: str | None = None) -> int:
    """Enter a lead; product line and one phone are enough (LEAD-1). Returns the id.

    Who enters leads only for themselves owns them at once; everybody else's wait to be assigned. Where there is one like
    it already, a reason is needed (ACCT-3).
    """
    one_by_one(work)
    lead, changed = _new(work, values, _lines(work), duplicates.why(duplicate_reason))
    _place(work, [lead])
    work.add(lead, to="lead.create")
    found = duplicates.of_lead(work, values=vars(lead), besides=lead.id)
    changed |= duplicates.demand_reason(found, lead.duplicate_reason)
    duplicates.remember(work, kind="lead", record_id=lead.id, name=lead.company)
    events.record(work, lead, "created", changes=changed)
    return lead.id


@needs("lead.import")
def create_many(work: Work, *, rows: Sequence[Mapping[str, Any]], note: str | None = None) -> list[int]:
    """Enter many leads at once, under the rules of `create` and all or none (LEAD-3). Returns the ids in the given order.

    Whoever calls has compared them with what is known: nobody is asked for a reason here (ACCT-3).
    """
    lines = _lines(work)
    made = [_new(work, values, lines, {}) for values in rows]
    if not made:
        return []
    _place(work, [lead for lead, _changed in made])
    work.add_many([lead for lead, _changed in made], to="lead.create")
    duplicates.remember_new(work, kind="lead", names={lead.id: lead.company for lead, _changed in made})
    events.record_many(work, made, "created", note=note)
    return [lead.id for lead, _changed in made]


@needs("lead.change")
def change(work: Work, *, lead_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change what was entered of an open lead; Stale when somebody else changed it since ``version`` (ALL-4)."""
    ahead(work, {User: [changes.get("referred_by_user_id")]})
    lead = work.load(Lead, lead_id, to="lead.change", version=version)
    if lead.state not in OPEN:
        raise Refused(IS_OVER, state=Said(STATES[lead.state]))
    changed = _apply(work, lead, changes, _lines(work))
    if changed:
        duplicates.remember(work, kind="lead", record_id=lead.id, name=lead.company)
        events.record(work, lead, "changed", changes=changed)


def _ownership(work: Work) -> dict[str, Any]:
    role = work.actor.role
    reach = GRANTS["lead.create"].get(role, Reach.NONE) if role else Reach.ALL
    if not reach & (Reach.HELD | Reach.REPORTS):
        return {"state": LeadState.NEW}
    work.stay()
    return {
        "state": LeadState.ASSIGNED, "owner_id": work.actor.id,
        "assigned_at": work.now, "assigned_by_id": work.actor.id,
    }  # fmt: skip


def _lines(work: Work) -> frozenset[str]:
    return frozenset(work.scalars(select(ProductLine.code)))


def _place(work: Work, leads: Sequence[Lead]) -> None:
    """Into the actor's branch; those of the head office into the branch that covers their region, if one does (ASG-1)."""
    codes = {code for lead in leads for code in (lead.city_code, lead.province_code) if code}
    covered = {} if work.actor.branch_id else organisation.covering(work, region_codes=codes)
    for lead in leads:
        lead.branch_id = work.actor.branch_id or organisation.branch_of(
            covered, city_code=lead.city_code, province_code=lead.province_code
        )


def _new(
    work: Work, values: Mapping[str, Any], lines: frozenset[str], why: Mapping[str, Any]
) -> tuple[Lead, dict[str, tuple[Any, Any]]]:
    """A lead that is not stored yet, and what stands in it."""
    given = {name: value for name, value in values.items() if value is not None}
    fields.complete(FIELDS, given)
    lead = Lead(
        urgency=Priority.NORMAL, **why,
        created_at=work.now, updated_at=work.now, created_by_id=work.actor.id, **_ownership(work),
    )  # fmt: skip
    return lead, _apply(work, lead, given, lines)


def _apply(work: Work, lead: Lead, changes: Mapping[str, Any], lines: frozenset[str]) -> dict[str, tuple[Any, Any]]:
    """Put checked changes into the lead, with what follows from them; returns what differs."""
    values = fields.checked(FIELDS, changes)
    if "urgency" in values:
        values["urgency"] = values["urgency"] or Priority.NORMAL
    _check_named(work, lead, values, lines)
    draft = drafted(work, record=lead, fields=FIELDS, values=values)
    if not draft.mobile and not draft.landline:
        raise Invalid({"mobile": Said(NO_PHONE)})
    topic = draft.topic or draft.company or draft.person or draft.mobile or draft.landline
    follows = {name: getattr(draft, name) for name in regions.CODES} | {"topic": topic}
    changed = fields.put(lead, FIELDS, values | follows)
    if changed:
        found = vars(draft) | {"topic": topic}
        lead.search_key, lead.updated_at = key_of(found), work.now
        lead.name_key = formats.name_key(draft.company)
    return changed


def _check_named(work: Work, lead: Lead, values: Mapping[str, Any], lines: frozenset[str]) -> None:
    """The line exists; whoever is newly said to have referred the lead can be seen by the actor."""
    line = values.get("line")
    if line and line not in lines:
        raise Invalid({"line": Said(fields.NOT_LISTED)})
    for name, model in NAMED.items():
        if values.get(name) is not None and values[name] != getattr(lead, name):
            work.hold(model, values[name])


IS_OVER = N_("This lead is {state}; what was entered stays as it is.")
