"""An open activity is changed by who holds it or takes part, and only in its fields (ACC-5, ALL-4)."""

from typing import Any

import pytest
from sqlalchemy import select

from db.models import ActivityContact, ActivityParticipant, ContactAccount, Event
from services import activities
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.stories import ended, stored, told

START, END = NOW + DAY, NOW + DAY + HOUR


def change(as_: As, person: int, activity_id: int, changes: dict[str, Any] | None = None, **more: Any) -> None:
    with as_(person) as work:
        activities.change(work, activity_id=activity_id, changes=changes or {}, **more)


def reschedule(as_: As, person: int, activity_id: int, **more: Any) -> None:
    with as_(person) as work:
        activities.reschedule(work, **{"activity_id": activity_id, "planned_start": START, "planned_end": END, **more})


@pytest.mark.parametrize("person", ["anna", "ben", "sun", "mia"])
def test_owner_participant_and_superiors_change(world: World, make: Make, as_: As, person: str) -> None:
    """access.md: U own until ended; "own" is owner or internal participant; the manager's reach is the branch."""
    activity_id = make.activity(world.anna, participants=[world.ben])
    change(as_, world.people[person], activity_id, {"place": "Gate 3"})
    assert stored(activity_id).place == "Gate 3"


@pytest.mark.parametrize("person", ["adam", "eva"])
def test_who_reads_does_not_change(world: World, make: Make, as_: As, person: str) -> None:
    with pytest.raises(Refused):
        change(as_, world.people[person], make.activity(world.anna), {"place": "Gate 3"})


@pytest.mark.parametrize("person", ["pia", "carl", "max", "ruth", "hanna"])
def test_others_do_not_even_find_it(world: World, make: Make, as_: As, person: str) -> None:
    """ACT-16."""
    with pytest.raises((NotFound, Refused)):
        change(as_, world.people[person], make.activity(world.anna), {"place": "Gate 3"})


