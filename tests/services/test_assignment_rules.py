"""The rules of a branch: kept by its manager, in order, the first that fits counts (ASG-1, ADM-3)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import AssignmentRule, AssignmentRuleRep, Event, Lead, User
from services import assignment, code_lists
from services.assignment import Case, Outcome, Rule
from services.assignment.proposals import NO_RULE
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.races import meanwhile

TODAY = NOW.date()


def names(as_: As, person: int) -> list[str]:
    with as_(person, readonly=True) as work:
        return [rule.name for rule in assignment.rules(work)]


def test_a_manager_keeps_an_ordered_list(world: World, make: Make, as_: As) -> None:
    """ASG-1: added at the end, moved up and down, switched off, removed."""
    with as_(world.mia) as work:
        made = [assignment.add(work, values={"name": name, "rep_ids": [world.anna]}) for name in "ABC"]
        assignment.move(work, rule_id=made[2], up=True)
        assignment.move(work, rule_id=made[0], up=True)  # is first already
        assignment.switch(work, rule_id=made[1], active=False)
    assert names(as_, world.mia) == ["A", "C", "B"]
    with as_(world.mia) as work:
        assignment.move(work, rule_id=made[0], up=False)
        assignment.remove(work, rule_id=made[2])
    assert names(as_, world.mia) == ["A", "B"]
    with as_(world.mia, readonly=True) as work:
        assert [rule.active for rule in assignment.rules(work)] == [True, False]


def test_the_data_administrator_sees_all_branches_and_changes_none(world: World, make: Make, as_: As) -> None:
    """ADM-3: managers see their own branch alone."""
    own, other = make.rule(name="Nanjing"), make.rule(name="Hefei", branch_id=world.hefei)
    assert names(as_, world.adam) == ["Nanjing", "Hefei"]
    assert names(as_, world.mia) == ["Nanjing"]
    with as_(world.mia) as work, pytest.raises(NotFound):
        assignment.switch(work, rule_id=other, active=False)
    with as_(world.adam) as work, pytest.raises(Refused):
        assignment.switch(work, rule_id=own, active=False)
    with as_(world.sun, readonly=True) as work, pytest.raises(Refused):
        assignment.rules(work)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"rep_ids": []}, "rep_ids"),
        ({"rep_ids": ["x"]}, "rep_ids"),
        ({"region_codes": ["999999"]}, "region_codes"),
        ({"source_groups": ["nobody"]}, "source_groups"),
        ({"category_ids": [2**40]}, "category_ids"),
        ({"line": "boats"}, "line"),
        ({"value_from": 5, "value_to": 4}, "value_to"),
        ({"employees_from": 5, "employees_to": 4}, "employees_to"),
        ({"valid_from": "2026-11-23", "valid_to": "2026-11-22"}, "valid_to"),
        ({"line": "parts"}, "rep_ids"),
    ],
)
def test_what_a_rule_cannot_say(world: World, as_: As, wrong: dict[str, Any], field: str) -> None:
    """ASG-1, ALL-6: each mistake is named beside its field; nothing is stored."""
    with pytest.raises(Invalid) as refused, as_(world.mia) as work:
        assignment.add(work, values={"name": "A", "rep_ids": [world.anna]} | wrong)
    assert field in refused.value.fields
    assert names(as_, world.mia) == []


def test_all_that_a_rule_lacks_is_said_at_once(world: World, as_: As) -> None:
    """ASG-1, ALL-6: name, reps and a range are marked together, not one after the other."""
    wrong = {"name": "", "rep_ids": [], "value_from": 5, "value_to": 4}
    with pytest.raises(Invalid) as refused, as_(world.mia) as work:
        assignment.add(work, values=wrong)
    assert set(refused.value.fields) == {"name", "rep_ids", "value_to"}


def test_only_active_reps_of_the_branch(world: World, make: Make, as_: As) -> None:
    """ASG-1: nobody of another branch, no manager, nobody who left."""
    gone = make.user("Gone", lines=["machines"], active=False)
    for person in (world.carl, world.sun, world.mia, gone, 2**40):
        with pytest.raises(Invalid) as refused, as_(world.mia) as work:
            assignment.add(work, values={"name": "A", "rep_ids": [world.anna, person]})
        assert set(refused.value.fields) == {"rep_ids"}


def test_a_change_is_told_field_by_field(world: World, make: Make, as_: As) -> None:
    """ALL-3, ALL-4: old and new in the trail; a second editor is told."""
    rule_id = make.rule(world.anna, name="Machines")
    with as_(world.mia) as work:
        changes = {"line": "machines", "rep_ids": [world.anna, world.ben], "value_from": "500000"}
        assignment.change(work, rule_id=rule_id, changes=changes, version=1)
    with work_as_system("look", at=NOW, readonly=True) as work:
        (told,) = work.scalars(select(Event.changes).where(Event.kind == "assignment_rule", Event.action == "changed"))
        reps = work.scalars(select(AssignmentRuleRep.user_id).where(AssignmentRuleRep.rule_id == rule_id))
    assert told == {
        "line": [None, "machines"], "rep_ids": [[world.anna], [world.anna, world.ben]], "value_from": [None, "500000"],
    }  # fmt: skip
    assert set(reps) == {world.anna, world.ben}
    with as_(world.mia) as work, pytest.raises(Stale):
        assignment.change(work, rule_id=rule_id, changes={"name": "x"}, version=1)


def test_a_rule_that_gave_something_stays(world: World, make: Make, as_: As) -> None:
    """ASG-1: the history of a lead names its rule; such a rule is switched off instead."""
    rule_id = make.rule()
    make.lead(world.anna, rule_id=rule_id)
    with as_(world.mia) as work, pytest.raises(Refused):
        assignment.remove(work, rule_id=rule_id)
    with work_as_system("look", at=NOW) as work:
        assert work.get(AssignmentRule, rule_id).active
        assert work.scalar(select(Lead.rule_id)) == rule_id
    with as_(world.mia) as work:
        assignment.switch(work, rule_id=rule_id, active=False)


def test_rules_of_somebody_who_moved_away_can_still_be_changed(world: World, make: Make, as_: As) -> None:
    """ASG-1: but only with reps who may be given leads today."""
    gone = make.user("Gone", lines=["machines"])
    rule_id = make.rule(gone)
    with work_as_system("leaves", at=NOW) as work:
        work.load(User, gone, to="user.administer").active = False
    with pytest.raises(Invalid), as_(world.mia) as work:
        assignment.change(work, rule_id=rule_id, changes={"name": "Others"})
    with as_(world.mia) as work:
        assignment.change(work, rule_id=rule_id, changes={"rep_ids": [world.ben]})
    with as_(world.mia, readonly=True) as work:
        assert assignment.rules(work)[0].rep_ids == (world.ben,)


CASE = Case(
    lead_id=1, branch_id=1, line="machines", places=frozenset({"320000", "320100", "320106"}), source_group="event",
    category_id=7, value=Decimal(500_000), kinds=frozenset({3}), employees=40,
)  # fmt: skip
RULE = Rule(id=1, branch_id=1, rep_ids=(1,))
FITTING: dict[str, Any] = {
    "region_codes": ("320100",), "line": "machines", "source_groups": ("event", "online"), "category_ids": (7,),
    "value_from": Decimal(500_000), "value_to": Decimal(500_000), "customer_kind_ids": (3,), "employees_from": 40,
    "employees_to": 40,
}  # fmt: skip
FAILING: dict[str, Any] = {
    "region_codes": ("340000",), "line": "parts", "source_groups": ("online",), "category_ids": (8,),
    "value_from": Decimal(500_001), "value_to": Decimal(499_999), "customer_kind_ids": (4,), "employees_from": 41,
    "employees_to": 39, "branch_id": 2,
}  # fmt: skip
UNKNOWN = Case(lead_id=1, branch_id=1, line="machines")


@pytest.mark.parametrize("name", FITTING)
def test_each_condition(name: str) -> None:
    """ASG-1: a condition that is met, one that is not, and one about something that nobody knows of the lead."""
    assert assignment.fits(replace(RULE, **{name: FITTING[name]}), CASE)
    assert not assignment.fits(replace(RULE, **{name: FAILING[name]}), CASE)
    assert name == "line" or not assignment.fits(replace(RULE, **{name: FITTING[name]}), UNKNOWN)


def test_a_province_takes_its_cities_along() -> None:
    """ASG-1: every region that the lead lies in counts."""
    for code in ("320000", "320100", "320106"):
        assert assignment.fits(replace(RULE, region_codes=(code,)), CASE)


@given(st.dictionaries(st.sampled_from(sorted(FITTING)), st.booleans()), st.booleans())
def test_a_rule_fits_when_all_its_conditions_do(met: dict[str, bool], here: bool) -> None:
    """ASG-1: an empty condition fits everything; a rule of another branch fits nothing."""
    given_values = {name: (FITTING if yes else FAILING)[name] for name, yes in met.items()}
    rule = replace(RULE, branch_id=1 if here else 2, **given_values)
    assert assignment.fits(rule, CASE) == (here and all(met.values()))


DAYS = st.one_of(st.none(), st.integers(-2, 2).map(lambda n: TODAY + timedelta(days=n)))
RULES = st.builds(
    Rule, id=st.integers(1, 9), branch_id=st.integers(1, 2), active=st.booleans(), valid_from=DAYS, valid_to=DAYS,
    line=st.sampled_from([None, "machines", "parts"]),
)  # fmt: skip


@given(st.lists(RULES, max_size=6))
def test_the_first_match_wins(rules: list[Rule]) -> None:
    """ASG-1: in the order of the list, among those switched on and valid that day."""
    found = assignment.first(rules, CASE, TODAY)
    matching = [
        rule
        for rule in rules
        if rule.active and rule.branch_id == 1 and rule.line in (None, "machines")
        if (rule.valid_from is None or rule.valid_from <= TODAY) and (rule.valid_to is None or rule.valid_to >= TODAY)
    ]
    assert found is (matching[0] if matching else None)


def test_what_is_no_longer_offered_may_stay_in_a_rule(world: World, make: Make, as_: As) -> None:
    """ADM-4, ASG-1: a category that was switched off stands in the rules that had it, and comes into no other."""
    off = world.codes["rental"]
    old, other = make.rule(name="Old", customer_kind_ids=[off]), make.rule(name="Other")
    with as_(world.adam) as work:
        code_lists.switch(work, value_id=off, active=False)
    with as_(world.mia) as work:
        assignment.change(work, rule_id=old, changes={"name": "Older"})
    with pytest.raises(Invalid) as refused, as_(world.mia) as work:
        assignment.change(work, rule_id=other, changes={"customer_kind_ids": [off]})
    assert set(refused.value.fields) == {"customer_kind_ids"}


def test_one_rule_is_read_by_who_sees_it(world: World, make: Make, as_: As) -> None:
    """ACC-2: of another branch as of none."""
    here, there = make.rule(name="Here"), make.rule(branch_id=world.hefei)
    with as_(world.mia, readonly=True) as work:
        assert assignment.rule(work, rule_id=here).name == "Here"
        for number in (there, 10**8):
            with pytest.raises(NotFound):
                assignment.rule(work, rule_id=number)


@pytest.mark.parametrize("removed_first", [True, False])
def test_a_rule_is_removed_while_it_gives(world: World, make: Make, as_: As, removed_first: bool) -> None:
    """ASG-1, ASG-3: whoever comes second goes on from what the first one left, and reads of no rule of the database."""
    rule_id, lead_id = make.rule(world.anna), make.lead()
    remove, give = partial(assignment.remove, rule_id=rule_id), partial(assignment.assign_portion, lead_ids=[lead_id])
    first, second = (remove, give) if removed_first else (give, remove)

    def afterwards() -> Any:
        with as_(world.mia) as work:
            return second(work)

    said = meanwhile(as_(world.mia), first, afterwards)
    if removed_first:
        assert said == Outcome(left=Counter([NO_RULE]))
    else:
        assert isinstance(said, Refused)
        assert "has given out leads" in str(said)
