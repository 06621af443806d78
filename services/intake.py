"""Leads that website forms hand in, under the same rules as imported ones (LEAD-9)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from db.models import Channel, IntakeCall, Lead
from services import duplicates, leads
from services.core import events
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Invalid, Refused, Said
from services.core.locking import one_by_one
from services.core.outbox import notify
from services.core.settings import settings
from services.core.work import Work
from services.imports import known
from services.imports.checking import phone_of, terms_of
from services.imports.matching import matched
from services.imports.values import values
from services.leads import messages

FROM_FORMS = Channel.IMPORT
MINUTE = timedelta(minutes=1)
SHORTEST_KEY = 24
#: what a form asks about when it does not say: the dealer's main business
USUAL_LINE, USUAL_SOURCE = "machines", "website"


def site_of(key: str) -> str | None:
    """The name of the website whose key this is, from INTAKE_KEYS; keys that are easily guessed count for nothing."""
    found = None
    for site, expected in settings().intake_keys.items():
        if len(expected) >= SHORTEST_KEY and secrets.compare_digest(expected.encode(), key.encode()):
            found = site
    return found


@needs("lead.import")
def hand_in(work: Work, *, site: str, given: Mapping[str, Any]) -> int:
    """Make a lead of what a form sent, or note on the open lead of that number that they asked again; its id.

    The names of fields are those of import files. Invalid names what is wrong by the names that the form used, and
    nothing of who is known already: the website is the reason to enter somebody nevertheless (ALL-7).
    """
    found = _understood(work, given)
    phone = phone_of(found)
    one_by_one(work)
    there = known.in_sight(work, {phone}).get(phone)
    if there is not None and there.kind == "lead" and there.id in known.fillable(work, [there.id]):
        return _asked_again(work, there.id, site, found)
    known_already = there is not None or duplicates.of_lead(work, values=found).needs_reason
    lead_id = leads.create(work, values=found, duplicate_reason=site if known_already else None)
    events.record(work, work.get(Lead, lead_id), "handed_in", note=site)
    return lead_id


def _understood(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    names = list(given)
    places = matched(names)
    terms = terms_of(work, names, places, day_first=False, line=USUAL_LINE)
    found, problems = values({field: given[names[place]] for field, place in places.items()}, terms)
    if problems:
        raise Invalid({names[places[p.field]] if p.field in places else p.field: p.said for p in problems})
    usual = configuration(work).code("lead_source", USUAL_SOURCE).id
    return {"source_id": usual} | found


def _asked_again(work: Work, lead_id: int, site: str, found: Mapping[str, Any]) -> int:
    """Whoever works on it hears of it, with what was written."""
    lead = work.load(Lead, lead_id, to="lead.change")
    events.record(work, lead, "asked_again", note=" · ".join(filter(None, (site, found.get("notes")))))
    if lead.owner_id is not None:
        notify(work, messages.ASKED_AGAIN, to=[lead.owner_id], about=lead, topic=lead.topic, site=site)
    return lead_id


def check_pace(work: Work, *, site: str) -> None:
    """Count one more call of a website; Refused when that is more in a minute than the setting allows.

    Counted in the database, one after the other, so that all processes together hold the pace; in a transaction of its
    own, so that what is refused afterwards counts as well.
    """
    one_by_one(work)
    work.erase(delete(IntakeCall).where(IntakeCall.at <= work.now - MINUTE))
    came = work.scalar(select(func.count()).select_from(IntakeCall).where(IntakeCall.site == site))
    if came >= int(configuration(work).setting("intake_per_minute")):
        raise Refused(TOO_FAST)
    work.also(IntakeCall(site=site, at=work.now))


TOO_FAST = N_("Too many at once. Please try again in a minute.")
NO_FIELDS = Said(N_("Please send the fields of the form as one JSON object."))
