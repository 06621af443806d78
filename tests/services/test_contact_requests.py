"""Deletions of contacts that are asked for and approved, and changes that are proposed and accepted (CON-5, CON-6)."""

import random
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Contact, ContactRequest, Event, RequestState, Role
from services import contact_requests, contacts, notices
from services.core.errors import Invalid, NotFound, Refused, ServiceError, Stale
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import HOUR, NOW, As, Make, World
from tests.looking import gettable, stored, told
from tests.races import meanwhile, race, winners
from tests.statements import counted


@pytest.fixture
def contact(make: Make, world: World) -> int:
    """王建国, with whom Anna has direct business."""
    return make.contact(make.account(team={world.anna: "machines"}), job_title="设备经理")


def ask(as_: As, world: World, person: int, contact: int, remark: str = "上个月") -> int:
    with as_(person) as work:
        return contact_requests.ask_deletion(work, contact_id=contact, reason_id=world.codes["retired"], remark=remark)


class TestDeletion:
    """CON-5"""

    def test_asked_approved_hidden_told(self, world: World, as_: As, contact: int) -> None:
        request_id = ask(as_, world, world.anna, contact)
        assert told() == [(world.mia, "contact_deletion_asked")]
        with as_(world.mia, at=NOW + HOUR) as work:
            contact_requests.approve(work, request_id=request_id, answer="Right")
        for person in (world.anna, world.mia, world.adam):
            with as_(person, readonly=True) as work, pytest.raises(NotFound):
                contacts.card(work, contact_id=contact)
        request = stored(ContactRequest, request_id)
        assert (request.state, request.decided_by_id, request.answer) == (RequestState.APPROVED, world.mia, "Right")
        assert told()[1:] == [(world.anna, "contact_deletion_approved")]
        with as_(world.anna, readonly=True) as work:
            assert "王建国" in notices.inbox(work)[0].title

    def test_refused_with_a_word(self, world: World, as_: As, contact: int) -> None:
        request_id = ask(as_, world, world.ben, contact)
        with pytest.raises(Invalid, match="answer"), as_(world.mia) as work:
            contact_requests.refuse(work, request_id=request_id, answer=" ")
        with as_(world.mia) as work:
            contact_requests.refuse(work, request_id=request_id, answer="He is still there")
        with as_(world.ben, readonly=True) as work:
            assert contacts.card(work, contact_id=contact)
            assert [entry.answer for entry in contact_requests.entries(work, view="decided")] == ["He is still there"]
        assert told()[-1] == (world.ben, "contact_deletion_refused")

    @pytest.mark.parametrize("name", ["mia", "ruth", "eva", "hanna"])
    def test_whose_role_does_not_ask(self, world: World, as_: As, contact: int, name: str) -> None:
        """The branch manager has no own request, so that nobody ever approves it."""
        with pytest.raises(Refused):
            ask(as_, world, world.people[name], contact)

    @pytest.mark.parametrize("name", ["anna", "sun", "adam", "ruth", "eva", "max", "carl"])
    def test_who_does_not_approve(self, world: World, as_: As, contact: int, name: str) -> None:
        """Neither the asker nor the sales manager nor the data administrator nor another branch."""
        request_id = ask(as_, world, world.anna, contact)
        with pytest.raises((Refused, NotFound)), as_(world.people[name]) as work:
            contact_requests.approve(work, request_id=request_id)
        assert stored(ContactRequest, request_id).state is RequestState.PENDING

    def test_who_asked_and_then_became_the_manager_does_not_approve(
        self, world: World, as_: As, contact: int, make: Make
    ) -> None:
        request_id = make.request(contact, world.mia)
        with pytest.raises(Refused, match="Somebody else"), as_(world.mia) as work:
            contact_requests.approve(work, request_id=request_id)

    def test_a_second_one_is_refused_while_the_first_waits(self, world: World, as_: As, contact: int) -> None:
        """Also for somebody who cannot read the first."""
        request_id = ask(as_, world, world.anna, contact)
        for person in (world.anna, world.ben):
            with pytest.raises(Refused, match="already asked"):
                ask(as_, world, person, contact)
        with as_(world.anna) as work:
            contact_requests.withdraw(work, request_id=request_id)
        ask(as_, world, world.ben, contact)

    @pytest.mark.parametrize("_round", range(3))
    def test_two_who_ask_at_once(self, world: World, as_: As, contact: int, _round: int) -> None:
        outcomes = race(lambda: ask(as_, world, world.anna, contact), lambda: ask(as_, world, world.ben, contact))
        (winner,) = winners(outcomes)
        assert "already asked" in str(outcomes[1 - winner])

    def test_the_index_says_it_in_words(self, world: World, make: Make, contact: int) -> None:
        make.request(contact, world.anna)
        with pytest.raises(Refused, match="already asked"):
            make.request(contact, world.ben)

    @pytest.mark.parametrize("_round", range(3))
    def test_decided_by_two_at_once(self, world: World, as_: As, make: Make, contact: int, _round: int) -> None:
        second = make.user("Second", role=Role.BRANCH_MANAGER)
        request_id = ask(as_, world, world.anna, contact)

        def decide(person: int, approves: bool) -> None:
            with as_(person) as work:
                if approves:
                    contact_requests.approve(work, request_id=request_id)
                else:
                    contact_requests.refuse(work, request_id=request_id, answer="No")

        outcomes = race(lambda: decide(world.mia, True), lambda: decide(second, False))
        (winner,) = winners(outcomes)
        assert stored(ContactRequest, request_id).state is (RequestState.APPROVED, RequestState.REFUSED)[winner]
        assert told()[-1][1] == ("contact_deletion_approved", "contact_deletion_refused")[winner]

    def test_needs_a_reason_of_the_list_and_a_remark(self, world: World, as_: As, contact: int) -> None:
        for wrong in (None, 0, world.codes["visit"]):
            with pytest.raises(Invalid, match="reason_id"), as_(world.anna) as work:
                contact_requests.ask_deletion(work, contact_id=contact, reason_id=wrong, remark="上个月")
        with pytest.raises(Invalid, match="remark"):
            ask(as_, world, world.anna, contact, remark="  ")

    def test_the_branch_does_not_read_reason_and_remark(self, world: World, as_: As, contact: int) -> None:
        """The asker, the branch manager and the data administrator do; the history of the contact says nothing of it."""
        ask(as_, world, world.anna, contact, remark="ill")
        readers = {name for name, person in world.people.items() if _reads(as_, person)}
        assert readers == {"anna", "mia", "adam"}
        for name in ("ben", "sun", "ruth"):
            with as_(world.people[name], readonly=True) as work:
                notes = work.scalars(select(Event.note).where(Event.note.is_not(None)))
                assert "ill" not in notes

    def test_proposals_go_with_the_contact(self, world: World, as_: As, make: Make, contact: int) -> None:
        proposal = make.request(contact, world.ben, kind="change")
        request_id = ask(as_, world, world.anna, contact)
        with as_(world.mia) as work:
            contact_requests.approve(work, request_id=request_id)
        assert stored(ContactRequest, proposal).state is RequestState.WITHDRAWN
        assert (world.ben, "contact_change_gone") in told()

    def test_a_proposal_that_was_answered_meanwhile_stays_so(
        self, world: World, as_: As, make: Make, contact: int
    ) -> None:
        """CON-6: the answer is not written over."""
        proposal = make.request(contact, world.ben, kind="change")
        request_id = ask(as_, world, world.anna, contact)

        def approve() -> None:
            with as_(world.mia) as work:
                contact_requests.approve(work, request_id=request_id)

        meanwhile(
            as_(world.anna), lambda work: contact_requests.decline(work, request_id=proposal, answer="No"), approve
        )
        request = stored(ContactRequest, proposal)
        assert (request.state, request.decided_by_id) == (RequestState.REFUSED, world.anna)
        assert (world.ben, "contact_change_gone") not in told()


