"""Unassigned leads: who would get them and why, and giving them, fairly and to nobody who cannot take them (ASG-1 to ASG-3)."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import Account, AssignmentTurn, BranchRegion, Event, Lead, LeadState, Message, Notice, User
from services import assignment, formats, leads, users
from services.assignment import PORTION, Outcome, Proposal
from services.assignment.pool import ALL_AWAY, NO_ROOM, NOBODY
from services.assignment.proposals import LEFT_OUT, NO_BRANCH, NO_RULE, NOT_ASSIGNABLE, OTHER_BRANCH
from services.core.errors import NotFound, Refused
from services.core.work import Work, work_as_system
from tests.factories import DAY, NOW, As, Make, World, as_person
from tests.races import meanwhile
from tests.stage import Stage


def proposed(person: int) -> dict[int, Proposal]:
    with as_person(person, readonly=True) as work:
        return {one.lead_id: one for one in assignment.proposals(work)}


def assign(person: int, lead_ids: Sequence[int], **chosen: dict[int, int]) -> Outcome:
    with as_person(person) as work:
        return assignment.assign_portion(work, lead_ids=lead_ids, **chosen)


def owners(lead_ids: Sequence[int]) -> list[int | None]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        found = dict(work.rows(select(Lead.id, Lead.owner_id).where(Lead.id.in_(lead_ids))))
    return [found[lead_id] for lead_id in lead_ids]


def some_leads(make: Make, count: int, **values: Any) -> list[int]:
    """The first one came in first."""
    return [make.lead(topic=f"Lead {n}", created_at=NOW - (count - n) * DAY, **values) for n in range(count)]


def capacity(user_id: int, most: int | None) -> None:
    with work_as_system("a test says", at=NOW) as work:
        work.load(User, user_id, to="user.administer").lead_capacity = most


def test_the_proposal_is_what_then_happens(world: World, make: Make) -> None:
    """ASG-3: with the rule that proposes it; oldest first, each counting for the next."""
    rule_id = make.rule(world.anna, world.ben)
    those = some_leads(make, 5)
    before = proposed(world.adam)
    assert [before[one].rule_id for one in those] == [rule_id] * 5
    assert [before[one].user_id for one in those] == [world.anna, world.ben, world.anna, world.ben, world.anna]
    assert assign(world.adam, those) == Outcome(given=Counter({world.anna: 3, world.ben: 2}))
    assert owners(those) == [before[one].user_id for one in those]
    with work_as_system("look", at=NOW, readonly=True) as work:
        lead = work.get(Lead, those[0])
        assert (lead.state, lead.rule_id, lead.assigned_by_id, lead.assignment_no, lead.assigned_at) == (
            LeadState.ASSIGNED, rule_id, world.adam, 1, NOW,
        )  # fmt: skip
        assert list(work.scalars(select(Event.action).where(Event.kind == "lead"))) == ["assigned"] * 5
    assert proposed(world.adam) == {}


def test_why_there_is_no_proposal(world: World, make: Make) -> None:
    """ASG-3: no branch, no rule, nobody who works in the line, everybody away, no room."""
    make.rule(world.pia, name="Parts", line="service")
    make.rule(world.pia, name="Pia", line="parts")
    make.rule(world.anna, name="Budget", value_from=Decimal(500_000))
    make.rule(world.ben, name="Ben", category_ids=[world.codes["call"]])
    without = make.lead(branch_id=None)
    nobody, away, room, none = (
        make.lead(line="service"), make.lead(line="parts"),
        make.lead(category_id=world.codes["call"]), make.lead(),
    )  # fmt: skip
    make.absence(world.pia)
    capacity(world.ben, 1)
    make.lead(world.ben)
    found = proposed(world.adam)
    reasons = {one: (found[one].user_id, found[one].reason) for one in (without, nobody, away, room, none)}
    assert reasons == {
        without: (None, NO_BRANCH), nobody: (None, NOBODY), away: (None, ALL_AWAY), room: (None, NO_ROOM),
        none: (None, NO_RULE),
    }  # fmt: skip
    outcome = assign(world.adam, list(reasons))
    assert outcome == Outcome(left=Counter([NO_BRANCH, NOBODY, ALL_AWAY, NO_ROOM, NO_RULE]))
    assert owners(list(reasons)) == [None] * 5


def test_regions_decide_the_branch_first(world: World, make: Make) -> None:
    """ASG-1: the city before its province, both before the branch in which the lead was entered."""
    make.rule(world.anna)
    make.rule(world.carl, branch_id=world.hefei)
    with work_as_system("a test says", at=NOW) as work:
        work.also(BranchRegion(region_code="320000", branch_id=world.hefei))
    city = make.lead(province_code="320000", city_code="320100", branch_id=world.hefei)
    province = make.lead(province_code="320000", branch_id=None)
    found = proposed(world.adam)
    assert (found[city].user_id, found[province].user_id) == (world.anna, world.carl)
    elsewhere = make.lead(province_code="340000", city_code="340100", branch_id=world.nanjing)
    assert proposed(world.adam)[elsewhere].user_id == world.carl
    assert proposed(world.mia)[elsewhere].reason == OTHER_BRANCH
    assert assign(world.mia, [elsewhere]).left == Counter([OTHER_BRANCH])


def test_a_manager_sees_and_assigns_the_own_branch_alone(world: World, make: Make) -> None:
    """ASG-3, ALL-7: a lead of another branch is as if it were not there."""
    make.rule(world.anna)
    make.rule(world.carl, branch_id=world.hefei)
    here, there = make.lead(), make.lead(branch_id=world.hefei)
    assert set(proposed(world.mia)) == {here}
    assert assign(world.mia, [here, there]) == Outcome(given=Counter({world.anna: 1}), gone=1)
    assert owners([here, there]) == [world.anna, None]
    for person in (world.sun, world.anna, world.ruth, world.eva):
        with pytest.raises(Refused):
            assign(person, [there])


def test_the_customer_counts_when_a_rule_asks(world: World, make: Make) -> None:
    """ASG-1: kind and size of the customer of that name in the branch."""
    kind = world.codes["rental"]
    make.account("宏达租赁有限公司", kind_id=kind, employees=80)
    make.rule(world.ben, customer_kind_ids=[kind], employees_from=50)
    make.rule(world.anna)
    large = make.lead(company="宏达租赁", name_key=formats.name_key("宏达租赁"))
    other = make.lead(company="永盛", name_key="永盛")
    found = proposed(world.adam)
    assert (found[large].user_id, found[other].user_id) == (world.ben, world.anna)
    with work_as_system("it shrinks", at=NOW) as work:
        work.scalars(select(Account))[0].employees = 10
    assert proposed(world.adam)[large].user_id == world.anna


def test_a_rule_for_small_customers(world: World, make: Make) -> None:
    """ASG-1: the size alone, from above; of customers of that name those of the branch that are still there."""
    make.rule(world.ben, employees_to=20)
    make.rule(world.anna)
    lead_id = make.lead(company="永盛土方")
    make.account("永盛土方有限公司", branch_id=world.hefei, employees=5)
    make.account("永盛土方集团", employees=5, deleted_at=NOW)
    assert proposed(world.adam)[lead_id].user_id == world.anna
    make.account("永盛土方公司", employees=20)
    assert proposed(world.adam)[lead_id].user_id == world.ben


def test_of_those_who_never_had_one_the_least_loaded_begins(world: World, make: Make) -> None:
    """ASG-2: open leads that somebody entered or has from before count; deleted ones fill nobody's hands."""
    make.rule(world.anna, world.ben)
    make.lead(world.anna)
    for _ in range(3):
        make.lead(world.ben, deleted_at=NOW)
    lead_id = make.lead()
    assert proposed(world.adam)[lead_id].user_id == world.ben
    capacity(world.ben, 1)
    assert proposed(world.adam)[lead_id].user_id == world.ben


