"""The list of accounts: columns, filters, search (ALL-2)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from db.models import Account, AccountMember, AccountStatus, Activity, Branch, Region, User
from services import formats, trust
from services.core.errors import N_, listed
from services.core.listing import Column, Filter, ListSpec, contains, from_day, one_of, one_of_kind
from services.core.work import Query, Work
from services.field_values import names
from services.regions import FILLERS

Province, City = aliased(Region), aliased(Region)


def search(words: str) -> ColumnElement[bool]:
    """Every word occurs in the names (also by pinyin and initials), the credit code or a phone number."""
    return contains(Account.search_key)(formats.searched(words))


def mine(work: Work) -> ColumnElement[bool]:
    """The actor is on the account team."""
    return _of_members(AccountMember.user_id == work.actor.id)


def _of_members(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Account.id.in_(select(AccountMember.account_id).where(*conditions))


def _mine(work: Work, value: Any) -> ColumnElement[bool]:
    return mine(work) if str(value) not in ("0", "false", "False") else ~mine(work)


def _named(column: Any) -> Any:
    return lambda _work, value: column.in_(names(value))


def _silent_since(work: Work, value: Any) -> ColumnElement[bool]:
    """No activity with the account has ended on that day or later."""
    met = select(Activity.account_id).where(Activity.account_id.is_not(None), from_day(Activity.ended_at)(work, value))
    return Account.id.not_in(met)


def _later(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Who looks after each account, its best class, and when it was last met, as far as the reader may know."""
    found: dict[int, dict[str, Any]] = {account_id: {"team": []} for account_id in ids}
    for row in work.rows(_members(work).where(Account.id.in_(ids)).order_by(User.name)):
        seen = found[row.id]
        seen["team"].append(row.member)
        seen["grade"] = min(filter(None, (seen.get("grade"), row.grade)), default=None)
        seen["trust"] = trust.of_row(work, kind="account", row=row._mapping).score if row.own else None
    for seen in found.values():
        seen["team"] = listed(dict.fromkeys(filter(None, seen["team"])), work.translate)
    met = select(Activity.account_id, func.max(Activity.ended_at)).where(Activity.account_id.in_(ids))
    for account_id, last in work.rows(met.group_by(Activity.account_id)):
        found[account_id]["last_contact"] = last
    return found


def _members(work: Work) -> Query:
    """Each account with each person of its team, and with what its trust score is made from (CON-7)."""
    columns = (Account.id, User.name.label("member"), AccountMember.grade, trust.own(work, kind="account").label("own"))
    each = select(*columns, *trust.columns("account"))
    return each.outerjoin(AccountMember, AccountMember.account_id == Account.id).outerjoin(
        User, User.id == AccountMember.user_id
    )


def _read(statement: Query) -> Query:
    return (
        statement.join(Branch, Branch.id == Account.branch_id)
        .outerjoin(Province, Province.code == Account.province_code)
        .outerjoin(City, City.code == Account.city_code)
    )


LIST = ListSpec(
    name="accounts",
    model=Account,
    columns=(
        Column("name", N_("Customer name"), Account.name),
        Column("kind_id", N_("Kind"), Account.kind_id, kind="code"),
        Column("status", N_("Status"), Account.status, kind="status"),
        Column("city", N_("City"), case((City.name.in_(FILLERS), Province.name), else_=City.name), sort=Account.city_code),
        Column("phone", N_("Phone"), Account.phone, kind="phone", sortable=False),
        Column("team", N_("Team"), None, sortable=False),
        Column("grade", N_("Class"), None, sortable=False),
        Column("last_contact", N_("Last contact"), None, kind="moment", sortable=False),
        Column("trust", N_("Trust"), None, kind="trust", sortable=False),
        Column("updated_at", N_("Changed"), Account.updated_at, kind="moment", shown=False),
        Column("short_name", N_("Short name"), Account.short_name, shown=False),
        Column("province", N_("Province"), Province.name, shown=False, sort=Account.province_code),
        Column("street", N_("Street"), Account.street, shown=False, sortable=False),
        Column("credit_code", N_("Credit code"), Account.credit_code, shown=False),
        Column("industry_id", N_("Industry"), Account.industry_id, kind="code", shown=False),
        Column("branch", N_("Branch"), Branch.name, shown=False, sort=Account.branch_id),
    ),
    read=_read,
    search=search,
    filters=(
        Filter("mine", N_("My customers"), _mine, choices="mine", first=True),
        Filter("status", N_("Status"), one_of_kind(Account.status, AccountStatus), choices="account_statuses", first=True),
        Filter("kind", N_("Kind"), one_of(Account.kind_id), choices="code:account_kind", first=True),
        Filter("province", N_("Province"), _named(Account.province_code), choices="provinces"),
        Filter("city", N_("City"), _named(Account.city_code), choices="cities"),
        Filter("member", N_("Team member"), lambda w, v: _of_members(one_of(AccountMember.user_id)(w, v)), choices="people"),
        Filter("line", N_("Product line"), lambda _w, v: _of_members(AccountMember.line.in_(names(v))), choices="lines"),
        Filter("grade", N_("Class"), lambda _w, v: _of_members(AccountMember.grade.in_(names(v))), choices="grades"),
        Filter("industry", N_("Industry"), one_of(Account.industry_id), choices="code:industry"),
        Filter("branch", N_("Branch"), one_of(Account.branch_id), choices="branches"),
        Filter("silent_since", N_("No contact since"), _silent_since, choices="date"),
    ),
    sort="name",
    export="account.export",
    later=_later,
)  # fmt: skip
