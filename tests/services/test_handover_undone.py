"""ADM-6: a handover is undone for a week, planned for a day, and never done twice."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import (
    AccountMember,
    Event,
    Handover,
    HandoverState,
    Lead,
    Notice,
    Opportunity,
    Role,
)
from services import accounts, activities, handover, holdings, leads, users
from services.core.errors import Busy, Invalid, Refused
from services.core.listing import ListRequest, fetch
from services.core.work import Work, work_as_system
from services.handover import Share
from services.runs import SomeFailed
from services.time_rules import handovers
from tests.factories import DAY, HOUR, NOW, As, Make, World, as_person
from tests.races import race, winners
from tests.services.handing import hand_over, owners, rows, standing, undo
from tests.stage import Stage

TOMORROW = (NOW + DAY).date()


class TestUndoing:
    def test_everything_is_as_it_was(self, world: World, as_: As, everything: Mapping[str, int]) -> None:
        before = standing()
        number = hand_over(as_, world.mia, world.anna, world.ben)
        assert standing() != before
        assert undo(as_, world.mia, number) == 7
        assert standing() == before
        assert {(row.user_id, row.kind) for row in rows(Notice)} >= {
            (world.anna, "handover_undone"), (world.ben, "handover_undone"),
        }  # fmt: skip
        with pytest.raises(Refused):
            undo(as_, world.mia, number)

    def test_each_record_tells_that_it_came_back(self, world: World, as_: As, everything: Mapping[str, int]) -> None:
        """ALL-3: in its history an undone handover is no second handover."""
        number = hand_over(as_, world.mia, world.anna, world.ben)
        undo(as_, world.mia, number)
        told = {(row.kind, row.record_id): row.action for row in rows(Event)}
        back = {told[kind, everything[kind]] for kind in ("account", "opportunity", "lead")}
        assert back == {"returned"}

    def test_people_who_report_tell_it_too(self, world: World, as_: As) -> None:
        """ALL-3: Anna reported to Sun, for a while to Mia, and does again."""
        undo(as_, world.mia, hand_over(as_, world.mia, world.sun, world.mia))
        told = [row.action for row in rows(Event) if (row.kind, row.record_id) == ("user", world.anna)]
        assert sorted(told) == ["handed_over", "returned"]

    def test_all_or_nothing_naming_what_was_changed(
        self, world: World, as_: As, make: Make, everything: Mapping[str, int]
    ) -> None:
        number = hand_over(as_, world.mia, world.anna, world.ben)
        with as_(world.ben) as work:
            leads.change(work, lead_id=everything["lead"], changes={"model": "XE215"})
            activities.start(work, activity_id=everything["planned"])
        with pytest.raises(Refused, match=r"2 of these records.*: 挖掘机, Visit on site"):
            undo(as_, world.mia, number)
        assert owners(Lead) == owners(Opportunity) == [world.ben]

    def test_a_place_on_a_team_that_was_given_on(self, world: World, as_: As, everything: Mapping[str, int]) -> None:
        number = hand_over(as_, world.mia, world.anna, world.ben)
        with as_(world.mia) as work:
            accounts.staff(work, account_id=everything["account"], member=accounts.Member(world.sun, "machines"))
        with pytest.raises(Refused, match="1 of these records"):
            undo(as_, world.mia, number)

    @pytest.mark.parametrize(("after", "possible"), [(7 * DAY, True), (7 * DAY + timedelta(seconds=1), False)])
    def test_for_seven_days(self, world: World, as_: As, make: Make, after: timedelta, possible: bool) -> None:
        make.lead(world.anna)
        number = hand_over(as_, world.mia, world.anna, world.ben)
        if possible:
            assert undo(as_, world.mia, number, at=NOW + after) == 1
        else:
            with pytest.raises(Refused, match="7 days"):
                undo(as_, world.mia, number, at=NOW + after)

    def test_not_to_who_has_left(self, world: World, as_: As, make: Make) -> None:
        make.lead(world.anna)
        number = hand_over(as_, world.mia, world.anna, world.ben)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.anna)
        with pytest.raises(Refused, match="inactive"):
            undo(as_, world.mia, number)
        assert owners(Lead) == [world.ben]


class TestPlanned:
    def test_the_list_says_to_whom_it_is_to_go(self, world: World, as_: As, everything: Mapping[str, int]) -> None:
        """ADM-6: planned, those who were named; carried out, those who got something, and how much."""
        number = hand_over(as_, world.mia, world.anna, world.ben, on_day=TOMORROW)
        for act, records in ((None, None), (handover.carry_out, len(everything))):
            with as_(world.mia) as work:
                if act:
                    act(work, handover_id=number)
                row = fetch(work, handover.LIST, ListRequest()).rows[0]
            assert (row["receivers"], row["records"]) == (["Ben"], records)

    def test_nothing_moves_before_the_day(self, world: World, as_: As, make: Make) -> None:
        make.lead(world.anna)
        number = hand_over(as_, world.mia, world.anna, world.ben, on_day=TOMORROW)
        assert handovers.carry_out(NOW + 13 * HOUR) == 0
        assert owners(Lead) == [world.anna]
        make.lead(world.anna)
        assert [handovers.carry_out(NOW + 14 * HOUR) for _ in "ab"] == [1, 0]
        assert owners(Lead) == [world.ben, world.ben]
        assert stored(number).state is HandoverState.DONE
        undo(as_, world.mia, number, at=NOW + 2 * DAY)
        assert owners(Lead) == [world.anna, world.anna]

    def test_one_at_a_time_and_cancelled(self, world: World, as_: As, make: Make) -> None:
        make.lead(world.anna)
        number = hand_over(as_, world.mia, world.anna, world.ben, on_day=TOMORROW)
        with pytest.raises(Refused, match="planned already"):
            hand_over(as_, world.mia, world.anna, world.sun)
        with as_(world.mia) as work:
            handover.cancel(work, handover_id=number)
        assert handovers.carry_out(NOW + 2 * DAY) == 0
        with pytest.raises(Refused), as_(world.mia) as work:
            handover.carry_out(work, handover_id=number)
        hand_over(as_, world.mia, world.anna, world.sun)

    @pytest.mark.parametrize("day", [(NOW - DAY).date(), (NOW + 367 * DAY).date()])
    def test_today_or_within_a_year(self, world: World, as_: As, make: Make, day: date) -> None:
        make.lead(world.anna)
        with pytest.raises(Invalid, match="on_day"):
            hand_over(as_, world.mia, world.anna, world.ben, on_day=day)

    def test_who_left_since_is_replaced_by_the_manager(self, world: World, as_: As, make: Make) -> None:
        """No record is ever left without an owner or queue."""
        make.lead(world.anna)
        hand_over(as_, world.adam, world.anna, world.ben, on_day=TOMORROW)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.ben)
        assert handovers.carry_out(NOW + DAY) == 1
        assert owners(Lead) == [world.mia]

    def test_with_the_rights_of_who_planned_it(self, world: World, as_: As, make: Make) -> None:
        """ACC-3: a manager who has left hands over nothing; the administrators hear of it, once a day, and can do it."""
        make.lead(world.anna)
        max_ii = make.user("Second", role=Role.BRANCH_MANAGER)
        number = hand_over(as_, max_ii, world.anna, world.ben, on_day=TOMORROW)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=max_ii)
        assert [handovers.carry_out(NOW + DAY + n * HOUR) for n in range(3)] == [0, 0, 0]
        assert [(row.user_id, row.kind) for row in rows(Notice)] == [(world.adam, "handover_failed")]
        assert owners(Lead) == [world.anna]
        with as_(world.adam, at=NOW + DAY) as work:
            assert handover.carry_out(work, handover_id=number) == 1

    def test_a_busy_database_is_no_failure(
        self, world: World, as_: As, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """ADM-9: the run is tried again; nobody hears of what passes by itself."""

        def busy(_work: Work, *, handover_id: int) -> int:
            raise Busy(f"{handover_id} is locked")

        make.lead(world.anna)
        hand_over(as_, world.mia, world.anna, world.ben, on_day=TOMORROW)
        with monkeypatch.context() as now:
            now.setattr(handover, "carry_out", busy)
            with pytest.raises(SomeFailed):
                handovers.carry_out(NOW + DAY)
        assert not rows(Notice)
        assert handovers.carry_out(NOW + DAY + HOUR) == 1


class TestAtOnce:
    @pytest.mark.parametrize("_round", range(3))
    def test_two_handovers(self, world: World, as_: As, make: Make, _round: int) -> None:
        """The second finds nothing left."""
        for _ in range(3):
            make.lead(world.anna)
        outcome = race(*(lambda to=to: hand_over(as_, world.mia, world.anna, to) for to in (world.ben, world.sun)))
        assert len(winners(outcome)) == 1
        assert len(set(owners(Lead))) == 1

    @pytest.mark.parametrize("_round", range(3))
    def test_two_workers(self, world: World, as_: As, make: Make, _round: int) -> None:
        make.lead(world.anna)
        hand_over(as_, world.mia, world.anna, world.ben, on_day=TOMORROW)
        assert sorted(race(*(lambda: handovers.carry_out(NOW + DAY) for _ in "ab"))) == [0, 1]

    @pytest.mark.parametrize("_round", range(3))
    def test_work_given_meanwhile_has_an_owner(self, world: World, as_: As, make: Make, _round: int) -> None:
        make.lead(world.anna)
        fresh = make.lead()

        def give() -> None:
            with as_(world.mia) as work:
                leads.assign_to(work, lead_ids=[fresh], to_user_id=world.anna)

        race(lambda: hand_over(as_, world.mia, world.anna, world.ben), give)
        assert all(owner in (world.anna, world.ben) for owner in owners(Lead))


persons = st.sampled_from(["ben", "sun", "mia", "pia"])
grades = st.sampled_from(["A", "B", None])
cities = st.sampled_from(["320100", "340100", None])
states = st.sampled_from(["planned", "assigned", "declined", "in_progress"])


@settings(max_examples=settings().max_examples // 2)
@given(
    customers=st.lists(st.tuples(st.sampled_from(["machines", "parts", None]), grades, cities), max_size=4),
    visits=st.lists(st.tuples(st.integers(0, 3), states, st.booleans()), max_size=4),
    interests=st.lists(st.sampled_from(["machines", "parts"]), max_size=3),
    shares=st.lists(st.builds(Share, persons, st.lists(cities.filter(bool), max_size=1)), min_size=1, max_size=3),
)
def test_undone_all_is_as_before(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, customers: Any, visits: Any, interests: Any, shares: Any
) -> None:
    """ADM-6: whatever somebody owns and however it is shared out; and nothing is ever without an owner."""
    with stage.fresh(tmp_path_factory.mktemp("handover")):
        world, make = stage.world, Make(stage.world)
        known = [
            make.account(f"C{n}", team={world.anna: line}, city_code=city)
            for n, (line, _, city) in enumerate(customers)
        ]
        with work_as_system("classes", at=NOW) as work:
            for row, (_, grade, _) in zip(
                work.scalars(select(AccountMember).order_by(AccountMember.id)), customers, strict=True
            ):
                row.grade = grade
        for place, state, together in visits:
            account = known[place % len(known)] if known else None
            make.activity(state=state, account_id=account, participants=[world.ben] if together else [])
        for line in interests:
            make.lead(world.anna, line=line)
        before, given_to = standing(), [Share(world.people[one.to_user_id], one.regions) for one in shares]
        try:
            number = hand_over(as_person, world.adam, world.anna, *given_to)
        except Refused:
            assert standing() == before
            return
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert not any(holdings.counts(work, user_id=world.anna).values())
        undo(as_person, world.adam, number)
        assert standing() == before


def stored(handover_id: int) -> Handover:
    return next(row for row in rows(Handover) if row.id == handover_id)
