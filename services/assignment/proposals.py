"""Who would be given each unassigned lead, by which rule, or why nobody; and giving them, in portions (ASG-3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from db.models import Lead, LeadState, User
from services import leads, regions, turns
from services.assignment.cases import UNASSIGNED, cases
from services.assignment.matching import Case, Rule, first
from services.assignment.pool import Pool, pool
from services.assignment.rules import rules
from services.core.access import needs
from services.core.errors import N_, Refused
from services.core.work import Work

#: how many leads are assigned in one transaction; others wait for about a second at most
PORTION = 100
#: seconds between two portions, so that whoever waits to write gets in: SQLite keeps no queue, who waits tries every 0.1 s
BREATH = 0.15
#: lead → the person that somebody chose for it; None leaves it where it is
Chosen = Mapping[int, int | None]
LEFT_OUT = N_("Left out.")
NO_BRANCH = N_("No branch covers the region, or the region is not known.")
OTHER_BRANCH = N_("Another branch covers the region; the head office assigns it.")
NO_RULE = N_("No rule of the branch fits.")
NOT_ASSIGNABLE = N_("The chosen person cannot be given leads any more.")


@dataclass(frozen=True)
class Proposal:
    """To whom a lead would go and by which rule; without a person, ``reason`` says why."""

    lead_id: int
    branch_id: int | None
    rule_id: int | None = None
    user_id: int | None = None
    reason: str = ""


@dataclass
class Outcome:
    """What came of one portion: how many each person was given, and why some leads stay where they are.

    ``gone`` are those that somebody else assigned, or took away, in the meantime.
    """

    given: Counter[int] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    gone: int = 0

    def add(self, other: "Outcome") -> None:
        """Count what came of another portion as well."""
        self.given += other.given
        self.left += other.left
        self.gone += other.gone


@needs("assignment_rule.read")
def proposals(work: Work, *, chosen: Chosen | None = None) -> list[Proposal]:
    """For every unassigned lead that the actor sees, oldest first: as if they were assigned now, one after the other.

    ``chosen`` stands above the rules: a person for a lead, or None for one that is left out.
    """
    in_force = rules(work)
    found = cases(work, rules=in_force, where=[UNASSIGNED])
    available = pool(work, branch_ids={rule.branch_id for rule in in_force})
    return [_decide(work, in_force, available, case, chosen or {}) for case in found]


def _decide(work: Work, in_force: Sequence[Rule], available: Pool, case: Case, chosen: Chosen) -> Proposal:
    if case.lead_id in chosen:
        person = chosen[case.lead_id]
        decided = Proposal(case.lead_id, case.branch_id, user_id=person, reason="" if person else LEFT_OUT)
    else:
        decided = _propose(work, in_force, available, case)
    if decided.user_id is not None:
        available.give(decided.user_id)
    return decided


def _propose(work: Work, in_force: Sequence[Rule], available: Pool, case: Case) -> Proposal:
    bare = Proposal(case.lead_id, case.branch_id)
    if case.branch_id is None:
        return replace(bare, reason=NO_BRANCH)
    if work.actor.branch_id not in (None, case.branch_id):
        return replace(bare, reason=OTHER_BRANCH)
    return by_rule(in_force, available, case, work.today)


def by_rule(in_force: Iterable[Rule], available: Pool, case: Case, day: date) -> Proposal:
    """The first rule that fits decides, also when none of its reps can take the lead."""
    rule = first(in_force, case, day)
    if rule is None:
        return Proposal(case.lead_id, case.branch_id, reason=NO_RULE)
    user_id, reason = available.next(rule, case)
    return Proposal(case.lead_id, case.branch_id, rule.id, user_id, reason)


def portions(found: Iterable[Proposal], size: int = PORTION) -> list[list[int]]:
    """The leads in portions, those of a branch together, so that a rep hears of many at once and few branches wait."""
    ids = [one.lead_id for one in sorted(found, key=lambda one: one.branch_id or 0)]
    return [ids[start : start + size] for start in range(0, len(ids), size)]


@needs("assignment_rule.read")
def shown(work: Work, *, lead_ids: Sequence[int]) -> Mapping[int, Any]:
    """What people see of these leads beside the proposal, by id."""
    columns = (
        Lead.id, Lead.topic, Lead.company, Lead.person, Lead.line, Lead.source_id, Lead.created_at, Lead.province_code,
        Lead.city_code,
    )  # fmt: skip
    rows = work.rows(select(*columns).where(Lead.id.in_(list(lead_ids))))
    return {row.id: {**row._mapping, "place": regions.name(row.city_code or row.province_code)} for row in rows}


@needs("lead.assign")
def assign_portion(work: Work, *, lead_ids: Sequence[int], chosen: Chosen | None = None) -> Outcome:
    """Assign those of these leads that are still unassigned: by the rules of this moment, or to who was chosen for one.

    At most a portion at a time. Rows are claimed: the branches are held first, then the leads in the order of their ids,
    so that several who assign at once take turns and none is assigned twice. Each rep hears of theirs once.
    """
    wanted, by_hand = sorted(set(lead_ids)), dict(chosen or {})
    if len(wanted) > PORTION:
        raise Refused(TOO_MANY, most=PORTION)
    _hold(work, wanted, [person for one in wanted if (person := by_hand.get(one))])
    claimed = _claimed(work, wanted)
    outcome = Outcome(gone=len(wanted) - len(claimed))
    decided = _decided(work, claimed, by_hand, outcome)
    _carry_out(work, claimed, decided, outcome)
    return outcome


def _hold(work: Work, lead_ids: Sequence[int], people: Sequence[int]) -> None:
    """The branches of the leads as they stand, and those of the people who were chosen."""
    found = cases(work, rules=(), where=[Lead.id.in_(lead_ids), UNASSIGNED])
    homes = work.scalars(select(User.branch_id).where(User.id.in_(people)))
    turns.hold(work, branch_ids=[*(case.branch_id for case in found), *homes])


def _claimed(work: Work, lead_ids: Sequence[int]) -> dict[int, Lead]:
    loaded = work.load_many(Lead, lead_ids, to="lead.assign")
    return {lead.id: lead for lead in loaded if lead.state is LeadState.NEW}


def _decided(work: Work, claimed: Mapping[int, Lead], by_hand: Chosen, outcome: Outcome) -> list[Proposal]:
    """To whom each goes, oldest first; those that go nowhere are counted with the reason."""
    in_force = rules(work)
    found = cases(work, rules=in_force, where=[Lead.id.in_(list(claimed))])
    available = pool(work, branch_ids={case.branch_id for case in found if case.branch_id})
    proposed = [_decide(work, in_force, available, case, by_hand) for case in found]
    outcome.left.update(one.reason for one in proposed if one.user_id is None)
    return [one for one in proposed if one.user_id is not None]


def _carry_out(work: Work, claimed: Mapping[int, Lead], decided: Sequence[Proposal], outcome: Outcome) -> None:
    people = {user_id: work.hold(User, user_id) for user_id in sorted({one.user_id for one in decided if one.user_id})}
    gifts = [leads.Gift(claimed[one.lead_id], people[one.user_id or 0], one.rule_id) for one in decided]
    able = [gift for gift in gifts if leads.assignable(work, target=gift.target)]
    outcome.left += Counter({NOT_ASSIGNABLE: len(gifts) - len(able)})
    outcome.given.update(gift.target.id for gift in able)
    leads.give(work, gifts=able)
    _take_turns(work, [gift.target for gift in able])
    for user_id in outcome.given:
        leads.tell_assigned(work, user_id=user_id, leads=[gift.lead for gift in able if gift.target.id == user_id])


def _take_turns(work: Work, given: Sequence[User]) -> None:
    """In the order in which they were given something for the last time."""
    last = list(dict.fromkeys(target.id for target in reversed(given)))[::-1]
    homes = {target.id: target.branch_id for target in given}
    for branch_id in sorted({home for home in homes.values() if home is not None}):
        turns.took(work, branch_id=branch_id, user_ids=[one for one in last if homes[one] == branch_id])


TOO_MANY = N_("At most {most} leads are assigned at once.")
