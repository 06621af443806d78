"""Somebody disagrees with who has a lead: opened, answered, decided once and for all (ASG-4)."""

import pytest
from sqlalchemy import select

from db.models import DisputeState, Event, Lead, Role, User, UserLine
from services import assignment, conversion, disputes, leads, notices, organisation
from services.core.errors import Invalid, NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import DAY, NOW, As, Make, World
from tests.races import race, winners
from tests.services.disputing import PHONE, claim, decide, owner, stored, told
from tests.services.handing import hand_over


@pytest.fixture
def lead(make: Make, world: World) -> int:
    """Anna's lead, which others may know by its phone."""
    return make.lead(
        world.anna, mobile=PHONE, topic="两台挖掘机", company="徐州大地土方有限公司", name_key="徐州大地土方"
    )


class TestOpening:
    def test_by_the_owner(self, world: World, as_: As, lead: int) -> None:
        with pytest.raises(Invalid, match="reason"), as_(world.anna) as work:
            disputes.begin(work, lead_id=lead, reason="  ")
        with as_(world.anna) as work:
            dispute_id = disputes.begin(work, lead_id=lead, reason="Not my line")
        assert (stored(dispute_id).state, owner(lead)) == (DisputeState.OPEN, world.anna)
        assert told() == {(world.mia, "dispute_to_decide")}

    def test_by_a_rep_with_a_claim_who_knows_the_phone(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben, "139 1111-0000")
        assert told() == {(world.mia, "dispute_to_decide"), (world.anna, "dispute_about_yours")}
        with as_(world.ben, readonly=True) as work:
            (entry,) = disputes.entries(work, view="mine")
            assert (entry.id, entry.lead_id, entry.owner) == (dispute_id, None, None)
            assert "两台挖掘机" not in str(entry)
            with pytest.raises(NotFound):
                leads.card(work, lead_id=lead)

    @pytest.mark.parametrize("sought", ["徐州大地土方有限公司", " 徐州大地土方 (有限公司)", "+86 139 1111 0000"])
    def test_by_what_people_write(self, world: World, as_: As, lead: int, sought: str) -> None:
        assert claim(as_, world.ben, sought)

    def test_of_several_known_by_it_the_own_branchs_is_meant(self, world: World, as_: As, make: Make) -> None:
        """ASG-4: then the one that was assigned last."""
        make.lead(world.carl, mobile=PHONE, assigned_at=NOW)
        newer = make.lead(world.pia, mobile=PHONE, assigned_at=NOW - DAY)
        make.lead(world.anna, mobile=PHONE, assigned_at=NOW - 2 * DAY)
        assert stored(claim(as_, world.ben)).lead_id == newer

    def test_one_of_which_nobody_knows_since_when_comes_after_all_others(
        self, world: World, as_: As, make: Make
    ) -> None:
        """ASG-4, on both databases: one leads nobody to an old record while a colleague works on a fresh one."""
        known = make.lead(world.pia, mobile=PHONE, assigned_at=NOW - DAY)
        make.lead(world.anna, mobile=PHONE)
        assert stored(claim(as_, world.ben)).lead_id == known

    def test_by_the_data_administrator_for_somebody_of_another_branch(self, world: World, as_: As, lead: int) -> None:
        with as_(world.adam) as work:
            dispute_id = disputes.begin(work, lead_id=lead, reason="Hefei region", claimant_id=world.carl)
        assert stored(dispute_id).other_branch_id == world.hefei
        kinds = {"dispute_to_decide": {world.mia, world.max}, "dispute_about_yours": {world.anna, world.carl}}
        assert told() == {(person, kind) for kind, people in kinds.items() for person in people}
        with as_(world.max, readonly=True) as work:
            (entry,) = disputes.entries(work, view="waiting")
        assert (entry.subject, entry.lead_id, entry.owner) == (PHONE, None, None)

    def test_all_that_is_missing_is_named_at_once(self, world: World, as_: As) -> None:
        """ASG-4: what is sought and the reason, so that nobody has to send the form twice."""
        with pytest.raises(Invalid) as problem, as_(world.ben) as work:
            disputes.claim(work, sought="", reason="")
        assert set(problem.value.fields) == {"sought", "reason"}

    def test_one_answer_for_all_that_cannot_be_claimed(self, world: World, as_: As, make: Make) -> None:
        """ALL-7: unknown, unassigned, closed, hidden, the own one: in the same words."""
        reason = world.codes["no_need"]
        make.lead(mobile="13900000001")
        make.lead(world.anna, mobile="13900000002", state="disqualified", disqualify_reason_id=reason)
        make.lead(world.anna, mobile="13900000003", deleted_at=NOW)
        make.lead(world.ben, mobile="13900000004")
        make.lead(world.anna, mobile="13900000005", state="converted", converted_at=NOW)
        answers = set()
        for number in range(7):
            with pytest.raises(Refused) as refusal:
                claim(as_, world.ben, f"1390000000{number}")
            answers.add(str(refusal.value))
        with pytest.raises(Refused) as refusal:
            claim(as_, world.ben, "%")
        assert answers | {str(refusal.value)} == {str(refusal.value)}

    @pytest.mark.parametrize("name", ["mia", "ruth", "eva", "hanna", "adam"])
    def test_who_has_no_leads_claims_none(self, world: World, as_: As, lead: int, name: str) -> None:
        with pytest.raises(Refused):
            claim(as_, world.people[name])

    def test_who_neither_has_it_nor_keeps_the_data(self, world: World, as_: As, lead: int) -> None:
        for person in (world.ben, world.sun, world.mia, world.carl, world.ruth):
            with pytest.raises((Refused, NotFound)), as_(person) as work:
                disputes.begin(work, lead_id=lead, reason="x")

    def test_who_is_offered_it(self, world: World, as_: As, make: Make, lead: int) -> None:
        """ASG-4: nobody is offered what would be refused."""
        unowned = make.lead()
        for person, lead_id, offered in ((world.anna, lead, True), (world.adam, lead, True), (world.mia, lead, False)):
            with as_(person, readonly=True) as work:
                assert disputes.may_begin(work, lead_id=lead_id) is offered
        with as_(world.adam, readonly=True) as work:
            assert disputes.may_begin(work, lead_id=unowned) is False

    def test_only_what_somebody_has_is_disputed(self, world: World, as_: As, make: Make) -> None:
        unowned, closed = make.lead(), make.lead(world.anna, state="converted", converted_at=NOW)
        with pytest.raises(Refused, match="Only a lead"), as_(world.adam) as work:
            disputes.begin(work, lead_id=unowned, reason="x")
        with pytest.raises(Refused, match="Only a lead"), as_(world.anna) as work:
            disputes.begin(work, lead_id=closed, reason="x")

    def test_people_of_a_branch_name_their_own(self, world: World, as_: As, lead: int) -> None:
        for wrong in (world.carl, world.anna, world.eva):
            with pytest.raises(Invalid, match="claimant_id"), as_(world.anna) as work:
                disputes.begin(work, lead_id=lead, reason="x", claimant_id=wrong)
        with as_(world.anna) as work:
            disputes.begin(work, lead_id=lead, reason="x", claimant_id=world.ben)

    def test_a_second_one_while_the_first_is_open(self, world: World, as_: As, lead: int) -> None:
        claim(as_, world.ben)
        for person in (world.ben, world.pia):
            with pytest.raises(Refused, match="already"):
                claim(as_, person)
        with pytest.raises(Refused, match="already"), as_(world.anna) as work:
            disputes.begin(work, lead_id=lead, reason="x")

    @pytest.mark.parametrize("_round", range(3))
    def test_two_who_claim_at_once(self, world: World, as_: As, lead: int, _round: int) -> None:
        outcomes = race(lambda: claim(as_, world.ben), lambda: claim(as_, world.pia))
        assert len(winners(outcomes)) == 1

    def test_the_index_says_it_in_words(self, world: World, make: Make, lead: int) -> None:
        make.dispute(lead, world.ben)
        with pytest.raises(Refused, match="already an open dispute"):
            make.dispute(lead, world.pia)


