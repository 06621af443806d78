"""The assignment rules of a branch: an ordered list that its manager keeps; the first that fits counts (ASG-1, ADM-3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from db.models import AssignmentRule, AssignmentRuleRep, Lead
from services import turns
from services.assignment.fields import FIELDS, LISTS, checked, empty
from services.assignment.matching import Rule
from services.core import events
from services.core.access import needs
from services.core.errors import N_, NotFound, Refused
from services.core.work import Work

#: the columns of a rule that its form has; its reps are rows of their own
STORED = (*(field.name for field in FIELDS), *(name for name in LISTS if name != "rep_ids"))


@needs("assignment_rule.read")
def rules(work: Work, *, branch_id: int | None = None) -> Sequence[Rule]:
    """The rules in their order, of one branch or of all that the actor may see (ADM-3)."""
    wanted = [AssignmentRule.branch_id == branch_id] if branch_id is not None else []
    own = ("id", "branch_id", "active", "version")
    columns = [getattr(AssignmentRule, name) for name in (*own, *STORED)]
    order = (AssignmentRule.branch_id, AssignmentRule.position, AssignmentRule.id)
    rows = work.rows(select(*columns).where(*wanted).order_by(*order))
    reps = _reps(work, [row.id for row in rows])
    return [Rule(**{**frozen(row._mapping), "rep_ids": tuple(reps.get(row.id, ()))}) for row in rows]


def rule(work: Work, *, rule_id: int) -> Rule:
    """One of these; NotFound for any other."""
    found = next((one for one in rules(work) if one.id == rule_id), None)
    if found is None:
        raise NotFound
    return found


def frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a rule as matching takes them."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _reps(work: Work, rule_ids: Sequence[int]) -> dict[int, list[int]]:
    columns = (AssignmentRuleRep.rule_id, AssignmentRuleRep.user_id)
    found: dict[int, list[int]] = {}
    for rule_id, user_id in work.rows(
        select(*columns).where(AssignmentRuleRep.rule_id.in_(rule_ids)).order_by(*columns)
    ):
        found.setdefault(rule_id, []).append(user_id)
    return found


@needs("assignment_rule.change")
def add(work: Work, *, values: Mapping[str, Any], active: bool = True) -> int:
    """Put a new rule at the end of the actor's branch; switched off it can be tried before it counts. Returns its id."""
    branch_id = work.actor.branch_id or 0
    turns.hold(work, branch_ids=[branch_id])
    whole = checked(work, values=values, before=empty(), branch_id=branch_id)
    rule = AssignmentRule(
        branch_id=branch_id, position=_last(work, branch_id) + 1, active=active, created_at=work.now,
        updated_at=work.now, created_by_id=work.actor.id, **{name: whole.get(name) for name in STORED},
    )  # fmt: skip
    work.add(rule, to="assignment_rule.change")
    work.also(*(AssignmentRuleRep(rule_id=rule.id, user_id=user_id) for user_id in whole["rep_ids"]))
    events.record(work, rule, "added", changes={name: (None, value) for name, value in whole.items() if value})
    return rule.id


@needs("assignment_rule.change")
def change(work: Work, *, rule_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change when a rule fits or whom it gives to; Stale when somebody else changed it since ``version`` (ALL-4)."""
    rule = work.load(AssignmentRule, rule_id, to="assignment_rule.change", version=version)
    before = values_of(work, rule)
    whole = checked(work, values=changes, before=before, branch_id=rule.branch_id)
    for name in STORED:
        setattr(rule, name, whole.get(name))
    _set_reps(work, rule, whole["rep_ids"])
    changed = {name: (before.get(name), value) for name, value in whole.items() if before.get(name) != value}
    if changed:
        rule.updated_at = work.now
        events.record(work, rule, "changed", changes=changed)


@needs("assignment_rule.change")
def move(work: Work, *, rule_id: int, up: bool) -> None:
    """Put a rule one place further up or down; at the end of the list it stays."""
    branch_id = work.get(AssignmentRule, rule_id).branch_id
    turns.hold(work, branch_ids=[branch_id])
    here = select(AssignmentRule.id).where(AssignmentRule.branch_id == branch_id)
    there = {rule.id: rule for rule in work.load_many(AssignmentRule, work.scalars(here), to="assignment_rule.change")}
    if rule_id not in there:  # removed meanwhile
        raise NotFound
    before = sorted(there, key=lambda one: (there[one].position, one))
    after, place = list(before), before.index(rule_id)
    after.insert(max(0, place + (-1 if up else 1)), after.pop(place))
    for number, one in enumerate(after, 1):
        if there[one].position != number:
            there[one].position = number
    if after != before:
        events.record(work, there[rule_id], "ordered", changes={"position": (place + 1, after.index(rule_id) + 1)})


@needs("assignment_rule.change")
def switch(work: Work, *, rule_id: int, active: bool) -> None:
    """Let a rule count or no longer; it keeps its place."""
    rule = work.load(AssignmentRule, rule_id, to="assignment_rule.change")
    before, rule.active = rule.active, active
    if before != active:
        rule.updated_at = work.now
        events.record(work, rule, "switched_on" if active else "switched_off", changes={"active": (before, active)})


@needs("assignment_rule.change")
def remove(work: Work, *, rule_id: int) -> None:
    """Delete a rule that never gave anything; one that did is named in the history of its leads and is switched off."""
    turns.hold(work, branch_ids=[work.get(AssignmentRule, rule_id).branch_id])  # nothing is given by it meanwhile
    rule = work.load(AssignmentRule, rule_id, to="assignment_rule.change")
    if work.exists_unseen(select(Lead.id).where(Lead.rule_id == rule_id)):
        raise Refused(HAS_GIVEN)
    events.record(work, rule, "removed", changes={"name": (rule.name, None)})
    _set_reps(work, rule, [])
    work.flush()
    work.drop(rule)


def values_of(work: Work, rule: AssignmentRule) -> dict[str, Any]:
    """What stands in the form of a rule."""
    return {name: getattr(rule, name) for name in STORED} | {"rep_ids": _reps(work, [rule.id]).get(rule.id, [])}


def _last(work: Work, branch_id: int) -> int:
    last = select(func.max(AssignmentRule.position)).where(AssignmentRule.branch_id == branch_id)
    return work.scalar(last) or 0


def _set_reps(work: Work, rule: AssignmentRule, wanted: Sequence[int]) -> None:
    rows = work.scalars(select(AssignmentRuleRep).where(AssignmentRuleRep.rule_id == rule.id))
    held = {row.user_id: row for row in rows}
    work.drop(*(row for user_id, row in held.items() if user_id not in wanted))
    work.also(*(AssignmentRuleRep(rule_id=rule.id, user_id=one) for one in wanted if one not in held))


HAS_GIVEN = N_("This rule has given out leads, whose history names it. It can be switched off.")
