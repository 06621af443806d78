"""Who stands above whom, for messages that need a superior who is really there."""

from sqlalchemy import select

from db.models import Role, User
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


def decline_receivers(work: Work, *, assigned_by_id: int | None, decliner_id: int | None, branch_id: int) -> list[int]:
    """Who hears of a declined activity (ACT-4): who assigned it; if gone or the same person, the branch manager's superior."""
    active = work.scalar(select(User.active).where(User.id == assigned_by_id))
    if active and assigned_by_id is not None and assigned_by_id != decliner_id:
        return [assigned_by_id]
    managers = managers_of(work, branch_id=branch_id)
    above = {superior_of(work, user_id=manager) for manager in managers} - {None, decliner_id}
    return (
        [person for person in above if person is not None]
        or [m for m in managers if m != decliner_id]
        or administrators(work)
    )


def _superior_id(work: Work, user_id: int | None) -> int | None:
    found: int | None = work.scalar(select(User.superior_id).where(User.id == user_id))
    return found
