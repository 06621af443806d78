"""ACT-2, ACT-3: a manager gives work to reps; it is in their plan at once, and they are told."""

from typing import Any

import pytest
from sqlalchemy import select

from db.models import ActivityState, Message
from services import activities
from services.core.errors import Invalid, NotFound, Refused
from tests.factories import DAY, NOW, As, Make, World
from tests.stories import all_activities, holders, messages, notices, plan_values, stored, told


def assign(as_: As, person: int, world: World, owner_ids: list[int], **given: Any) -> list[int]:
    contact_ids = given.pop("contact_ids", ())
    with as_(person) as work:
        values = plan_values(world, **given)
        return activities.assign(work, values=values, owner_ids=owner_ids, contact_ids=contact_ids)


def test_each_rep_gets_one_of_their_own(world: World, as_: As) -> None:
    """ACT-2: one or several reps; two never hold one activity."""
    ids = assign(as_, world.mia, world, [world.anna, world.ben, world.anna], subject="Show the new excavator")
    assert [(a.id, a.owner_id) for a in all_activities()] == list(zip(ids, [world.anna, world.ben], strict=True))
    given = stored(ids[0])
    assert (given.state, given.assigned_by_id, given.assigned_at) == (ActivityState.ASSIGNED, world.mia, NOW)
    assert (given.assignment_no, given.accepted_at, given.branch_id) == (1, None, world.nanjing)
    assert told(ids[0]) == ["assigned"]
    assert holders(ids[0]) == [(world.anna, True, "")]


def test_it_is_in_the_plan_at_once(world: World, as_: As) -> None:
    """ACT-2, ACT-3: the reminder of today shows it, new ones first."""
    with as_(world.anna) as work:
        own = activities.plan(work, values=plan_values(world, planned_start=NOW))
    (given,) = assign(as_, world.mia, world, [world.anna])
    with as_(world.anna, readonly=True) as work:
        assert [row.id for row in activities.today(work)] == [given, own]


def test_each_rep_gets_one_sms_and_one_notice(world: World, as_: As) -> None:
    """ACT-3."""
    assign(as_, world.mia, world, [world.anna, world.ben])
    assert sorted(messages()) == [("anna", "sms", "activity_assigned"), ("ben", "sms", "activity_assigned")]
    assert sorted(notices()) == [("anna", "activity_assigned"), ("ben", "activity_assigned")]


def test_sms_names_subject_customer_and_due_time(world: World, make: Make, as_: As) -> None:
    """ACT-3, in the organisation's time."""
    account_id = make.account("徐工机械有限公司")
    assign(as_, world.mia, world, [world.anna], subject="Bring the offer", account_id=account_id, due_at=NOW + DAY)
    with as_(world.adam, readonly=True) as work:
        body = work.scalar(select(Message.body))
    missing = [part for part in ("Bring the offer", "徐工机械有限公司", "11-24 10:00", "Mia") if part not in body]
    assert missing == []


@pytest.mark.parametrize(
    ("person", "receiver"),
    [("sun", "anna"), ("sun", "ben"), ("mia", "anna"), ("mia", "pia"), ("adam", "carl"), ("adam", "anna")],
)
def test_who_may_assign_to_whom(world: World, as_: As, person: str, receiver: str) -> None:
    """access.md: A of the branch; sales managers to those who report to them; data administrator to all."""
    (given,) = assign(as_, world.people[person], world, [world.people[receiver]])
    assert stored(given).owner_id == world.people[receiver]


@pytest.mark.parametrize(
    ("person", "receiver"),
    [
        ("anna", "ben"), ("pia", "anna"), ("ruth", "anna"), ("hanna", "anna"), ("eva", "anna"),
        ("sun", "pia"), ("sun", "carl"), ("sun", "mia"), ("mia", "carl"), ("max", "anna"),
    ],
)  # fmt: skip
def test_who_may_not(world: World, as_: As, person: str, receiver: str) -> None:
    with pytest.raises(Refused):
        assign(as_, world.people[person], world, [world.people[receiver]])
    assert all_activities() == []


def test_own_work_is_planned_not_assigned(world: World, as_: As) -> None:
    with pytest.raises(Invalid):
        assign(as_, world.mia, world, [world.mia])


@pytest.mark.parametrize("receiver", ["eva", "adam", "hanna"])
def test_head_office_is_given_no_visits(world: World, as_: As, receiver: str) -> None:
    with pytest.raises(Invalid):
        assign(as_, world.adam, world, [world.people[receiver]])


def test_who_has_left_is_given_nothing(world: World, make: Make, as_: As) -> None:
    with pytest.raises(Invalid):
        assign(as_, world.mia, world, [make.user("Gone", active=False)])


def test_one_wrong_receiver_leaves_nothing_assigned(world: World, as_: As) -> None:
    """All or none: nothing is stored, nobody is told."""
    with pytest.raises(Refused):
        assign(as_, world.mia, world, [world.anna, world.carl])
    assert (list(all_activities()), messages(), notices()) == ([], [], [])


def test_nobody_and_nobody_known(world: World, as_: As) -> None:
    with pytest.raises(Invalid):
        assign(as_, world.mia, world, [])
    with pytest.raises(NotFound):
        assign(as_, world.mia, world, [999_999])


def test_customer_and_rep_are_of_one_branch(world: World, make: Make, as_: As) -> None:
    """Adam sees both branches; the visit stays within one."""
    with pytest.raises(Invalid) as error:
        assign(as_, world.adam, world, [world.carl], account_id=make.account())
    assert set(error.value.fields) == {"account_id"}


@pytest.mark.parametrize("name", ["follows_id", "state", "assigned_at", "assignment_no", "owner_id"])
def test_fields_with_a_service_of_their_own_cannot_be_given(world: World, make: Make, as_: As, name: str) -> None:
    """ACC-5; also no hidden activity to follow up (ALL-7)."""
    with pytest.raises(Invalid) as error:
        assign(as_, world.mia, world, [world.anna], **{name: make.activity(world.carl)})
    assert set(error.value.fields) == {name}
