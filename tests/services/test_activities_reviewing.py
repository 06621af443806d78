"""ACT-15: managers review ended activities, and the rep sees it."""

from typing import Any

import pytest

from services import activities
from services.core.errors import Invalid, NotFound, Refused
from tests.factories import As, Make, World
from tests.stories import LATER, ended, notices, state, told


def review(as_: As, person: int, activity_id: int, mark: Any = 4, comment: str = "Well done") -> None:
    with as_(person, at=LATER) as work:
        activities.review(work, activity_id=activity_id, mark=mark, comment=comment)


@pytest.mark.parametrize("person", ["sun", "mia"])
def test_rep_sees_mark_and_comment(world: World, make: Make, as_: As, person: str) -> None:
    activity_id = ended(make)
    review(as_, world.people[person], activity_id, comment="  Well done ")
    with as_(world.anna, readonly=True) as work:
        (given,) = activities.card(work, activity_id=activity_id).reviews
    assert (given.mark, given.comment, given.reviewer) == (4, "Well done", person.capitalize())
    assert notices() == [("anna", "activity_reviewed")]
    assert told(activity_id)[-1] == "reviewed"


@pytest.mark.parametrize("person", ["anna", "ben", "pia", "ruth", "hanna", "adam", "eva", "carl", "max"])
def test_who_may_not_review(world: World, make: Make, as_: As, person: str) -> None:
    """access.md: the branch manager reviews, the sales manager those who report; nobody the own work."""
    activity_id = ended(make, participants=[world.ben])
    with pytest.raises((Refused, NotFound)):
        review(as_, world.people[person], activity_id)
    assert notices() == []


def test_nobody_reviews_the_own_work(world: World, make: Make, as_: As) -> None:
    for person in (world.mia, world.sun):
        with pytest.raises(Refused):
            review(as_, person, ended(make, person))


@pytest.mark.parametrize("status", ["planned", "assigned", "declined", "in_progress", "cancelled"])
def test_only_ended_work_is_reviewed(world: World, make: Make, as_: As, status: str) -> None:
    activity_id = make.activity(world.anna, state=status)
    with pytest.raises(Refused):
        review(as_, world.mia, activity_id)
    assert state(activity_id) == status


@pytest.mark.parametrize("mark", [0, 6, -1, None, "5", 4.5])
def test_mark_is_one_to_five(world: World, make: Make, as_: As, mark: Any) -> None:
    with pytest.raises(Invalid) as error:
        review(as_, world.mia, ended(make), mark)
    assert set(error.value.fields) == {"mark"}


def test_long_comment_is_refused(world: World, make: Make, as_: As) -> None:
    """abuse-cases.md: 10,000 characters."""
    with pytest.raises(Invalid) as error:
        review(as_, world.mia, ended(make), comment="长" * 10_000)
    assert set(error.value.fields) == {"comment"}


def test_several_reviews_stand_beside_each_other(world: World, make: Make, as_: As) -> None:
    """The newest first; none replaces another."""
    activity_id = ended(make)
    review(as_, world.sun, activity_id, 3)
    review(as_, world.mia, activity_id, 5)
    with as_(world.anna, readonly=True) as work:
        assert [given.mark for given in activities.card(work, activity_id=activity_id).reviews] == [5, 3]
