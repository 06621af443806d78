"""What happens to a lead: assigned, contacted, given up, reopened, hidden; what the list and the page show of it."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Event, Lead, LeadState, Message, Notice, User
from services import activities, disputes, leads
from services.core.errors import Invalid, NotFound, Refused, ServiceError
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from services.time_rules import report_uncontacted
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.looking import stored, told
from tests.races import race, winners
from tests.statements import counted


class TestAssigning:
    """LEAD-4"""

    def test_the_rep_has_it_at_once_and_hears_of_it(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead()
        with as_(world.mia) as work:
            assert leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.anna, reason="Her region") == 1
        lead = stored(Lead, lead_id)
        assert (lead.state, lead.owner_id, lead.assigned_at, lead.assignment_no) == (
            LeadState.ASSIGNED,
            world.anna,
            NOW,
            1,
        )
        assert told() == [(world.anna, "lead_assigned")]
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert list(work.scalars(select(Message.user_id))) == [world.anna]

    def test_who_loses_it_is_told_without_a_link(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)
        assert sorted(told()) == [(world.anna, "lead_taken_away"), (world.ben, "lead_assigned")]
        with as_(world.anna, readonly=True) as work, pytest.raises(NotFound):
            leads.card(work, lead_id=lead_id)

    def test_only_the_head_office_gives_to_another_branch(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead()
        with pytest.raises(Invalid, match="to_user_id"), as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.carl)
        with as_(world.adam) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.carl)
        assert stored(Lead, lead_id).branch_id == world.hefei

    def test_a_sales_manager_gives_only_to_who_reports(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        with pytest.raises(Invalid, match="to_user_id"), as_(world.sun) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.pia)
        with as_(world.sun) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)

    def test_of_many_the_one_who_does_not_report_is_named(self, world: World, make: Make, as_: As) -> None:
        """ALL-6: not who happens to stand first."""
        those, people = [make.lead(world.anna) for _ in range(3)], (world.sun, world.pia, world.ben)
        with pytest.raises(Invalid, match="Pia does not report"), as_(world.sun) as work:  # noqa: PT012 - a Work ends it
            found = work.load_many(Lead, those, to="lead.assign")
            gifts = [leads.Gift(lead, work.hold(User, person)) for lead, person in zip(found, people, strict=True)]
            leads.give(work, gifts=gifts)
        assert {stored(Lead, one).owner_id for one in those} == {world.anna}

    def test_of_many_each_person_hears_once(self, world: World, make: Make, as_: As) -> None:
        """LEAD-4, ASG-3: who gets them and who loses them, as when the rules assign them; by phone message too."""
        lost, new = [make.lead(world.ben, topic=f"Lead {n}") for n in range(4)], make.lead()
        with as_(world.mia) as work:
            assert leads.assign_to(work, lead_ids=[*lost, new], to_user_id=world.anna, reason="Ill") == 5
        assert sorted(told()) == [(world.anna, "leads_assigned"), (world.ben, "leads_taken_away")]
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert list(work.scalars(select(Message.user_id))) == [world.anna]
            (notice,) = work.scalars(select(Notice).where(Notice.user_id == world.ben))
        assert notice.parameters["count"] == 4
        assert {stored(Lead, one).assignment_no for one in lost} == {1}

    def test_many_cost_little_more_than_few(self, world: World, make: Make, as_: As) -> None:
        """LEAD-4: one statement more for each, which stores it."""
        few, many = ([make.lead() for _ in range(count)] for count in (4, 24))

        def cost(those: list[int]) -> int:
            with as_(world.mia) as work:
                return counted(lambda: leads.assign_to(work, lead_ids=those, to_user_id=world.anna))

        assert cost(many) <= cost(few) + 20

    def test_who_has_some_of_them_already_is_told_which(self, world: World, make: Make, as_: As) -> None:
        """ALL-6: one of forty cannot be found otherwise."""
        those = [make.lead(), make.lead(world.anna, topic="Two cranes")]
        with pytest.raises(Invalid, match="Anna has this already: Two cranes"), as_(world.mia) as work:
            leads.assign_to(work, lead_ids=those, to_user_id=world.anna)

    def test_of_many_those_are_named_that_cannot_be_assigned(self, world: World, make: Make, as_: As) -> None:
        """ALL-6, ASG-4: closed ones, and ones about which somebody disagrees; of a single one its own page says why."""
        new, over = make.lead(), make.lead(world.ben, topic="Sold", state="converted", converted_at=NOW)
        contested = make.lead(world.ben, topic="Two cranes")
        with as_(world.ben) as work:
            disputes.begin(work, lead_id=contested, reason="Not my line")
        for other, said in ((over, "closed and cannot be assigned: Sold"), (contested, "open dispute: Two cranes")):
            with pytest.raises(Refused, match=said), as_(world.mia) as work:
                leads.assign_to(work, lead_ids=[new, other], to_user_id=world.anna)
            with pytest.raises(Refused), as_(world.mia) as work:
                leads.assign_to(work, lead_ids=[other], to_user_id=world.anna)
        assert stored(Lead, new).owner_id is None

    def test_several_all_or_none(self, world: World, make: Make, as_: As) -> None:
        first, second = make.lead(), make.lead(world.anna)
        with pytest.raises(Invalid), as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[first, second], to_user_id=world.anna)
        assert stored(Lead, first).owner_id is None

    @pytest.mark.parametrize("_round", range(3))
    def test_two_who_assign_at_once(self, world: World, make: Make, as_: As, _round: int) -> None:
        lead_id = make.lead()

        def give(to: int) -> None:
            with as_(world.mia) as work:
                leads.assign_to(work, lead_ids=[lead_id], to_user_id=to)

        assert winners(race(lambda: give(world.anna), lambda: give(world.ben))) == [0, 1]
        assert stored(Lead, lead_id).assignment_no == 2


class TestWorking:
    def test_the_first_contact_is_noted_once(self, world: World, make: Make, as_: As) -> None:
        """LEAD-8."""
        lead_id = make.lead(world.anna)
        with as_(world.anna) as work:
            leads.record_contact(work, lead_id=lead_id)
        lead = stored(Lead, lead_id)
        assert (lead.state, lead.first_contact_at, lead.first_contact_by_id) == (LeadState.WORKING, NOW, world.anna)
        with pytest.raises(Refused), as_(world.anna, at=NOW + HOUR) as work:
            leads.record_contact(work, lead_id=lead_id)

    def test_giving_up_needs_a_reason_of_the_list(self, world: World, make: Make, as_: As) -> None:
        """LEAD-7: the reason is counted."""
        lead_id, visit = make.lead(world.anna), world.codes["visit"]
        for wrong in (None, visit, 999_999):
            with pytest.raises(Invalid, match="disqualify_reason_id"), as_(world.anna) as work:
                leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=wrong)
        with as_(world.anna) as work:
            leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=world.codes["no_need"])
        with as_(world.anna, readonly=True) as work:
            assert leads.card(work, lead_id=lead_id).disqualified == "No need"

    def test_reopened_it_is_worked_on_again(self, world: World, make: Make, as_: As) -> None:
        """leads.md "can be reopened": with a reason."""
        lead_id = make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])
        with pytest.raises(Invalid, match="reason"), as_(world.anna) as work:
            leads.reopen(work, lead_id=lead_id, reason=" ")
        with as_(world.anna) as work:
            leads.reopen(work, lead_id=lead_id, reason="He called again")
        assert (stored(Lead, lead_id).state, stored(Lead, lead_id).disqualify_reason_id) == (LeadState.WORKING, None)

    def test_reopened_it_waits_when_its_rep_works_elsewhere(self, world: World, make: Make, as_: As) -> None:
        """ACC-6, LEAD-4: whoever moved to another branch could not see it any more."""
        lead_id = make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])
        with work_as_system("Anna moves", at=NOW) as work:
            work.get(User, world.anna).branch_id = world.hefei
        with as_(world.mia) as work:
            leads.reopen(work, lead_id=lead_id, reason="He called again")
        assert (stored(Lead, lead_id).state, stored(Lead, lead_id).owner_id) == (LeadState.NEW, None)

    def test_a_hidden_lead_is_gone_from_everywhere(self, world: World, make: Make, as_: As) -> None:
        """ALL-8."""
        lead_id = make.lead(world.anna)
        with as_(world.mia) as work:
            leads.delete(work, lead_id=lead_id, reason="Doubled")
        with as_(world.mia, readonly=True) as work:
            assert fetch(work, leads.LIST, ListRequest()).total == 0
            with pytest.raises(NotFound):
                leads.card(work, lead_id=lead_id)

    def test_only_an_open_lead_is_deleted_and_with_a_reason(self, world: World, make: Make, as_: As) -> None:
        """ALL-8: what was converted or given up is the past of a customer and of the figures (LEAD-7)."""
        given_up = make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])
        become = make.lead(world.anna, state="converted", converted_at=NOW)
        for lead_id in (given_up, become):
            with pytest.raises(Refused, match="open lead"), as_(world.mia) as work:
                leads.delete(work, lead_id=lead_id, reason="Doubled")
        still_open = make.lead(world.anna)
        for reason in ("", " "):
            with pytest.raises(Invalid, match="reason"), as_(world.mia) as work:
                leads.delete(work, lead_id=still_open, reason=reason)
        assert [stored(Lead, one).deleted_at for one in (given_up, become, still_open)] == [None] * 3

    def test_the_first_contact_stays_the_first(self, world: World, make: Make, as_: As) -> None:
        """LEAD-7, LEAD-8: given to somebody else it is contacted again, and the time to the first contact is what it was."""
        lead_id = make.lead(world.anna)
        with as_(world.anna) as work:
            leads.record_contact(work, lead_id=lead_id)
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)
        with as_(world.ben, at=NOW + DAY) as work:
            leads.record_contact(work, lead_id=lead_id)
        lead = stored(Lead, lead_id)
        assert (lead.state, lead.first_contact_at, lead.first_contact_by_id) == (LeadState.WORKING, NOW, world.anna)

    def test_a_lead_with_a_visit_to_come_stays(self, world: World, make: Make, as_: As) -> None:
        """ALL-8: as with customers; also when the visit is a colleague's. Once it is over, the lead may go."""
        lead_id = make.lead(world.anna)
        visit = make.activity(world.pia, lead_id=lead_id, state="assigned")
        with pytest.raises(Refused), as_(world.sun) as work:
            leads.delete(work, lead_id=lead_id, reason="Doubled")
        with as_(world.mia) as work:
            activities.cancel(work, activity_id=visit, reason="Doubled")
            leads.delete(work, lead_id=lead_id, reason="Doubled")
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert work.scalar(select(Lead.deleted_at).where(Lead.id == lead_id)) == NOW

    @pytest.mark.walk
    def test_random_walks_stay_in_the_table(self, world: World, make: Make, as_: As) -> None:
        """leads.md: new → assigned → working → converted | disqualified; every step leaves a line."""
        chance = random.Random(7)
        for _ in range(12):
            lead_id, steps = make.lead(), 0
            for _ in range(12):
                steps += _step(chance, world, as_, lead_id)
            with work_as_system("look", at=NOW, readonly=True) as work:
                lines = work.scalars(select(Event.action).where(Event.kind == "lead", Event.record_id == lead_id))
            assert len(lines) == steps