def test_single_ones_are_changed_before_all_are_assigned(world: World, make: Make) -> None:
    """ASG-3: who was chosen counts as a turn as well; somebody who cannot have it leaves it where it is."""
    make.rule(world.anna, world.ben)
    those = some_leads(make, 4)
    outcome = assign(world.adam, those, chosen={those[0]: world.anna, those[1]: world.carl, those[3]: world.eva})
    assert owners(those) == [world.anna, world.carl, world.ben, None]
    assert outcome.left == Counter([NOT_ASSIGNABLE])
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert work.get(Lead, those[0]).rule_id is None
        assert work.get(Lead, those[1]).branch_id == world.hefei
    with pytest.raises(NotFound):
        assign(world.adam, those[3:], chosen={those[3]: 2**31 - 1})


def test_single_ones_are_left_out(world: World, make: Make) -> None:
    """ASG-3: what somebody takes out of the proposals stays unassigned, and is said to have been left out."""
    make.rule(world.anna)
    first, second = some_leads(make, 2)
    with as_person(world.adam, readonly=True) as work:
        found = assignment.proposals(work, chosen={first: None})
    assert [(one.user_id, one.reason) for one in found] == [(None, LEFT_OUT), (world.anna, "")]
    assert assign(world.adam, [first, second], chosen={first: None}).left == Counter([LEFT_OUT])
    assert owners([first, second]) == [None, world.anna]