def test_change_is_told_with_old_and_new(world: World, make: Make, as_: As) -> None:
    """ALL-3."""
    activity_id = make.activity(world.anna, place="Gate 1")
    change(as_, world.anna, activity_id, {"place": "Gate 3", "subject": "Visit on site"})
    with as_(world.anna, readonly=True) as work:
        assert work.scalar(select(Event.changes)) == {"place": ["Gate 1", "Gate 3"]}
    assert told(activity_id) == ["changed"]


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "state",
        "owner_id",
        "branch_id",
        "created_by_id",
        "assigned_by_id",
        "assigned_at",
        "version",
        "seal",
        "ended_at",
        "learned",
    ],
)
def test_fields_with_a_service_of_their_own_are_refused(world: World, make: Make, as_: As, name: str) -> None:
    """ACC-5."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid) as error:
        change(as_, world.mia, activity_id, {name: 1})
    assert set(error.value.fields) == {name}


@pytest.mark.parametrize("state", ["planned", "assigned", "declined", "in_progress"])
def test_open_activity_can_be_changed(world: World, make: Make, as_: As, state: str) -> None:
    activity_id = make.activity(world.anna, state=state)
    change(as_, world.anna, activity_id, {"description": "Take the price list along"})
    assert stored(activity_id).description == "Take the price list along"


def test_final_activity_cannot(world: World, make: Make, as_: As) -> None:
    """ACT-9 and the flow: ended and cancelled are final."""
    for activity_id in (make.activity(world.anna, state="cancelled"), ended(make)):
        for act in (lambda a: change(as_, world.mia, a, {"place": "x"}), lambda a: reschedule(as_, world.mia, a)):
            with pytest.raises(Refused):
                act(activity_id)


def test_second_editor_is_told(world: World, make: Make, as_: As) -> None:
    """ALL-4."""
    activity_id = make.activity(world.anna)
    seen = stored(activity_id).version
    change(as_, world.mia, activity_id, {"place": "Gate 1"}, version=seen)
    with pytest.raises(Stale):
        change(as_, world.anna, activity_id, {"place": "Gate 2"}, version=seen)
    with pytest.raises(Stale):
        reschedule(as_, world.anna, activity_id, version=seen)
    assert stored(activity_id).place == "Gate 1"


def test_hidden_customer_cannot_be_put_in(world: World, make: Make, as_: As) -> None:
    """ALL-7, in a change as in planning; Adam sees both branches and is told."""
    activity_id, foreign = make.activity(world.anna), make.account(branch_id=world.hefei)
    with pytest.raises(NotFound):
        change(as_, world.anna, activity_id, {"account_id": foreign})
    with pytest.raises(NotFound):
        change(as_, world.mia, activity_id, {"account_id": foreign})


def test_code_of_another_list_is_refused(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    for name in ("type_id", "purpose_id"):
        with pytest.raises(Invalid) as error:
            change(as_, world.anna, activity_id, {name: world.codes["road"]})
        assert set(error.value.fields) == {name}


@pytest.mark.parametrize("name", ["type_id", "planned_start", "planned_end"])
def test_emptied_required_field_is_refused(world: World, make: Make, as_: As, name: str) -> None:
    with pytest.raises(Invalid) as error:
        change(as_, world.anna, make.activity(world.anna), {name: None})
    assert set(error.value.fields) == {name}


def test_what_may_be_left_empty_may_be_emptied(world: World, make: Make, as_: As) -> None:
    """As in planning: the subject is made again, the due time is the planned end."""
    activity_id = make.activity(world.anna, account_id=make.account("徐工"), due_at=NOW + DAY, priority="urgent")
    change(as_, world.anna, activity_id, {"subject": " ", "due_at": None, "priority": None, "place": ""})
    changed = stored(activity_id)
    assert (changed.subject, changed.due_at, changed.priority) == ("Visit · 徐工", changed.planned_end, "normal")


def test_contacts_and_participants_are_replaced(world: World, make: Make, as_: As) -> None:
    account_id = make.account()
    old, new = make.contact(account_id, "旧人"), make.contact(account_id, "新人")
    activity_id = make.activity(world.anna, account_id=account_id, contacts=[old], participants=[world.ben])
    change(as_, world.anna, activity_id, contact_ids=[new, new], participant_ids=[world.pia])
    with work_as_system("look", at=NOW) as work:
        assert work.scalars(select(ActivityContact.contact_id)) == [new]
        assert work.scalars(select(ActivityParticipant.user_id)) == [world.pia]
    change(as_, world.anna, activity_id, contact_ids=[], participant_ids=[])
    with work_as_system("look", at=NOW) as work:
        assert not work.scalars(select(ActivityContact.contact_id))
        assert not work.scalars(select(ActivityParticipant.user_id))
    assert told(activity_id) == ["changed"] * 6  # ALL-3: people and contacts are audited as fields are


def test_contacts_of_the_former_customer_go_with_it(world: World, make: Make, as_: As) -> None:
    """activities.md: contacts of the account; who belongs to both customers stays."""
    first, second = make.account(), make.account("Other")
    both = make.contact(first, "李两")
    with work_as_system("works for both", at=NOW) as work:
        work.also(ContactAccount(contact_id=both, account_id=second))
    activity_id = make.activity(world.anna, account_id=first, contacts=[make.contact(first), both])
    change(as_, world.anna, activity_id, {"account_id": second})
    with work_as_system("look", at=NOW) as work:
        assert work.scalars(select(ActivityContact.contact_id)) == [both]


def test_moving_the_own_plan_moves_the_due_time(world: World, make: Make, as_: As) -> None:
    """ACT-1: dragging in the calendar."""
    activity_id = make.activity(world.anna, due_at=NOW + 7 * HOUR)
    reschedule(as_, world.anna, activity_id)
    moved = stored(activity_id)
    assert (moved.planned_start, moved.planned_end, moved.due_at) == (START, END, END + 2 * HOUR)


def test_due_time_of_an_assignment_stays(world: World, make: Make, as_: As) -> None:
    """Set by who assigned it: the rep moves within it, the manager may move it."""
    activity_id = make.activity(world.anna, state="assigned", due_at=NOW + 2 * DAY)
    reschedule(as_, world.anna, activity_id)
    assert stored(activity_id).due_at == NOW + 2 * DAY
    with pytest.raises(Invalid):
        reschedule(as_, world.anna, activity_id, planned_end=NOW + 3 * DAY)
    with pytest.raises(Invalid) as error:
        change(as_, world.anna, activity_id, {"due_at": NOW + 5 * DAY})
    assert set(error.value.fields) == {"due_at"}
    change(as_, world.mia, activity_id, {"due_at": NOW + 5 * DAY})
    assert stored(activity_id).due_at == NOW + 5 * DAY


def test_start_of_running_work_cannot_be_moved(world: World, make: Make, as_: As) -> None:
    with pytest.raises(Refused):
        reschedule(as_, world.anna, make.activity(world.anna, state="in_progress"))


@pytest.mark.parametrize("times", [(END, START), (START, START + 15 * DAY)])
def test_impossible_times_are_refused(world: World, make: Make, as_: As, times: Any) -> None:
    with pytest.raises(Invalid):
        reschedule(as_, world.anna, make.activity(world.anna), planned_start=times[0], planned_end=times[1])