def _step(chance: random.Random, world: World, as_: As, lead_id: int) -> int:
    acts: list[Any] = [
        lambda work: leads.assign_to(work, lead_ids=[lead_id], to_user_id=chance.choice([world.anna, world.ben])),
        lambda work: leads.record_contact(work, lead_id=lead_id),
        lambda work: leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=world.codes["no_need"]),
        lambda work: leads.reopen(work, lead_id=lead_id, reason="again"),
    ]
    before = stored(Lead, lead_id).state
    number = chance.randrange(4)
    action = ("assign", "contact", "disqualify", "reopen")[number]
    try:
        with as_(world.mia) as work:
            acts[number](work)
    except ServiceError:
        return 0
    assert any(step.action == action and before in step.sources for step in leads.FLOW.steps)
    return 1


def test_the_story_says_who_did_what_and_why(world: World, make: Make, as_: As) -> None:
    """ALL-3, LEAD-7: each step with its reason; who gave it up and when stands in the lead until it is taken up again."""
    lead_id, reason = make.lead(world.anna), world.codes["no_need"]
    with as_(world.mia) as work:
        leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben, reason="His region")
    with as_(world.ben) as work:
        leads.record_contact(work, lead_id=lead_id, note="By phone")
        leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=reason, disqualify_note="Bought elsewhere")
    lead = stored(Lead, lead_id)
    assert (lead.disqualified_at, lead.disqualified_by_id) == (NOW, world.ben)
    with as_(world.ben) as work:
        leads.reopen(work, lead_id=lead_id, reason=" He called again ")
    with as_(world.mia) as work:
        leads.delete(work, lead_id=lead_id, reason="Doubled")
    with work_as_system("look", at=NOW, readonly=True) as work:
        happened = work.scalars(
            select(Event).where(Event.kind == "lead", Event.record_id == lead_id).order_by(Event.id)
        )
    assert [(one.action, one.actor_id, one.note) for one in happened] == [
        ("assigned", world.mia, "His region"), ("contacted", world.ben, "By phone"), ("disqualified", world.ben, None),
        ("reopened", world.ben, "He called again"), ("deleted", world.mia, "Doubled"),
    ]  # fmt: skip
    assert happened[2].changes == {
        "disqualify_reason_id": [None, reason], "disqualify_note": [None, "Bought elsewhere"],
    }  # fmt: skip


