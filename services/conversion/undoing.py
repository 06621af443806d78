"""Taking a conversion back: within a day, while nobody has touched what it made (LEAD-5)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import literal, select

from db.models import (
    Account,
    Activity,
    ActivityContact,
    Attachment,
    Contact,
    ContactAccount,
    ContactRequest,
    Lead,
    LeadConversion,
    LeadState,
    Opportunity,
    User,
)
from services import accounts, contacts, leads
from services.conversion.going_along import attachments_return
from services.conversion.opportunity import set_opportunity
from services.conversion.traces import last_event
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Refused
from services.core.locking import ahead
from services.core.work import Work

UNDO_WITHIN = timedelta(hours=24)
#: in the order in which converting takes them, so that two who convert and undo at once never wait in a circle
MODELS: Mapping[str, Any] = {"account": Account, "contact": Contact, "opportunity": Opportunity}
CHANGING = {"account": "account.change", "contact": "contact.change", "opportunity": "opportunity.create"}


@needs("lead.work")
def undo(work: Work, *, lead_id: int) -> None:
    """Put everything back as it was before the conversion; Refused after a day, or when anything was touched since."""
    ahead(work, {User: [work.get(Lead, lead_id).owner_id]})  # to whom it goes back: people before leads
    lead = work.load(Lead, lead_id, to="lead.work")
    conversion = valid(work, lead.id)
    if conversion is None:
        raise Refused(NOT_CONVERTED)
    if not in_time(work, conversion):
        raise Refused(TOO_LATE)
    made = conversion.made
    _check_untouched(work, lead, made)
    _give_back_activities(work, made)
    attachments_return(work, made["attachments"])
    _lead_back(work, lead, made)
    for name in reversed(list(MODELS)):
        if name in made:
            _take_back(work, name, made[name], made)
    conversion.undone_at, conversion.undone_by_id = work.now, work.actor.id
    events.record(work, lead, "conversion_undone", changes={"state": (LeadState.CONVERTED, lead.state)})


def valid(work: Work, lead_id: int) -> LeadConversion | None:
    """The lead's conversion, unless it was undone or never happened."""
    mine = select(LeadConversion).where(LeadConversion.lead_id == lead_id, LeadConversion.undone_at.is_(None))
    found: LeadConversion | None = work.scalar(mine)
    return found


def in_time(work: Work, conversion: LeadConversion) -> bool:
    """Whether a day has not passed since."""
    return work.now - conversion.at <= UNDO_WITHIN


def touched(work: Work, lead: Lead, made: Mapping[str, Any]) -> bool:
    """Whether anybody has changed the lead, or what it became, since it was converted."""
    if lead.version != made["lead"]["version"]:
        return True
    if any(_moved_on(work, kind, made[kind]) for kind in MODELS if kind in made):
        return True
    if any(_version(work, Activity, number) != version for number, version in made["activities"]):
        return True
    return any(made[kind]["new"] and _in_use(work, kind, made) for kind in MODELS if kind in made)


def _moved_on(work: Work, kind: str, part: Mapping[str, Any]) -> bool:
    """Whether something happened to a record after the conversion that made, filled or took it."""
    now = (_version(work, MODELS[kind], part["id"]), last_event(work, kind, part["id"]))
    return now != (part["version"], part["event"])


def undoable(work: Work, lead: Lead, conversion: LeadConversion) -> bool:
    """Whether the actor could take it back now, all of it."""
    made = conversion.made
    if not in_time(work, conversion) or touched(work, lead, made):
        return False
    return all(work.reaches(work.get(model, number), to) for model, number, to in _written(work, made))


def _check_untouched(work: Work, lead: Lead, made: Mapping[str, Any]) -> None:
    """With the records locked, so that nobody touches them between the look and the act."""
    for model, number, to in _written(work, made):
        work.load(model, number, to=to)
    if touched(work, lead, made):
        raise Refused(TOUCHED)


def _written(work: Work, made: Mapping[str, Any]) -> list[tuple[Any, int, str]]:
    """Every record that undoing writes, with the permission that it takes."""
    parts = [(name, made[name]) for name in MODELS if name in made]
    changed = [(name, part) for name, part in parts if part["new"] or part["filled"] or part.get("tied")]
    records = [(MODELS[name], part["id"], _permission(work, name, part)) for name, part in changed]
    return [*records, *((Activity, number, "activity.change") for number, _version in made["activities"])]


def _permission(work: Work, name: str, part: Mapping[str, Any]) -> str:
    """What was made may be taken back by whoever may make one, also if they could not change it later (CON-4)."""
    making = f"{name}.create"
    return making if part["new"] and work.actor.may(making) else CHANGING[name]


