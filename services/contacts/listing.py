"""The list of contacts: columns, filters, search (ALL-2)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    Branch,
    Contact,
    ContactAccount,
    ContactLine,
    Region,
)
from services import formats, trust
from services.core.errors import N_
from services.core.listing import Column, Filter, ListSpec, contains, one_of
from services.core.work import Query, Work
from services.field_values import names
from services.regions import FILLERS

Province, City = aliased(Region), aliased(Region)


def search(words: str) -> ColumnElement[bool]:
    """Every word occurs in name (also by pinyin and initials), e-mail or phone, or all of them in a present customer's name."""
    searched = formats.searched(words)
    return or_(contains(Contact.search_key)(searched), _at(contains(Account.search_key)(searched)))


def _at(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """At present at an account of which this is true."""
    ties = select(ContactAccount.contact_id).join(Account, Account.id == ContactAccount.account_id)
    return Contact.id.in_(ties.where(ContactAccount.until.is_(None), *conditions))


def _mine(work: Work, value: Any) -> ColumnElement[bool]:
    """At a customer on whose team the actor is."""
    own = _at(Account.id.in_(select(AccountMember.account_id).where(AccountMember.user_id == work.actor.id)))
    return own if str(value) not in ("0", "false", "False") else ~own


def _with_line(_work: Work, value: Any) -> ColumnElement[bool]:
    return Contact.id.in_(select(ContactLine.contact_id).where(ContactLine.line.in_(names(value))))


def _of_account(work: Work, value: Any) -> ColumnElement[bool]:
    of_these = one_of(ContactAccount.account_id)(work, value)
    return Contact.id.in_(select(ContactAccount.contact_id).where(of_these))


def _later(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What each contact deals with, and when they were last met, as far as the reader may know."""
    found: dict[int, dict[str, Any]] = {contact_id: {} for contact_id in ids}
    for row in work.rows(_lines(work).where(Contact.id.in_(ids)).order_by(ContactLine.line)):
        found[row.id]["lines"] = ",".join(filter(None, (found[row.id].get("lines"), row.line)))
        found[row.id]["trust"] = trust.of_row(work, kind="contact", row=row._mapping).score if row.own else None
    met = select(ActivityContact.contact_id, func.max(Activity.ended_at)).join(
        Activity, Activity.id == ActivityContact.activity_id
    )
    for contact_id, last in work.rows(
        met.where(ActivityContact.contact_id.in_(ids)).group_by(ActivityContact.contact_id)
    ):
        found[contact_id]["last_contact"] = last
    return found


def _lines(work: Work) -> Query:
    """Each contact with each of its product lines, and with what its trust score is made from (CON-7)."""
    columns = (Contact.id, ContactLine.line, trust.own(work, kind="contact").label("own"), *trust.columns("contact"))
    return select(*columns).outerjoin(ContactLine, ContactLine.contact_id == Contact.id)


def _read(statement: Query) -> Query:
    main = and_(ContactAccount.contact_id == Contact.id, ContactAccount.main)
    return (
        statement.join(Branch, Branch.id == Contact.branch_id)
        .outerjoin(ContactAccount, main)
        .outerjoin(Account, Account.id == ContactAccount.account_id)
        .outerjoin(Province, Province.code == func.coalesce(Contact.province_code, Account.province_code))
        .outerjoin(City, City.code == func.coalesce(Contact.city_code, Account.city_code))
    )


LIST = ListSpec(
    name="contacts",
    model=Contact,
    columns=(
        Column("name", N_("Name"), Contact.name),
        Column("account", N_("Customer"), Account.name, sortable=False),
        Column("job_title", N_("Job title"), Contact.job_title),
        Column("responsibility_id", N_("Responsibility"), Contact.responsibility_id, kind="code"),
        Column("mobile", N_("Mobile"), Contact.mobile, kind="phone", sortable=False),
        Column("landline", N_("Landline"), Contact.landline, kind="phone", sortable=False, shown=False),
        Column("lines", N_("Deals with"), None, kind="lines", sortable=False),
        Column("city", N_("City"), case((City.name.in_(FILLERS), Province.name), else_=City.name), sortable=False),
        Column("last_contact", N_("Last contact"), None, kind="moment", sortable=False),
        Column("trust", N_("Trust"), None, kind="trust", sortable=False),
        Column("email", N_("E-mail"), Contact.email, shown=False, sortable=False),
        Column("wechat", N_("WeChat"), Contact.wechat, shown=False, sortable=False),
        Column("updated_at", N_("Changed"), Contact.updated_at, kind="moment", shown=False),
        Column("account_id", N_("Customer number"), ContactAccount.account_id, kind="number", shown=False, sortable=False),
        Column("branch", N_("Branch"), Branch.name, shown=False, sort=Contact.branch_id),
    ),
    read=_read,
    search=search,
    filters=(
        Filter("mine", N_("My customers"), _mine, choices="mine", first=True),
        Filter("responsibility", N_("Responsibility"), one_of(Contact.responsibility_id), choices="code:responsibility", first=True),
        Filter("line", N_("Deals with"), _with_line, choices="lines", first=True),
        Filter("account", N_("Customer"), _of_account, choices="account"),
        Filter("province", N_("Province"), lambda _w, v: _at(Account.province_code.in_(names(v))), choices="provinces"),
        Filter("city", N_("City"), lambda _w, v: _at(Account.city_code.in_(names(v))), choices="cities"),
        Filter("branch", N_("Branch"), one_of(Contact.branch_id), choices="branches"),
    ),
    sort="name",
    export="contact.export",
    later=_later,
)  # fmt: skip