class TestClock:
    """LEAD-8"""

    @pytest.mark.parametrize(
        ("urgency", "hours", "late"), [("normal", 23, 0), ("normal", 24, 1), ("urgent", 3, 0), ("urgent", 4, 1)]
    )
    def test_without_a_first_contact_the_superior_hears_once(
        self, world: World, make: Make, urgency: str, hours: int, late: int
    ) -> None:
        make.lead(world.anna, urgency=urgency, assigned_at=NOW - timedelta(hours=hours))
        assert [report_uncontacted(NOW) for _ in range(2)] == [late, 0]
        assert told() == [(world.sun, "lead_uncontacted")] * late

    def test_each_assignment_has_a_clock_of_its_own(self, world: World, make: Make, as_: As) -> None:
        """Given to somebody else, and again left alone for a day, it is reported again."""
        lead_id = make.lead(world.anna, assigned_at=NOW - DAY)
        assert report_uncontacted(NOW) == 1
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)
        assert [report_uncontacted(NOW + hours * HOUR) for hours in (23, 24, 25)] == [0, 1, 0]

    def test_without_a_superior_who_sees_it_the_manager_hears(self, world: World, make: Make) -> None:
        make.lead(world.anna, assigned_at=NOW - DAY)
        with work_as_system("Anna reports to nobody", at=NOW) as work:
            work.get(User, world.anna).superior_id = None
        assert report_uncontacted(NOW) == 1
        assert told() == [(world.mia, "lead_uncontacted")]

    def test_who_made_contact_is_left_alone(self, world: World, make: Make) -> None:
        """Also one whom somebody contacted before it was given to the present rep."""
        make.lead(world.anna, state="working", assigned_at=NOW - 5 * DAY, first_contact_at=NOW - 4 * DAY)
        make.lead(world.anna, assigned_at=NOW - 4 * DAY, first_contact_at=NOW - 5 * DAY)
        make.lead()
        assert report_uncontacted(NOW) == 0

    def test_a_deleted_lead_waits_for_nobody(self, world: World, make: Make) -> None:
        """ALL-8: nobody hears of what was hidden."""
        make.lead(world.anna, assigned_at=NOW - 5 * DAY, deleted_at=NOW - DAY)
        assert report_uncontacted(NOW) == 0
        assert told() == []


