"""A dispute whose managers stay silent waits neither unseen nor for ever (ASG-4)."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db.models import DisputeState, Event, Lead, LeadState, Message, Notice, Role, User
from services import disputes, notices, organisation
from services.core.errors import Refused
from services.core.work import work_as_system
from services.integrity.leads import disputed_with_its_owner
from services.time_rules import disputes as rule
from tests.factories import DAY, HOUR, NOW, As, Make, World, as_person
from tests.services.disputing import PHONE, owner, stored


@pytest.fixture
def lead(make: Make, world: World) -> Iterator[int]:
    """Anna's lead; whatever becomes of it, all promises hold."""
    yield make.lead(world.anna, mobile=PHONE, assigned_at=NOW - DAY)
    with work_as_system("check", at=NOW + 60 * DAY) as work:
        assert list(disputed_with_its_owner(work)) == []


def told(kind: str, model: type[Notice] | type[Message] = Notice) -> Counter[int]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        return Counter(work.scalars(select(model.user_id).where(model.kind == kind)))


def change(model: type[Lead] | type[User], record_id: int, **values: object) -> None:
    with work_as_system("a test changes a row", at=NOW) as work:
        row = work.get(model, record_id)
        for name, value in values.items():
            setattr(row, name, value)


def set_(**values: object) -> None:
    with work_as_system("who", readonly=True) as work:
        adam = work.scalar(select(User.id).where(User.role == Role.DATA_ADMINISTRATOR))
    with as_person(adam) as work:
        organisation.change_settings(work, changes=values)


class TestReminding:
    def test_once_a_day_after_the_hours_of_the_setting(self, world: World, make: Make, lead: int) -> None:
        make.dispute(lead, world.ben, opened_at=NOW - DAY)
        assert rule.see_to(NOW - HOUR) == 0
        assert [rule.see_to(NOW), rule.see_to(NOW), rule.see_to(NOW + HOUR)] == [1, 0, 0]
        assert told("dispute_still_open") == told("dispute_still_open", Message) == {world.mia: 1}
        assert rule.see_to(NOW + DAY) == 1
        assert told("dispute_still_open") == {world.mia: 2}
        with as_person(world.mia, readonly=True) as work:
            (line, _) = notices.inbox(work)
        assert (line.record_kind, "2026-11-22 10:00" in line.body) == ("lead_dispute", True)

    def test_the_hours_are_a_setting(self, world: World, make: Make, lead: int) -> None:
        make.dispute(lead, world.ben, opened_at=NOW - DAY)
        set_(dispute_hours=48)
        assert [rule.see_to(NOW), rule.see_to(NOW + DAY)] == [0, 1]

    def test_not_what_is_decided(self, world: World, make: Make, as_: As, lead: int) -> None:
        dispute_id = make.dispute(lead, world.ben, opened_at=NOW - 2 * DAY)
        with as_(world.mia) as work:
            disputes.decide(work, dispute_id=dispute_id, reason="Older customer")
        assert rule.see_to(NOW) == 0

    def test_of_two_only_who_has_not_answered(self, world: World, make: Make, as_: As, lead: int) -> None:
        """Neither who has spoken nor a colleague of the same branch; the time counts anew from then on."""
        second = make.user("Second", role=Role.BRANCH_MANAGER)
        dispute_id = make.dispute(lead, world.carl, other_branch_id=world.hefei, opened_at=NOW - 6 * DAY)
        assert rule.see_to(NOW) == 1
        assert told("dispute_still_open") == {world.mia: 1, second: 1, world.max: 1}
        with as_(world.mia, at=NOW + HOUR) as work:
            disputes.decide(work, dispute_id=dispute_id, reason="Ours")
        assert rule.see_to(NOW + DAY) == 0
        assert rule.see_to(NOW + DAY + HOUR) == 1
        assert told("dispute_still_open") == {world.mia: 1, second: 1, world.max: 2}
        assert stored(dispute_id).state is DisputeState.PROPOSED

    def test_nobody_who_is_a_side(self, world: World, make: Make) -> None:
        dispute_id = make.dispute(make.lead(world.mia, mobile=PHONE), world.ben, opened_at=NOW - 2 * DAY)
        assert rule.see_to(NOW) == 0
        assert (told("dispute_still_open"), stored(dispute_id).state) == ({}, DisputeState.OPEN)


