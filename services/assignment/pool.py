"""Who of the reps is next: the one who has waited longest, of those who are there and have room (ASG-2).

A pool is what the database says at one moment; giving from it only counts on, so that a page of proposals and an
assignment in earnest come to the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from db.models import Absence, Lead, Role, User, UserLine
from services import turns
from services.assignment.matching import Case, Rule
from services.core.errors import N_
from services.core.work import Work
from services.leads.flow import OPEN

NOBODY = N_("None of the rule's reps is active in the branch and works in the product line.")
ALL_AWAY = N_("Every rep of the rule is absent today.")
NO_ROOM = N_("Every rep of the rule has as many open leads as they can take.")


@dataclass(frozen=True)
class Rep:
    """An active rep: what decides whether they can be given a lead."""

    id: int
    branch_id: int
    lines: frozenset[str]
    capacity: int | None = None
    away: bool = False


class Pool:
    """The reps with their turns and open leads; `give` counts on as if it were done."""

    def __init__(self, reps: Iterable[Rep], numbers: Mapping[int, int], loads: Mapping[int, int]) -> None:
        self.reps = {rep.id: rep for rep in reps}
        self._numbers, self._loads = dict(numbers), dict(loads)
        self._last = max(self._numbers.values(), default=0)

    def next(self, rule: Rule, case: Case) -> tuple[int | None, str]:
        """Whose turn it is by this rule, or why it is nobody's; who never had one comes first, then who has least open."""
        known = [self.reps[one] for one in rule.rep_ids if one in self.reps]
        fitting = [rep for rep in known if rep.branch_id == rule.branch_id and case.line in rep.lines]
        there = [rep for rep in fitting if not rep.away]
        free = [rep for rep in there if rep.capacity is None or self._loads.get(rep.id, 0) < rep.capacity]
        if not free:
            return None, NO_ROOM if there else ALL_AWAY if fitting else NOBODY
        return min(free, key=self._waiting).id, ""

    def _waiting(self, rep: Rep) -> tuple[int, int, int]:
        return (self._numbers.get(rep.id, 0), self._loads.get(rep.id, 0), rep.id)

    def give(self, user_id: int) -> None:
        """The person has had a turn and one more open lead."""
        self._last += 1
        self._numbers[user_id] = self._last
        self._loads[user_id] = self._loads.get(user_id, 0) + 1


def pool(work: Work, *, branch_ids: Iterable[int]) -> Pool:
    """The reps of these branches as they stand now."""
    wanted = sorted(set(branch_ids))
    people = (User.role == Role.REP, User.active, User.branch_id.in_(wanted))
    rows = work.rows(select(User.id, User.branch_id, User.lead_capacity).where(*people))
    ids = [row.id for row in rows]
    lines, away = _lines(work, ids), _away(work, ids)
    reps = [
        Rep(row.id, row.branch_id, frozenset(lines.get(row.id, ())), row.lead_capacity, row.id in away) for row in rows
    ]
    return Pool(reps, turns.numbers(work, branch_ids=wanted), _loads(work, ids))


def _lines(work: Work, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for user_id, line in work.rows(select(UserLine.user_id, UserLine.line).where(UserLine.user_id.in_(ids))):
        found.setdefault(user_id, []).append(line)
    return found


def _away(work: Work, ids: Sequence[int]) -> set[int]:
    today = (Absence.first_day <= work.today, Absence.last_day >= work.today)
    return set(work.scalars(select(Absence.user_id).where(Absence.user_id.in_(ids), *today)))


def _loads(work: Work, ids: Sequence[int]) -> dict[int, int]:
    """Only what is open fills somebody's hands: whoever closed many is not passed over for it."""
    # written out, not bound: only so does SQLite see that the index of open leads holds them all
    opened: Any = bindparam("open", OPEN, expanding=True, literal_execute=True)
    held: Any = (Lead.owner_id.in_(ids), Lead.state.in_(opened), Lead.deleted_at.is_(None))
    counted = select(Lead.owner_id, func.count()).select_from(Lead).where(*held).group_by(Lead.owner_id)
    return dict(work.rows(counted))
