"""ACT-4: decline with a reason, once; the manager reassigns, insists or cancels."""

import pytest

from db.models import ActivityState, User
from services import activities
from services.core.errors import Invalid, NotFound, Refused
from services.core.work import work_as_system
from tests.factories import HOUR, NOW, As, Make, World
from tests.stories import ended, messages, notices, state, stored, told

BLANKS = ["", "   ", "\n\t", "\u3000"]


def decline(as_: As, person: int, activity_id: int, reason: str = "The road is closed") -> None:
    with as_(person) as work:
        activities.decline(work, activity_id=activity_id, reason=reason)


def insist(as_: As, person: int, activity_id: int, comment: str = "Take the other road") -> None:
    with as_(person) as work:
        activities.insist(work, activity_id=activity_id, comment=comment)


def cancel(as_: As, person: int, activity_id: int, reason: str = "Customer is away") -> None:
    with as_(person) as work:
        activities.cancel(work, activity_id=activity_id, reason=reason)


@pytest.fixture
def assigned(world: World, make: Make) -> int:
    """Given to Anna by Mia yesterday."""
    return make.activity(world.anna, state="assigned")


def test_declined_with_a_reason(world: World, assigned: int, as_: As) -> None:
    decline(as_, world.anna, assigned, "  The road is closed ")
    declined = stored(assigned)
    assert (declined.state, declined.decline_reason, declined.declined_at) == (
        ActivityState.DECLINED,
        "The road is closed",
        NOW,
    )
    assert declined.owner_id == world.anna
    assert told(assigned) == ["declined"]


def test_who_assigned_it_gets_one_e_mail(world: World, assigned: int, as_: As) -> None:
    decline(as_, world.anna, assigned)
    assert messages() == [("mia", "email", "activity_declined")]
    assert notices() == [("mia", "activity_declined")]


def test_e_mail_goes_above_when_who_assigned_it_has_left(world: World, assigned: int, as_: As) -> None:
    """ACT-4: gone → the branch manager's superior."""
    with work_as_system("Mia leaves", at=NOW) as work:
        work.get(User, world.mia).active = False
    decline(as_, world.anna, assigned)
    assert [name for name, _, _ in messages()] != []
    assert {name for name, _, _ in messages()} & {"anna", "mia"} == set()


def test_e_mail_goes_above_when_it_is_the_same_person(world: World, make: Make, as_: As) -> None:
    """ACT-4: the same person → the branch manager's superior, here Eva."""
    activity_id = make.activity(world.mia, state="assigned", assigned_by_id=world.mia)
    decline(as_, world.mia, activity_id)
    assert messages() == [("eva", "email", "activity_declined")]


def test_e_mail_goes_above_when_who_assigned_it_has_moved(world: World, assigned: int, as_: As) -> None:
    """ACT-4, ALL-7: Mia now manages another branch, and must not read of a customer of this one."""
    with work_as_system("Mia moves", at=NOW) as work:
        work.get(User, world.mia).branch_id = world.hefei
    decline(as_, world.anna, assigned)
    assert [name for name, _, _ in messages()] == ["adam"]


def test_e_mail_stays_with_the_sales_manager_who_still_leads_the_rep(world: World, make: Make, as_: As) -> None:
    """ACT-4: the case beside it; once Anna reports to somebody else, it is for those above."""
    for superior, receiver in ((world.sun, "sun"), (world.mia, "eva")):
        with work_as_system("a new superior", at=NOW) as work:
            work.get(User, world.anna).superior_id = superior
        decline(as_, world.anna, make.activity(world.anna, state="assigned", assigned_by_id=world.sun))
        assert messages()[-1] == (receiver, "email", "activity_declined")


@pytest.mark.parametrize("reason", BLANKS)
def test_decline_needs_a_reason(world: World, assigned: int, as_: As, reason: str) -> None:
    with pytest.raises(Invalid) as error:
        decline(as_, world.anna, assigned, reason)
    assert set(error.value.fields) == {"reason"}
    assert state(assigned) is ActivityState.ASSIGNED
    assert messages() == []


def test_reason_of_any_length_is_kept_or_refused(world: World, assigned: int, as_: As) -> None:
    """abuse-cases.md: 10,000 characters."""
    with pytest.raises(Invalid):
        decline(as_, world.anna, assigned, "长" * 10_000)


def test_declined_twice_is_refused(world: World, assigned: int, as_: As) -> None:
    """ACT-4: once per assignment; neither again at once nor after the manager insisted."""
    decline(as_, world.anna, assigned)
    with pytest.raises(Refused):
        decline(as_, world.anna, assigned)
    insist(as_, world.mia, assigned)
    with pytest.raises(Refused):
        decline(as_, world.anna, assigned)
    assert state(assigned) is ActivityState.ASSIGNED


def test_new_assignment_can_be_declined_again(world: World, assigned: int, as_: As) -> None:
    decline(as_, world.anna, assigned)
    with as_(world.mia) as work:
        activities.reassign(work, activity_id=assigned, to_user_id=world.ben, reason="Anna is ill")
    decline(as_, world.ben, assigned)
    assert state(assigned) is ActivityState.DECLINED


@pytest.mark.parametrize("status", ["planned", "in_progress", "declined", "cancelled"])
def test_only_an_unanswered_assignment_is_declined(world: World, make: Make, as_: As, status: str) -> None:
    """What must not happen: a decline after the start."""
    activity_id = make.activity(world.anna, state=status)
    with pytest.raises(Refused):
        decline(as_, world.anna, activity_id)


