"""Possible duplicates while a customer or a lead is typed, among 20,000 customers and 100,000 leads (ACCT-3)."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from sqlalchemy import func, select

from db import planning
from db.filling import filling
from db.models import Account, Lead, LeadState, NameTrace, User
from services import duplicates, formats
from services.core.work import work_as, work_as_system

LEADS = 100_000
FLOOR = (
    "SELECT id FROM accounts WHERE name_key = '{key}' OR phone = '{phone}';"
    "SELECT id FROM leads WHERE name_key = '{key}' OR mobile = '{phone}'"
)


def fill_leads() -> None:
    """As many leads as the volume says, of companies that are called like customers; once, the database is kept."""
    with work_as_system("bench", readonly=True) as work:
        there = int(work.scalar(select(func.count()).select_from(Lead)))
        companies = work.rows(select(Account.name, Account.branch_id).order_by(Account.id).limit(20_000))
        owners = {row.branch_id: row.id for row in work.rows(select(User.id, User.branch_id).where(User.branch_id > 0))}
    now = datetime.now(UTC)
    with filling() as pen:
        for number, (name, branch_id) in zip(range(there, LEADS), cycle(companies)):
            called = f"{name[:-4]}{'路桥土方矿业建材'[number // 20_000]}有限公司"
            lead_id = pen.number(Lead)
            pen.put(Lead, {
                "id": lead_id, "topic": called, "company": called, "name_key": formats.name_key(called), "line": "machines",
                "search_key": called, "state": LeadState.ASSIGNED, "branch_id": branch_id, "owner_id": owners[branch_id],
                "mobile": f"13{number:09d}", "created_at": now, "updated_at": now, "assigned_at": now,
            })  # fmt: skip
            for trace in formats.traces(called):
                pen.put(NameTrace, {"trace": trace, "kind": "lead", "record_id": lead_id})
    planning.learn()


def typed(user_id: int) -> tuple[Callable[[], Any], Callable[[], Any], str]:
    """Compare a customer and a lead with one character wrong and a known number; and the strong part as plain SQL."""
    with work_as(user_id, readonly=True) as work:
        one = work.row(
            select(Account.name, Account.phone).where(Account.name.like("%工程%")).order_by(Account.id.desc())
        )
    wrong = f"{one.name[:2]}大{one.name[3:]}"

    def customer() -> Any:
        with work_as(user_id, readonly=True) as work:
            return duplicates.of_account(work, values={"name": wrong, "phone": one.phone})

    def lead() -> Any:
        with work_as(user_id, readonly=True) as work:
            return duplicates.of_lead(work, values={"company": wrong, "landline": one.phone})

    return customer, lead, FLOOR.format(key=formats.name_key(wrong), phone=one.phone)
