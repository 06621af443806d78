"""The life of activities walked at random: only steps of the table, and what must hold holds after each (ACT-4, ACT-9, ACT-14)."""

import itertools
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from db.models import Activity, ActivityHolding, ActivityReview, ActivityState, Event
from services import activities, integrity
from services.activities.seal import seal_of, values_of
from services.core.errors import Invalid, NotFound, Refused
from services.core.work import work_as_system
from tests.factories import NOW, as_person
from tests.stage import Stage
from tests.stories import feedback, plan_values

pytestmark = pytest.mark.walk

#: activities.md, "States": (action, from) → to
TABLE = {
    ("start", "planned"): "in_progress",
    ("start", "assigned"): "in_progress",
    ("end", "planned"): "ended",
    ("end", "assigned"): "ended",
    ("end", "in_progress"): "ended",
    ("decline", "assigned"): "declined",
    ("insist", "declined"): "assigned",
    ("reassign", "planned"): "assigned",
    ("reassign", "assigned"): "assigned",
    ("reassign", "declined"): "assigned",
    ("withdraw", "planned"): "cancelled",
    ("cancel", "assigned"): "cancelled",
    ("cancel", "declined"): "cancelled",
    ("cancel", "in_progress"): "cancelled",
}
ACTIONS = sorted({action for action, _ in TABLE})
NAMES = ("anna", "ben", "pia", "sun", "mia", "adam", "eva", "carl", "max")
#: who acts on anybody's work, and who on the own alone (access.md)
SUPERIOR = {"start", "end", "insist", "reassign", "withdraw", "cancel"}
who = st.sampled_from(NAMES)
which = st.integers(0, 5)


