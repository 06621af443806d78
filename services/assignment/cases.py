"""What rules look at of leads, read for many leads at once (ASG-1)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from db.models import Account, Branch, BranchRegion, CodeValue, Lead, LeadState
from services.assignment.matching import Case, Rule
from services.core.work import Query, Work

OfCity, OfProvince = aliased(BranchRegion), aliased(BranchRegion)
UNASSIGNED = and_(Lead.state == LeadState.NEW, Lead.owner_id.is_(None), Lead.deleted_at.is_(None))
#: a branch that is closed covers nothing
THERE = select(Branch.id).where(Branch.active)
#: regions decide the branch first, the city before its province; else the branch in which the lead was entered
BRANCH: ColumnElement[Any] = func.coalesce(OfCity.branch_id, OfProvince.branch_id, Lead.branch_id)
COLUMNS = (
    Lead.id, BRANCH.label("branch_id"), Lead.line, Lead.province_code, Lead.city_code, Lead.district_code,
    CodeValue.group.label("source_group"), Lead.category_id, Lead.budget,
)  # fmt: skip


def cases(work: Work, *, rules: Iterable[Rule], where: Sequence[ColumnElement[bool]]) -> list[Case]:
    """The leads that meet the conditions, oldest first; their customers are looked up when a rule asks for them."""
    rows = work.rows(joined(select(*COLUMNS)).where(*where).order_by(Lead.created_at, Lead.id))
    asked = any(rule.asks_for_customer for rule in rules)
    customers = _customers(work, where) if asked else {}
    return [_case(row, customers.get(row.id, ())) for row in rows]


def joined(statement: Query) -> Query:
    """With what decides the branch and the group of the source."""
    return (
        statement.select_from(Lead)
        .outerjoin(OfCity, and_(OfCity.region_code == Lead.city_code, OfCity.branch_id.in_(THERE)))
        .outerjoin(OfProvince, and_(OfProvince.region_code == Lead.province_code, OfProvince.branch_id.in_(THERE)))
        .outerjoin(CodeValue, CodeValue.id == Lead.source_id)
    )


def _case(row: Any, customers: Iterable[Any]) -> Case:
    here = [one for one in customers if one.branch_id == row.branch_id]
    codes = (row.province_code, row.city_code, row.district_code)
    return Case(
        lead_id=row.id, branch_id=row.branch_id, line=row.line, places=frozenset(filter(None, codes)),
        source_group=row.source_group, category_id=row.category_id, value=_amount(row.budget),
        kinds=frozenset(one.kind_id for one in here if one.kind_id),
        employees=max((one.employees for one in here if one.employees is not None), default=None),
    )  # fmt: skip


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _customers(work: Work, where: Sequence[ColumnElement[bool]]) -> dict[int, list[Any]]:
    """Customers by lead: the one it was linked with, or those called the same."""
    same = or_(Account.id == Lead.account_id, Account.name_key == Lead.name_key)
    columns = (Lead.id.label("lead_id"), Account.branch_id, Account.kind_id, Account.employees)
    present = Account.deleted_at.is_(None)
    found: dict[int, list[Any]] = {}
    for row in work.rows(joined(select(*columns)).join(Account, same).where(present, *where)):
        found.setdefault(row.lead_id, []).append(row)
    return found
