"""ACT-1: a rep plans own activities, one or many at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from db.models import ActivityContact, ActivityParticipant, ActivityState, CodeValue
from services import activities
from services.activities.planning import Repeat
from services.core.configuration import changed
from services.core.errors import Invalid, NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.moments import local
from services.core.settings import settings
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, SHANGHAI, As, Make, World
from tests.stories import all_activities, holders, notices, plan_values, stored, told


def plan(as_: As, person: int, world: World, **given: Any) -> int:
    extra = {key: given.pop(key) for key in ("contact_ids", "participant_ids", "follows_id") if key in given}
    with as_(person) as work:
        return activities.plan(work, values=plan_values(world, **given), **extra)


def wrong_fields(as_: As, world: World, **given: Any) -> set[str]:
    with pytest.raises(Invalid) as error:
        plan(as_, world.anna, world, **given)
    assert all_activities() == []
    return set(error.value.fields)


def test_planned_activity_is_the_actors_own(world: World, as_: As) -> None:
    planned = stored(plan(as_, world.anna, world))
    assert (planned.state, planned.owner_id, planned.branch_id) == (ActivityState.PLANNED, world.anna, world.nanjing)
    assert (planned.created_by_id, planned.created_at, planned.assigned_by_id) == (world.anna, NOW, None)
    assert told(planned.id) == ["planned"]
    assert holders(planned.id) == [(world.anna, True, "")]
    assert notices() == []


def test_what_is_left_empty_is_filled_in(world: World, make: Make, as_: As) -> None:
    """Subject from type and customer, due time from the planned end."""
    account_id = make.account("徐工机械有限公司", short_name="徐工")
    planned = stored(plan(as_, world.anna, world, account_id=account_id, subject="  "))
    assert planned.subject == "Visit · 徐工"
    assert planned.due_at == planned.planned_end


@pytest.mark.parametrize("person", ["anna", "sun", "mia", "ruth"])
def test_who_works_in_a_branch_plans(world: World, as_: As, person: str) -> None:
    assert stored(plan(as_, world.people[person], world)).owner_id == world.people[person]


@pytest.mark.parametrize("person", ["adam", "eva"])
def test_who_only_reads_or_administers_does_not_plan(world: World, as_: As, person: str) -> None:
    with pytest.raises(Refused):
        plan(as_, world.people[person], world)


def test_marketing_of_the_head_office_belongs_to_no_branch_plan(world: World, as_: As) -> None:
    with pytest.raises(Invalid):
        plan(as_, world.hanna, world)


def test_hidden_customer_cannot_be_attached(world: World, make: Make, as_: As) -> None:
    """ALL-7: a customer of another branch does not exist for Anna; one of her branch does."""
    with pytest.raises(NotFound):
        plan(as_, world.anna, world, account_id=make.account(branch_id=world.hefei))
    plan(as_, world.anna, world, account_id=make.account())


def test_deleted_customer_cannot_be_visited(world: World, make: Make, as_: As) -> None:
    with pytest.raises(NotFound):
        plan(as_, world.anna, world, account_id=make.account(deleted_at=NOW))


def test_contacts_are_the_customers(world: World, make: Make, as_: As) -> None:
    """activities.md: any number of contacts of the account; neither of another customer nor of another branch."""
    account_id, other_id = make.account(), make.account("Other")
    mine, others = make.contact(account_id), make.contact(other_id)
    hidden = make.contact(make.account(branch_id=world.hefei))
    activity_id = plan(as_, world.anna, world, account_id=account_id, contact_ids=[mine, mine])
    with work_as_system("look", at=NOW) as work:
        assert work.scalars(select(ActivityContact.contact_id)) == [mine]
    for refused in (others, hidden, 999_999):
        with pytest.raises(NotFound):
            plan(as_, world.anna, world, account_id=account_id, contact_ids=[mine, refused])
    assert [activity.id for activity in all_activities()] == [activity_id]


def test_participants_are_colleagues_of_the_branch(world: World, make: Make, as_: As) -> None:
    """The owner is no participant; people of other branches or who left are not found."""
    plan(as_, world.anna, world, participant_ids=[world.ben, world.anna])
    with work_as_system("look", at=NOW) as work:
        assert work.scalars(select(ActivityParticipant.user_id)) == [world.ben]
    for refused in (world.carl, make.user("Gone", active=False), 999_999):
        with pytest.raises(NotFound):
            plan(as_, world.anna, world, participant_ids=[refused])


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"planned_end": NOW + 3 * HOUR}, "planned_end"),
        ({"planned_end": NOW + 4 * HOUR + 14 * DAY + timedelta(seconds=1)}, "planned_end"),
        ({"due_at": NOW + 4 * HOUR}, "due_at"),
        ({"planned_start": datetime(1900, 1, 1, tzinfo=UTC)}, "planned_start"),
        ({"planned_start": datetime(2999, 1, 1, tzinfo=UTC)}, "planned_start"),
        ({"planned_start": datetime(2026, 11, 23, 14)}, "planned_start"),  # noqa: DTZ001 - without a zone is wrong here
        ({"type_id": None}, "type_id"),
        ({"type_id": 999_999}, "type_id"),
        ({"subject": "x" * 201}, "subject"),
        ({"description": "长" * 10_000}, "description"),
        ({"priority": "whenever"}, "priority"),
        ({"state": "ended"}, "state"),
        ({"owner_id": 1}, "owner_id"),
        ({"branch_id": 2}, "branch_id"),
        ({"assigned_at": NOW}, "assigned_at"),
    ],
    ids=str,
)
def test_wrong_input_is_named(world: World, as_: As, given: dict[str, Any], named: str) -> None:
    """ALL-6; fields that have a service of their own cannot be given (ACC-5)."""
    assert named in wrong_fields(as_, world, **given)


def test_code_of_another_list_is_refused(world: World, as_: As) -> None:
    """ADM-4: a type is one of the types, a purpose one of the purposes."""
    assert wrong_fields(as_, world, type_id=world.codes["road"]) == {"type_id"}
    assert wrong_fields(as_, world, purpose_id=world.codes["visit"]) == {"purpose_id"}


def test_code_that_was_switched_off_is_refused(world: World, as_: As) -> None:
    """ADM-4: switched off means no longer offered."""
    with work_as_system("switch off", at=NOW) as work:
        work.get(CodeValue, world.codes["meeting"]).active = False
        changed(work)
    assert wrong_fields(as_, world, type_id=world.codes["meeting"]) == {"type_id"}


@pytest.mark.parametrize("length", [timedelta(), HOUR, 14 * DAY])
def test_possible_lengths(world: World, as_: As, length: timedelta) -> None:
    start = NOW + DAY
    assert stored(plan(as_, world.anna, world, planned_start=start, planned_end=start + length)).planned_start == start


@pytest.mark.parametrize(
    "wall",
    [
        datetime(2026, 11, 30, 0, 0),  # noqa: DTZ001 - clocks on the wall
        datetime(2026, 11, 30, 23, 59),  # noqa: DTZ001
        datetime(2026, 12, 31, 23, 30),  # noqa: DTZ001
        datetime(2028, 2, 29, 7, 0),  # noqa: DTZ001
        datetime(2098, 2, 28, 16, 0),  # noqa: DTZ001
    ],
)
def test_times_are_not_shifted(world: World, as_: As, wall: datetime) -> None:
    """What must not happen: times shifted by the zone."""
    start = wall.replace(tzinfo=SHANGHAI)
    planned = stored(plan(as_, world.anna, world, planned_start=start))
    assert local(planned.planned_start, SHANGHAI).replace(tzinfo=None) == wall
    assert planned.planned_start.tzinfo is UTC


def plan_many(as_: As, world: World, account_ids: list[int], repeat: Repeat, **given: Any) -> list[datetime]:
    with as_(world.anna) as work:
        activities.plan_many(work, values=plan_values(world, **given), account_ids=account_ids, repeat=repeat)
    return [local(activity.planned_start, SHANGHAI) for activity in all_activities()]


def test_several_customers_are_visited_one_after_the_other(world: World, make: Make, as_: As) -> None:
    """ACT-1: copy to other accounts is one step."""
    accounts = [make.account(f"Customer {number}") for number in range(3)]
    starts = plan_many(as_, world, accounts, Repeat())
    assert [start.hour for start in starts] == [14, 15, 16]
    assert [activity.account_id for activity in all_activities()] == accounts


@pytest.mark.parametrize(
    ("first", "repeat", "days"),
    [
        ("2026-11-30", Repeat(times=3, days=1), ["11-30", "12-01", "12-02"]),
        ("2026-12-28", Repeat(times=3, days=7), ["12-28", "01-04", "01-11"]),
        ("2027-01-31", Repeat(times=4, months=1), ["01-31", "02-28", "03-31", "04-30"]),
        ("2028-01-30", Repeat(times=3, months=1), ["01-30", "02-29", "03-30"]),
        ("2028-02-29", Repeat(times=2, months=12), ["02-29", "02-28"]),
        ("2026-11-30", Repeat(times=3, months=3), ["11-30", "02-28", "05-30"]),
        ("2026-12-15", Repeat(times=2, months=1), ["12-15", "01-15"]),
    ],
    ids=str,
)
def test_series_keeps_day_and_hour(
    world: World, make: Make, as_: As, first: str, repeat: Repeat, days: list[str]
) -> None:
    """ACT-1: recurring, also over month ends and 29 February."""
    start = datetime.fromisoformat(f"{first}T09:30").replace(tzinfo=SHANGHAI)
    starts = plan_many(as_, world, [make.account()], repeat, planned_start=start)
    assert [moment.strftime("%m-%d") for moment in starts] == days
    assert {moment.strftime("%H:%M") for moment in starts} == {"09:30"}


def test_series_keeps_the_hour_over_a_change_of_clocks(
    world: World, make: Make, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """README "Words": in the zone of the organisation, also where there is summer time."""
    monkeypatch.setenv("ORGANISATION_ZONE", "Europe/Berlin")
    settings.cache_clear()
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2027, 3, 26, 9, 30, tzinfo=berlin)
    plan_many(as_, world, [make.account()], Repeat(times=2, days=7), planned_start=start)
    starts = [activity.planned_start for activity in all_activities()]
    assert [local(moment, berlin).strftime("%m-%d %H:%M") for moment in starts] == ["03-26 09:30", "04-02 09:30"]
    assert starts[1] - starts[0] == timedelta(days=7, hours=-1)


def test_each_of_a_series_is_due_as_long_after_its_end(world: World, make: Make, as_: As) -> None:
    """ACT-1, ACT-6: one due time for all would refuse the second, or leave the last ones overdue from the start."""
    due = NOW + 5 * HOUR + DAY
    plan_many(as_, world, [make.account(), make.account("Another")], Repeat(times=2, days=7), due_at=due)
    assert [activity.due_at - activity.planned_end for activity in all_activities()] == [DAY] * 4


def test_contacts_and_colleagues_go_along_in_a_series(world: World, make: Make, as_: As) -> None:
    """ACT-1: the same people each time."""
    account_id = make.account()
    people = {"contact_ids": [make.contact(account_id)], "participant_ids": [world.ben]}
    with as_(world.anna) as work:
        ids = activities.plan_many(
            work, values=plan_values(world), account_ids=[account_id], repeat=Repeat(times=2, days=1), **people
        )
        cards = [activities.card(work, activity_id=one) for one in ids]
    assert [([c.id for c in card.contacts], [p.id for p in card.participants]) for card in cards] == [
        (people["contact_ids"], people["participant_ids"])
    ] * 2


def test_one_hidden_customer_leaves_nothing_planned(world: World, make: Make, as_: As) -> None:
    """One step: all or none."""
    with pytest.raises(NotFound):
        plan_many(as_, world, [make.account(), make.account(branch_id=world.hefei)], Repeat())
    assert all_activities() == []


@pytest.mark.parametrize(
    "repeat",
    [Repeat(times=0), Repeat(times=-1), Repeat(times=201, days=1), Repeat(times=2, months=10**6), Repeat(2, days=-7)],
)
def test_impossible_series_is_refused(world: World, make: Make, as_: As, repeat: Repeat) -> None:
    with pytest.raises((Refused, Invalid)):
        plan_many(as_, world, [make.account()], repeat)


def test_no_customer_no_series(world: World, as_: As) -> None:
    with pytest.raises(Refused):
        plan_many(as_, world, [], Repeat(times=2, days=1))


@pytest.mark.parametrize("missing", ["planned_start", "planned_end", "type_id"])
def test_series_names_what_it_lacks(world: World, make: Make, as_: As, missing: str) -> None:
    values, account_ids = plan_values(world) | {missing: None}, [make.account()]
    for act in (
        lambda work: activities.plan(work, values=values),
        lambda work: activities.plan_many(work, values=values, account_ids=account_ids),
    ):
        with pytest.raises(Invalid) as error, as_(world.anna) as work:
            act(work)
        assert missing in error.value.fields


@pytest.mark.parametrize("subject", ["徐" * 200, "🚜" * 200, "㐀𠀀徐カ" * 50])
def test_the_longest_subjects_fit_into_the_index_they_are_found_by(world: World, as_: As, subject: str) -> None:
    """ALL-2: whatever characters they are of."""
    with as_(world.anna) as work:
        activity_id = activities.plan(work, values=plan_values(world, subject=subject))
    with as_(world.anna, readonly=True) as work:
        assert fetch(work, activities.LIST, ListRequest(search=subject[:3])).rows[0]["id"] == activity_id
