"""Converting a lead: any of account, contact and opportunity, new or existing, in one transaction, once (LEAD-5)."""

from typing import Any

from sqlalchemy import select

from db.models import (
    Account,
    AccountMember,
    Contact,
    ContactAccount,
    Lead,
    LeadConversion,
    Opportunity,
    User,
    UserLine,
)
from services import accounts, contacts
from services.contacts.fields import LINES
from services.conversion import opportunity as opportunities
from services.conversion import targets
from services.conversion.going_along import activities_follow, attachments_follow
from services.conversion.targets import Choice, Existing, New
from services.conversion.traces import last_event
from services.conversion.using import Made, existing, fill, naming
from services.core import events
from services.core.access import needs
from services.core.errors import N_, Invalid, Refused, Said
from services.core.locking import ahead, one_by_one
from services.core.work import Work
from services.leads.flow import FLOW


@needs("lead.work")
def convert(
    work: Work,
    *,
    lead_id: int,
    account: Choice = None,
    contact: Choice = None,
    opportunity: Choice = None,
    version: int | None = None,
) -> int:
    """Make of the lead what was chosen, all or nothing; returns the id of the conversion.

    Existing records must be visible to the actor and of the lead's branch; their empty fields are filled as far as
    the actor may change them. Invalid names fields as `contact.name`.
    """
    one_by_one(work)
    ahead(work, {User: [work.actor.id, work.get(Lead, lead_id).owner_id]})  # people before leads
    work.stay()
    lead = work.load(Lead, lead_id, to="lead.work", version=version)
    _check_choices(account, contact, opportunity)
    before = FLOW.advance(work, lead, "convert")
    lead.converted_at, lead.converted_by_id, lead.updated_at = work.now, work.actor.id, work.now
    made: Made = {"state": before.value, "contacted": _contacted(work, lead)}
    lead.account_id = _account(work, lead, account, made)
    lead.contact_id = _contact(work, lead, contact, made)
    lead.opportunity_id = opportunities.become(work, lead, opportunity, made)
    _agree(work, lead)
    made["activities"] = activities_follow(work, lead)
    made["attachments"] = attachments_follow(work, lead)
    events.record(work, lead, "converted", changes=_told(work, lead, before))
    return _keep(work, lead, made)


def _check_choices(account: Choice, contact: Choice, opportunity: Choice) -> None:
    if account is None and contact is None and opportunity is None:
        raise Invalid({"account": Said(NOTHING)})
    if account is None and (isinstance(contact, New) or isinstance(opportunity, New)):
        raise Invalid({"account": Said(NEEDS_ACCOUNT)})


def _contacted(work: Work, lead: Lead) -> bool:
    """Nobody converts whom they never spoke to: a first contact that was not noted was now at the latest (LEAD-7)."""
    if lead.first_contact_at is not None:
        return False
    lead.first_contact_at, lead.first_contact_by_id = work.now, work.actor.id
    return True


def _account(work: Work, lead: Lead, choice: Choice, made: Made) -> int | None:
    if choice is None:
        return None
    with naming("account"):
        if isinstance(choice, Existing):
            return _existing_account(work, lead, choice, made)
        values = targets.of_account(lead) | dict(choice.values)
        account_id = accounts.create(
            work, values=values, branch_id=lead.branch_id, members=_members(work, lead),
            duplicate_reason=choice.duplicate_reason,
        )  # fmt: skip
    _look_after(work, lead, account_id)
    made["account"] = {"id": account_id, "new": True}
    return account_id


def _existing_account(work: Work, lead: Lead, choice: Existing, made: Made) -> int:
    account, may = existing(work, lead, Account, choice, "account.change")
    gaps = targets.gaps_of_account(lead, account)
    made["account"] = fill(
        account, gaps, lambda gaps: accounts.change(work, account_id=account.id, changes=gaps), may=may
    )
    return choice.id


def _contact(work: Work, lead: Lead, choice: Choice, made: Made) -> int | None:
    if choice is None:
        return None
    with naming("contact"):
        if isinstance(choice, Existing):
            return _existing_contact(work, lead, choice, made)
        values = targets.of_contact(lead) | {LINES: [lead.line]} | dict(choice.values)
        contact_id = contacts.create(
            work, account_id=lead.account_id or 0, values=values, duplicate_reason=choice.duplicate_reason
        )
    made["contact"] = {"id": contact_id, "new": True}
    return contact_id


