"""Whose turn it is: fair, suitable, never back (ASG-2, ACT-7)."""

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from db.models import Activity, ActivityHolding, Role
from services import assignment
from services.core.work import work_as_system
from services.time_rules.reassignment import reassign
from tests.factories import DAY, NOW, Make, World
from tests.races import let_come, waits


def turn(activity_id: int) -> assignment.Turn:
    with work_as_system("a test asks", at=NOW) as work:
        return assignment.next_rep(work, activity=work.get(Activity, activity_id))


def held(activity_id: int, user_id: int, *, days_ago: float, given_by_id: int | None) -> None:
    """That the person was given something so long ago."""
    since = NOW - timedelta(days=days_ago)
    values = {"since_at": since, "until_at": since, "given_by_id": given_by_id}
    with work_as_system("a test tells", at=NOW) as work:
        work.also(ActivityHolding(activity_id=activity_id, user_id=user_id, **values))


def late(make: Make, owner_id: int, count: int = 1) -> list[int]:
    """Activities that were assigned long ago."""
    moments = [NOW - (20 * DAY) - timedelta(minutes=n) for n in range(count)]
    return [make.activity(owner_id, state="assigned", assigned_at=moment) for moment in moments]


def test_whoever_waited_longest_is_next(world: World, make: Make) -> None:
    dora, emil = (make.user(name, lines=["machines"]) for name in ("Dora", "Emil"))
    (activity_id,), other = late(make, world.anna), make.activity(world.carl)
    for person, days in ((world.ben, 2), (dora, 5), (emil, 3)):
        held(other, person, days_ago=days, given_by_id=world.mia)
    assert turn(activity_id).user_id == dora


def test_who_never_had_anything_comes_first_and_the_least_loaded_of_these(world: World, make: Make) -> None:
    dora, emil = (make.user(name, lines=["machines"]) for name in ("Dora", "Emil"))
    (activity_id,), other = late(make, world.anna), make.activity(world.carl)
    held(other, world.ben, days_ago=99, given_by_id=world.mia)
    own = make.activity(dora)
    with work_as_system("a test tells", at=NOW) as work:
        (row,) = work.scalars(select(ActivityHolding).where(ActivityHolding.activity_id == own))
        row.given_by_id = dora
    assert turn(activity_id).user_id == emil


def test_own_plans_are_no_assignments(world: World, make: Make) -> None:
    dora = make.user("Dora", lines=["machines"])
    (activity_id,), other = late(make, world.anna), make.activity(world.carl)
    held(other, world.ben, days_ago=9, given_by_id=world.mia)
    held(other, world.ben, days_ago=1, given_by_id=world.ben)
    held(other, dora, days_ago=5, given_by_id=world.mia)
    assert turn(activity_id).user_id == world.ben


def test_only_active_reps_of_the_branch_with_the_line(world: World, make: Make) -> None:
    for name, values in {
        "Gone": {"lines": ["machines"], "active": False},
        "Other line": {"lines": ["service"]},
        "Other branch": {"lines": ["machines"], "branch_id": world.hefei},
        "Lead": {"lines": ["machines"], "role": Role.SALES_MANAGER},
    }.items():
        make.user(name, login=name, **values)
    (activity_id,) = late(make, world.anna)
    assert turn(activity_id).user_id == world.ben
    held(activity_id, world.ben, days_ago=9, given_by_id=None)
    assert turn(activity_id) == assignment.Turn(None, assignment.ALL_HELD_IT)


def test_an_owner_without_a_line_can_be_followed_by_every_rep(world: World, make: Make) -> None:
    (activity_id,) = late(make, world.ruth)
    assert turn(activity_id).user_id in (world.anna, world.ben, world.pia)


def test_many_at_once_stay_fair_within_one(world: World, make: Make) -> None:
    reps = {world.ben, *(make.user(name, lines=["machines"]) for name in ("Dora", "Emil"))}
    made = late(make, world.anna, 8)
    for number in range(3):
        make.activity(world.ben, subject=f"Load {number}")
    reassign(NOW)
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        counts = Counter(work.scalars(select(Activity.owner_id).where(Activity.id.in_(made))))
    assert set(counts) == reps
    assert max(counts.values()) - min(counts.values()) <= 1


def test_nobody_waits_to_enter_what_merely_names_the_branch(world: World, make: Make) -> None:
    """docs/decisions/0011: whose turn it is locks the branch against others who ask that, and against nobody else."""
    (activity_id,) = late(make, world.anna)
    entering = threading.Thread(target=make.lead)
    with work_as_system("a test asks", at=NOW) as work:
        assignment.next_rep(work, activity=work.get(Activity, activity_id))
        entering.start()
        let_come(entering)
        waiting = waits()
    entering.join()
    assert not waiting
