"""What happens to activities, told through the services; and what is stored afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from db.models import Activity, ActivityHolding, ActivityState, Event, Message, Notice, User
from services import activities
from services.core.work import work_as_system
from tests.factories import HOUR, NOW, Make, World, as_person

LATER = NOW + 6 * HOUR


def plan_values(world: World, **more: Any) -> dict[str, Any]:
    """A visit today from 14 to 15 o'clock."""
    start = more.get("planned_start", NOW + 4 * HOUR)
    return {"type_id": world.codes["visit"], "planned_start": start, "planned_end": start + HOUR, **more}


def feedback(world: World, **more: Any) -> dict[str, Any]:
    """The least that ends a visit."""
    return {"result_id": world.codes["met"], "learned": "Needs two excavators in spring", **more}


def ended(make: Make, owner_id: int | None = None, *, said: Mapping[str, Any] | None = None, **values: Any) -> int:
    """An activity that its owner ended at 16 o'clock, from 14 to 15."""
    owner = owner_id or make.world.anna
    activity_id = make.activity(owner, **values)
    with as_person(owner, at=LATER) as work:
        activities.end(work, activity_id=activity_id, feedback=feedback(make.world, **(said or {})))
    return activity_id


def stored(activity_id: int) -> Activity:
    """The activity as it is in the database."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.get(Activity, activity_id)


def state(activity_id: int) -> ActivityState:
    """Where it stands."""
    return stored(activity_id).state


def owner(activity_id: int) -> int:
    """Who has it."""
    return stored(activity_id).owner_id


def told(activity_id: int) -> list[str]:
    """The actions in its story, oldest first."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = select(Event.action).where(Event.kind == "activity", Event.record_id == activity_id)
        return list(work.scalars(found.order_by(Event.id)))


def holders(activity_id: int) -> list[tuple[int, bool, str]]:
    """Who held it, in turn: (person, still holding, reason)."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = select(ActivityHolding).where(ActivityHolding.activity_id == activity_id).order_by(ActivityHolding.id)
        return [(held.user_id, held.until_at is None, held.reason) for held in work.scalars(found)]


def messages() -> list[tuple[str, str, str]]:
    """Every message: (receiver's sign-in name, route, kind)."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = select(User.login, Message.route, Message.kind).join(User, User.id == Message.user_id)
        return [(name, route.value, kind) for name, route, kind in work.rows(found.order_by(Message.id))]


def notices() -> list[tuple[str, str]]:
    """Every in-app notice: (receiver's sign-in name, kind)."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = select(User.login, Notice.kind).join(User, User.id == Notice.user_id).order_by(Notice.id)
        return [(name, kind) for name, kind in work.rows(found)]


def all_activities() -> Sequence[Activity]:
    """Every activity, in the order of their ids."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.scalars(select(Activity).order_by(Activity.id))
