"""ACT-3, ACT-13, ACT-16: what people see of activities: record, plan, today, timeline, monitor."""

from datetime import date, timedelta

import pytest

from services import activities
from services.core.errors import NotFound, Refused
from services.core.listing import ListRequest, fetch
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.statements import counted
from tests.stories import LATER, ended

MIDNIGHT = NOW.replace(hour=0)
FIRST = MIDNIGHT.replace(day=1)


def today(as_: As, person: int) -> list[int]:
    with as_(person, readonly=True) as work:
        return [row.id for row in activities.today(work)]


def test_today_lists_new_assignments_first_then_by_time(world: World, make: Make, as_: As) -> None:
    """ACT-3."""
    late = make.activity(world.anna, planned_start=NOW + 6 * HOUR)
    early = make.activity(world.anna, planned_start=NOW - HOUR)
    opened = make.activity(world.anna, state="assigned", accepted_at=NOW, planned_start=NOW + HOUR)
    new = make.activity(world.anna, state="assigned", planned_start=NOW + 20 * DAY)
    assert today(as_, world.anna) == [new, early, opened, late]


def test_today_takes_one_query(world: World, make: Make, as_: As) -> None:
    """ACT-3: the reminder needs one query."""
    for number in range(5):
        make.activity(world.anna, account_id=make.account(f"Customer {number}"))
    with as_(world.anna, readonly=True) as work:
        assert counted(lambda: activities.today(work)) == 1
        assert len(activities.today(work)) == 5


def test_today_has_neither_others_work_nor_what_is_done_with(world: World, make: Make, as_: As) -> None:
    """Declined and cancelled work is no longer the rep's; ended today shows as done; left over from before stays."""
    left_over = make.activity(world.anna, planned_start=NOW - 3 * DAY)
    done = ended(make)
    for status in ("declined", "cancelled"):
        make.activity(world.anna, state=status)
    make.activity(world.ben, participants=[world.anna])
    make.activity(world.anna, planned_start=NOW + DAY)
    assert today(as_, world.anna) == [left_over, done]


@pytest.mark.parametrize(
    ("start", "listed"), [(MIDNIGHT, True), (MIDNIGHT + DAY - timedelta(seconds=1), True), (MIDNIGHT + DAY, False)]
)
def test_today_ends_at_midnight_of_the_organisation(
    world: World, make: Make, as_: As, start: object, listed: bool
) -> None:
    """abuse-cases.md: "today" off by a day."""
    activity_id = make.activity(world.anna, planned_start=start)
    assert today(as_, world.anna) == [activity_id] * listed


@pytest.mark.parametrize(
    ("view", "starts", "shown"),
    [
        ("today", [MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT + DAY], [1]),
        ("week", [MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT + 6 * DAY, MIDNIGHT + 7 * DAY], [1, 2]),
        ("month", [FIRST - timedelta(seconds=1), FIRST, FIRST.replace(day=30), FIRST.replace(month=12)], [1, 2]),
    ],
)  # fmt: skip
def test_views_count_days_in_the_organisations_zone(
    world: World, make: Make, as_: As, view: str, starts: list[object], shown: list[int]
) -> None:
    """README "Words": today, this week and every deadline are counted in that zone."""
    ids = [make.activity(world.anna, planned_start=start) for start in starts]
    with as_(world.anna, readonly=True) as work:
        page = fetch(work, activities.LIST, ListRequest(filters={"view": view}, sort="planned_start"))
    assert [row["id"] for row in page.rows] == [ids[place] for place in shown]


def test_overdue_and_unanswered_are_derived_from_times(world: World, make: Make, as_: As) -> None:
    """activities.md: never stored as states."""
    late = make.activity(world.anna, planned_start=NOW - 2 * HOUR)
    silent = make.activity(world.anna, state="assigned")
    make.activity(world.anna, state="assigned", accepted_at=NOW)
    ended(make, planned_start=NOW - 5 * DAY)
    make.activity(world.anna, state="cancelled", planned_start=NOW - 5 * DAY)
    for view, wanted in (("overdue", [late]), ("unanswered", [silent])):
        with as_(world.anna, readonly=True) as work:
            page = fetch(work, activities.LIST, ListRequest(filters={"view": view}))
        assert [row["id"] for row in page.rows] == wanted


def test_plan_shows_what_overlaps(world: World, make: Make, as_: As) -> None:
    """ACT-1: the calendar's day, also with what began the evening before; cancelled ones are gone."""
    over_night = make.activity(world.anna, planned_start=MIDNIGHT - HOUR, planned_end=MIDNIGHT + HOUR)
    inside = make.activity(world.anna)
    make.activity(world.anna, planned_start=MIDNIGHT + DAY)
    make.activity(world.anna, planned_start=MIDNIGHT - 2 * HOUR)
    make.activity(world.anna, state="cancelled")
    make.activity(world.carl)
    with as_(world.anna, readonly=True) as work:
        plan = activities.plan_of(work, owner_ids=[world.anna, world.carl], begin=MIDNIGHT, until=MIDNIGHT + DAY)
    assert [row.id for row in plan] == [over_night, inside]


