"""Taking a conversion back: within a day, while nobody has touched what it made (LEAD-5)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.models import (
    Account,
    Activity,
    Attachment,
    Contact,
    ContactAccount,
    Lead,
    LeadConversion,
    LeadState,
    Opportunity,
)
from services import accounts, contacts
from services.conversion.opportunity import set_opportunity
from services.conversion.traces import last_event
from services.core import events
from services.core.access import needs
from services.core.errors import N_, NotFound, Refused
from services.core.work import Work

UNDO_WITHIN = timedelta(hours=24)
MODELS: Mapping[str, Any] = {"opportunity": Opportunity, "contact": Contact, "account": Account}
PERMISSIONS = {"opportunity": "opportunity.create", "contact": "contact.change", "account": "account.change"}


@needs("lead.work")
def undo(work: Work, *, lead_id: int) -> None:
    """Put everything back as it was before the conversion; Refused after a day, or when anything was touched since."""
    lead = work.load(Lead, lead_id, to="lead.work")
    conversion = valid(work, lead.id)
    if conversion is None:
        raise NotFound
    if not in_time(work, conversion):
        raise Refused(TOO_LATE)
    made = conversion.made
    _check_untouched(work, lead, made)
    _give_back_activities(work, made)
    work.drop(*_attachments(work, made))
    _lead_back(work, lead, made)
    for name in MODELS:
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


def _check_untouched(work: Work, lead: Lead, made: Mapping[str, Any]) -> None:
    """With the records locked, so that nobody touches them between the look and the act."""
    for name in MODELS:
        if name in made and (made[name]["new"] or made[name]["filled"] or made[name].get("tied")):
            work.load(MODELS[name], made[name]["id"], to=PERMISSIONS[name])
    if touched(work, lead, made):
        raise Refused(TOUCHED)


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
            _any(work, Attachment, Attachment.account_id == record_id, Attachment.id.not_in(made["attachments"])),
        ))  # fmt: skip
    if name == "contact":
        return any((
            _any(work, Opportunity, Opportunity.contact_id == record_id, Opportunity.id != own["opportunity"]),
            _any(work, Attachment, Attachment.contact_id == record_id),
        ))  # fmt: skip
    return False


def _any(work: Work, model: Any, *conditions: Any) -> bool:
    """Whether there is one, also one of a colleague that the actor does not see (ALL-7: which one is not told)."""
    return work.exists_unseen(select(model.id).where(*conditions))


def _give_back_activities(work: Work, made: Mapping[str, Any]) -> None:
    for activity_id, _version in made["activities"]:
        activity = work.load(Activity, activity_id, to="activity.change")
        before, activity.account_id, activity.updated_at = activity.account_id, None, work.now
        events.record(work, activity, "changed", changes={"account_id": (before, None)})


def _attachments(work: Work, made: Mapping[str, Any]) -> list[Attachment]:
    return list(work.scalars(select(Attachment).where(Attachment.id.in_(made["attachments"]))))


def _lead_back(work: Work, lead: Lead, made: Mapping[str, Any]) -> None:
    lead.state = LeadState(made["state"])
    lead.converted_at = lead.converted_by_id = None
    lead.account_id = lead.contact_id = lead.opportunity_id = None
    lead.updated_at = work.now
    work.flush()


def _take_back(work: Work, name: str, part: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    """Hide what was made; empty again what was filled."""
    if part["new"]:
        record = work.load(MODELS[name], part["id"], to=PERMISSIONS[name])
        record.deleted_at = record.updated_at = work.now
        events.record(work, record, "deleted")
        return
    if part.get("tied"):
        _untie(work, part["id"], made["account"]["id"])
    if part["filled"]:
        EMPTY[name](work, part["id"], dict.fromkeys(part["filled"]))


def _untie(work: Work, contact_id: int, account_id: int) -> None:
    contact = work.load(Contact, contact_id, to="contact.change")
    at = (ContactAccount.contact_id == contact_id, ContactAccount.account_id == account_id)
    work.drop(*work.scalars(select(ContactAccount).where(*at)))
    name = work.scalar(select(Account.name).where(Account.id == account_id))
    events.record(work, contact, "left", changes={"account": (name, None)})


def _empty_account(work: Work, record_id: int, changes: dict[str, Any]) -> None:
    accounts.change(work, account_id=record_id, changes=changes)


def _empty_contact(work: Work, record_id: int, changes: dict[str, Any]) -> None:
    contacts.change(work, contact_id=record_id, changes=changes)


EMPTY: Mapping[str, Any] = {
    "account": _empty_account,
    "contact": _empty_contact,
    "opportunity": set_opportunity,
}
TOO_LATE = N_("A conversion can be undone within 24 hours; this one is older.")
TOUCHED = N_("What this lead became has been changed or used since; the conversion can no longer be undone.")