def _existing_contact(work: Work, lead: Lead, choice: Existing, made: Made) -> int:
    contact, may = existing(work, lead, Contact, choice, "contact.change")
    gaps = targets.gaps_of_contact(lead, contact)
    tied = lead.account_id is not None and _tie(work, contact, lead.account_id, may=may)
    made["contact"] = fill(
        contact, gaps, lambda gaps: contacts.change(work, contact_id=contact.id, changes=gaps), may=may
    ) | {"tied": tied}
    return choice.id


def _tie(work: Work, contact: Contact, account_id: int, *, may: bool) -> Any:
    """A contact used with an account works there; saying so takes the right to change the contact (CON-4).

    Gives what undoing needs: whether that is new or, if they had left, what was known of the earlier time.
    """
    at = (ContactAccount.contact_id == contact.id, ContactAccount.account_id == account_id)
    before = work.row(select(ContactAccount.role, ContactAccount.since, ContactAccount.until).where(*at))
    if before is not None and before.until is None:
        return False
    if not may:
        raise Refused(WORKS_ELSEWHERE, name=contact.name)
    contacts.tie(work, contact_id=contact.id, account_id=account_id)
    return True if before is None else {name: events.stored(value) for name, value in before._mapping.items()}


def _agree(work: Work, lead: Lead) -> None:
    """An opportunity belongs to one customer: the one chosen, or the one that comes with it."""
    if lead.opportunity_id is None:
        return
    owner = work.get(Opportunity, lead.opportunity_id).account_id
    if lead.account_id not in (None, owner):
        raise Invalid({"opportunity": Said(OTHER_ACCOUNT)})


def _members(work: Work, lead: Lead) -> tuple[accounts.Member, ...]:
    """Whoever staffs accounts puts the lead's owner on the new team."""
    if lead.owner_id is None or not work.actor.may("account.staff") or not _works_in_line(work, lead):
        return ()
    return (accounts.Member(user_id=lead.owner_id, line=lead.line),)


def _look_after(work: Work, lead: Lead, account_id: int) -> None:
    """The lead's owner looks after the new customer in the lead's product line, and so has direct business (CON-4)."""
    taken = select(AccountMember.id).where(AccountMember.account_id == account_id, AccountMember.line == lead.line)
    if work.scalar(taken) is None and _works_in_line(work, lead):
        work.also(AccountMember(account_id=account_id, user_id=lead.owner_id, line=lead.line))
        work.flush()


def _works_in_line(work: Work, lead: Lead) -> bool:
    lines = work.scalars(select(UserLine.line).where(UserLine.user_id == lead.owner_id))
    owner = work.row(select(User.active, User.branch_id).where(User.id == lead.owner_id))
    return bool(owner and owner.active and owner.branch_id == lead.branch_id and (not lines or lead.line in lines))


def _told(work: Work, lead: Lead, before: Any) -> dict[str, tuple[Any, Any]]:
    """The story in names: records are called by them, and never by number."""
    models: tuple[tuple[str, Any, int | None], ...] = (
        ("account", Account, lead.account_id),
        ("contact", Contact, lead.contact_id),
        ("opportunity", Opportunity, lead.opportunity_id),
    )
    names = {name: (None, work.get(model, record_id).name) for name, model, record_id in models if record_id}
    return {"state": (before, lead.state), **names}


def _keep(work: Work, lead: Lead, made: Made) -> int:
    """Versions as they are once all is written: what undoing compares with."""
    work.flush()
    models: tuple[tuple[str, Any], ...] = (("account", Account), ("contact", Contact), ("opportunity", Opportunity))
    for name, model in models:
        if name in made:
            record: Any = work.get(model, made[name]["id"])
            if not made[name]["new"]:
                events.record(work, record, "lead_converted")
                work.flush()
            made[name] |= {"version": record.version, "event": last_event(work, name, record.id)}
    made["lead"] = {"version": lead.version}
    row = LeadConversion(lead_id=lead.id, at=work.now, by_id=work.actor.id, made=made)
    work.also(row)
    work.flush()
    return row.id


NOTHING = N_("Please choose what the lead becomes: a customer, a contact or an opportunity.")
NEEDS_ACCOUNT = N_("A new contact or opportunity needs a customer.")
OTHER_ACCOUNT = N_("This opportunity belongs to another customer.")
WORKS_ELSEWHERE = N_(
    "{name} does not work at this customer, and you may not change that. Choose their customer, or ask who looks after them."
)
