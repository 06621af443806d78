"""Who stands above whom, for messages that need a superior who is really there."""

from sqlalchemy import select

from db.models import Activity, Role, User
from services import readers
from services.core.work import Work


def managers_of(work: Work, *, branch_id: int | None) -> list[int]:
    """The active managers of a branch."""
    return list(
        work.scalars(select(User.id).where(User.branch_id == branch_id, User.role == Role.BRANCH_MANAGER, User.active))
    )


def administrators(work: Work) -> list[int]:
    """The active data administrators: the last resort of every escalation."""
    return list(work.scalars(select(User.id).where(User.role == Role.DATA_ADMINISTRATOR, User.active)))


def superior_of(work: Work, *, user_id: int | None) -> int | None:
    """The next active person above, skipping who has left; None at the top or in a cycle."""
    seen = {user_id}
    person = _superior_id(work, user_id)
    while person is not None and person not in seen:
        seen.add(person)
        if work.scalar(select(User.active).where(User.id == person)):
            return person
        person = _superior_id(work, person)
    return None


def decline_receivers(work: Work, *, activity: Activity) -> list[int]:
    """Who hears of a declined activity (ACT-4): who assigned it; if gone or the same person, the branch manager's superior.

    Whoever may no longer see it, such as a manager who has moved to another branch, is gone for it (ALL-7).
    """
    managers = managers_of(work, branch_id=activity.branch_id)
    above = [superior_of(work, user_id=manager) for manager in managers]
    for people in ([activity.assigned_by_id], above, managers):
        if found := [one for one in readers.among(work, record=activity, people=people) if one != activity.owner_id]:
            return found
    return administrators(work)


def _superior_id(work: Work, user_id: int | None) -> int | None:
    found: int | None = work.scalar(select(User.superior_id).where(User.id == user_id))
    return found
