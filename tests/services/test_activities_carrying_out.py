"""ACT-8: carried out and ended with feedback, in one step when need be; ACT-10: the follow-up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Account, ActivityContact, ActivityState
from services import activities, attachments
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.moments import local
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, SHANGHAI, As, Make, World
from tests.stories import LATER, all_activities, ended, feedback, notices, plan_values, state, stored, told

PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + bytes(60)
BLANKS = [None, "", "   ", "\n\t\u3000"]


def start(as_: As, person: int, activity_id: int, **more: Any) -> None:
    with as_(person) as work:
        activities.start(work, activity_id=activity_id, **more)


def end(as_: As, person: int, activity_id: int, said: dict[str, Any], at: datetime = LATER, **more: Any) -> None:
    with as_(person, at=at) as work:
        activities.end(work, activity_id=activity_id, feedback=said, **more)


def wrong_fields(as_: As, world: World, activity_id: int, said: dict[str, Any], **more: Any) -> set[str]:
    before = stored(activity_id)
    with pytest.raises(Invalid) as error:
        end(as_, world.anna, activity_id, said, **more)
    assert (stored(activity_id).state, stored(activity_id).version) == (before.state, before.version)
    return set(error.value.fields)


@pytest.mark.parametrize("status", ["planned", "assigned"])
def test_start(world: World, make: Make, as_: As, status: str) -> None:
    """Starting an assignment accepts it."""
    activity_id = make.activity(world.anna, state=status)
    start(as_, world.anna, activity_id, check_in="32.06, 118.79")
    begun = stored(activity_id)
    assert (begun.state, begun.started_at, begun.check_in) == (ActivityState.IN_PROGRESS, NOW, "32.06, 118.79")
    assert begun.accepted_at == (NOW if status == "assigned" else None)
    assert told(activity_id) == ["started"]


@pytest.mark.parametrize("status", ["declined", "in_progress", "cancelled"])
def test_start_out_of_turn_is_refused(world: World, make: Make, as_: As, status: str) -> None:
    """abuse-cases.md: every forbidden transition, start after end."""
    activity_id = make.activity(world.anna, state=status)
    with pytest.raises(Refused):
        start(as_, world.anna, activity_id)
    assert state(activity_id) == status


def test_start_after_the_end_is_refused(world: World, make: Make, as_: As) -> None:
    with pytest.raises(Refused):
        start(as_, world.anna, ended(make))


def test_start_may_lie_in_the_past_but_not_in_the_future(world: World, make: Make, as_: As) -> None:
    """What must not happen: a start in the future."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid) as error:
        start(as_, world.anna, activity_id, started_at=NOW + timedelta(seconds=1))
    assert set(error.value.fields) == {"started_at"}
    start(as_, world.anna, activity_id, started_at=NOW - 3 * HOUR)
    assert stored(activity_id).started_at == NOW - 3 * HOUR


@pytest.mark.parametrize(
    "moment",
    [datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC), datetime(2026, 11, 23, 9)],  # noqa: DTZ001 - without a zone is wrong here
)
def test_absurd_moments_are_refused(world: World, make: Make, as_: As, moment: datetime) -> None:
    """abuse-cases.md: years 1900 and 2999; a moment without a zone would be shifted."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid):
        start(as_, world.anna, activity_id, started_at=moment)
    assert wrong_fields(as_, world, activity_id, feedback(world), started_at=moment) == {"started_at"}
    start(as_, world.anna, activity_id)
    assert wrong_fields(as_, world, activity_id, feedback(world), ended_at=moment) == {"ended_at"}


def test_long_place_of_check_in_is_refused(world: World, make: Make, as_: As) -> None:
    with pytest.raises(Invalid):
        start(as_, world.anna, make.activity(world.anna), check_in="x" * 10_000)


@pytest.mark.parametrize("person", ["anna", "sun", "mia"])
def test_holder_and_superiors_end(world: World, make: Make, as_: As, person: str) -> None:
    activity_id = make.activity(world.anna, state="in_progress")
    end(as_, world.people[person], activity_id, feedback(world))
    assert state(activity_id) is ActivityState.ENDED


@pytest.mark.parametrize("person", ["pia", "carl", "max", "ruth", "hanna", "adam", "eva"])
def test_others_do_not(world: World, make: Make, as_: As, person: str) -> None:
    activity_id = make.activity(world.anna, state="in_progress")
    with pytest.raises((Refused, NotFound)):
        end(as_, world.people[person], activity_id, feedback(world))
    assert state(activity_id) is ActivityState.IN_PROGRESS


def test_ended_with_all_of_its_feedback(world: World, make: Make, as_: As) -> None:
    said = feedback(
        world, attitude=4, needs="Two excavators", competitor_seen="三一 SY215C", machine_seen="XE215 #12345",
        machine_hours=1234, next_step="Send the offer", next_step_on=date(2026, 11, 30), check_in="Gate 3",
    )  # fmt: skip
    activity_id = make.activity(world.anna, state="in_progress")
    end(as_, world.anna, activity_id, said)
    done = stored(activity_id)
    assert {name: getattr(done, name) for name in said} == said
    assert (done.state, done.ended_at, done.started_at) == (ActivityState.ENDED, LATER, NOW - HOUR)
    assert done.seal
    assert told(activity_id) == ["ended"]


@pytest.mark.parametrize("status", ["planned", "assigned"])
def test_planned_visit_is_closed_in_one_step(world: World, make: Make, as_: As, status: str) -> None:
    """ACT-8: in 30 seconds, without starting it first: it took place as planned."""
    activity_id = make.activity(world.anna, state=status)
    end(as_, world.anna, activity_id, feedback(world))
    done = stored(activity_id)
    assert (done.started_at, done.ended_at) == (done.planned_start, done.planned_end)
    assert told(activity_id) == ["started", "ended"]


def test_visit_that_is_closed_early_ends_now(world: World, make: Make, as_: As) -> None:
    """What must not happen: a start in the future. Planned for 14 o'clock, closed at 10."""
    activity_id = make.activity(world.anna)
    end(as_, world.anna, activity_id, feedback(world), at=NOW)
    done = stored(activity_id)
    assert (done.started_at, done.ended_at) == (NOW, NOW)


