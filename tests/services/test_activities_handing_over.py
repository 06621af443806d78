"""ACT-14: reassignment and delegation keep history; one activity has one holder."""

import pytest

from db.models import ActivityState
from services import activities
from services.core.errors import Invalid, NotFound, Refused
from tests.factories import HOUR, NOW, As, Make, World
from tests.stories import ended, feedback, holders, messages, notices, owner, state, stored, told

LATER = NOW + HOUR


def reassign(as_: As, person: int, activity_id: int, to_user_id: int, reason: str = "Anna is ill") -> None:
    with as_(person, at=LATER) as work:
        activities.reassign(work, activity_id=activity_id, to_user_id=to_user_id, reason=reason)


@pytest.mark.parametrize("status", ["planned", "assigned", "declined"])
def test_reassigned_is_assigned_anew(world: World, make: Make, as_: As, status: str) -> None:
    """ACT-14; the clock starts anew, and the answer to the former assignment is gone."""
    activity_id = make.activity(world.anna, state=status, accepted_at=NOW, queue_reason="nobody suits")
    number = stored(activity_id).assignment_no
    reassign(as_, world.mia, activity_id, world.ben)
    given = stored(activity_id)
    assert (given.state, given.owner_id, given.assigned_by_id) == (ActivityState.ASSIGNED, world.ben, world.mia)
    assert (given.assigned_at, given.assignment_no) == (LATER, number + 1)
    assert (given.accepted_at, given.declined_at, given.decline_reason, given.queue_reason) == (None,) * 4
    assert told(activity_id) == ["reassigned"]