def _reads(as_: As, person: int) -> bool:
    with as_(person, readonly=True) as work:
        return bool(fetch(work, contact_requests.LIST, ListRequest()).total)


class TestChange:
    """CON-6"""

    def propose(self, as_: As, person: int, contact: int, **changes: Any) -> int:
        with as_(person) as work:
            return contact_requests.propose(work, contact_id=contact, changes=changes, remark="Met him")

    def test_accepted_with_one_click(self, world: World, as_: As, contact: int) -> None:
        request_id = self.propose(as_, world.ben, contact, job_title="队长", lines=["machines", "parts"], no_sms=True)
        assert told() == [(world.anna, "contact_change_proposed")]
        with as_(world.anna) as work:
            (entry,) = contact_requests.entries(work, view="waiting")
            assert entry.changes == {
                "job_title": ["设备经理", "队长"], "no_sms": [False, True], "lines": [["machines"], ["machines", "parts"]],
            }  # fmt: skip
            contact_requests.accept(work, request_id=request_id)
        with as_(world.ben, readonly=True) as work:
            values = contacts.card(work, contact_id=contact).values
        assert (values["job_title"], values["lines"], values["no_sms"]) == ("队长", ["machines", "parts"], True)
        assert told()[1:] == [(world.ben, "contact_change_accepted")]

    def test_checked_as_if_it_were_saved(self, world: World, as_: As, contact: int) -> None:
        """CON-1, CON-2: wrong values are refused beside their field; nothing new is no proposal."""
        for wrong in ({"name": "王先生123"}, {"mobile": "12"}, {"lines": ["boats"]}, {"name": ""}, {"branch_id": 2}):
            with pytest.raises(Invalid):
                self.propose(as_, world.ben, contact, **wrong)
        with pytest.raises(Refused, match="Nothing differs"):
            self.propose(as_, world.ben, contact, job_title="设备经理")
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert work.get(Contact, contact).version == 1

    def test_reading_takes_as_many_statements_for_many(self, world: World, as_: As, make: Make, contact: int) -> None:
        """ALL-2: the present product lines and customers of all of them are read at once."""
        other = make.account("别的公司")

        def propose(contact_id: int) -> None:
            with as_(world.pia) as work:
                contact_requests.propose(work, contact_id=contact_id, changes={"lines": ["machines", "service"]})
                contact_requests.propose_move(work, contact_id=contact_id, account_id=other)

        def read() -> int:
            with as_(world.mia, readonly=True) as work:
                return counted(lambda: contact_requests.entries(work, view="waiting"))

        propose(contact)
        few = read()
        for name in ("李娜", "赵敏", "孙强"):
            propose(make.contact(make.account(f"{name}的公司", team={world.anna: "machines"}), name))
        assert read() == few

    def test_who_may_change_it_does_so(self, world: World, as_: As, contact: int) -> None:
        for person in (world.anna, world.sun, world.adam):
            with pytest.raises(Refused, match="yourself"):
                self.propose(as_, person, contact, job_title="x")

    def test_what_changed_since_is_shown_and_not_overwritten_silently(
        self, world: World, as_: As, contact: int
    ) -> None:
        """ALL-4: with the version that was shown, it is overwritten knowingly."""
        request_id = self.propose(as_, world.ben, contact, job_title="队长")
        with as_(world.anna) as work:
            contacts.change(work, contact_id=contact, changes={"job_title": "矿长", "notes": "x"})
        with as_(world.anna, readonly=True) as work:
            (entry,) = contact_requests.entries(work, view="waiting")
        assert (entry.by_now, entry.version) == ({"job_title": "矿长"}, 2)
        for seen in (None, 1):
            with pytest.raises(Stale), as_(world.anna) as work:
                contact_requests.accept(work, request_id=request_id, version=seen)
        with as_(world.anna) as work:
            contact_requests.accept(work, request_id=request_id, version=2)
        with as_(world.ben, readonly=True) as work:
            assert contacts.card(work, contact_id=contact).values["job_title"] == "队长"

    def test_nobody_proposes_or_moves_by_an_old_form(self, world: World, as_: As, make: Make, contact: int) -> None:
        """ALL-4: what the form showed has changed by now."""
        other = make.account("乙公司")
        with as_(world.anna) as work:
            contacts.change(work, contact_id=contact, changes={"job_title": "矿长"})
        with pytest.raises(Stale), as_(world.ben) as work:
            contact_requests.propose(work, contact_id=contact, changes={"job_title": "队长"}, version=1)
        with pytest.raises(Stale), as_(world.anna) as work:
            contacts.move(work, contact_id=contact, account_id=other, version=1)

    def test_other_fields_may_have_changed(self, world: World, as_: As, contact: int) -> None:
        request_id = self.propose(as_, world.ben, contact, job_title="队长")
        with as_(world.anna) as work:
            contacts.change(work, contact_id=contact, changes={"notes": "x"})
        with as_(world.adam) as work:
            contact_requests.accept(work, request_id=request_id)

    @pytest.mark.parametrize("name", ["ben", "pia", "ruth", "eva", "carl", "max"])
    def test_who_does_not_decide(self, world: World, as_: As, contact: int, name: str) -> None:
        request_id = self.propose(as_, world.ben, contact, job_title="队长")
        with pytest.raises((Refused, NotFound)), as_(world.people[name]) as work:
            contact_requests.accept(work, request_id=request_id)
        readers = {one for one, person in world.people.items() if _reads(as_, person)}
        assert readers == {"ben", "anna", "sun", "mia", "adam"}

    def test_the_right_to_decide_ends_with_direct_business(self, world: World, as_: As, contact: int) -> None:
        """CON-4: at that moment; the own proposal stays undecided when the right came to the asker."""
        request_id = self.propose(as_, world.ben, contact, job_title="队长")
        with as_(world.mia) as work:
            contacts.change(work, contact_id=contact, changes={"lines": []})
        with pytest.raises((Refused, NotFound)), as_(world.anna) as work:
            contact_requests.accept(work, request_id=request_id)

    def test_without_anybody_who_may_change_it_the_manager_hears(self, world: World, as_: As, make: Make) -> None:
        """CON-6: a customer without a team has no owner; the proposal still reaches somebody who can accept it."""
        request_id = self.propose(as_, world.ben, make.contact(make.account("无人的公司")), job_title="队长")
        assert told() == [(world.mia, "contact_change_proposed")]
        with as_(world.mia) as work:
            contact_requests.accept(work, request_id=request_id)

    def test_declined_with_a_word(self, world: World, as_: As, contact: int) -> None:
        request_id = self.propose(as_, world.ben, contact, job_title="队长")
        with pytest.raises(Invalid, match="answer"), as_(world.anna) as work:
            contact_requests.decline(work, request_id=request_id, answer=" ")
        with as_(world.anna) as work:
            contact_requests.decline(work, request_id=request_id, answer="He is not")
        assert told()[-1] == (world.ben, "contact_change_declined")
        with as_(world.ben, readonly=True) as work:
            assert contacts.card(work, contact_id=contact).values["job_title"] == "设备经理"