def test_portions_add_up() -> None:
    """ASG-3: one sentence at the end tells what came of all of them."""
    total = Outcome(Counter({1: 2}), Counter([NO_RULE]), 1)
    total.add(Outcome(Counter({1: 1, 2: 1}), Counter([NO_RULE, NO_ROOM]), 2))
    assert total == Outcome(Counter({1: 3, 2: 1}), Counter([NO_RULE, NO_RULE, NO_ROOM]), 3)


def test_a_manager_chooses_of_the_own_branch_alone(world: World, make: Make) -> None:
    """LEAD-4: only the head office gives to another branch."""
    lead_id = make.lead()
    assert assign(world.mia, [lead_id], chosen={lead_id: world.carl}).left == Counter([NOT_ASSIGNABLE])
    assert owners([lead_id]) == [None]


def test_reps_hear_of_theirs(world: World, make: Make) -> None:
    """ASG-3: one notice about each of a few, with the phone; one about all of them when there are many."""
    make.rule(world.anna, world.ben, line="machines")
    make.rule(world.pia, line="parts")
    few, many = some_leads(make, 2), some_leads(make, 7, line="parts")
    assign(world.adam, few)
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert sorted(work.rows(select(Notice.user_id, Notice.kind))) == [
            (world.anna, "lead_assigned"), (world.ben, "lead_assigned"),
        ]  # fmt: skip
    capacity(world.pia, 6)
    assert assign(world.adam, many).given == Counter({world.pia: 6})
    with work_as_system("look", at=NOW, readonly=True) as work:
        (notice,) = work.scalars(select(Notice).where(Notice.kind == "leads_assigned"))
        assert (notice.user_id, notice.parameters["count"], notice.parameters["by"]) == (world.pia, 6, "Adam")
        assert list(work.scalars(select(Message.user_id).where(Message.kind == "leads_assigned"))) == [world.pia]


def test_what_is_no_longer_unassigned_is_left_alone(world: World, make: Make) -> None:
    """ASG-3: assigned by hand, given up or deleted in the meantime, or asked for twice."""
    make.rule(world.anna)
    taken, closed, deleted, free = some_leads(make, 4)
    with as_person(world.mia) as work:
        leads.assign_to(work, lead_ids=[taken, closed], to_user_id=world.ben)
        leads.disqualify(work, lead_id=closed, disqualify_reason_id=world.codes["no_need"])
        leads.delete(work, lead_id=deleted, reason="Doubled")
    outcome = assign(world.adam, [taken, closed, deleted, free, free])
    assert (outcome.given, outcome.gone) == (Counter({world.anna: 1}), 3)
    assert owners([taken, free]) == [world.ben, world.anna]
    with pytest.raises(Refused):
        assign(world.adam, range(1, PORTION + 2))


def test_by_hand_counts_as_a_turn_but_own_leads_do_not(world: World, make: Make, as_: As) -> None:
    """ASG-2: whoever was given something by somebody else waits; whoever entered a lead does not."""
    make.rule(world.anna, world.ben)
    by_hand, own, by_rule = make.lead(), {"line": "machines", "mobile": "13701234567"}, make.lead()
    with as_(world.ben) as work:
        leads.create(work, values=own)
    with as_(world.mia) as work:
        leads.assign_to(work, lead_ids=[by_hand], to_user_id=world.anna)
    assert proposed(world.mia)[by_rule].user_id == world.ben
    assign(world.mia, [by_rule])
    assert owners([by_rule]) == [world.ben]
    assert proposed(world.mia) == {}


def test_closed_leads_fill_nobodys_hands(world: World, make: Make) -> None:
    """ASG-2: capacity counts what is open."""
    make.rule(world.anna)
    capacity(world.anna, 1)
    lead_id = make.lead()
    reason = {"disqualify_reason_id": world.codes["no_need"]}
    for _ in range(3):
        make.lead(world.anna, state="disqualified", **reason)
    assert proposed(world.adam)[lead_id].user_id == world.anna
    make.lead(world.anna, state="working")
    assert proposed(world.adam)[lead_id].reason == NO_ROOM