class TestWhileOpen:
    def test_it_is_still_so_while_the_other_branch_has_not_answered(self, world: World, as_: As, lead: int) -> None:
        """ASG-4: one of two managers has spoken; nothing is decided yet."""
        decide(as_, world.max, claim(as_, world.carl), world.carl)
        with pytest.raises(Refused, match="open dispute"), as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead], to_user_id=world.ben)
        with as_(world.anna, readonly=True) as work:
            listed = fetch(work, leads.LIST, ListRequest(filters={"view": "disputed"})).rows
            assert [(row["id"], row["disputed"]) for row in listed] == [(lead, True)]
            assert disputes.may_begin(work, lead_id=lead) is False

    def test_it_stays_with_its_owner_and_is_marked(self, world: World, as_: As, lead: int) -> None:
        claim(as_, world.ben)
        for person, to in ((world.mia, world.ben), (world.adam, world.carl)):
            with pytest.raises(Refused, match="open dispute"), as_(person) as work:
                leads.assign_to(work, lead_ids=[lead], to_user_id=to)
        with pytest.raises(Refused, match="open dispute"), as_(world.mia) as work:
            leads.delete(work, lead_id=lead, reason="x")
        with as_(world.anna) as work:
            leads.record_contact(work, lead_id=lead)
            listed = fetch(work, leads.LIST, ListRequest(filters={"view": "disputed"})).rows
            assert [(row["id"], row["disputed"]) for row in listed] == [(lead, True)]
            assert "assign" not in leads.card(work, lead_id=lead).allowed
        assert owner(lead) == world.anna

    def test_it_is_neither_converted_nor_given_up(self, world: World, as_: As, lead: int) -> None:
        """ASG-4: or the decision to give it to somebody would come to nothing; once it is decided or withdrawn it goes on."""
        dispute_id, reason = claim(as_, world.ben), world.codes["no_need"]
        with as_(world.anna, readonly=True) as work:
            assert not {"convert", "disqualify"} & leads.card(work, lead_id=lead).allowed
        with pytest.raises(Refused, match="open dispute"), as_(world.anna) as work:
            conversion.convert(work, lead_id=lead, account=conversion.New())
        with pytest.raises(Refused, match="open dispute"), as_(world.anna) as work:
            leads.disqualify(work, lead_id=lead, disqualify_reason_id=reason)
        with as_(world.ben) as work:
            disputes.withdraw(work, dispute_id=dispute_id)
        with as_(world.anna) as work:
            assert {"convert", "disqualify"} <= leads.card(work, lead_id=lead).allowed
            conversion.convert(work, lead_id=lead, account=conversion.New())

    def test_a_handover_makes_the_successor_a_side(self, world: World, as_: As, make: Make, lead: int) -> None:
        """ADM-6: whoever leaves can hand everything over."""
        dispute_id = claim(as_, world.ben)
        hand_over(as_, world.adam, world.anna, world.sun)
        assert (owner(lead), stored(dispute_id).owner_id) == (world.sun, world.sun)
        with as_(world.sun) as work:
            disputes.reply(work, dispute_id=dispute_id, words="I know him as well")
        decide(as_, world.mia, dispute_id)
        with pytest.raises(Refused, match="final"):
            claim(as_, world.ben)

    def test_the_other_side_tells_its_own(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben)
        for person in (world.ben, world.pia, world.carl):
            with pytest.raises((Refused, NotFound)), as_(person) as work:
                disputes.reply(work, dispute_id=dispute_id, words="x")
        with as_(world.anna) as work:
            disputes.reply(work, dispute_id=dispute_id, words="I visited him in May")
        assert (world.ben, "dispute_replied") in told()
        with as_(world.mia, readonly=True) as work:
            (entry,) = disputes.of_lead(work, lead_id=lead)
        assert (entry.reason, entry.reply) == ("He called me first", "I visited him in May")

    def test_withdrawn_by_who_opened_it(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben)
        with pytest.raises(Refused), as_(world.anna) as work:
            disputes.withdraw(work, dispute_id=dispute_id)
        with as_(world.ben) as work:
            disputes.withdraw(work, dispute_id=dispute_id)
        assert {(world.anna, "dispute_withdrawn"), (world.mia, "dispute_withdrawn")} <= told()
        assert claim(as_, world.pia)


