"""Contacts who work for another customer now: moved by who may, proposed by the others (CON-5)."""

import pytest
from sqlalchemy import select

from db.models import Contact, ContactAccount, Event
from services import contact_requests, contacts, integrity
from services.core.errors import Invalid, NotFound, Refused
from services.core.work import work_as_system
from tests.factories import DAY, NOW, As, Make, World


@pytest.fixture
def contact(make: Make, world: World) -> int:
    """王建国, with whom Anna has direct business."""
    return make.contact(make.account(team={world.anna: "machines"}))


class TestMove:
    """CON-5: leaving for another customer moves the contact, history kept."""

    def test_the_old_tie_ends_and_a_new_main_one_begins(self, world: World, as_: As, make: Make, contact: int) -> None:
        other = make.account("乙公司")
        with as_(world.anna) as work:
            contacts.move(work, contact_id=contact, account_id=other)
        with as_(world.anna, readonly=True) as work:
            places = [(row.name, row.main, row.until) for row in contacts.card(work, contact_id=contact).accounts]
        assert places == [("乙公司", True, None), ("徐工机械有限公司", False, NOW.date())]
        with pytest.raises(Refused), as_(world.anna) as work:
            contacts.change(work, contact_id=contact, changes={"notes": "x"})

    def test_a_rep_without_the_right_proposes_it(self, world: World, as_: As, make: Make, contact: int) -> None:
        other, there = make.account("乙公司"), make.account("合肥公司", branch_id=world.hefei)
        with pytest.raises(NotFound), as_(world.ben) as work:
            contact_requests.propose_move(work, contact_id=contact, account_id=there)
        with as_(world.ben) as work:
            request_id = contact_requests.propose_move(work, contact_id=contact, account_id=other)
        with as_(world.mia) as work:
            contact_requests.accept(work, request_id=request_id)
        with as_(world.ben, readonly=True) as work:
            assert contacts.card(work, contact_id=contact).accounts[0].id == other

    def test_nobody_proposes_where_the_contact_works_already(self, world: World, as_: As, contact: int) -> None:
        with as_(world.ben, readonly=True) as work:
            here = contacts.main_account_id(work, contact_id=contact)
        with pytest.raises(Invalid, match="account_id"), as_(world.ben) as work:
            contact_requests.propose_move(work, contact_id=contact, account_id=here or 0)

    def test_whoever_moves_reports_to_nobody_at_the_old_customer(
        self, world: World, as_: As, make: Make, contact: int
    ) -> None:
        """CON-5: other ties stay within the branch; to another branch none goes along open."""
        second, there = make.account("丙公司"), make.account("合肥公司", branch_id=world.hefei)
        next_one, boss = make.account("乙公司"), make.contact(second, "张三丰")
        with as_(world.adam) as work:
            contacts.change(work, contact_id=contact, changes={"reports_to_id": boss})
            contacts.tie(work, contact_id=contact, account_id=second)
        for account_id, still_there in ((next_one, True), (there, False)):
            with as_(world.adam) as work:
                contacts.move(work, contact_id=contact, account_id=account_id)
            with work_as_system("look", at=NOW, readonly=True) as work:
                both = (ContactAccount.account_id == second, ContactAccount.contact_id == contact)
                ties = select(ContactAccount.until).where(*both)
                assert (work.scalar(ties) is None) is still_there
                assert work.get(Contact, contact).reports_to_id is None

    def test_across_branches_only_by_the_data_administrator(
        self, world: World, as_: As, make: Make, contact: int
    ) -> None:
        other = make.account("合肥公司", branch_id=world.hefei, team={world.carl: "machines"})
        request_id = make.request(contact, world.ben)
        for person in (world.anna, world.mia):
            with pytest.raises(NotFound), as_(person) as work:
                contacts.move(work, contact_id=contact, account_id=other)
        with as_(world.adam) as work:
            contacts.move(work, contact_id=contact, account_id=other)
        with as_(world.carl, at=NOW + DAY) as work:
            contacts.change(work, contact_id=contact, changes={"notes": "x"})
            happened = work.scalars(select(Event.changes).where(Event.action == "moved"))
            assert "徐工机械有限公司" not in str(happened)
        with as_(world.max) as work:
            contact_requests.refuse(work, request_id=request_id, answer="He is with us now")
        with as_(world.mia, readonly=True) as work, pytest.raises(NotFound):
            contacts.card(work, contact_id=contact)
        with work_as_system("check", at=NOW) as work:
            assert integrity.problems(work) == []

    def test_to_where_the_contact_works_already(self, world: World, as_: As, contact: int) -> None:
        with as_(world.anna, readonly=True) as work:
            here = contacts.main_account_id(work, contact_id=contact)
        with pytest.raises(Invalid, match="account_id"), as_(world.anna) as work:
            contacts.move(work, contact_id=contact, account_id=here or 0)
