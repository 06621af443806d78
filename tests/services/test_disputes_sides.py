"""Nobody decides a dispute in which they are a side, neither as the manager nor as a stand-in (ASG-4, ADM-1)."""

import pytest

from db.models import DisputeState, Lead, Role, User
from services import disputes
from services.core.errors import NotFound, Refused
from services.core.work import work_as_system
from tests.factories import DAY, NOW, As, Make, World
from tests.services.disputing import PHONE, claim, decide, owner, stored, told


@pytest.fixture
def lead(make: Make, world: World) -> int:
    """Anna's lead, which others know by its phone."""
    return make.lead(world.anna, mobile=PHONE)


class TestStandingIn:
    """ADM-1: who stands in for the manager decides, but never what they opened themselves."""

    def test_for_a_manager_of_the_other_branch(self, world: World, make: Make, as_: As) -> None:
        theirs = make.lead(world.carl, mobile=PHONE)
        make.absence(world.mia, stand_in_id=world.sun)
        dispute_id = claim(as_, world.anna)
        with as_(world.sun, readonly=True) as work:
            (entry,) = disputes.entries(work, view="waiting")
            assert (entry.id, entry.lead_id, entry.owner) == (dispute_id, None, None)
            assert disputes.count_waiting(work) == 1
        with as_(world.sun, at=NOW + DAY) as work, pytest.raises((NotFound, Refused)):
            disputes.decide(work, dispute_id=dispute_id, reason="Ours")
        with as_(world.sun, readonly=True) as work, pytest.raises(NotFound):
            work.get(Lead, theirs)
        decide(as_, world.sun, dispute_id, to=world.anna)
        assert stored(dispute_id).state is DisputeState.PROPOSED

    def test_nobody_decides_what_they_opened(self, world: World, make: Make, as_: As) -> None:
        make.lead(world.pia, mobile=PHONE)
        make.absence(world.mia, stand_in_id=world.sun)
        dispute_id = claim(as_, world.sun)
        with as_(world.sun, readonly=True) as work:
            assert disputes.count_waiting(work) == 0
            (entry,) = disputes.entries(work, view="mine")
            assert entry.allowed == {"withdraw"}
        for to in (None, world.sun):
            with pytest.raises(Refused, match="Somebody else decides"):
                decide(as_, world.sun, dispute_id, to)
        decide(as_, world.mia, dispute_id)
        assert stored(dispute_id).state is DisputeState.KEPT


class TestTheOwnMatter:
    """ASG-4, as in CON-5: who is a side in a dispute does not decide it; a colleague does."""

    def test_the_manager_who_has_the_lead(self, world: World, make: Make, as_: As) -> None:
        make.lead(world.mia, mobile=PHONE)
        second = make.user("Second", role=Role.BRANCH_MANAGER)
        dispute_id = claim(as_, world.ben)
        assert told() == {(second, "dispute_to_decide"), (world.mia, "dispute_about_yours")}
        _refused(as_, world.mia, dispute_id, offered={"reply"})
        with as_(second, readonly=True) as work:
            assert disputes.count_waiting(work) == 1
        decide(as_, second, dispute_id, to=world.ben)
        assert stored(dispute_id).state is DisputeState.GIVEN

    def test_the_manager_who_is_to_have_it(self, world: World, as_: As, make: Make, lead: int) -> None:
        with as_(world.adam) as work:
            dispute_id = disputes.begin(work, lead_id=lead, reason="A large customer", claimant_id=world.mia)
        _refused(as_, world.mia, dispute_id, offered={"reply"})
        decide(as_, make.user("Second", role=Role.BRANCH_MANAGER), dispute_id, to=world.mia)
        assert owner(lead) == world.mia

    def test_a_stand_in_who_has_the_lead(self, world: World, make: Make, as_: As) -> None:
        make.lead(world.sun, mobile=PHONE)
        make.absence(world.mia, stand_in_id=world.sun)
        dispute_id = claim(as_, world.ben)
        _refused(as_, world.sun, dispute_id, offered={"reply"})
        decide(as_, world.mia, dispute_id)
        assert stored(dispute_id).state is DisputeState.KEPT

    def test_of_two_branches(self, world: World, make: Make, as_: As) -> None:
        make.lead(world.mia, mobile=PHONE)
        dispute_id = claim(as_, world.carl)
        _refused(as_, world.mia, dispute_id, offered={"reply"})
        decide(as_, world.max, dispute_id, to=world.carl)
        _refused(as_, world.mia, dispute_id, offered={"reply"})

    def test_who_opened_it_and_was_promoted_since(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben)
        with work_as_system("Ben is promoted", at=NOW) as work:
            work.get(User, world.ben).role = Role.BRANCH_MANAGER
        _refused(as_, world.ben, dispute_id, offered=set())


def _refused(as_: As, person: int, dispute_id: int, *, offered: set[str]) -> None:
    """Neither refused only at the click nor waiting in the inbox."""
    with as_(person, readonly=True) as work:
        assert disputes.count_waiting(work) == 0
        (entry,) = disputes.entries(work, view="mine")
        assert entry.allowed == offered
    with pytest.raises(Refused, match="Somebody else decides"):
        decide(as_, person, dispute_id)