class TestDeciding:
    def test_it_stays(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben)
        with pytest.raises(Invalid, match="reason"), as_(world.mia) as work:
            disputes.decide(work, dispute_id=dispute_id, reason=" ")
        decide(as_, world.mia, dispute_id)
        assert (stored(dispute_id).state, owner(lead)) == (DisputeState.KEPT, world.anna)
        assert {(world.ben, "dispute_kept"), (world.anna, "dispute_kept")} <= told()
        with as_(world.anna, readonly=True) as work:
            notes = work.rows(select(Event.action, Event.note).where(Event.kind == "lead").order_by(Event.id))
        assert [tuple(row) for row in notes] == [("disputed", "He called me first"), ("dispute_kept", "Older customer")]

    def test_it_goes_to_who_claims_it(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben)
        decide(as_, world.mia, dispute_id, world.ben)
        assert (stored(dispute_id).state, owner(lead)) == (DisputeState.GIVEN, world.ben)
        assert {(world.ben, "lead_assigned"), (world.anna, "lead_taken_away"), (world.anna, "dispute_given")} <= told()
        with as_(world.anna, readonly=True) as work:
            assert "Ben" in notices.inbox(work)[0].body
            assert [entry.lead_id for entry in disputes.entries(work, view="decided")] == [None]

    def test_the_decision_is_final(self, world: World, as_: As, lead: int) -> None:
        """Neither the assignment that was disputed nor the one that came of it; a later one is another matter."""
        dispute_id = claim(as_, world.ben)
        decide(as_, world.mia, dispute_id)
        with pytest.raises(Refused, match="final"):
            claim(as_, world.ben)
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead], to_user_id=world.pia)
        second = claim(as_, world.ben)
        decide(as_, world.mia, second, world.ben)
        with pytest.raises(Refused, match="final"):
            claim(as_, world.pia)
        with pytest.raises(Refused):
            decide(as_, world.mia, second)

    @pytest.mark.parametrize("name", ["anna", "ben", "sun", "max", "ruth", "adam", "eva"])
    def test_who_does_not_decide(self, world: World, as_: As, lead: int, name: str) -> None:
        dispute_id = claim(as_, world.ben)
        with pytest.raises((Refused, NotFound)):
            decide(as_, world.people[name], dispute_id)

    def test_to_nobody_else(self, world: World, as_: As, lead: int, make: Make) -> None:
        dispute_id, gone = claim(as_, world.ben), make.user("Gone", active=False)
        for wrong in (world.carl, world.anna, world.adam, gone):
            with pytest.raises(Invalid, match="to_user_id"):
                decide(as_, world.mia, dispute_id, wrong)
        decide(as_, world.mia, dispute_id, world.pia)
        assert owner(lead) == world.pia

    def test_what_was_given_counts_as_a_turn(self, world: World, as_: As, make: Make, lead: int) -> None:
        """ASG-2: whoever gets a lead by a decision was given something; the rules pass on to the next."""
        make.rule(world.ben, world.pia)
        make.lead(world.pia)  # as many open ones as Ben will have: only the turn tells them apart
        next_one = make.lead(line="machines")
        with work_as_system("Pia sells machines too", at=NOW) as work:
            work.also(UserLine(user_id=world.pia, line="machines"))
        decide(as_, world.mia, claim(as_, world.ben), world.ben)
        with as_(world.adam, readonly=True) as work:
            assert [(one.lead_id, one.user_id) for one in assignment.proposals(work)] == [(next_one, world.pia)]

    def test_what_was_converted_meanwhile_can_only_stay(self, world: World, as_: As, lead: int) -> None:
        dispute_id = claim(as_, world.ben)
        with work_as_system("converted", at=NOW) as work:
            row = work.get(Lead, lead)
            row.state, row.converted_at = leads.LeadState.CONVERTED, NOW
        with pytest.raises(Refused, match="converted"):
            decide(as_, world.mia, dispute_id, world.ben)
        decide(as_, world.mia, dispute_id)

    @pytest.mark.parametrize("_round", range(3))
    def test_decided_by_two_at_once(self, world: World, as_: As, make: Make, lead: int, _round: int) -> None:
        second = make.user("Second", role=Role.BRANCH_MANAGER)
        dispute_id = claim(as_, world.ben)
        outcomes = race(lambda: decide(as_, world.mia, dispute_id), lambda: decide(as_, second, dispute_id, world.ben))
        (winner,) = winners(outcomes)
        assert owner(lead) == (world.anna, world.ben)[winner]


