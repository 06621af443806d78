"""Who gets what: pure, so that the preview, the act and the night's run decide alike (ADM-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.models import Role
from services import holdings
from services.core.errors import N_
from services.handover.belongings import Belonging
from services.handover.shares import Receiver
from services.users.position import REPORTS_TO


@dataclass(frozen=True)
class Placed:
    """A belonging with who gets it, or why nobody does."""

    what: Belonging
    to_user_id: int | None
    why: str = ""


def divide(belongings: Sequence[Belonging], receivers: Sequence[Receiver]) -> list[Placed]:
    """Each belonging goes to a receiver who covers it and whose share it fits.

    Shares with conditions come before those that take the rest; of several who could take it, whoever has the customer
    already, else whoever has got the least so far.
    """
    got = dict.fromkeys((one.share.to_user_id for one in receivers), 0)
    customers: dict[int, set[int]] = {}
    placed = []
    for what in belongings:
        fitting = [one for one in receivers if _fits(one, what) and _covers(one, what)]
        if not fitting:
            why = NOBODY_COVERS if any(_fits(one, what) for one in receivers) else NOBODY_FITS
            placed.append(Placed(what, None, why))
            continue
        first = [one.share.to_user_id for one in fitting if one.rank == min(other.rank for other in fitting)]
        known = [one for one in first if what.account_id and one in customers.get(what.account_id, ())]
        chosen = min(known or first, key=lambda person: got[person])
        got[chosen] += 1
        if what.account_id:
            customers.setdefault(what.account_id, set()).add(chosen)
        placed.append(Placed(what, chosen))
    return placed


def _fits(one: Receiver, what: Belonging) -> bool:
    """Whether the share's conditions are met; people who report have no region, class or line to ask about."""
    share = one.share
    if what.kind == "user":
        return True
    return (
        (not share.regions or bool(what.places & set(share.regions)))
        and (not share.grades or what.grade in share.grades)
        and (not share.lines or what.line is None or what.line in share.lines)
    )


def _covers(one: Receiver, what: Belonging) -> bool:
    if what.kind == "user":
        return one.share.to_user_id != what.id and _leads(one.role, what.role)
    covered = what.line is None or not one.lines or what.line in one.lines
    return covered and holdings.TAKES[what.kind] in one.permissions


def _leads(above: Role, below: Role) -> bool:
    fitting = REPORTS_TO.get(below)
    return above in fitting if fitting else above is Role.BRANCH_MANAGER


NOBODY_FITS = N_("no share fits its region, class or product line")
NOBODY_COVERS = N_("none of the receivers works in its product line, or may hold it")
