"""The data administrator's inbox: records that are incomplete, stale or cannot be right, in sections (CON-7, ADM-7)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from db.models import Account, AccountMember, Branch, BranchRegion, Contact, ContactAccount
from services import accounts, contacts
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, NotFound
from services.core.listing import Column, Filter, ListRequest, ListSpec, Page, fetch, one_of
from services.core.work import Query, Work

#: from so many on, how many there are is not counted: the list of the section says it
MOST = 1000
OLDEST = timedelta(days=366 * 110)
Condition = Callable[[Work], ColumnElement[bool]]


@dataclass(frozen=True)
class Section:
    """One kind of problem: what it is called, what is wrong, which records have it, and what repairs it with one click."""

    kind: str
    label: str
    told: str
    condition: Condition
    repairs: tuple[str, ...]


def _without_team(_work: Work) -> ColumnElement[bool]:
    return Account.id.not_in(select(AccountMember.account_id))


def _of_another_region(work: Work) -> ColumnElement[bool]:
    """The city, or else the province, is covered by a branch, and by another one than the customer's."""
    of_city, of_province = (
        select(BranchRegion.branch_id).where(BranchRegion.region_code == code).scalar_subquery()
        for code in (Account.city_code, Account.province_code)
    )
    return and_(func.coalesce(of_city, of_province) != Account.branch_id, _unchecked(work, Account))


def _unchecked(work: Work, model: Any) -> ColumnElement[bool]:
    """Whoever checked an odd record has said that it is right as it is, for as long as a check is valid."""
    since = work.now - timedelta(days=int(configuration(work).setting("checked_days")))
    return or_(model.checked_at.is_(None), model.checked_at < since)


def _account_incomplete(_work: Work) -> ColumnElement[bool]:
    return or_(
        and_(Account.phone.is_(None), Account.phone2.is_(None)), Account.city_code.is_(None), Account.kind_id.is_(None)
    )


def _contact_incomplete(_work: Work) -> ColumnElement[bool]:
    return and_(Contact.mobile.is_(None), Contact.landline.is_(None))


def _shared_mobile(work: Work) -> ColumnElement[bool]:
    return and_(_doubled(Contact, Contact.mobile), _unchecked(work, Contact))


def _same_name(work: Work) -> ColumnElement[bool]:
    """By the key that names are compared by (ACCT-2)."""
    return and_(_doubled(Account, Account.name_key), _unchecked(work, Account))


def _doubled(model: Any, column: Any) -> ColumnElement[bool]:
    """Another one of the same branch says the same; of two branches each keeps its own record."""
    both = (column, model.branch_id)
    present = select(*both).where(model.deleted_at.is_(None), column.is_not(None))
    doubled: ColumnElement[bool] = tuple_(*both).in_(present.group_by(*both).having(func.count() > 1))
    return doubled


def _impossible_birthday(work: Work) -> ColumnElement[bool]:
    return or_(Contact.birthday > work.today, Contact.birthday < work.today - OLDEST)


def _stale(model: Any) -> Condition:
    """Neither changed nor checked for so long that nobody knows whether it is still true."""

    def condition(work: Work) -> ColumnElement[bool]:
        since = work.now - timedelta(days=int(configuration(work).setting("stale_days")))
        return and_(model.updated_at < since, or_(model.checked_at.is_(None), model.checked_at < since))

    return condition


#: in the order in which they are offered: what cannot be right first
SECTIONS: Mapping[str, Section] = {
    "shared_mobile": Section(
        "contact", N_("One mobile, several contacts"), N_("A mobile number belongs to one person; one of these is wrong or doubled."),
        _shared_mobile, ("merge", "check", "edit"),
    ),
    "same_name": Section(
        "account", N_("One name, several customers"), N_("The names are the same but for words such as “Co., Ltd.”, brackets and spaces."),
        _same_name, ("merge", "check", "edit"),
    ),
    "birthday": Section(
        "contact", N_("Impossible birthday"), N_("The day is still to come, or more than 110 years ago."), _impossible_birthday, ("edit",),
    ),
    "region": Section(
        "account", N_("Region of another branch"), N_("The address lies in a region that another branch covers."),
        _of_another_region, ("edit", "check"),
    ),
    "no_team": Section(
        "account", N_("Customers without a team"), N_("Nobody looks after these customers."), _without_team, ("staff", "edit"),
    ),
    "account_incomplete": Section(
        "account", N_("Incomplete customers"), N_("Phone, city or kind is missing."), _account_incomplete, ("edit",),
    ),
    "contact_incomplete": Section(
        "contact", N_("Contacts without a number"), N_("Neither a mobile nor a landline number is known."), _contact_incomplete, ("edit",),
    ),
    "account_stale": Section(
        "account", N_("Stale customers"), N_("Nobody has changed or checked these for a long time."), _stale(Account), ("check", "edit"),
    ),
    "contact_stale": Section(
        "contact", N_("Stale contacts"), N_("Nobody has changed or checked these for a long time."), _stale(Contact), ("check", "edit"),
    ),
}  # fmt: skip


