"""Two sessions at once: one wins, the other is told, nothing happens twice (ALL-4, ALL-5)."""

from collections.abc import Callable
from typing import Any

import pytest

from db.models import Activity, ActivityState
from services import activities
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.races import race, winners
from tests.stories import LATER, all_activities, feedback, holders, messages, plan_values, state, stored, told

ROUNDS = range(4)


@pytest.fixture
def acts(world: World, as_: As) -> Callable[..., Callable[[], Any]]:
    """`acts("end", anna, activity_id, ...)`: an act of one person in a session of their own, to be called later."""

    def prepared(action: str, person: int, activity_id: int, **given: Any) -> Callable[[], Any]:
        def act() -> Any:
            with as_(person, at=LATER) as work:
                return getattr(activities, action)(work, activity_id=activity_id, **given)

        return act

    return prepared


Acts = Callable[..., Callable[[], Any]]


@pytest.mark.parametrize("_round", ROUNDS)
def test_ended_by_two_at_once(world: World, make: Make, acts: Acts, _round: int) -> None:
    """ACT-9, ALL-5: the first feedback stays, and there is one follow-up."""
    activity_id = make.activity(world.anna)
    said = [feedback(world, learned=name) for name in ("first", "second", "third")]
    outcomes = race(
        *(acts("finish", who, activity_id, feedback=each, follow_up=True)
          for who, each in zip((world.anna, world.sun, world.mia), said, strict=True))
    )  # fmt: skip
    (winner,) = winners(outcomes)
    assert stored(activity_id).learned == said[winner]["learned"]
    assert told(activity_id) == ["started", "ended"]
    assert len(all_activities()) == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_declined_while_started(world: World, make: Make, acts: Acts, _round: int) -> None:
    """What must not happen: a decline after the start."""
    activity_id = make.activity(world.anna, state="assigned")
    outcomes = race(acts("decline", world.anna, activity_id, reason="Ill"), acts("start", world.anna, activity_id))
    (winner,) = winners(outcomes)
    assert state(activity_id) is (ActivityState.DECLINED, ActivityState.IN_PROGRESS)[winner]
    assert len(messages()) == (1, 0)[winner]


@pytest.mark.parametrize("_round", ROUNDS)
def test_declined_twice_at_once(world: World, make: Make, acts: Acts, _round: int) -> None:
    """ACT-4: once; one e-mail."""
    activity_id = make.activity(world.anna, state="assigned")
    decline = acts("decline", world.anna, activity_id, reason="Ill")
    assert len(winners(race(decline, decline, decline))) == 1
    assert messages() == [("mia", "email", "activity_declined")]


@pytest.mark.parametrize("_round", ROUNDS)
def test_reassigned_while_the_rep_saves_feedback(world: World, make: Make, acts: Acts, _round: int) -> None:
    """abuse-cases.md: either it is ended by Anna, or Ben has it; the other is told."""
    activity_id = make.activity(world.anna, state="assigned")
    outcomes = race(
        acts("finish", world.anna, activity_id, feedback=feedback(world)),
        acts("reassign", world.mia, activity_id, to_user_id=world.ben, reason="Ill"),
    )
    (winner,) = winners(outcomes)
    after = stored(activity_id)
    assert (after.state, after.owner_id) == (
        (ActivityState.ENDED, world.anna) if winner == 0 else (ActivityState.ASSIGNED, world.ben)
    )
    assert [who for who, still, _ in holders(activity_id) if still] == [after.owner_id]


@pytest.mark.parametrize("_round", ROUNDS)
def test_reassigned_to_two_people_at_once(world: World, make: Make, acts: Acts, _round: int) -> None:
    """What must not happen: two reps holding one activity. One after the other is fine: the history says so."""
    activity_id = make.activity(world.anna)
    outcomes = race(
        acts("reassign", world.mia, activity_id, to_user_id=world.ben, reason="Ill"),
        acts("reassign", world.sun, activity_id, to_user_id=world.sun, reason="I go myself"),
    )
    held = holders(activity_id)
    assert [who for who, still, _ in held if still] == [stored(activity_id).owner_id]
    assert len(held) == 1 + len(winners(outcomes))
    assert stored(activity_id).assignment_no == len(winners(outcomes))


@pytest.mark.parametrize("_round", ROUNDS)
def test_changed_by_two_editors_at_once(world: World, make: Make, acts: Acts, _round: int) -> None:
    """ALL-4: both saw version 1; the second is told and overwrites nothing."""
    activity_id = make.activity(world.anna)
    texts = ["from Anna", "from Mia"]
    outcomes = race(
        *(acts("change", who, activity_id, changes={"description": words}, version=1)
          for who, words in zip((world.anna, world.mia), texts, strict=True))
    )  # fmt: skip
    (winner,) = winners(outcomes)
    assert stored(activity_id).description == texts[winner]


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_token_used_twice_at_once(world: World, make: Make, as_: As, _round: int) -> None:
    """ALL-5: a double click in two requests: one activity."""

    def click() -> bool:
        with as_(world.anna) as work:
            if fresh := work.first_use("the form's token"):
                activities.plan(work, values=plan_values(world))
            return fresh

    assert sorted(race(click, click, click)) == [False, False, True]
    assert len(all_activities()) == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_rule_acting_in_two_workers_at_once(world: World, _round: int) -> None:
    """ADM-9: at most once per record, kind and period."""

    def act() -> bool:
        with work_as_system("a rule", at=NOW) as work:
            return work.once("overdue", 7, "2026-11-23")

    assert sorted(race(act, act, act)) == [False, False, True]


def test_many_changes_at_once_lose_none(world: World, make: Make, acts: Acts) -> None:
    """architecture.md: BEGIN IMMEDIATE; each of ten changes of ten fields is there afterwards, and counted."""
    activity_id = make.activity(world.anna)
    race(*(acts("change", world.anna, activity_id, changes={"description": f"change {n}"}) for n in range(10)))
    assert stored(activity_id).version == 11
    assert told(activity_id) == ["changed"] * 10


def test_readers_do_not_wait_for_a_writer(world: World, make: Make, as_: As) -> None:
    """Reads run beside an open write and see what was committed before it."""
    activity_id = make.activity(world.anna)
    with as_(world.anna) as writer:
        writer.load(Activity, activity_id, to="activity.change").place = "Gate 3"
        writer.flush()
        with as_(world.mia, readonly=True) as reader:
            assert reader.get(Activity, activity_id).place is None
    assert stored(activity_id).place == "Gate 3"