def test_card_shows_names_and_not_the_seal(world: World, make: Make, as_: As) -> None:
    account_id = make.account("徐工")
    contact_id = make.contact(account_id, "王建国")
    activity_id = make.activity(
        world.anna, state="assigned", account_id=account_id, contacts=[contact_id], participants=[world.ben]
    )
    with as_(world.anna, readonly=True) as work:
        card = activities.card(work, activity_id=activity_id)
    row = card.activity
    assert (row.account, row.owner, row.assigned_by) == ("徐工", "Anna", "Mia")
    assert [contact.name for contact in card.contacts] == ["王建国"]
    assert [person.name for person in card.participants] == ["Ben"]
    assert [held.name for held in card.holdings] == ["Anna"]
    assert not hasattr(row, "seal")


SEES = {"anna", "ben", "sun", "mia", "adam", "eva"}


@pytest.mark.parametrize("person", ["anna", "ben", "pia", "sun", "mia", "ruth", "carl", "max", "hanna", "adam", "eva"])
def test_who_sees_the_record(world: World, make: Make, as_: As, person: str) -> None:
    """ACT-16: own, those of who reports, the branch, all; the activity of another branch cannot be seen."""
    activity_id = make.activity(world.anna, participants=[world.ben])
    with as_(world.people[person], readonly=True) as work:
        if person in SEES:
            assert activities.card(work, activity_id=activity_id).activity.id == activity_id
        else:
            with pytest.raises(NotFound):
                activities.card(work, activity_id=activity_id)


def test_team_reads_activities_of_records_it_may_write(world: World, make: Make, as_: As) -> None:
    """access.md: R own + regarding records one may write. Pia is on the customer's team, Ben is not."""
    account_id = make.account(team={world.pia: "parts"})
    activity_id = make.activity(world.anna, account_id=account_id)
    with as_(world.pia, readonly=True) as work:
        assert [row.id for row in activities.timeline(work, account_id=account_id)] == [activity_id]
    with as_(world.ben, readonly=True) as work:
        assert list(activities.timeline(work, account_id=account_id)) == []


def test_participant_of_another_branch_sees_nothing(world: World, make: Make, as_: As) -> None:
    """ACT-16 holds also for rows that somehow name somebody of another branch."""
    activity_id = make.activity(world.anna, participants=[world.carl])
    with pytest.raises(NotFound), as_(world.carl, readonly=True) as work:
        activities.card(work, activity_id=activity_id)


def test_timeline_is_newest_first(world: World, make: Make, as_: As) -> None:
    account_id = make.account()
    ids = [make.activity(world.anna, account_id=account_id, planned_start=NOW + n * HOUR) for n in range(3)]
    with as_(world.mia, readonly=True) as work:
        assert [row.id for row in activities.timeline(work, account_id=account_id)] == ids[::-1]


def test_monitor_counts_what_it_shows(world: World, make: Make, as_: As) -> None:
    """ACT-13, ALL-10: per rep and day what is planned, in progress, ended, declined, overdue."""
    make.activity(world.anna)
    make.activity(world.anna, state="assigned")
    make.activity(world.ben, state="in_progress")
    make.activity(world.ben, state="declined")
    make.activity(world.pia, planned_start=NOW - 2 * HOUR)
    make.activity(world.carl)
    with as_(world.mia, readonly=True) as work:
        watched = activities.watch(work, day=work.today, branch_id=world.nanjing)
    assert {name: watched.figures[name] for name in ("planned", "in_progress", "declined", "overdue", "unanswered")} == {
        "planned": 3, "in_progress": 1, "declined": 1, "overdue": 1, "unanswered": 1,
    }  # fmt: skip
    assert len(watched.activities) == 5
    assert world.carl not in {row.owner_id for row in watched.activities}


def test_sales_manager_watches_own_people(world: World, make: Make, as_: As) -> None:
    shown = make.activity(world.anna)
    make.activity(world.pia)
    with as_(world.sun, readonly=True) as work:
        watched = activities.watch(work, day=work.today, branch_id=world.nanjing)
    assert [row.id for row in watched.activities] == [shown]
    assert {person.id for person in watched.people} == {world.anna, world.ben, world.sun}


@pytest.mark.parametrize("person", ["anna", "ruth", "hanna"])
def test_who_manages_nobody_watches_nobody(world: World, as_: As, person: str) -> None:
    with as_(world.people[person], readonly=True) as work, pytest.raises(Refused):
        activities.watch(work, day=date(2026, 11, 23), branch_id=world.nanjing)


def test_another_branch_is_empty_to_its_neighbour(world: World, make: Make, as_: As) -> None:
    """ACT-16: Max asks for Nanjing and gets nothing of it; Eva does."""
    activity_id = make.activity(world.anna)
    for person, wanted in ((world.max, []), (world.eva, [activity_id])):
        with as_(person, readonly=True) as work:
            watched = activities.watch(work, day=work.today, branch_id=world.nanjing)
            assert [row.id for row in watched.activities] == wanted
            assert sum(watched.figures.values()) == len(wanted)


def test_news_is_of_what_one_may_see(world: World, make: Make, as_: As) -> None:
    """ACT-13, ALL-7: the ticker of a branch."""
    for owner in (world.anna, world.pia, world.carl):
        activity_id = make.activity(owner)
        with as_(owner, at=LATER) as work:
            activities.start(work, activity_id=activity_id)
    counts = {}
    for name in ("sun", "mia", "max", "eva"):
        with as_(world.people[name], readonly=True) as work:
            branch = None if name == "eva" else world.nanjing
            counts[name] = len(activities.news(work, branch_id=branch))
    assert counts == {"sun": 1, "mia": 2, "max": 0, "eva": 3}