DECIDING = {
    "approve": ("delete", "approved"), "refuse": ("delete", "refused"), "accept": ("change", "approved"),
    "decline": ("change", "refused"), "withdraw": ("any", "withdrawn"),
}  # fmt: skip


@pytest.mark.walk
def test_random_walks_stay_in_the_table(world: World, as_: As, make: Make) -> None:
    """CON-5, CON-6: pending → approved, refused or withdrawn, once, by who may, never by the asker; each step leaves a line."""
    chance = random.Random(5)
    for _ in range(10):
        contact = make.contact(make.account(team={world.anna: "machines"}))
        kind = chance.choice(["delete", "change"])
        request_id = make.request(contact, chance.choice([world.anna, world.ben, world.sun]), kind=kind)
        steps = sum(_step(chance, world, as_, request_id, kind) for _ in range(15))
        with work_as_system("look", at=NOW, readonly=True) as work:
            of_request = (Event.kind == "contact_request", Event.record_id == request_id)
            assert len(work.scalars(select(Event.action).where(*of_request))) == steps <= 1


def _step(chance: random.Random, world: World, as_: As, request_id: int, kind: str) -> int:
    name, action = chance.choice(list(world.people)), chance.choice(list(DECIDING))
    answer = {"answer": "so"} if action in ("approve", "refuse", "decline") else {}
    before = stored(ContactRequest, request_id)
    try:
        with as_(world.people[name]) as work:
            getattr(contact_requests, action)(work, request_id=request_id, **answer)
    except ServiceError:
        assert stored(ContactRequest, request_id).state is before.state
        return 0
    needed, state = DECIDING[action]
    assert before.state is RequestState.PENDING
    assert needed in (kind, "any")
    assert (before.asked_by_id == world.people[name]) == (action == "withdraw")
    assert stored(ContactRequest, request_id).state.value == state
    return 1


