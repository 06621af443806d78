"""What a set of rules would have done with last month's leads, before it counts (ASG-5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from db.models import Lead, Role, User, UserLine
from services.assignment.cases import BRANCH, cases
from services.assignment.fields import checked, empty
from services.assignment.matching import Rule
from services.assignment.pool import Pool, Rep
from services.assignment.proposals import by_rule
from services.assignment.rules import frozen, rules
from services.core.access import needs
from services.core.moments import DAY, day_span, month_start
from services.core.work import Work

#: the number of a rule that is not stored yet
UNSAVED = 0


@dataclass
class Trial:
    """Who would have received how many of the leads of these days, by which rules, and how many nobody and why."""

    first: date
    last: date
    reps: Counter[int] = field(default_factory=Counter)
    rules: Counter[int] = field(default_factory=Counter)
    nobody: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many leads the rules were tried on."""
        return self.reps.total() + self.nobody.total()


@needs("assignment_rule.change")
def try_out(
    work: Work,
    *,
    counted: Sequence[int] | None = None,
    rule_id: int = UNSAVED,
    values: Mapping[str, Any] | None = None,
) -> Trial:
    """Try the rules of the actor's branch on the leads that came in last month and had to be given to somebody.

    ``counted`` are the rules that count as switched on, as they are when not given; ``values`` are what the form of one
    rule holds, unsaved: in the place of ``rule_id``, or at the end. Nothing is stored. Days of validity, absences and open
    leads are those of another time and are left aside.
    """
    branch_id, last = work.actor.branch_id or 0, month_start(work.today) - DAY
    trial = Trial(month_start(last), last)
    tried = [replace(rule, valid_from=None, valid_to=None) for rule in _set(work, branch_id, counted, rule_id, values)]
    people = _pool(work, branch_id)
    for case in cases(work, rules=tried, where=[*_to_be_given(work, trial), BRANCH.in_([branch_id])]):
        found = by_rule(tried, people, case, work.today)
        if found.user_id is None:
            trial.nobody[found.reason] += 1
            continue
        people.give(found.user_id)
        trial.reps[found.user_id] += 1
        trial.rules[found.rule_id or UNSAVED] += 1
    return trial


def _set(
    work: Work, branch_id: int, counted: Sequence[int] | None, rule_id: int, values: Mapping[str, Any] | None
) -> list[Rule]:
    stored = list(rules(work, branch_id=branch_id))
    if counted is not None:
        stored = [replace(rule, active=rule.id in counted) for rule in stored]
    if values is None:
        return stored
    whole = checked(work, values=values, before=empty(), branch_id=branch_id)
    draft = Rule(**{"id": rule_id, "branch_id": branch_id, **frozen(whole)})
    if rule_id not in {rule.id for rule in stored}:
        return [*stored, draft]
    return [draft if rule.id == rule_id else rule for rule in stored]


def _to_be_given(work: Work, trial: Trial) -> list[Any]:
    """Came in on these days and did not belong to who entered them from the beginning."""
    start, end = day_span(trial.first, trial.last, work.zone)
    own = and_(Lead.assignment_no == 0, Lead.owner_id.is_not(None), Lead.owner_id == Lead.created_by_id)
    return [
        Lead.created_at >= start,
        Lead.created_at < end,
        Lead.deleted_at.is_(None),
        or_(Lead.owner_id.is_(None), ~own),
    ]


def _pool(work: Work, branch_id: int) -> Pool:
    """The reps of today with empty hands, none of whom had a turn."""
    held = select(User.id, UserLine.line).join(UserLine, UserLine.user_id == User.id)
    lines: dict[int, set[str]] = {}
    for user_id, line in work.rows(held.where(User.role == Role.REP, User.branch_id == branch_id, User.active)):
        lines.setdefault(user_id, set()).add(line)
    return Pool((Rep(one, branch_id, frozenset(those)) for one, those in lines.items()), {}, {})
