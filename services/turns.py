"""Who has waited longest since somebody gave them a lead (ASG-2).

Everything counts that a person is given by somebody else, by hand or by a rule. Leads that people enter for themselves do
not: whoever finds customers alone is not passed over for it.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from db.models import AssignmentTurn, Branch, User
from services.core.work import Work


def hold(work: Work, *, branch_ids: Iterable[int | None]) -> None:
    """Nobody else gives out leads of these branches until this Work ends; taken before any lead is loaded, in one order."""
    wanted = sorted({branch_id for branch_id in branch_ids if branch_id is not None})
    if wanted:
        held = select(Branch.id).where(Branch.id.in_(wanted)).order_by(Branch.id)
        work.rows(held.with_for_update(key_share=True))


def numbers(work: Work, *, branch_ids: Iterable[int]) -> Mapping[int, int]:
    """Person → the number of the last turn, for the people of these branches; who is not named never had one."""
    turns = select(AssignmentTurn.user_id, AssignmentTurn.number).join(User, User.id == AssignmentTurn.user_id)
    return dict(work.rows(turns.where(User.branch_id.in_(list(branch_ids)))))


def took(work: Work, *, branch_id: int, user_ids: Iterable[int]) -> None:
    """Note that these people were given something, one after the other; the branch is held."""
    for number, user_id in enumerate(dict.fromkeys(user_ids), _last(work, branch_id) + 1):
        turn = work.scalar(select(AssignmentTurn).where(AssignmentTurn.user_id == user_id))
        if turn is None:
            work.also(AssignmentTurn(user_id=user_id, number=number, at=work.now))
        else:
            turn.number, turn.at = number, work.now


def _last(work: Work, branch_id: int) -> int:
    turns = select(func.max(AssignmentTurn.number)).join(User, User.id == AssignmentTurn.user_id)
    return work.scalar(turns.where(User.branch_id == branch_id)) or 0