class TestReading:
    def test_views_are_counted_as_they_are_listed(self, world: World, make: Make, as_: As) -> None:
        """ALL-2: open, mine, unassigned, first contact overdue."""
        late = make.lead(world.anna, assigned_at=NOW - 2 * DAY)
        fresh, unowned = make.lead(world.anna, assigned_at=NOW), make.lead()
        make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])

        def ids(person: int, view: str) -> set[int]:
            with as_(person, readonly=True) as work:
                return {row["id"] for row in fetch(work, leads.LIST, ListRequest(filters={"view": view})).rows}

        assert ids(world.mia, "open") == {late, fresh, unowned}
        assert ids(world.mia, "unassigned") == {unowned}
        assert ids(world.anna, "mine") == {late, fresh}
        assert ids(world.anna, "uncontacted") == {late}
        assert ids(world.anna, "unassigned") == ids(world.ben, "open") == set()

    @pytest.mark.parametrize("words", ["大地", "dadi", "ddtf", "138 0139 5136", "王建国"])
    def test_found_by_name_pinyin_and_phone(self, world: World, as_: As, words: str) -> None:
        """ALL-2."""
        values = {"line": "machines", "mobile": "13801395136", "company": "大地土方有限公司", "person": "王建国"}
        with as_(world.anna) as work:
            lead_id = leads.create(work, values=values)
        with as_(world.anna, readonly=True) as work:
            assert [row["id"] for row in fetch(work, leads.LIST, ListRequest(search=words)).rows] == [lead_id]

    def test_what_is_missing_to_qualify_is_a_checklist(self, world: World, as_: As) -> None:
        """LEAD-1: an owner of a machine is the company too; a model is a category, and a budget as good as a day."""
        with as_(world.anna) as work:
            lead_id = leads.create(work, values={"line": "machines", "mobile": "13801395136"})
        with as_(world.anna, readonly=True) as work:
            card = leads.card(work, lead_id=lead_id)
        assert card.missing == ["person", "company", "city_code", "source_id", "category_id", "wanted_by"]
        with as_(world.anna) as work:
            leads.change(work, lead_id=lead_id, changes={"person": "王建国", "model": "XE215", "budget": 900000})
            assert leads.card(work, lead_id=lead_id).missing == ["city_code", "source_id"]
        assert {"contact", "convert", "change", "disqualify"} <= card.allowed
        with as_(world.eva, readonly=True) as work:
            assert leads.card(work, lead_id=lead_id).allowed == frozenset()