class TestTwoBranches:
    """The managers of both branches: agreement, else the head office's setting."""

    @pytest.fixture
    def dispute(self, as_: As, world: World, lead: int) -> int:
        return claim(as_, world.carl)

    def test_both_give(self, world: World, as_: As, lead: int, dispute: int) -> None:
        decide(as_, world.max, dispute, world.carl)
        assert (stored(dispute).state, owner(lead)) == (DisputeState.PROPOSED, world.anna)
        assert (world.mia, "dispute_proposed") in told()
        decide(as_, world.mia, dispute, world.carl)
        row = stored(dispute)
        assert (row.state, row.agreed, owner(lead)) == (DisputeState.GIVEN, True, world.carl)
        with as_(world.carl, readonly=True) as work:
            assert leads.card(work, lead_id=lead).topic == "两台挖掘机"

    def test_the_second_one_may_be_who_does_not_see_the_lead(
        self, world: World, as_: As, lead: int, dispute: int
    ) -> None:
        decide(as_, world.mia, dispute, world.carl)
        with as_(world.max, readonly=True) as work, pytest.raises(NotFound):
            leads.card(work, lead_id=lead)
        decide(as_, world.max, dispute, world.carl)
        assert owner(lead) == world.carl

    def test_each_manager_names_the_own_people_or_the_claimant(
        self, world: World, as_: As, make: Make, lead: int, dispute: int
    ) -> None:
        """ASG-4: nobody gives a lead to another branch's rep who does not claim it."""
        other = make.user("Dora", branch_id=world.hefei, lines=["machines"])
        with pytest.raises(Invalid, match="to_user_id"):
            decide(as_, world.mia, dispute, other)
        decide(as_, world.max, dispute, other)
        assert stored(dispute).proposed_to_id == other

    def test_both_keep(self, world: World, as_: As, lead: int, dispute: int) -> None:
        decide(as_, world.mia, dispute)
        decide(as_, world.max, dispute)
        assert (stored(dispute).state, stored(dispute).agreed, owner(lead)) == (DisputeState.KEPT, True, world.anna)

    @pytest.mark.parametrize(("setting", "holder"), [("keep", "anna"), ("give", "carl")])
    @pytest.mark.parametrize("first", ["mia", "max"])
    def test_without_agreement_as_the_head_office_has_set_it(
        self, world: World, as_: As, lead: int, dispute: int, setting: str, holder: str, first: str
    ) -> None:
        with as_(world.adam) as work:
            organisation.change_settings(work, changes={"dispute_without_agreement": setting})
        with pytest.raises(Invalid), as_(world.adam) as work:
            organisation.change_settings(work, changes={"dispute_without_agreement": "toss"})
        votes = {"mia": None, "max": world.carl}
        for name in (first, "max" if first == "mia" else "mia"):
            decide(as_, world.people[name], dispute, votes[name])
        assert (owner(lead), stored(dispute).agreed) == (world.people[holder], False)

    def test_nobody_decides_twice(self, world: World, as_: As, lead: int, make: Make, dispute: int) -> None:
        """Neither the person, also from the other branch by now, nor the branch."""
        second = make.user("Second", role=Role.BRANCH_MANAGER)
        decide(as_, world.mia, dispute, world.carl)
        for person in (world.mia, second):
            with pytest.raises(Refused, match="decided already"):
                decide(as_, person, dispute, world.carl)
        with work_as_system("Mia moves", at=NOW) as work:
            work.get(User, world.mia).branch_id = world.hefei
        with pytest.raises(Refused, match="decided already"):
            decide(as_, world.mia, dispute, world.carl)

    def test_a_claimant_who_left_gets_nothing_by_the_setting(
        self, world: World, as_: As, lead: int, dispute: int
    ) -> None:
        with as_(world.adam) as work:
            organisation.change_settings(work, changes={"dispute_without_agreement": "give"})
        decide(as_, world.max, dispute, world.carl)
        with work_as_system("Carl leaves", at=NOW) as work:
            work.get(User, world.carl).active = False
        decide(as_, world.mia, dispute)
        assert owner(lead) == world.anna

    def test_a_claimant_who_moved_to_the_owners_branch_gets_nothing_by_the_setting(
        self, world: World, as_: As, lead: int, dispute: int
    ) -> None:
        """ASG-4: what the other branch wanted for its rep is not the rep's for another branch."""
        with as_(world.adam) as work:
            organisation.change_settings(work, changes={"dispute_without_agreement": "give"})
        decide(as_, world.max, dispute, world.carl)
        with work_as_system("Carl moves", at=NOW) as work:
            work.get(User, world.carl).branch_id = world.nanjing
        decide(as_, world.mia, dispute)
        assert owner(lead) == world.anna

    @pytest.mark.parametrize("_round", range(3))
    def test_both_at_the_same_moment(self, world: World, as_: As, lead: int, dispute: int, _round: int) -> None:
        outcomes = race(
            lambda: decide(as_, world.mia, dispute, world.carl), lambda: decide(as_, world.max, dispute, world.carl)
        )
        assert (winners(outcomes), owner(lead)) == ([0, 1], world.carl)