@pytest.mark.parametrize("status", ["declined", "cancelled"])
def test_end_out_of_turn_is_refused(world: World, make: Make, as_: As, status: str) -> None:
    activity_id = make.activity(world.anna, state=status)
    with pytest.raises(Refused):
        end(as_, world.anna, activity_id, feedback(world))
    assert state(activity_id) == status


@pytest.mark.parametrize("name", ["result_id", "learned"])
@pytest.mark.parametrize("blank", BLANKS)
def test_end_needs_feedback(world: World, make: Make, as_: As, name: str, blank: str | None) -> None:
    """What must not happen: an end without feedback; blanks are none."""
    activity_id = make.activity(world.anna, state="in_progress")
    assert wrong_fields(as_, world, activity_id, feedback(world) | {name: blank}) == {name}
    assert {"result_id", "learned"} == wrong_fields(as_, world, activity_id, {})


def test_refused_end_does_not_start_either(world: World, make: Make, as_: As) -> None:
    """One transaction: a planned visit stays planned."""
    activity_id = make.activity(world.anna)
    assert wrong_fields(as_, world, activity_id, {}) == {"result_id", "learned"}
    assert told(activity_id) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"learned": "长" * 10_000},
        {"needs": "x" * 4001},
        {"next_step": "x" * 201},
        {"attitude": 0},
        {"attitude": 6},
        {"attitude": "keen"},
        {"machine_hours": -1},
        {"machine_hours": "1234.5"},
        {"result_id": 999_999},
        {"next_step_on": date(2026, 11, 22)},
        {"next_step_on": date(2999, 1, 1)},
        {"next_step_on": "2027-02-29"},
        {"state": "cancelled"},
        {"owner_id": 1},
        {"ended_at": NOW},
        {"seal": "0" * 64},
    ],
    ids=str,
)
def test_wrong_feedback_is_named(world: World, make: Make, as_: As, wrong: dict[str, Any]) -> None:
    """ALL-6, ACC-5."""
    activity_id = make.activity(world.anna, state="in_progress")
    assert wrong_fields(as_, world, activity_id, feedback(world, **wrong)) == set(wrong)


def test_result_belongs_to_the_type(world: World, make: Make, as_: As) -> None:
    """activities.md: result is a code list per type: "no answer" is one of calls."""
    activity_id = make.activity(world.anna, state="in_progress")
    no_answer = feedback(world, result_id=world.codes["no_answer"])
    assert wrong_fields(as_, world, activity_id, no_answer) == {"result_id"}
    assert wrong_fields(as_, world, activity_id, feedback(world, result_id=world.codes["road"])) == {"result_id"}
    call = make.activity(world.anna, state="in_progress", type_id=world.codes["call"])
    end(as_, world.anna, call, no_answer)


def test_end_before_the_start_is_refused(world: World, make: Make, as_: As) -> None:
    """What must not happen: an end before the start."""
    activity_id = make.activity(world.anna, state="in_progress")
    assert wrong_fields(as_, world, activity_id, feedback(world), ended_at=NOW - 2 * HOUR) == {"ended_at"}
    end(as_, world.anna, activity_id, feedback(world), ended_at=NOW - HOUR)
    assert stored(activity_id).ended_at == NOW - HOUR