def test_started_assignment_cannot_be_declined(world: World, assigned: int, as_: As) -> None:
    """What must not happen: a decline after the start."""
    with as_(world.anna) as work:
        activities.start(work, activity_id=assigned)
    with pytest.raises(Refused):
        decline(as_, world.anna, assigned)


@pytest.mark.parametrize("person", ["ben", "sun", "mia", "adam", "eva", "carl", "max"])
def test_only_the_holder_declines(world: World, assigned: int, as_: As, person: str) -> None:
    """access.md: decline own."""
    with pytest.raises((Refused, NotFound)):
        decline(as_, world.people[person], assigned)
    assert state(assigned) is ActivityState.ASSIGNED


@pytest.mark.parametrize("person", ["sun", "mia"])
def test_manager_insists_with_a_comment(world: World, assigned: int, as_: As, person: str) -> None:
    decline(as_, world.anna, assigned)
    with as_(world.people[person], at=NOW + HOUR) as work:
        activities.insist(work, activity_id=assigned, comment="Take the other road")
    insisted = stored(assigned)
    assert (insisted.state, insisted.owner_id, insisted.assigned_at) == (
        ActivityState.ASSIGNED,
        world.anna,
        NOW + HOUR,
    )
    assert told(assigned) == ["declined", "insisted"]
    assert ("anna", "sms", "activity_insisted") in messages()


@pytest.mark.parametrize("comment", BLANKS)
def test_insisting_needs_a_comment(world: World, make: Make, as_: As, comment: str) -> None:
    with pytest.raises(Invalid):
        insist(as_, world.mia, make.activity(world.anna, state="declined"), comment)


@pytest.mark.parametrize("person", ["anna", "ben", "adam", "eva", "max"])
def test_who_may_not_insist(world: World, make: Make, as_: As, person: str) -> None:
    with pytest.raises((Refused, NotFound)):
        insist(as_, world.people[person], make.activity(world.anna, state="declined"))


@pytest.mark.parametrize("status", ["planned", "assigned", "in_progress", "cancelled"])
def test_only_what_was_declined_is_insisted_on(world: World, make: Make, as_: As, status: str) -> None:
    with pytest.raises(Refused):
        insist(as_, world.mia, make.activity(world.anna, state=status))


@pytest.mark.parametrize("status", ["assigned", "declined", "in_progress"])
@pytest.mark.parametrize("person", ["sun", "mia"])
def test_manager_cancels_with_a_reason(world: World, make: Make, as_: As, person: str, status: str) -> None:
    activity_id = make.activity(world.anna, state=status)
    cancel(as_, world.people[person], activity_id, " Customer is away ")
    cancelled = stored(activity_id)
    assert (cancelled.state, cancelled.cancel_reason, cancelled.cancelled_at) == (
        ActivityState.CANCELLED,
        "Customer is away",
        NOW,
    )
    assert messages() == [("anna", "sms", "activity_cancelled")]


@pytest.mark.parametrize("reason", BLANKS)
def test_cancelling_needs_a_reason(world: World, assigned: int, as_: As, reason: str) -> None:
    with pytest.raises(Invalid):
        cancel(as_, world.mia, assigned, reason)


@pytest.mark.parametrize("person", ["anna", "ben", "adam", "eva", "max"])
def test_who_may_not_cancel(world: World, assigned: int, as_: As, person: str) -> None:
    with pytest.raises((Refused, NotFound)):
        cancel(as_, world.people[person], assigned)
    assert state(assigned) is ActivityState.ASSIGNED


def test_final_stays_final(world: World, make: Make, as_: As) -> None:
    """The flow: neither cancelled nor ended work is cancelled, declined or insisted on."""
    for activity_id in (make.activity(world.anna, state="cancelled"), ended(make)):
        for act in (
            lambda a: cancel(as_, world.mia, a),
            lambda a: insist(as_, world.mia, a),
            lambda a: decline(as_, world.anna, a),
        ):
            with pytest.raises(Refused):
                act(activity_id)


def test_own_plan_is_withdrawn_with_a_reason(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid), as_(world.anna) as work:
        activities.withdraw(work, activity_id=activity_id, reason=" ")
    with as_(world.anna) as work:
        activities.withdraw(work, activity_id=activity_id, reason="Customer called it off")
    assert stored(activity_id).cancel_reason == "Customer called it off"
    assert state(activity_id) is ActivityState.CANCELLED
    assert messages() == []


def test_owner_is_told_when_the_manager_withdraws(world: World, make: Make, as_: As) -> None:
    """ACT-4: the manager cancels also what the rep only planned, and the rep hears of it."""
    activity_id = make.activity(world.anna)
    with as_(world.mia) as work:
        activities.withdraw(work, activity_id=activity_id, reason="Closed")
    assert messages() == [("anna", "sms", "activity_cancelled")]


@pytest.mark.parametrize("status", ["assigned", "declined", "in_progress", "cancelled"])
def test_only_the_own_plan_is_withdrawn(world: World, make: Make, as_: As, status: str) -> None:
    """A rep does not get rid of an assignment but by declining it."""
    activity_id = make.activity(world.anna, state=status)
    with pytest.raises(Refused), as_(world.anna) as work:
        activities.withdraw(work, activity_id=activity_id, reason="No time")
    assert state(activity_id) == status