class Walk(RuleBasedStateMachine):
    """Several people act on the same few activities, rightly and wrongly."""

    stage: Stage
    folder: Path
    turn = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).turn += 1
        place = self.folder / str(self.turn)
        place.mkdir()
        self.stack = ExitStack()
        self.stack.enter_context(self.stage.fresh(place))
        self.world = self.stage.world
        self.now = NOW
        self.known: dict[int, tuple[str, int]] = {}
        self.declined_in: set[tuple[int, int]] = set()
        self.ended: dict[int, dict[str, Any]] = {}

    def teardown(self) -> None:
        with self.stack, work_as_system("check", at=self.now) as work:
            assert integrity.problems(work) == []

    @initialize()
    def begin(self) -> None:
        for person in ("anna", "pia"):
            self.plan(person)
        self.assign("mia", "ben")

    @rule(person=who)
    def plan(self, person: str) -> None:
        values = plan_values(self.world, planned_start=self.now)
        new = self.attempt(person, lambda work: activities.plan(work, values=values))
        if new:
            self.known[new] = ("planned", self.world.people[person])

    @rule(person=who, receiver=who)
    def assign(self, person: str, receiver: str) -> None:
        given = {"values": plan_values(self.world, planned_start=self.now), "owner_ids": [self.world.people[receiver]]}
        ids = self.attempt(person, lambda work: activities.assign(work, **given))
        self.known |= dict.fromkeys(ids or (), ("assigned", self.world.people[receiver]))

    @rule(person=who, action=st.sampled_from(ACTIONS), number=which, receiver=who)
    def act(self, person: str, action: str, number: int, receiver: str) -> None:
        activity_id = sorted(self.known)[number % len(self.known)]
        state, owner = self.known[activity_id]
        given = self.arguments(action, receiver)
        done = self.attempt(
            person, lambda work: (getattr(activities, action)(work, activity_id=activity_id, **given), True)
        )
        if done:
            self.check_step(person, action, activity_id, state, owner)
            new_owner = self.world.people[receiver] if action == "reassign" else owner
            self.known[activity_id] = (TABLE[action, state], new_owner)

    @rule(hours=st.integers(0, 200))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def arguments(self, action: str, receiver: str) -> dict[str, Any]:
        said: dict[str, dict[str, Any]] = {
            "start": {},
            "end": {"feedback": feedback(self.world)},
            "insist": {"comment": "Please"},
            "reassign": {"to_user_id": self.world.people[receiver], "reason": "Ill"},
        }
        return said.get(action, {"reason": "Because"})

    def attempt(self, person: str, act: Any) -> Any:
        """What came of it; nothing when it was refused in words. Any other error fails the walk."""
        try:
            with as_person(self.world.people[person], at=self.now) as work:
                return act(work)
        except (Refused, NotFound, Invalid):
            return None

    def check_step(self, person: str, action: str, activity_id: int, state: str, owner: int) -> None:
        assert (action, state) in TABLE, f"{action} while {state}"
        actor = self.world.people[person]
        assert actor == owner or action in SUPERIOR, f"{person} did {action} to somebody else's work"
        if action == "decline":
            assert self.assignment(activity_id) not in self.declined_in, "declined twice in one assignment"
            self.declined_in.add(self.assignment(activity_id))

    def assignment(self, activity_id: int) -> tuple[int, int]:
        with work_as_system("look", at=self.now, readonly=True) as work:
            return activity_id, work.get(Activity, activity_id).assignment_no

    @invariant()
    def states_and_owners_are_as_told(self) -> None:
        with work_as_system("look", at=self.now, readonly=True) as work:
            stored = {a.id: (a.state.value, a.owner_id) for a in work.scalars(select(Activity))}
        assert stored == self.known

    @invariant()
    def one_holder_each_who_is_the_owner(self) -> None:
        """What must not happen: two reps holding one activity."""
        with work_as_system("look", at=self.now, readonly=True) as work:
            rows = work.rows(
                select(ActivityHolding.activity_id, ActivityHolding.user_id, ActivityHolding.since_at, ActivityHolding.until_at)
                .order_by(ActivityHolding.activity_id, ActivityHolding.id)
            )  # fmt: skip
        for activity_id, (_, owner) in self.known.items():
            held = [row for row in rows if row.activity_id == activity_id]
            assert [row.user_id for row in held if row.until_at is None] == [owner]
            assert all(before.until_at == after.since_at for before, after in itertools.pairwise(held))

    @invariant()
    def ended_work_stays_and_is_whole(self) -> None:
        """ACT-9."""
        with work_as_system("look", at=self.now, readonly=True) as work:
            done = work.scalars(select(Activity).where(Activity.state == ActivityState.ENDED))
            for activity in done:
                values = {column.key: getattr(activity, column.key) for column in Activity.__mapper__.columns}
                assert activity.seal == seal_of(values_of(activity))
                assert activity.learned
                assert activity.started_at <= activity.ended_at <= self.now
                assert self.ended.setdefault(activity.id, values) == values
            assert set(self.ended) == {activity.id for activity in done}

    @invariant()
    def story_is_whole(self) -> None:
        """ALL-3: the last word of the story fits the state."""
        last = {"in_progress": {"started"}, "ended": {"ended"}, "cancelled": {"cancelled"}, "declined": {"declined"}}
        with work_as_system("look", at=self.now, readonly=True) as work:
            said = {
                row.record_id: row.action for row in work.rows(select(Event.record_id, Event.action).order_by(Event.id))
            }
            assert work.rows(select(ActivityReview.id)) == []
        for activity_id, (state, _) in self.known.items():
            if activity_id in said and state in last:
                assert said[activity_id] in last[state]


def test_random_walk(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> None:
    Walk.stage, Walk.folder = stage, tmp_path_factory.mktemp("walk")
    run_state_machine_as_test(
        Walk,
        settings=settings(max_examples=settings().max_examples, stateful_step_count=20, phases=[Phase.generate]),
    )


def test_flow_table_is_the_one_of_the_specification() -> None:
    """activities.md, "States": `end` also starts what was not started, in one step."""
    steps = {
        (step.action, source.value): step.target.value for step in activities.FLOW.steps for source in step.sources
    }
    direct = {("end", "planned"), ("end", "assigned")}
    assert steps == {step: target for step, target in TABLE.items() if step not in direct}