def test_history_says_who_held_it_and_why(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    reassign(as_, world.mia, activity_id, world.ben, " Anna is ill ")
    reassign(as_, world.mia, activity_id, world.pia, "It is about parts")
    assert holders(activity_id) == [
        (world.anna, False, ""),
        (world.ben, False, "Anna is ill"),
        (world.pia, True, "It is about parts"),
    ]


def test_both_reps_are_told_once(world: World, make: Make, as_: As) -> None:
    reassign(as_, world.mia, make.activity(world.anna), world.ben)
    assert sorted(messages()) == [("anna", "sms", "activity_taken_away"), ("ben", "sms", "activity_assigned")]
    assert sorted(notices()) == [("anna", "activity_taken_away"), ("ben", "activity_assigned")]


def test_who_takes_it_over_is_not_told_of_the_own_act(world: World, make: Make, as_: As) -> None:
    """The branch manager takes it: only the former holder hears."""
    reassign(as_, world.mia, make.activity(world.anna), world.mia)
    assert [name for name, _ in notices()] == ["anna"]


@pytest.mark.parametrize(("person", "receiver"), [("sun", "ben"), ("sun", "sun"), ("mia", "pia"), ("adam", "ben")])
def test_who_may_give_it_to_whom(world: World, make: Make, as_: As, person: str, receiver: str) -> None:
    activity_id = make.activity(world.anna)
    reassign(as_, world.people[person], activity_id, world.people[receiver])
    assert owner(activity_id) == world.people[receiver]


@pytest.mark.parametrize("person", ["anna", "ben", "pia", "ruth", "eva", "max", "carl"])
def test_who_may_not(world: World, make: Make, as_: As, person: str) -> None:
    activity_id = make.activity(world.anna, participants=[world.ben])
    with pytest.raises((Refused, NotFound)):
        reassign(as_, world.people[person], activity_id, world.ben)
    assert owner(activity_id) == world.anna


def test_sales_manager_gives_to_own_people_only(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with pytest.raises(Refused):
        reassign(as_, world.sun, activity_id, world.pia)
    with pytest.raises((Refused, NotFound)):
        reassign(as_, world.sun, make.activity(world.pia), world.anna)
    assert holders(activity_id) == [(world.anna, True, "")]


def test_same_person_is_refused(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid) as error:
        reassign(as_, world.mia, activity_id, world.anna)
    assert set(error.value.fields) == {"to_user_id"}
    assert messages() == []


@pytest.mark.parametrize("receiver", ["carl", "max", "eva", "adam", "hanna"])
@pytest.mark.parametrize("person", ["mia", "adam"])
def test_nobody_outside_the_branch_gets_it(world: World, make: Make, as_: As, person: str, receiver: str) -> None:
    """An activity stays in its branch, whoever reassigns."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid) as error:
        reassign(as_, world.people[person], activity_id, world.people[receiver])
    assert set(error.value.fields) == {"to_user_id"}
    assert owner(activity_id) == world.anna


def test_who_has_left_or_never_was_gets_nothing(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid):
        reassign(as_, world.mia, activity_id, make.user("Gone", active=False))
    with pytest.raises(NotFound):
        reassign(as_, world.mia, activity_id, 999_999)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_reassigning_needs_a_reason(world: World, make: Make, as_: As, reason: str) -> None:
    with pytest.raises(Invalid) as error:
        reassign(as_, world.mia, make.activity(world.anna), world.ben, reason)
    assert set(error.value.fields) == {"reason"}


@pytest.mark.parametrize("status", ["in_progress", "cancelled"])
def test_running_and_final_work_is_not_taken_away(world: World, make: Make, as_: As, status: str) -> None:
    activity_id = make.activity(world.anna, state=status)
    with pytest.raises(Refused):
        reassign(as_, world.mia, activity_id, world.ben)
    assert holders(activity_id) == [(world.anna, True, "")]


def test_ended_work_is_not_taken_away(world: World, make: Make, as_: As) -> None:
    """ACT-9."""
    activity_id = ended(make)
    with pytest.raises(Refused):
        reassign(as_, world.mia, activity_id, world.ben)
    assert owner(activity_id) == world.anna


def test_former_holder_can_neither_end_nor_see_it(world: World, make: Make, as_: As) -> None:
    """What must not happen: two reps holding one activity."""
    activity_id = make.activity(world.anna)
    reassign(as_, world.mia, activity_id, world.ben)
    with pytest.raises(NotFound), as_(world.anna, at=LATER) as work:
        activities.end(work, activity_id=activity_id, feedback=feedback(world))
    with as_(world.ben, at=LATER) as work:
        activities.end(work, activity_id=activity_id, feedback=feedback(world))
    assert state(activity_id) is ActivityState.ENDED


def test_participant_who_becomes_the_owner_is_no_participant_any_more(world: World, make: Make, as_: As) -> None:
    """abuse-cases.md: the target already took part."""
    activity_id = make.activity(world.anna, participants=[world.ben])
    reassign(as_, world.mia, activity_id, world.ben)
    with as_(world.mia, readonly=True) as work:
        assert list(activities.card(work, activity_id=activity_id).participants) == []


def delegate(as_: As, person: int, activity_ids: list[int], to_user_id: int) -> int:
    with as_(person, at=LATER) as work:
        return activities.delegate_many(work, activity_ids=activity_ids, to_user_id=to_user_id, reason="Anna is away")


def test_many_are_handed_over_at_once(world: World, make: Make, as_: As) -> None:
    ids = [make.activity(world.anna, state=status) for status in ("planned", "assigned", "declined")]
    assert delegate(as_, world.mia, ids, world.ben) == 3
    assert {owner(activity_id) for activity_id in ids} == {world.ben}


def test_same_activity_marked_twice_is_handed_over_once(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    assert delegate(as_, world.mia, [activity_id, activity_id], world.ben) == 1
    assert len(holders(activity_id)) == 2


@pytest.mark.parametrize("obstacle", ["running", "hidden", "already there"])
def test_one_obstacle_stops_all(world: World, make: Make, as_: As, obstacle: str) -> None:
    """Mass change: all or none, and nobody is told of what did not happen."""
    first = make.activity(world.anna)
    second = {
        "running": lambda: make.activity(world.anna, state="in_progress"),
        "hidden": lambda: make.activity(world.carl),
        "already there": lambda: make.activity(world.ben),
    }[obstacle]()
    with pytest.raises((Refused, NotFound, Invalid)):
        delegate(as_, world.mia, [first, second], world.ben)
    assert owner(first) == world.anna
    assert messages() == []
