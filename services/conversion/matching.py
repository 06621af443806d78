"""Before converting: which records there are already, as far as the actor may see them, and what would be filled (LEAD-5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from db.models import Account, Attachment, Contact, ContactAccount, Lead, Opportunity
from services import accounts, contacts, duplicates
from services.conversion import targets
from services.conversion.going_along import activities_waiting
from services.core import fields
from services.core.access import needs
from services.core.errors import N_, Invalid, Said
from services.core.fields import Field
from services.core.work import Work
from services.duplicates import Found

MOST = 8


@dataclass(frozen=True)
class Match:
    """A record that may be the same: why, and which of its empty fields would be filled; ``open`` if the actor may."""

    id: int
    name: str
    detail: str
    why: Said
    fills: Mapping[str, Any]
    open: bool
    account_id: int | None = None


@dataclass(frozen=True)
class Target:
    """One of the three things: may the actor make one, of what, what stands in the way, and which exist already."""

    may_make: bool
    values: Mapping[str, Any]
    wrong: Mapping[str, Said]
    matches: Sequence[Match]
    alike: Found = Found()  # noqa: RUF009 - it is frozen


@dataclass(frozen=True)
class Preview:
    """What converting would do."""

    lead_id: int
    version: int
    topic: str
    account: Target
    contact: Target
    opportunity: Target
    activities: int
    attachments: int


@needs("lead.work")
def preview(work: Work, *, lead_id: int) -> Preview:
    """For each thing the lead can become: the matches the actor may see, and what would be made or filled."""
    lead = work.get(Lead, lead_id)
    found = _accounts(work, lead)
    people = _contacts(work, lead, [one.id for one in found])
    near = {one.id for one in found} | _workplaces(work, [one.id for one in people])
    return Preview(
        lead_id=lead.id,
        version=lead.version,
        topic=lead.topic,
        account=_target(
            work, "account.create", accounts.FIELDS, targets.of_account(lead), found, duplicates.of_account
        ),
        contact=_target(
            work, "contact.create", contacts.FIELDS, targets.of_contact(lead), people, duplicates.of_contact
        ),
        opportunity=_target(
            work, "opportunity.create", (), targets.of_opportunity(lead), _opportunities(work, lead, near)
        ),
        activities=len(activities_waiting(work, lead)),
        attachments=int(work.scalar(select(func.count()).select_from(Attachment).where(Attachment.lead_id == lead.id))),
    )


def _target(
    work: Work,
    permission: str,
    known: Sequence[Field],
    values: Mapping[str, Any],
    matches: Sequence[Match],
    compare: Callable[..., Found] | None = None,
) -> Target:
    may = work.actor.may(permission)
    alike = compare(work, values=values) if compare and may else Found()
    return Target(may, values, _wrong(known, values), matches, alike)


def _wrong(known: Sequence[Field], values: Mapping[str, Any]) -> Mapping[str, Said]:
    """What a new record could not be made of, such as a name with a title."""
    try:
        fields.checked(known, values if known else {})
        fields.complete(known, values)
    except Invalid as error:
        return error.fields
    return {}


def _accounts(work: Work, lead: Lead) -> list[Match]:
    called = [_called(Account, lead, name) for name in (lead.company or lead.person,) if name]
    phone = _by_phone(lead, Account.phone, Account.phone2)
    somebody = select(ContactAccount.account_id).join(Contact, Contact.id == ContactAccount.contact_id)
    known = Account.id.in_(somebody.where(ContactAccount.until.is_(None), _phone_of_contact(lead)))
    whys = ((phone, SAME_PHONE), *((one, SAME_NAME) for one in called), (known, CONTACT_THERE))
    return _matches(work, lead, Account, whys, targets.gaps_of_account, "account.change", lambda one: one.phone)


def _contacts(work: Work, lead: Lead, account_ids: Sequence[int]) -> list[Match]:
    there = exists().where(ContactAccount.contact_id == Contact.id, ContactAccount.account_id.in_(account_ids))
    named = and_(Contact.name == lead.person, there) if lead.person and account_ids else false()
    whys = ((_phone_of_contact(lead), SAME_PHONE), (named, SAME_NAME))
    return _matches(work, lead, Contact, whys, targets.gaps_of_contact, "contact.change", _job)


def _opportunities(work: Work, lead: Lead, account_ids: set[int]) -> list[Match]:
    of_line = and_(Opportunity.account_id.in_(account_ids), Opportunity.line == lead.line)
    whys = ((of_line, SAME_CUSTOMER),)
    return _matches(work, lead, Opportunity, whys, targets.gaps_of_opportunity, "opportunity.create", lambda _one: None)


Why = tuple[ColumnElement[bool], str]


def _matches(
    work: Work,
    lead: Lead,
    model: Any,
    whys: Sequence[Why],
    gaps: Callable[[Lead, Any], dict[str, Any]],
    permission: str,
    detail: Callable[[Any], str | None],
) -> list[Match]:
    """The strongest reason first, each record once; of the lead's branch alone, where its records will be."""
    found: dict[int, Match] = {}
    each = select(model, work.within_reach(model, permission)).where(model.branch_id == lead.branch_id)
    for condition, why in whys:
        for one, may in work.rows(each.where(condition).order_by(model.id).limit(MOST)):
            fills = gaps(lead, one) if may else {}
            customer = getattr(one, "account_id", None)
            found.setdefault(one.id, Match(one.id, one.name, detail(one) or "", Said(why), fills, bool(may), customer))
    return list(found.values())[:MOST]


def _called(model: Any, lead: Lead, name: str) -> ColumnElement[bool]:
    same: ColumnElement[bool] = model.name == name
    return or_(same, model.name_key == lead.name_key) if lead.name_key else same


def _by_phone(lead: Lead, *columns: Any) -> ColumnElement[bool]:
    numbers = [number for number in (lead.mobile, lead.landline) if number]
    return or_(*(column.in_(numbers) for column in columns))


def _phone_of_contact(lead: Lead) -> ColumnElement[bool]:
    return _by_phone(lead, Contact.mobile, Contact.landline)


def _workplaces(work: Work, contact_ids: Sequence[int]) -> set[int]:
    at = (ContactAccount.contact_id.in_(contact_ids), ContactAccount.until.is_(None))
    return set(work.scalars(select(ContactAccount.account_id).where(*at)))


def _job(contact: Contact) -> str | None:
    return " · ".join(filter(None, (contact.job_title, contact.mobile or contact.landline)))


SAME_PHONE, SAME_NAME = N_("same phone number"), N_("same name")
CONTACT_THERE = N_("a contact with this phone number works there")
SAME_CUSTOMER = N_("same customer and product line")
