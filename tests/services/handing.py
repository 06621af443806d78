"""Handing over, and how everything stands before and after."""

from datetime import date
from typing import Any

from sqlalchemy import select

from db.models import (
    AccountMember,
    Activity,
    ActivityHolding,
    ActivityParticipant,
    Lead,
    Opportunity,
    User,
)
from services import handover
from services.core.work import work_as_system
from services.handover import Share
from tests.factories import HOUR, NOW, As, World


def hand_over(as_: As, actor: int, person: int, *receivers: int | Share, on_day: date | None = None) -> int:
    shares = [one if isinstance(one, Share) else Share(one) for one in receivers]
    with as_(actor) as work:
        return handover.make(work, from_user_id=person, shares=shares, reason="Anna leaves", on_day=on_day)


def undo(as_: As, actor: int, handover_id: int, at: Any = NOW + HOUR) -> int:
    with as_(actor, at=at) as work:
        return handover.undo(work, handover_id=handover_id)


def rows(model: Any, *order: Any) -> list[Any]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return list(work.scalars(select(model).order_by(*(order or (model.id,)))))


def owners(model: Any) -> list[int | None]:
    return [row.owner_id for row in rows(model)]


def chance(world: World, owner: int, account_id: int, line: str = "machines") -> int:
    with work_as_system("an opportunity", at=NOW) as work:
        made = Opportunity(
            name="Two excavators", account_id=account_id, line=line, owner_id=owner, branch_id=world.nanjing,
            created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        work.also(made)
        work.flush()
        return made.id


def standing() -> dict[str, Any]:
    """Who has what, in which state, apart from what counts changes and remembers that something happened."""
    kept = (
        "owner_id",
        "state",
        "assigned_at",
        "accepted_at",
        "declined_at",
        "decline_reason",
        "started_at",
        "queue_reason",
    )
    return {
        "places": sorted((r.account_id, r.user_id, r.line or "", r.grade or "") for r in rows(AccountMember)),
        "held": [
            [getattr(row, name, None) for name in kept]
            for model in (Lead, Opportunity, Activity)
            for row in rows(model)
        ],
        "holders": sorted((r.activity_id, r.user_id) for r in rows(ActivityHolding) if r.until_at is None),
        "parts": sorted((r.activity_id, r.user_id) for r in rows(ActivityParticipant, ActivityParticipant.activity_id)),
        "superiors": [row.superior_id for row in rows(User)],
    }
