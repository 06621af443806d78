"""What may be the same as a customer, person or interest that is being typed (ACCT-3).

Strong, so that entering another one needs a reason: the same credit code; the same phone; the same name without what
ACCT-2 leaves out; for a contact the same mobile, or the same name at the same customer or on the same landline. Strong ones
count across all branches; of those out of sight only the branch is told. Weak, shown in the own sight alone: names that sound
or look similar, and for a customer the leads and contacts with its name or number. Converted leads are what they became.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from db.models import Account, AccountMember, Contact, ContactAccount, Lead, LeadState, User
from services import formats, regions
from services.core.access import needs
from services.core.errors import N_, Invalid, Said, listed
from services.core.work import Query, Work
from services.duplicates.found import MOST, Candidate, Found, told
from services.duplicates.likeness import LEAST, alike, likeness
from services.duplicates.sight import sighted

Tie = aliased(ContactAccount)
ACCOUNTS = select(
    Account.id, Account.branch_id, Account.name, Account.name_key, Account.phone, Account.phone2, Account.credit_code,
    Account.city_code,
).where(Account.deleted_at.is_(None))  # fmt: skip
CONTACTS = (
    select(Contact.id, Contact.branch_id, Contact.name, Contact.mobile, Contact.landline, Account.name.label("at"))
    .outerjoin(ContactAccount, and_(ContactAccount.contact_id == Contact.id, ContactAccount.main))
    .outerjoin(Account, Account.id == ContactAccount.account_id)
    .where(Contact.deleted_at.is_(None))
)
LEADS = (
    select(
        Lead.id, Lead.branch_id, Lead.topic, Lead.company, Lead.person, Lead.name_key, Lead.mobile, Lead.landline, User.name,
    )
    .outerjoin(User, User.id == Lead.owner_id)
    .where(Lead.deleted_at.is_(None), Lead.state != LeadState.CONVERTED)
)  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What stands in the form, as far as it can be compared already."""

    name: str | None
    numbers: frozenset[str]
    code: str | None = None

    @property
    def key(self) -> str | None:
        """The name without what does not tell companies apart."""
        return formats.name_key(self.name)


@needs("account.create")
def of_account(work: Work, *, values: Mapping[str, Any], besides: int | None = None) -> Found:
    """What may be the same as this customer: customers, and in sight leads and contacts with its name or number."""
    typed = _typed(values, "name", ("phone", "phone2"), values.get("credit_code"))
    rows, beyond = _seen(work, ACCOUNTS.where(_other(Account, besides)), _same_account(typed))
    same = [*_accounts(work, rows, typed, strong=True), *_similar_accounts(work, typed)]
    hints = [*_leads(_weak(work, LEADS, _same_lead(typed)), typed, strong=False)]
    hints += _contacts(_weak(work, CONTACTS, _on_number(typed)), typed, strong=False)
    return told(work, [*same, *hints], beyond)


@needs("contact.create")
def of_contact(
    work: Work, *, values: Mapping[str, Any], account_id: int | None = None, besides: int | None = None
) -> Found:
    """What may be the same as this person: contacts, those at the same customer also by how the name sounds."""
    typed = _typed(values, "name", ("mobile", "landline"))
    if account_id:  # who works at a customer out of sight is nobody's to ask for (ALL-7)
        account_id = work.scalar(select(Account.id).where(Account.id == account_id))
    rows, beyond = _seen(work, CONTACTS.where(_other(Contact, besides)), _same_contact(typed, values, account_id))
    same = _contacts(rows, typed, strong=True)
    others = CONTACTS.where(_other(Contact, besides))
    namesakes = _weak(work, others, [Contact.name == typed.name] if typed.name else [])
    near = _weak(work, others, [_works_at(account_id)] if account_id and typed.name else [], most=LOOK)
    sounding = [row for row in near if likeness(row.name, typed.name) > NEARLY]
    return told(work, [*same, *_contacts([*namesakes, *sounding], typed, strong=False)], beyond)


@needs("lead.create")
def of_lead(work: Work, *, values: Mapping[str, Any], besides: int | None = None) -> Found:
    """What may be the same as this interest: leads that are not converted, customers and contacts."""
    typed = _typed(values, "company", ("mobile", "landline"))
    rows, beyond = _seen(work, LEADS.where(_other(Lead, besides)), _same_lead(typed))
    customers, beyond_customers = _seen(work, ACCOUNTS, _same_account(typed))
    people, beyond_people = _seen(work, CONTACTS, _on_number(typed))
    same = [*_leads(rows, typed, strong=True), *_accounts(work, customers, typed, strong=True)]
    same += _contacts(people, typed, strong=True)
    return told(work, [*same, *_similar_accounts(work, typed), *_similar_leads(work, typed)],
                beyond | beyond_customers | beyond_people)  # fmt: skip


def _other(model: Any, besides: int | None) -> ColumnElement[bool]:
    """Not the record itself, when what is stored already is looked at."""
    other: ColumnElement[bool] = model.id != (besides or 0)
    return other


def _typed(values: Mapping[str, Any], name: str, phones: Sequence[str], code: Any = None) -> Typed:
    numbers = frozenset(filter(None, (_tidy(formats.phone, values.get(one)) for one in phones)))
    return Typed(str(values.get(name) or "") or None, numbers, _tidy(formats.credit_code, code))