def test_end_in_the_future_is_refused(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna, state="in_progress")
    assert wrong_fields(as_, world, activity_id, feedback(world), ended_at=LATER + HOUR) == {"ended_at"}


def test_next_step_on_the_same_day_is_the_organisations_day(world: World, make: Make, as_: As) -> None:
    """Ended at 00:30 in Shanghai, which is the day before in UTC."""
    at = (NOW + DAY).replace(hour=0, minute=30)
    activity_id = make.activity(world.anna, state="in_progress")
    with pytest.raises(Invalid):
        end(as_, world.anna, activity_id, feedback(world, next_step_on=date(2026, 11, 23)), at=at)
    end(as_, world.anna, activity_id, feedback(world, next_step_on=date(2026, 11, 24)), at=at)


def test_ended_while_another_tab_was_open(world: World, make: Make, as_: As) -> None:
    """ALL-4: the form was drawn at a version; in between the activity changed."""
    activity_id = make.activity(world.anna)
    seen = stored(activity_id).version
    start(as_, world.anna, activity_id)
    with pytest.raises(Stale):
        end(as_, world.anna, activity_id, feedback(world), version=seen)
    assert state(activity_id) is ActivityState.IN_PROGRESS


def test_opening_an_assignment_accepts_it_once(world: World, make: Make, as_: As) -> None:
    """activities.md: opening accepts; a later opening changes nothing, nor does somebody else's."""
    activity_id = make.activity(world.anna, state="assigned")
    with as_(world.mia) as work:
        activities.accept(work, activity_id=activity_id)
    assert stored(activity_id).accepted_at is None
    for at in (NOW, LATER):
        with as_(world.anna, at=at) as work:
            activities.accept(work, activity_id=activity_id)
    assert stored(activity_id).accepted_at == NOW
    assert told(activity_id) == ["accepted"]


def finish(as_: As, person: int, activity_id: int, said: dict[str, Any], **more: Any) -> int | None:
    with as_(person, at=LATER) as work:
        return activities.finish(work, activity_id=activity_id, feedback=said, follow_up=True, **more)


def test_follow_up_starts_from_what_was_done(world: World, make: Make, as_: As) -> None:
    """ACT-10: same customer, contacts and purpose, dated by "next step"."""
    account_id = make.account()
    contact_id = make.contact(account_id)
    purpose = world.codes["quotation"]
    done = make.activity(world.anna, account_id=account_id, contacts=[contact_id], purpose_id=purpose)
    said = feedback(world, next_step="Bring the offer", next_step_on=date(2026, 12, 1))
    follow_up = stored(finish(as_, world.anna, done, said) or 0)
    assert (follow_up.follows_id, follow_up.account_id, follow_up.purpose_id) == (done, account_id, purpose)
    assert (follow_up.subject, follow_up.state) == ("Bring the offer", ActivityState.PLANNED)
    assert local(follow_up.planned_start, SHANGHAI).strftime("%Y-%m-%d %H:%M") == "2026-12-01 14:00"
    with work_as_system("look", at=NOW) as work:
        met = select(ActivityContact.contact_id).where(ActivityContact.activity_id == follow_up.id)
        assert work.scalars(met) == [contact_id]


def test_a_follow_up_that_cannot_be_planned_says_so_and_the_visit_ends_without(
    world: World, make: Make, as_: As
) -> None:
    """ACT-8, ACT-10: the customer is gone; nothing is half saved."""
    account_id = make.account()
    done = make.activity(world.anna, account_id=account_id)
    with work_as_system("a test hides the customer", at=NOW) as work:
        work.get(Account, account_id).deleted_at = NOW
    with pytest.raises(Refused, match="Please finish without the follow-up"):
        finish(as_, world.anna, done, feedback(world))
    assert stored(done).state is ActivityState.PLANNED
    with as_(world.anna, at=LATER) as work:
        assert activities.finish(work, activity_id=done, feedback=feedback(world)) is None
    assert stored(done).state is ActivityState.ENDED


@pytest.mark.parametrize("superior", ["sun", "mia"])
def test_follow_up_of_a_visit_that_a_superior_ended_is_its_owners(
    world: World, make: Make, as_: As, superior: str
) -> None:
    """access.md, ACT-2, ACT-10: it lands in the plan of who held the visit, who is told; not in the superior's."""
    account_id = make.account()
    contact_id = make.contact(account_id)
    done = make.activity(world.anna, account_id=account_id, contacts=[contact_id])
    follow_up = stored(finish(as_, world.people[superior], done, feedback(world)) or 0)
    assert (follow_up.owner_id, follow_up.follows_id, follow_up.account_id) == (world.anna, done, account_id)
    assert (follow_up.state, follow_up.assigned_by_id) == (ActivityState.ASSIGNED, world.people[superior])
    assert notices() == [("anna", "activity_assigned")]
    with as_(world.anna, readonly=True) as work:
        assert [c.id for c in activities.card(work, activity_id=follow_up.id).contacts] == [contact_id]