def test_absent_reps_are_passed_over_on_their_days(world: World, make: Make) -> None:
    """ASG-2, ADM-1: a day before and a day after they are there."""
    make.rule(world.anna, world.ben)
    lead_id = make.lead()
    for day, who in ((-1, world.anna), (0, world.ben), (1, world.ben), (2, world.anna)):
        if day == -1:
            make.absence(world.anna, first_day=NOW.date(), last_day=(NOW + DAY).date())
        with as_person(world.adam, at=NOW + day * DAY, readonly=True) as work:
            assert assignment.proposals(work)[0].user_id == who, (day, lead_id)


def test_portions_keep_branches_together() -> None:
    """ASG-3: every lead once, and few branches wait at a time."""
    found = [Proposal(number, branch) for number, branch in enumerate([2, 1, None, 1, 2, 1])]
    assert assignment.portions(found, size=2) == [[2, 1], [3, 5], [0, 4]]


ACTS = st.lists(
    st.tuples(st.sampled_from(["rule", "hand", "close"]), st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12
)


@pytest.mark.walk
@settings(max_examples=15)
@given(acts=ACTS)
def test_the_next_is_who_waited_longest(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int]]
) -> None:
    """ASG-2: in any order of assigning by hand and by rule; nobody over capacity, and fair within one while all can take."""
    with stage.fresh(tmp_path_factory.mktemp("fair")):
        world, make = stage.world, Make(stage.world)
        reps = [world.anna, world.ben, make.user("Dora", lines=["machines"]), make.user("Emil", lines=["machines"])]
        make.rule(*reps)
        capacity(reps[3], 2)
        last: dict[int, int] = {}
        turn, load = 0, Counter[int]()
        for what, who, count in acts:
            if what == "close":
                load -= Counter(close_all(world, reps[who]))
                continue
            those = some_leads(make, count)
            if what == "hand":
                with as_person(world.mia) as work:
                    leads.assign_to(work, lead_ids=those, to_user_id=reps[who])
                load[reps[who]] += count
                turn += 1
                last[reps[who]] = turn
                continue
            assign(world.mia, those)
            for owner in owners(those):
                free = [rep for rep in reps if rep != reps[3] or load[rep] < 2]
                assert owner in free
                assert last.get(owner or 0, 0) == min(last.get(rep, 0) for rep in free)
                turn += 1
                last[owner or 0], load[owner or 0] = turn, load[owner or 0] + 1


def close_all(world: World, person: int) -> list[int]:
    """The person gives up everything; one entry for each that was open."""
    with as_person(person) as work:
        mine = work.scalars(select(Lead.id).where(Lead.owner_id == person, Lead.state == LeadState.ASSIGNED))
        for lead_id in mine:
            leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=world.codes["no_need"])
    return [person] * len(mine)


@pytest.mark.parametrize("by_hand", [False, True])
def test_two_who_assign_other_leads_at_once_take_turns(world: World, make: Make, by_hand: bool) -> None:
    """ASG-2: under a lock on the branch; the second one counts what the first is about to give, by rule or by hand."""
    make.rule(world.anna, world.ben)
    first, second = some_leads(make, 2)

    def give(work: Work) -> None:
        if by_hand:
            leads.assign_to(work, lead_ids=[first], to_user_id=world.anna)
        else:
            assignment.assign_portion(work, lead_ids=[first])

    assert isinstance(meanwhile(as_person(world.mia), give, lambda: assign(world.adam, [second])), Outcome)
    assert owners([first, second]) == [world.anna, world.ben]


def test_turns_of_several_portions_follow_one_another(world: World, make: Make) -> None:
    """ASG-2: fair within one, whatever the portions; each person has one turn, no two the same number."""
    reps = [world.anna, world.ben, make.user("Dora", lines=["machines"])]
    make.rule(*reps)
    those = some_leads(make, 11)
    for start, end in ((0, 4), (4, 5), (5, 11)):
        assign(world.adam, those[start:end])
    counts = Counter(owners(those))
    assert set(counts) == set(reps)
    assert max(counts.values()) - min(counts.values()) <= 1
    with work_as_system("look", at=NOW, readonly=True) as work:
        numbers = list(work.scalars(select(AssignmentTurn.number)))
    assert len(numbers) == len(set(numbers)) == 3


def test_an_administrator_says_how_many_open_leads_somebody_can_take(world: World, make: Make) -> None:
    """ASG-2: set with the person, counted by the rules from the next assignment on."""
    make.rule(world.anna)
    those = some_leads(make, 3)
    with as_person(world.adam) as work:
        users.change(work, user_id=world.anna, changes={"lead_capacity": 2})
        assert users.card(work, user_id=world.anna)["lead_capacity"] == 2
    assert assign(world.adam, those).given == Counter({world.anna: 2})
    assert owners(those) == [world.anna, world.anna, None]