def _tidy(check: Any, value: Any) -> str | None:
    """In stored form; nothing while it is only half typed."""
    try:
        return str(check(str(value))) if value else None
    except Invalid:
        return None


Conditions = Sequence[ColumnElement[bool]]


def _same_account(typed: Typed) -> Conditions:
    found: list[ColumnElement[bool]] = [c.in_(typed.numbers) for c in (Account.phone, Account.phone2) if typed.numbers]
    found += [Account.name_key == typed.key] if typed.key else []
    return [*found, *([Account.credit_code == typed.code] if typed.code else [])]


def _same_lead(typed: Typed) -> Conditions:
    found: list[ColumnElement[bool]] = [c.in_(typed.numbers) for c in (Lead.mobile, Lead.landline) if typed.numbers]
    return [*found, *([Lead.name_key == typed.key] if typed.key else [])]


def _on_number(typed: Typed) -> Conditions:
    return [column.in_(typed.numbers) for column in (Contact.mobile, Contact.landline) if typed.numbers]


def _same_contact(typed: Typed, values: Mapping[str, Any], account_id: int | None) -> Conditions:
    mobile = _tidy(formats.mobile, values.get("mobile"))
    landline = _tidy(formats.landline, values.get("landline"))
    named = Contact.name == typed.name
    found: list[ColumnElement[bool]] = [Contact.mobile == mobile] if mobile else []
    found += [and_(named, Contact.landline == landline)] if landline and typed.name else []
    return [*found, *([and_(named, _works_at(account_id))] if account_id and typed.name else [])]


def _works_at(account_id: int | None) -> ColumnElement[bool]:
    return Contact.id.in_(select(Tie.contact_id).where(Tie.account_id == account_id))


def _seen(work: Work, statement: Query, same: Conditions) -> tuple[Sequence[Any], set[int | None]]:
    return sighted(work, statement.where(or_(*same))) if same else ((), set())


def _weak(work: Work, statement: Query, same: Conditions, most: int = MOST) -> Sequence[Any]:
    return work.rows(statement.where(or_(*same)).limit(most)) if same else ()


def _similar_accounts(work: Work, typed: Typed) -> Iterator[Candidate]:
    ids = alike(work, kind="account", name=typed.name)
    rows = [
        row for row in _weak(work, ACCOUNTS, [Account.id.in_(ids)] if ids else [], LOOK) if row.name_key != typed.key
    ]
    return _accounts(work, _close(rows, typed, "name"), typed, strong=False)


def _similar_leads(work: Work, typed: Typed) -> Iterator[Candidate]:
    ids = alike(work, kind="lead", name=typed.name)
    rows = [row for row in _weak(work, LEADS, [Lead.id.in_(ids)] if ids else [], LOOK) if row.name_key != typed.key]
    return _leads(_close(rows, typed, "company"), typed, strong=False)


def _close(rows: Sequence[Any], typed: Typed, name: str) -> Sequence[Any]:
    """The few that sound most alike."""
    ranked = sorted(((likeness(getattr(row, name), typed.name), row.id, row) for row in rows), reverse=True)
    return [row for share, _number, row in ranked[:MOST] if share >= LEAST]


def _accounts(work: Work, rows: Sequence[Any], typed: Typed, *, strong: bool) -> Iterator[Candidate]:
    teams = _teams(work, [row.id for row in rows])
    for row in rows:
        why = _why(typed, (row.phone, row.phone2), row.name_key, row.credit_code)
        detail = " · ".join(filter(None, (regions.name(row.city_code), listed(teams.get(row.id, ()), work.translate))))
        yield Candidate("account", row.id, row.name, detail, Said(why), strong, likeness(row.name, typed.name))


def _contacts(rows: Sequence[Any], typed: Typed, *, strong: bool) -> Iterator[Candidate]:
    for row in rows:
        why = _why(typed, (row.mobile, row.landline), typed.key if row.name == typed.name else None)
        yield Candidate("contact", row.id, row.name, row.at or "", Said(why), strong, 1.0)


def _leads(rows: Sequence[Any], typed: Typed, *, strong: bool) -> Iterator[Candidate]:
    for row in rows:
        why = _why(typed, (row.mobile, row.landline), row.name_key)
        detail = " · ".join(filter(None, (row.company, row.person, row.name)))
        yield Candidate("lead", row.id, row.topic, detail, Said(why), strong, likeness(row.company, typed.name))


def _why(typed: Typed, numbers: Collection[str | None], key: str | None, code: str | None = None) -> str:
    if typed.code and code == typed.code:
        return SAME_CODE
    if typed.numbers & set(numbers):
        return SAME_PHONE
    return SAME_NAME if typed.key and key == typed.key else SIMILAR_NAME


def _teams(work: Work, account_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if account_ids:
        team = select(AccountMember.account_id, User.name).join(User, User.id == AccountMember.user_id)
        for row in work.rows(team.where(AccountMember.account_id.in_(account_ids)).distinct().order_by(User.name)):
            found.setdefault(row.account_id, []).append(row.name)
    return found


LOOK = 300
#: of a person's two or three syllables all have to sound the same
NEARLY = 0.9
SAME_CODE, SAME_PHONE = N_("same credit code"), N_("same phone number")
SAME_NAME, SIMILAR_NAME = N_("same name"), N_("similar name")