def _in_section(work: Work, value: Any) -> ColumnElement[bool]:
    return _section(str(value)).condition(work)


def _section(name: str) -> Section:
    if name not in SECTIONS:
        raise NotFound
    return SECTIONS[name]


def _read_account(statement: Query) -> Query:
    return statement.join(Branch, Branch.id == Account.branch_id)


def _read_contact(statement: Query) -> Query:
    main = and_(ContactAccount.contact_id == Contact.id, ContactAccount.main)
    with_branch = statement.join(Branch, Branch.id == Contact.branch_id).outerjoin(ContactAccount, main)
    return with_branch.outerjoin(Account, Account.id == ContactAccount.account_id)


def _filters(model: Any) -> tuple[Filter, ...]:
    return (
        Filter("section", N_("Problem"), _in_section, first=True),  # the screen asks for it itself
        Filter("branch", N_("Branch"), one_of(model.branch_id), choices="branches", first=True),
    )


LISTS: Mapping[str, ListSpec] = {
    "account": ListSpec(
        name="data inbox",
        model=Account,
        columns=(
            Column("name", N_("Customer name"), Account.name),
            Column("phone", N_("Phone"), Account.phone, kind="phone", sortable=False),
            Column("city", N_("City"), Account.city_code, kind="region", sortable=False),
            Column("branch", N_("Branch"), Branch.name, sortable=False),
            Column("branch_en", N_("Branch (English)"), Branch.name_en, sortable=False, shown=False),
            Column("updated_at", N_("Changed"), Account.updated_at, kind="moment", sortable=False),
            Column("checked_at", N_("Checked"), Account.checked_at, kind="moment", sortable=False),
        ),
        read=_read_account,
        search=accounts.search,
        filters=_filters(Account),
        sort="name",
    ),
    "contact": ListSpec(
        name="data inbox",
        model=Contact,
        columns=(
            Column("name", N_("Name"), Contact.name),
            Column("account", N_("Customer"), Account.name, sortable=False),
            Column("mobile", N_("Mobile"), Contact.mobile, kind="phone"),
            Column("birthday", N_("Birthday"), Contact.birthday, kind="day", sortable=False),
            Column("branch", N_("Branch"), Branch.name, sortable=False),
            Column("branch_en", N_("Branch (English)"), Branch.name_en, sortable=False, shown=False),
            Column("updated_at", N_("Changed"), Contact.updated_at, kind="moment", sortable=False),
            Column("checked_at", N_("Checked"), Contact.checked_at, kind="moment", sortable=False),
        ),
        read=_read_contact,
        search=contacts.search,
        filters=_filters(Contact),
        sort="mobile",
    ),
}


@needs("data.clean")
def page(work: Work, *, section: str, request: ListRequest) -> Page:
    """One page of the records that have the problem."""
    asked = ListRequest(**{**vars(request), "filters": {**request.filters, "section": section}})
    return fetch(work, LISTS[_section(section).kind], asked)


@needs("data.clean")
def counts(work: Work) -> dict[str, int]:
    """How many records have each problem, up to one more than `MOST`."""
    return {name: _count(work, section) for name, section in SECTIONS.items()}


def _count(work: Work, section: Section) -> int:
    model = LISTS[section.kind].model
    first = select(model.id).where(section.condition(work), model.deleted_at.is_(None)).limit(MOST + 1).subquery()
    return int(work.scalar(select(func.count(first.c.id))))
