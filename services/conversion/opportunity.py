"""The opportunity that a lead becomes: as little of it as converting needs, until its own module comes."""

from collections.abc import Mapping
from typing import Any

from db.models import Lead, Opportunity
from services.conversion import targets
from services.conversion.targets import Choice, Existing
from services.conversion.using import Made, existing, fill, naming
from services.core import events, fields
from services.core.errors import N_, Invalid, Said
from services.core.text import search_key
from services.core.work import Work

KEY = 1700


def become(work: Work, lead: Lead, choice: Choice, made: Made) -> int | None:
    """The opportunity that was chosen or made; its id."""
    if choice is None:
        return None
    with naming("opportunity"):
        if isinstance(choice, Existing):
            return _existing(work, lead, choice, made)
        values = targets.of_opportunity(lead) | fields.checked(targets.OPPORTUNITY, choice.values)
        fields.complete(targets.OPPORTUNITY, values)
    opportunity = Opportunity(
        owner_id=lead.owner_id, branch_id=lead.branch_id, account_id=lead.account_id, contact_id=lead.contact_id,
        search_key=search_key(values["name"])[:KEY], created_at=work.now, updated_at=work.now,
        created_by_id=work.actor.id, **values,
    )  # fmt: skip
    work.add(opportunity, to="opportunity.create")
    events.record(work, opportunity, "created", changes={name: (None, value) for name, value in values.items()})
    made["opportunity"] = {"id": opportunity.id, "new": True}
    return opportunity.id


def _existing(work: Work, lead: Lead, choice: Existing, made: Made) -> int:
    opportunity, may = existing(work, lead, Opportunity, choice, "opportunity.create")
    if opportunity.line != lead.line:
        raise Invalid({"": Said(OTHER_LINE)})
    gaps = targets.gaps_of_opportunity(lead, opportunity)
    if lead.account_id and lead.contact_id and opportunity.contact_id is None:
        gaps["contact_id"] = lead.contact_id
    made["opportunity"] = fill(opportunity, gaps, lambda gaps: set_opportunity(work, opportunity.id, gaps), may=may)
    return choice.id


def set_opportunity(work: Work, opportunity_id: int, changes: Mapping[str, Any]) -> None:
    """Put these values into an opportunity that is open to the actor."""
    opportunity = work.load(Opportunity, opportunity_id, to="opportunity.create")
    changed = {name: (getattr(opportunity, name), value) for name, value in changes.items()}
    for name, value in changes.items():
        setattr(opportunity, name, value)
    opportunity.updated_at = work.now
    events.record(work, opportunity, "changed", changes=changed)


OTHER_LINE = N_("This opportunity is of another product line.")