class TestGoingUp:
    def test_of_one_branch_to_the_superior_and_again(self, world: World, make: Make, lead: int) -> None:
        dispute_id = make.dispute(lead, world.ben, opened_at=NOW - 7 * DAY)
        assert [rule.see_to(NOW), rule.see_to(NOW)] == [2, 0]
        assert told("dispute_goes_up") == told("dispute_goes_up", Message) == {world.eva: 1}
        with as_person(world.eva, readonly=True) as work:
            (line,) = notices.inbox(work)
            assert disputes.of_lead(work, lead_id=lead)[0].id == dispute_id
        assert ("Mia" in line.body, line.record_id) == (True, dispute_id)
        for days in range(1, 8):
            rule.see_to(NOW + days * DAY)
        assert (told("dispute_goes_up"), told("dispute_still_open")) == ({world.eva: 2}, {world.mia: 8})
        assert stored(dispute_id).state is DisputeState.OPEN

    def test_without_a_superior_to_the_administrators(self, world: World, make: Make, lead: int) -> None:
        change(User, world.mia, superior_id=None)
        make.dispute(lead, world.ben, opened_at=NOW - 7 * DAY)
        rule.see_to(NOW)
        assert told("dispute_goes_up") == {world.adam: 1}

    @pytest.mark.parametrize(("setting", "holder", "state"), [("keep", "anna", "kept"), ("give", "carl", "given")])
    def test_of_two_branches_the_setting_decides(
        self, world: World, make: Make, lead: int, setting: str, holder: str, state: str
    ) -> None:
        set_(dispute_without_agreement=setting, dispute_days=3)
        dispute_id = make.dispute(lead, world.carl, other_branch_id=world.hefei, opened_at=NOW - 3 * DAY)
        assert [rule.see_to(NOW - HOUR), rule.see_to(NOW), rule.see_to(NOW)] == [1, 1, 0]
        row = stored(dispute_id)
        assert (row.state.value, row.decided_by_id, row.decided_at, row.agreed) == (state, None, NOW, None)
        assert owner(lead) == world.people[holder]
        everybody = {world.anna, world.carl, world.mia, world.max}
        assert set(told(f"dispute_settled_{state}")) == everybody - ({world.carl} if state == "given" else set())
        with work_as_system("look", readonly=True) as work:
            of_lead = (Event.kind == "lead", Event.record_id == lead, Event.actor_id.is_(None))
            assert f"dispute_{state}" in work.scalars(select(Event.action).where(*of_lead))
        with as_person(world.carl, readonly=True) as work:
            assert state == "kept" or ("Dealer CRM assigned" in notices.inbox(work)[0].body)

    def test_where_every_manager_is_a_side_the_setting_decides(self, world: World, make: Make) -> None:
        set_(dispute_without_agreement="give")
        lead_id = make.lead(world.mia, mobile=PHONE)
        make.dispute(lead_id, world.ben, opened_at=NOW - 7 * DAY)
        assert rule.see_to(NOW) == 1
        assert owner(lead_id) == world.ben

    def test_a_second_word_that_never_comes(self, world: World, make: Make, as_: As, lead: int) -> None:
        dispute_id = make.dispute(lead, world.carl, other_branch_id=world.hefei, opened_at=NOW - HOUR)
        with as_(world.max) as work:
            disputes.decide(work, dispute_id=dispute_id, reason="Ours", to_user_id=world.carl)
        rule.see_to(NOW + 7 * DAY)
        assert (stored(dispute_id).state, owner(lead)) == (DisputeState.KEPT, world.anna)
        with as_(world.anna, readonly=True) as work:
            (entry,) = disputes.of_lead(work, lead_id=lead)
        assert (entry.decided_by, entry.decision, entry.agreed) == (None, None, None)

    @pytest.mark.parametrize("gone", ["claimant", "lead"])
    def test_it_stays_where_it_cannot_go(self, world: World, make: Make, lead: int, gone: str) -> None:
        """Who has left gets nothing; what was converted before it was disputed about stays as well."""
        set_(dispute_without_agreement="give")
        dispute_id = make.dispute(lead, world.carl, other_branch_id=world.hefei, opened_at=NOW - 7 * DAY)
        if gone == "claimant":
            change(User, world.carl, active=False)
        else:
            change(Lead, lead, state=LeadState.CONVERTED, converted_at=NOW)
        rule.see_to(NOW)
        assert (stored(dispute_id).state, owner(lead)) == (DisputeState.KEPT, world.anna)

    def test_nobody_settles_by_hand(self, world: World, make: Make, as_: As, lead: int) -> None:
        dispute_id = make.dispute(lead, world.carl, other_branch_id=world.hefei)
        with as_(world.mia) as work, pytest.raises(Refused):
            disputes.settle(work, dispute_id=dispute_id)