def _version(work: Work, model: Any, record_id: int) -> int | None:
    found: int | None = work.scalar(select(model.version).where(model.id == record_id))
    return found


def _in_use(work: Work, name: str, made: Mapping[str, Any]) -> bool:
    """Whether something else has come to hang on a record that the conversion made."""
    record_id = made[name]["id"]
    own = {kind: made[kind]["id"] if kind in made else 0 for kind in MODELS}
    moved = [number for number, _version in made["activities"]]
    if name == "account":
        return any((
            _any(work, ContactAccount, ContactAccount.account_id == record_id, ContactAccount.contact_id != own["contact"]),
            _any(work, Activity, Activity.account_id == record_id, Activity.id.not_in(moved)),
            _any(work, Opportunity, Opportunity.account_id == record_id, Opportunity.id != own["opportunity"]),
            _any(work, Account, Account.parent_id == record_id),
            _any(work, Lead, Lead.referred_by_account_id == record_id),
            _any(work, Attachment, Attachment.account_id == record_id, Attachment.id.not_in(made["attachments"])),
        ))  # fmt: skip
    if name == "contact":
        return any((
            _any(work, Opportunity, Opportunity.contact_id == record_id, Opportunity.id != own["opportunity"]),
            _any(work, Attachment, Attachment.contact_id == record_id),
            _any(work, ActivityContact, ActivityContact.contact_id == record_id),
            _any(work, Contact, Contact.reports_to_id == record_id),
            _any(work, ContactRequest, ContactRequest.contact_id == record_id),
            _any(work, Lead, Lead.referred_by_contact_id == record_id),
        ))  # fmt: skip
    return False


def _any(work: Work, model: Any, *conditions: Any) -> bool:
    """Whether there is one, also one of a colleague that the actor does not see (ALL-7: which one is not told)."""
    return work.exists_unseen(select(literal(1)).select_from(model).where(*conditions))


def _give_back_activities(work: Work, made: Mapping[str, Any]) -> None:
    for activity_id, _version in made["activities"]:
        activity = work.load(Activity, activity_id, to="activity.change")
        before, activity.account_id, activity.updated_at = activity.account_id, None, work.now
        events.record(work, activity, "changed", changes={"account_id": (before, None)})


def _lead_back(work: Work, lead: Lead, made: Mapping[str, Any]) -> None:
    lead.state = LeadState(made["state"])
    lead.converted_at = lead.converted_by_id = None
    lead.account_id = lead.contact_id = lead.opportunity_id = None
    if made.get("contacted"):
        lead.first_contact_at = lead.first_contact_by_id = None
    lead.updated_at = work.now
    leads.release_if_left(work, lead=lead)
    work.flush()


def _take_back(work: Work, name: str, part: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    """Hide what was made; empty again what was filled."""
    if part["new"]:
        record = work.load(MODELS[name], part["id"], to=_permission(work, name, part))
        record.deleted_at = record.updated_at = work.now
        events.record(work, record, "deleted")
        return
    if part.get("tied"):
        _untie(work, part["id"], made["account"]["id"], part["tied"])
    if part["filled"]:
        EMPTY[name](work, part["id"], dict.fromkeys(part["filled"]))


def _untie(work: Work, contact_id: int, account_id: int, before: Any) -> None:
    """The contact does not work there any more; an earlier time there is again as it was known."""
    contact = work.load(Contact, contact_id, to="contact.change")
    contact.updated_at = work.now
    at = (ContactAccount.contact_id == contact_id, ContactAccount.account_id == account_id)
    for row in work.scalars(select(ContactAccount).where(*at)):
        if before is True:
            work.drop(row)
        else:
            row.role, row.since, row.until = before["role"], _day(before["since"]), _day(before["until"])
    name = work.scalar(select(Account.name).where(Account.id == account_id))
    events.record(work, contact, "left", changes={"account": (name, None)})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _empty_account(work: Work, record_id: int, changes: dict[str, Any]) -> None:
    accounts.change(work, account_id=record_id, changes=changes)


def _empty_contact(work: Work, record_id: int, changes: dict[str, Any]) -> None:
    contacts.change(work, contact_id=record_id, changes=changes)


EMPTY: Mapping[str, Any] = {
    "account": _empty_account,
    "contact": _empty_contact,
    "opportunity": set_opportunity,
}
NOT_CONVERTED = N_("This lead is not converted, or its conversion was already undone.")
TOO_LATE = N_("A conversion can be undone within 24 hours; this one is older.")
TOUCHED = N_("What this lead became has been changed or used since; the conversion can no longer be undone.")