def test_everybody_sees_the_same_everywhere(world: World, as_: As, make: Make) -> None:
    """ALL-7: list = get = search = count, in every view, for everybody and many requests."""
    chance, people = random.Random(3), list(world.people.values())
    askers = [world.anna, world.ben, world.sun, world.carl, world.adam]
    for number, (kind, branch) in enumerate(product(("delete", "change"), (world.nanjing, world.hefei) * 6)):
        team = {chance.choice(people): "machines"}
        contact = make.contact(
            make.account(f"公司{number}", branch_id=branch, team=team), f"王{'一二三四五六七八九'[number % 9]}"
        )
        make.request(contact, chance.choice(askers), kind=kind)
    for person in people:
        with as_(person, readonly=True) as work:
            listed = {row["id"] for row in fetch(work, contact_requests.LIST, ListRequest(size=100)).rows}
            got = {number for number in range(1, 40) if gettable(work, ContactRequest, number)}
            found = {row["id"] for row in fetch(work, contact_requests.LIST, ListRequest(search="wang", size=100)).rows}
            assert listed == got == found
            waiting = contact_requests.entries(work, view="waiting")
            assert len(waiting) == contact_requests.count_waiting(work)
            assert all({"approve", "accept"} & entry.allowed for entry in waiting)
            others = [entry for entry in contact_requests.entries(work, view="mine") if entry.allowed != {"withdraw"}]
            assert others == []
