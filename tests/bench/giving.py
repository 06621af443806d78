"""Giving out leads: proposals for a thousand that nobody has, among all the others, and a portion of them assigned."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from db.models import BranchRegion, Lead, LeadState
from services import assignment
from services.core.work import work_as, work_as_system

UNASSIGNED = 1000


def proposals(user_id: int) -> Callable[[], Any]:
    """What the data administrator's page asks."""
    _top_up()

    def act() -> int:
        with work_as(user_id, readonly=True) as work:
            return len(assignment.proposals(work))

    return act


def assign(user_id: int) -> Callable[[], Any]:
    """Ten of them, each time other ones."""

    def act() -> None:
        with work_as(user_id) as work:
            waiting = select(Lead.id).where(Lead.state == LeadState.NEW, Lead.deleted_at.is_(None)).limit(10)
            assignment.assign_portion(work, lead_ids=work.scalars(waiting))

    return act


def _top_up() -> None:
    """As many unassigned leads as are measured, over all branches."""
    now = datetime.now(UTC)
    values = {"line": "machines", "mobile": "13912345678", "search_key": "", "created_at": now, "updated_at": now}
    with work_as_system("bench") as work:
        regions = work.rows(select(BranchRegion.region_code, BranchRegion.branch_id))
        present = len(work.rows(select(Lead.id).where(Lead.state == LeadState.NEW, Lead.deleted_at.is_(None))))
        for number in range(UNASSIGNED - present):
            place = regions[number % len(regions)]
            work.also(Lead(topic=f"Bench {number}", branch_id=place.branch_id, city_code=place.region_code, **values))
