"""Customers with something of everything, merged and taken apart again, and what the database holds (ACCT-4)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from db.base import Model
from db.models import (
    Attachment,
    Blob,
    Opportunity,
)
from db.session import engine
from services import integrity, merging
from services.core.work import work_as_system
from tests.factories import NOW, Make, World, as_person
from tests.stories import ended

CODE = "91350100M000100Y43"


def merged(world: World, kept: int, gone: int, kind: str = "account", **more: Any) -> int:
    with as_person(world.adam) as work:
        return merging.merge(work, kind=kind, kept_id=kept, gone_id=gone, **more)


def undone(world: World, merge_id: int) -> None:
    with as_person(world.adam) as work:
        merging.undo(work, merge_id=merge_id)


def of_account(model: Any, account_id: int, column: str = "account_id") -> int:
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = select(func.count()).select_from(model).where(getattr(model, column) == account_id)
        return int(work.scalar(found))


def furnish(make: Make, world: World, account_id: int, name: str) -> dict[str, int]:
    """A customer with something of everything."""
    contact_id = make.contact(account_id, name)
    made = {
        "contact": contact_id,
        "ended": ended(make, account_id=account_id, contacts=[contact_id]),
        "planned": make.activity(account_id=account_id),
        "lead": make.lead(world.anna, referred_by_account_id=account_id, referred_by_contact_id=contact_id),
        "below": make.account(f"{name}的子公司", parent_id=account_id),
    }
    with work_as_system("a test needs more", at=NOW) as work:
        touched = {"created_at": NOW, "updated_at": NOW}
        work.also(
            Opportunity(name="x", account_id=account_id, contact_id=contact_id, line="machines", owner_id=world.anna,
                        branch_id=world.nanjing, **touched),
        )  # fmt: skip
        work.also_once(Blob(digest="d" * 64, size=3, media_type="application/pdf", created_at=NOW))
        work.also(
            Attachment(name="q.pdf", digest="d" * 64, account_id=account_id, created_at=NOW, created_by_id=world.anna)
        )
    return made


def snapshot() -> set[str]:
    """Every row of every table, without what tells that something happened, and what names are searched by."""
    quiet = {"events", "merges", "occurrences", "name_traces", "regions", "code_values"}
    found = set()
    with engine().connect() as connection:
        for table in Model.metadata.sorted_tables:
            if table.name not in quiet:
                columns = [c for c in table.columns if c.name not in ("version", "updated_at", "search_key")]
                found |= {f"{table.name} {row}" for row in connection.execute(select(*columns))}
    return found


def problems(at: datetime = NOW) -> list[str]:
    with work_as_system("check", at=at, readonly=True) as work:
        return [f"{one.rule}: {one.record} {one.text}" for one in integrity.problems(work)]


def two_alike(world: World, make: Make) -> tuple[int, int]:
    """Two records of one customer, both furnished."""
    kept = make.account("徐工机械有限公司", team={world.anna: "machines"}, phone="025 84123456")
    gone = make.account(
        "徐工机械集团", team={world.ben: "machines", world.pia: "parts"}, credit_code=CODE, notes="Pays late"
    )
    furnish(make, world, kept, "王建国")
    furnish(make, world, gone, "李明")
    return kept, gone
