"""The writing lines: each act with rights, rules, event and message, in its own transaction."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from db.models import Account, AccountMember, Activity, ActivityState
from services import activities
from services.core.configuration import configuration
from services.core.work import work_as


def create(user_id: int) -> Callable[[], Any]:
    """Plan an activity with a customer."""
    with work_as(user_id, readonly=True) as work:
        mine = select(AccountMember.account_id).where(AccountMember.user_id == user_id)
        account_id = work.scalar(select(Account.id).where(Account.id.in_(mine)))
        type_id = configuration(work).choices("activity_type")[0].id
    start = datetime.now(UTC) + timedelta(days=1)
    values = {
        "type_id": type_id,
        "account_id": account_id,
        "planned_start": start,
        "planned_end": start + timedelta(hours=1),
    }

    def act() -> int:
        with work_as(user_id) as work:
            return activities.plan(work, values=values)

    return act


def move(user_id: int, activity_id: int) -> Callable[[], Any]:
    """Move an activity in the calendar, back and forth."""
    turn = [0]

    def act() -> None:
        turn[0] += 1
        start = datetime.now(UTC) + timedelta(days=1 + turn[0] % 2)
        with work_as(user_id) as work:
            activities.reschedule(
                work, activity_id=activity_id, planned_start=start, planned_end=start + timedelta(hours=1)
            )

    return act


def finish(user_id: int, made: list[int]) -> Callable[[], Any]:
    """End a visit with feedback, next step, hours and follow-up."""
    with work_as(user_id, readonly=True) as work:
        activity = work.get(Activity, made[0])
        known = configuration(work)
        result_id = known.choices("activity_result", group=known.by_id[activity.type_id].code)[0].id
    feedback = {
        "result_id": result_id, "learned": "客户想换一台20吨的挖机，等月底工程款到位再定。", "next_step": "带报价单再访",
        "next_step_on": (datetime.now(UTC) + timedelta(days=7)).date(), "machine_hours": 8123, "competitor_seen": "三一 SY215C",
    }  # fmt: skip

    def act() -> None:
        with work_as(user_id) as work:
            activities.finish(work, activity_id=made.pop(), feedback=feedback, follow_up=True)

    return act


def ended_id(user_id: int) -> int:
    """An ended activity of this person."""
    with work_as(user_id, readonly=True) as work:
        mine = (Activity.owner_id == user_id, Activity.state == ActivityState.ENDED)
        return int(work.scalar(select(Activity.id).where(*mine)))