def test_follow_up_of_the_superiors_own_visit_is_the_superiors(world: World, make: Make, as_: As) -> None:
    """The case beside it: nobody is told of what one plans for oneself."""
    follow_up = stored(finish(as_, world.sun, make.activity(world.sun), feedback(world)) or 0)
    assert (follow_up.owner_id, follow_up.state) == (world.sun, ActivityState.PLANNED)
    assert notices() == []


def test_who_may_only_read_an_activity_adds_no_follow_up(world: World, make: Make, as_: As) -> None:
    """ACC-1, access.md: Ben is on the customer's team and reads Anna's visit; he plans his own, but not as hers."""
    account_id = make.account(team={world.ben: "machines"})
    done = ended(make, account_id=account_id)
    with as_(world.ben, at=LATER) as work:
        assert activities.card(work, activity_id=done).activity.id == done
        assert "follow_up" not in activities.allowed(work, activity_id=done)
    with pytest.raises(Refused), as_(world.ben, at=LATER) as work:
        activities.plan(work, values=plan_values(world), follows_id=done)
    with as_(world.ben, at=LATER) as work:
        activities.plan(work, values=plan_values(world, account_id=account_id))


def test_follow_up_without_a_date_is_in_a_week(world: World, make: Make, as_: As) -> None:
    follow_up = stored(finish(as_, world.anna, make.activity(world.anna), feedback(world)) or 0)
    assert local(follow_up.planned_start, SHANGHAI).date() == date(2026, 11, 30)


def test_files_are_saved_with_the_end(world: World, make: Make, as_: As) -> None:
    """ACT-8, ACT-12: in the same transaction; none but those of open work can be added."""
    activity_id = make.activity(world.anna)
    finish(as_, world.anna, activity_id, feedback(world), files=[("site.png", PHOTO), ("notes.txt", b"Two excavators")])
    with as_(world.mia, readonly=True) as work:
        assert {f.name for f in attachments.list_of(work, activity_id=activity_id)} == {"site.png", "notes.txt"}
    with pytest.raises(Refused), as_(world.anna, at=LATER) as work:
        attachments.add(work, activity_id=activity_id, name="late.png", data=PHOTO)


@pytest.mark.parametrize(
    "wrong", [("run.exe", b"MZ" + bytes(200)), ("page.html", b"<script>alert(1)</script>"), ("a.png", b"")]
)
def test_wrong_file_leaves_it_open(world: World, make: Make, as_: As, wrong: tuple[str, bytes]) -> None:
    """ACT-8: all or nothing: neither the good file nor the feedback is kept."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Invalid):
        finish(as_, world.anna, activity_id, feedback(world), files=[("site.png", PHOTO), wrong])
    assert (state(activity_id), told(activity_id)) == (ActivityState.PLANNED, [])
    with as_(world.mia, readonly=True) as work:
        assert list(attachments.list_of(work, activity_id=activity_id)) == []


def test_refused_finish_leaves_no_follow_up(world: World, make: Make, as_: As) -> None:
    """ACT-8: the same transaction."""
    with pytest.raises(Invalid):
        finish(as_, world.anna, make.activity(world.anna), feedback(world, learned=" "))
    assert [activity.state for activity in all_activities()] == [ActivityState.PLANNED]


def test_finishing_twice_ends_once(world: World, make: Make, as_: As) -> None:
    """ALL-5: a double click, a reload or a second tab makes neither two ends nor two follow-ups."""
    activity_id = make.activity(world.anna)
    finish(as_, world.anna, activity_id, feedback(world))
    with pytest.raises(Refused):
        finish(as_, world.anna, activity_id, feedback(world, learned="Again"))
    assert len(all_activities()) == 2
    assert stored(activity_id).learned == "Needs two excavators in spring"


def test_follow_up_of_an_earlier_activity_is_planned_later_too(world: World, make: Make, as_: As) -> None:
    """ACT-10 from the record page; what is hidden cannot be followed up (ALL-7)."""
    done = ended(make)
    with as_(world.anna, at=LATER) as work:
        values, contact_ids = activities.follow_up_values(work, activity_id=done)
        activities.plan(work, values=values, contact_ids=contact_ids, follows_id=done)
    with pytest.raises(NotFound), as_(world.carl, at=LATER) as work:
        activities.plan(work, values=values, follows_id=done)
    with pytest.raises(NotFound), as_(world.carl, at=LATER) as work:
        activities.follow_up_values(work, activity_id=done)
