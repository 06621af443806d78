"""The time rules: unanswered, overdue, untouched, not carried out (ACT-5, ACT-6, ACT-7); each says its thing once."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Activity, ActivityHolding, Message, Notice, Route, Setting, User
from services import activities, notices
from services.core.configuration import changed
from services.core.outbox import Template
from services.core.work import work_as_system
from services.time_rules import clocks, reassignment, reminders, report_unanswered
from tests.factories import DAY, HOUR, NOW, As, Make, World

OVERDUE = {"planned_start": NOW - 3 * DAY, "updated_at": NOW - HOUR}


def told(*, kind: str | None = None) -> Counter[int]:
    """Person → number of notices (of one kind)."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        wanted = [Notice.kind == kind] if kind else []
        return Counter(work.scalars(select(Notice.user_id).where(*wanted)))


def emails() -> Counter[int]:
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return Counter(work.scalars(select(Message.user_id).where(Message.route == Route.EMAIL)))


def change(model: Any, record_id: int, **values: Any) -> None:
    with work_as_system("a test changes", at=NOW) as work:
        record = work.get(model, record_id)
        for name, value in values.items():
            setattr(record, name, value)


def holder(activity_id: int) -> Any:
    """The activity as it is stored."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return work.get(Activity, activity_id)


def assigned(make: Make, days_ago: float, owner_id: int | None = None, **values: Any) -> int:
    moment = NOW - timedelta(days=days_ago)
    planned = {"planned_start": NOW + DAY, "updated_at": NOW - HOUR}
    return make.activity(owner_id, state="assigned", assigned_at=moment, **(planned | values))


class TestUnanswered:
    """ACT-5"""

    @pytest.mark.parametrize(
        ("priority", "days", "reported"), [("urgent", 0.9, 0), ("urgent", 1, 1), ("normal", 2.9, 0), ("normal", 3, 1)]
    )
    def test_the_superior_hears_after_the_time_allowed(
        self, world: World, make: Make, priority: str, days: float, reported: int
    ) -> None:
        assigned(make, days, priority=priority)
        assert report_unanswered(NOW) == reported
        assert told() == Counter({world.sun: reported}) - Counter()
        assert emails() == Counter({world.sun: reported}) - Counter()

    def test_once_per_assignment(self, world: World, make: Make, as_: As) -> None:
        activity_id = assigned(make, 5)
        assert [report_unanswered(NOW + n * DAY) for n in range(4)] == [1, 0, 0, 0]
        with as_(world.mia) as work:
            activities.reassign(work, activity_id=activity_id, to_user_id=world.ben, reason="Anna is away")
        assert [report_unanswered(NOW + n * DAY) for n in range(2, 6)] == [0, 1, 0, 0]

    @pytest.mark.parametrize("state", ["planned", "declined", "in_progress", "cancelled"])
    def test_whoever_answered_is_left_alone(self, world: World, make: Make, state: str) -> None:
        make.activity(state=state, assigned_at=NOW - 9 * DAY)
        assert report_unanswered(NOW) == 0

    def test_the_time_is_a_setting(self, world: World, make: Make) -> None:
        assigned(make, 4)
        set_(answer_days_normal=5)
        assert report_unanswered(NOW) == 0
        assert report_unanswered(NOW + DAY) == 1

    def test_an_inactive_superior_is_passed_over(self, world: World, make: Make) -> None:
        change(User, world.sun, active=False)
        assigned(make, 5)
        report_unanswered(NOW)
        assert told() == {world.mia: 1}

    @pytest.mark.parametrize("in_cycle", [True, False])
    def test_without_a_superior_the_branch_manager_hears(self, world: World, make: Make, in_cycle: bool) -> None:
        change(User, world.sun, active=False, superior_id=world.anna if in_cycle else None)
        assigned(make, 5)
        report_unanswered(NOW)
        assert told() == {world.mia: 1}

    def test_without_a_manager_the_administrators_hear(self, world: World, make: Make) -> None:
        change(User, world.sun, active=False, superior_id=None)
        change(User, world.mia, active=False)
        assigned(make, 5)
        report_unanswered(NOW)
        assert told() == {world.adam: 1}

    def test_a_superior_of_another_branch_learns_nothing(self, world: World, make: Make) -> None:
        change(User, world.anna, superior_id=world.max)
        assigned(make, 5)
        report_unanswered(NOW)
        assert told() == {world.mia: 1}

    def test_one_that_cannot_be_told_does_not_stop_the_others(self, world: World, make: Make) -> None:
        """Nobody is left to hear of the first: it is noted as done, not tried forever."""
        for person in (world.sun, world.mia, world.eva, world.adam):
            change(User, person, active=False)
        assigned(make, 5)
        assigned(make, 5, world.carl)
        assert report_unanswered(NOW) == 2
        assert told() == {world.max: 1}

    def test_another_noun_brings_a_clock_of_its_own(self, world: World, make: Make) -> None:
        """LEAD-8: the mechanism takes any record with an owner."""
        first_contact = Template("test_first_contact", "Nobody called {name}", "It waits since yesterday.")
        clock = clocks.Clock(
            name="LEAD-8",
            model=Activity,
            late=lambda work: Activity.created_at < work.now - HOUR,
            assignment=Activity.version,
            template=first_contact,
            parameters=lambda _work, record: {"name": record.subject},
        )
        make.activity(subject="the quarry")
        assert [clocks.run(clock, NOW), clocks.run(clock, NOW)] == [1, 0]
        assert told(kind="test_first_contact") == {world.sun: 1}


def set_(**values: int) -> None:
    """Settings of this installation."""
    with work_as_system("a test sets", at=NOW) as work:
        for key, value in values.items():
            work.also(Setting(key=key, value=value))
        changed(work)


class TestReminders:
    """ACT-6"""

    def test_the_owner_is_reminded_once_a_day(self, world: World, make: Make) -> None:
        make.activity(**OVERDUE)
        assert [reminders.remind_owners(NOW + n * HOUR) for n in range(3)] == [1, 0, 0]
        assert reminders.remind_owners(NOW + DAY) == 1
        assert told(kind="activity_overdue") == {world.anna: 2}

    def test_the_day_is_the_organisations(self, world: World, make: Make) -> None:
        make.activity(**OVERDUE)
        evening = NOW.replace(hour=23, minute=30)
        assert [reminders.remind_owners(evening + n * HOUR) for n in range(3)] == [1, 1, 0]

    @pytest.mark.parametrize("state", ["planned", "assigned", "declined", "in_progress"])
    def test_whatever_is_open_can_be_overdue(self, world: World, make: Make, state: str) -> None:
        make.activity(state=state, **OVERDUE)
        assert reminders.remind_owners(NOW) == 1

    def test_what_is_over_or_still_has_time_is_not(self, world: World, make: Make) -> None:
        make.activity(state="cancelled", **OVERDUE)
        make.activity(**OVERDUE, due_at=NOW + HOUR)
        assert reminders.remind_owners(NOW) == 0

    def test_what_nobody_touched_for_a_week(self, world: World, make: Make) -> None:
        make.activity(planned_start=NOW + 20 * DAY, updated_at=NOW - 7 * DAY)
        make.activity(planned_start=NOW + 20 * DAY, updated_at=NOW - 6 * DAY)
        assert reminders.remind_owners(NOW) == 1
        assert told(kind="activity_untouched") == {world.anna: 1}

    def test_many_become_one(self, world: World, make: Make, as_: As) -> None:
        for number in range(6):
            make.activity(subject=f"Visit {number}", **OVERDUE)
        assert reminders.remind_owners(NOW) == 6
        assert told() == {world.anna: 1}
        with as_(world.anna, readonly=True) as work:
            (line,) = notices.inbox(work)
        assert line.title == "Waiting for you: 6 overdue, 0 untouched"
        assert "Visit 0" in line.body

    def test_who_left_or_moved_away_hears_nothing(self, world: World, make: Make) -> None:
        make.activity(world.anna, **OVERDUE)
        make.activity(world.ben, **OVERDUE)
        change(User, world.anna, active=False)
        change(User, world.ben, branch_id=world.hefei)
        reminders.remind_owners(NOW)
        assert told() == {}

    def test_managers_get_one_digest_of_their_people(self, world: World, make: Make, as_: As) -> None:
        for owner in (world.anna, world.anna, world.ben, world.pia, world.carl):
            make.activity(owner, subject=f"Visit of {owner}", **OVERDUE)
        make.activity(world.ben, planned_start=NOW + 20 * DAY, updated_at=NOW - 9 * DAY)
        assert reminders.send_digests(NOW) == 3
        assert reminders.send_digests(NOW + 5 * HOUR) == 0
        assert told() == {world.sun: 1, world.mia: 1, world.max: 1} == emails()
        titles = {}
        for person in (world.sun, world.mia, world.max):
            with as_(person, readonly=True) as work:
                titles[person] = notices.inbox(work)[0].title
        assert titles[world.sun] == "Your people: 3 overdue, 1 untouched"
        assert titles[world.mia] == "Your people: 4 overdue, 1 untouched"
        assert titles[world.max] == "Your people: 1 overdue, 0 untouched"

    def test_a_digest_tells_what_its_reader_may_read_at_that_moment(self, world: World, make: Make, as_: As) -> None:
        """ACC-3: Sun has lost Anna to Mia, and Mia has gone to Hefei."""
        make.activity(world.anna, subject="Secret of Nanjing", **OVERDUE)
        change(User, world.anna, superior_id=world.mia)
        change(User, world.mia, branch_id=world.hefei)
        reminders.send_digests(NOW)
        assert told() == {}

    def test_own_late_ones_are_not_in_ones_own_digest(self, world: World, make: Make) -> None:
        make.activity(world.sun, **OVERDUE)
        reminders.send_digests(NOW)
        assert told() == {world.mia: 1}

    def test_nothing_late_no_digest(self, world: World, make: Make) -> None:
        make.activity()
        assert reminders.send_digests(NOW) == 0


class TestReassignment:
    """ACT-7"""

    def test_after_fifteen_days_the_next_rep_has_it(self, world: World, make: Make) -> None:
        early, late = assigned(make, 14.9), assigned(make, 15, subject="Visit the quarry")
        assert reassignment.reassign(NOW) == 1
        assert holder(early).owner_id == world.anna
        moved = holder(late)
        assert (moved.owner_id, moved.assigned_at, moved.assignment_no) == (world.ben, NOW, 2)
        assert told() == {world.anna: 1, world.ben: 1, world.sun: 2, world.mia: 1}
        assert told(kind="activity_passed_on") == {world.sun: 1, world.mia: 1}
        assert told(kind="activity_assigned") == {world.ben: 1}
        assert told(kind="activity_taken_away") == {world.anna: 1}

    def test_the_clock_starts_anew(self, world: World, make: Make) -> None:
        assigned(make, 15)
        runs = [reassignment.reassign(NOW + n * DAY) for n in range(16)]
        assert runs == [1] + 14 * [0] + [1]

    def test_nobody_gets_it_twice(self, world: World, make: Make) -> None:
        """No ping-pong: Anna, Ben, then the manager's queue; there it stays."""
        activity_id = assigned(make, 15)
        holders = []
        for n in range(5):
            reassignment.reassign(NOW + n * 15 * DAY)
            holders.append(holder(activity_id).owner_id)
        assert holders == [world.ben, world.mia, world.mia, world.mia, world.mia]
        assert holder(activity_id).queue_reason == "Every suitable rep of the branch has had it already."
        assert told(kind="activity_queued") == {world.mia: 1}

    def test_without_a_suitable_rep_it_waits_in_the_managers_queue(self, world: World, make: Make, as_: As) -> None:
        activity_id = assigned(make, 20, world.pia)
        reassignment.reassign(NOW)
        queued = holder(activity_id)
        assert (queued.owner_id, queued.queue_reason) == (
            world.mia,
            "No other rep of the branch has the product line.",
        )
        assert told() == {world.pia: 1, world.mia: 2}
        assert told(kind="activity_queued") == {world.mia: 1}
        with as_(world.mia, readonly=True) as work:
            assert queued.queue_reason in notices.inbox(work)[0].body
        assert report_unanswered(NOW + 20 * DAY) == 0

    def test_without_a_manager_the_administrators_hear_once(self, world: World, make: Make) -> None:
        change(User, world.mia, active=False)
        activity_id = assigned(make, 20, world.pia)
        assert [reassignment.reassign(NOW + n * DAY) for n in range(3)] == [1, 0, 0]
        assert holder(activity_id).owner_id == world.pia
        assert told() == {world.adam: 1, world.eva: 1}
        assert told(kind="activity_stranded") == {world.adam: 1}

    def test_the_superior_heard_of_the_missing_answer_first(self, world: World, make: Make) -> None:
        """ACT-5 is not lost where another worker is still on its way to this record."""
        assigned(make, 16)
        reassignment.reassign(NOW)
        assert told(kind="activity_unanswered") == {world.sun: 1}
        assert report_unanswered(NOW) == 0

    @pytest.mark.parametrize("state", ["planned", "declined", "in_progress", "cancelled"])
    def test_only_what_was_assigned_and_not_answered_moves(self, world: World, make: Make, state: str) -> None:
        make.activity(state=state, assigned_at=NOW - 30 * DAY)
        assert reassignment.reassign(NOW) == 0

    def test_the_history_says_who_had_it_and_why(self, world: World, make: Make) -> None:
        activity_id = assigned(make, 15)
        reassignment.reassign(NOW)
        columns = (ActivityHolding.user_id, ActivityHolding.until_at, ActivityHolding.reason)
        with work_as_system("a test looks", at=NOW, readonly=True) as work:
            rows = work.rows(select(*columns).where(ActivityHolding.activity_id == activity_id).order_by("id"))
        assert [tuple(row) for row in rows] == [
            (world.anna, NOW, ""),
            (world.ben, None, "Not carried out for 15 days."),
        ]

    def test_who_lost_it_cannot_open_it_from_the_inbox(self, world: World, make: Make, as_: As) -> None:
        assigned(make, 15)
        reassignment.reassign(NOW)
        with as_(world.anna, readonly=True) as work:
            (line,) = notices.inbox(work)
        assert (line.kind, line.record_id) == ("activity_taken_away", None)

    def test_one_that_fails_does_not_stop_the_others(
        self, world: World, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, fine = assigned(make, 16), assigned(make, 16)
        hand_over = activities.hand_over

        def failing(work: Any, *, activity: Activity, **given: Any) -> None:
            if activity.id == broken:
                raise ZeroDivisionError
            hand_over(work, activity=activity, **given)

        monkeypatch.setattr(activities, "hand_over", failing)
        with pytest.raises(Exception, match="1 failed, 1 done"):
            reassignment.reassign(NOW)
        assert [holder(broken).owner_id, holder(fine).owner_id] == [world.anna, world.ben]
        monkeypatch.undo()
        assert reassignment.reassign(NOW) == 1
        assert holder(broken).owner_id == world.ben
