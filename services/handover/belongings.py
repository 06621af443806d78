"""What a person owns, with all that decides to whom it goes (ADM-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from db.models import Account, AccountMember, Activity, Lead, Opportunity, User
from services import holdings
from services.core.work import Work


@dataclass(frozen=True)
class Belonging:
    """One record that somebody has to take: a place on a customer's team, a lead, an opportunity, an activity, a person led."""

    kind: str
    id: int
    name: str
    line: str | None = None
    places: frozenset[str] = frozenset()
    grade: str | None = None
    account_id: int | None = None
    role: Any = None


def of(work: Work, *, person: User) -> list[Belonging]:
    """Everything a person owns at this moment, customers first, so that what hangs on them can follow them."""
    places = _places(work, person.id)
    grades = _grades(places)
    others = [*_opportunities(work, person.id), *_leads(work, person.id), *_activities(work, person.id)]
    return [
        *(_belonging("account", row, row.grade) for row in places),
        *(_belonging(kind, row, grades.get(row.account_id)) for kind, row in others),
        *_led(work, person.id),
    ]


def _belonging(kind: str, row: Any, grade: str | None) -> Belonging:
    places = frozenset(filter(None, (row.province_code, row.city_code)))
    return Belonging(kind, row.id, row.name, row.line, places, grade, row.account_id)


def _grades(places: Sequence[Any]) -> dict[int, str]:
    """The class of each customer as the person sees it, the best one of several."""
    found: dict[int, str] = {}
    for row in places:
        if row.grade:
            found[row.account_id] = min(row.grade, found.get(row.account_id, row.grade))
    return found


def _places(work: Work, user_id: int) -> Sequence[Any]:
    columns = (AccountMember.id, Account.name, AccountMember.line, AccountMember.grade, AccountMember.account_id)
    found = select(*columns, Account.province_code, Account.city_code).join(
        Account, Account.id == AccountMember.account_id
    )
    mine = AccountMember.id.in_(holdings.open_ids("account", user_id=user_id))
    return work.rows(found.where(mine).order_by(AccountMember.account_id, AccountMember.id))


def _opportunities(work: Work, user_id: int) -> list[tuple[str, Any]]:
    columns = (Opportunity.id, Opportunity.name, Opportunity.line, Opportunity.account_id)
    found = select(*columns, Account.province_code, Account.city_code).outerjoin(
        Account, Account.id == Opportunity.account_id
    )
    mine = Opportunity.id.in_(holdings.open_ids("opportunity", user_id=user_id))
    return [("opportunity", row) for row in work.rows(found.where(mine).order_by(Opportunity.id))]


def _leads(work: Work, user_id: int) -> list[tuple[str, Any]]:
    columns = (Lead.id, Lead.topic.label("name"), Lead.line, Lead.account_id, Lead.province_code, Lead.city_code)
    mine = Lead.id.in_(holdings.open_ids("lead", user_id=user_id))
    return [("lead", row) for row in work.rows(select(*columns).where(mine).order_by(Lead.id))]


def _activities(work: Work, user_id: int) -> list[tuple[str, Any]]:
    """An activity has no product line; its region is that of the customer, else of the lead."""
    places = [
        func.coalesce(getattr(Account, name), getattr(Lead, name)).label(name)
        for name in ("province_code", "city_code")
    ]
    found = (
        select(Activity.id, Activity.subject.label("name"), Lead.line, Activity.account_id, *places)
        .outerjoin(Account, Account.id == Activity.account_id)
        .outerjoin(Lead, Lead.id == Activity.lead_id)
    )
    mine = Activity.id.in_(holdings.open_ids("activity", user_id=user_id))
    return [("activity", row) for row in work.rows(found.where(mine).order_by(Activity.id))]


def _led(work: Work, user_id: int) -> list[Belonging]:
    led = select(User.id, User.name, User.role).where(User.superior_id == user_id, User.active).order_by(User.id)
    return [Belonging("user", row.id, row.name, role=row.role) for row in work.rows(led)]
