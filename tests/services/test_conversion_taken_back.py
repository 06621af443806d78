"""Taking conversions back: who may, what counts as touched, and that everything is again as it was (LEAD-5)."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.models import (
    Account,
    Activity,
    Contact,
    ContactAccount,
    ContactRequest,
    Event,
    Lead,
    LeadState,
    Opportunity,
)
from services import accounts, activities, contacts, conversion, leads
from services.conversion import Existing, New
from services.core.errors import Invalid, Refused
from services.core.work import Work, work_as_system
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.looking import stored
from tests.races import let_come, race, winners
from tests.services import handing
from tests.services.converting import attach, lead

ALL_NEW = {"account": New(), "contact": New(), "opportunity": New()}


def converted(as_: As, person: int, lead_id: int, **choices: Any) -> Lead:
    """The lead after this person converted it."""
    with as_(person) as work:
        conversion.convert(work, lead_id=lead_id, **choices)
    one: Lead = stored(Lead, lead_id)
    return one


def undoable(as_: As, person: int, lead_id: int) -> bool:
    """Whether this person is offered to take it back."""
    with as_(person, readonly=True) as work:
        seen = conversion.outcome(work, lead_id=lead_id)
    assert seen is not None
    return seen.undoable


class TestWhoMay:
    """Whoever works the lead takes back what it made, also where they could not have changed it later."""

    def test_a_contact_made_at_a_colleagues_customer(self, world: World, make: Make, as_: As) -> None:
        account_id = make.account(team={world.ben: "machines"})
        one = converted(as_, world.anna, lead(world), account=Existing(account_id), contact=New())
        assert undoable(as_, world.anna, one.id)
        with as_(world.anna) as work:
            conversion.undo(work, lead_id=one.id)
        assert stored(Contact, one.contact_id).deleted_at == NOW
        assert stored(Account, account_id).deleted_at is None

    def test_a_lead_of_another_line_than_the_reps(self, world: World, as_: As) -> None:
        one = converted(as_, world.anna, lead(world, line="parts"), **ALL_NEW)
        with as_(world.anna) as work:
            conversion.undo(work, lead_id=one.id)
        assert stored(Contact, one.contact_id).deleted_at == NOW

    def test_nobody_is_offered_what_is_refused(self, world: World, make: Make, as_: As) -> None:
        """Mia's conversion moved a visit that Anna only takes notice of, as one of the customer's team."""
        lead_id = lead(world)
        make.activity(world.pia, lead_id=lead_id)
        converted(as_, world.mia, lead_id, account=New())
        assert undoable(as_, world.mia, lead_id)
        assert not undoable(as_, world.anna, lead_id)
        with pytest.raises(Refused), as_(world.anna) as work:
            conversion.undo(work, lead_id=lead_id)

    def test_a_lead_that_was_never_converted(self, world: World, as_: As) -> None:
        """It says so, and not that the lead is not there."""
        lead_id = lead(world)
        with pytest.raises(Refused), as_(world.anna) as work:
            conversion.undo(work, lead_id=lead_id)


def _visit_with_the_contact(one: Lead, make: Make) -> None:
    make.activity(account_id=one.account_id, contacts=[one.contact_id or 0])


def _somebody_reports(one: Lead, make: Make) -> None:
    make.contact(one.account_id or 0, "李四", reports_to_id=one.contact_id)


def _recommended_by_the_contact(one: Lead, make: Make) -> None:
    make.lead(referred_by_contact_id=one.contact_id)


def _asked_about(one: Lead, make: Make) -> None:
    with work_as_system("a request", at=NOW) as work:
        work.also(
            ContactRequest(
                kind="delete", contact_id=one.contact_id, branch_id=one.branch_id, asked_by_id=make.world.ben,
                asked_at=NOW, changes={}, contact_version=1, name="王建国",
            )
        )  # fmt: skip


def _in_an_opportunity(one: Lead, make: Make) -> None:
    chance = handing.chance(make.world, make.world.anna, one.account_id or 0)
    with work_as_system("somebody takes part", at=NOW) as work:
        work.get(Opportunity, chance).contact_id = one.contact_id


def _company_below(one: Lead, make: Make) -> None:
    make.account("大地土方安徽分公司", parent_id=one.account_id)


def _opportunity(one: Lead, make: Make) -> None:
    handing.chance(make.world, make.world.anna, one.account_id or 0)


@pytest.mark.parametrize(
    "touch",
    [_visit_with_the_contact, _somebody_reports, _recommended_by_the_contact, _asked_about, _in_an_opportunity],
)
def test_a_contact_in_use_is_not_taken_away(world: World, make: Make, as_: As, touch: Callable[..., None]) -> None:
    """LEAD-5 "while untouched": at an existing customer, where nothing else tells."""
    account_id = make.account(team={world.anna: "machines"})
    one = converted(as_, world.anna, lead(world), account=Existing(account_id), contact=New())
    touch(one, make)
    assert not undoable(as_, world.anna, one.id)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=one.id)
    assert stored(Contact, one.contact_id).deleted_at is None


@pytest.mark.parametrize("touch", [_company_below, _opportunity])
def test_a_customer_in_use_is_not_taken_away(world: World, make: Make, as_: As, touch: Callable[..., None]) -> None:
    """LEAD-5 "while untouched": somebody made it the parent of another one, or has a chance there."""
    one = converted(as_, world.anna, lead(world), account=New())
    touch(one, make)
    assert not undoable(as_, world.anna, one.id)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=one.id)


def test_a_customer_who_recommended_us_is_not_taken_away(world: World, make: Make, as_: As) -> None:
    """LEAD-5, LEAD-2: another lead came by the new customer's recommendation."""
    one = converted(as_, world.anna, lead(world), account=New())
    make.lead(world.ben, referred_by_account_id=one.account_id)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=one.id)


def test_a_visit_that_was_moved_since_stays(world: World, make: Make, as_: As) -> None:
    """LEAD-5: what went along counts as well."""
    lead_id = lead(world)
    activity_id = make.activity(lead_id=lead_id)
    one = converted(as_, world.anna, lead_id, account=New())
    with as_(world.anna) as work:
        activities.change(work, activity_id=activity_id, changes={"subject": "Bring the offer"})
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=lead_id)
    assert stored(Activity, activity_id).account_id == one.account_id


class TestAsItWas:
    def test_an_earlier_job_is_remembered(self, world: World, make: Make, as_: As) -> None:
        """CON history: the contact worked there before, left, and was used with that customer again."""
        home, former = (make.account(name, team={world.anna: "machines"}) for name in ("甲公司", "乙公司"))
        contact_id, left = make.contact(home), date(2025, 3, 31)
        with as_(world.anna) as work:
            contacts.tie(work, contact_id=contact_id, account_id=former, role="adviser", since=date(2020, 1, 1))
            contacts.untie(work, contact_id=contact_id, account_id=former, until=left)
        one = converted(as_, world.anna, lead(world), account=Existing(former), contact=Existing(contact_id))
        with as_(world.anna) as work:
            conversion.undo(work, lead_id=one.id)
        with work_as_system("look", at=NOW, readonly=True) as work:
            both = (ContactAccount.contact_id == contact_id, ContactAccount.account_id == former)
            tie = work.row(select(ContactAccount.role, ContactAccount.since, ContactAccount.until).where(*both))
        assert tie == ("adviser", date(2020, 1, 1), left)

    def test_files_that_leave_an_existing_customer_stand_in_its_story(self, world: World, make: Make, as_: As) -> None:
        """ALL-3: what was hung there and taken away again."""
        account_id = make.account(team={world.anna: "machines"})
        lead_id = lead(world)
        attach(lead_id, world.anna)
        converted(as_, world.anna, lead_id, account=Existing(account_id))
        with as_(world.anna) as work:
            conversion.undo(work, lead_id=lead_id)
        with work_as_system("look", at=NOW, readonly=True) as work:
            of_account = select(Event.action).where(Event.kind == "account", Event.record_id == account_id)
            told = list(work.scalars(of_account.order_by(Event.id)))
        assert (told.count("attached"), told.count("detached")) == (1, 1)

    def test_a_first_contact_that_only_the_conversion_told_of(self, world: World, as_: As) -> None:
        """LEAD-7: nobody converts whom they never spoke to; taken back, the clock runs as before (LEAD-8)."""
        lead_id = lead(world, state=LeadState.ASSIGNED)
        one = converted(as_, world.anna, lead_id, account=New())
        assert (one.first_contact_at, one.first_contact_by_id) == (NOW, world.anna)
        with as_(world.anna, at=NOW + HOUR) as work:
            conversion.undo(work, lead_id=lead_id)
        assert (stored(Lead, lead_id).first_contact_at, stored(Lead, lead_id).state) == (None, LeadState.ASSIGNED)

    def test_a_first_contact_noted_before_stays(self, world: World, as_: As) -> None:
        lead_id = lead(world, first_contact_at=NOW - HOUR, first_contact_by_id=world.ben)
        one = converted(as_, world.anna, lead_id, account=New())
        with as_(world.anna) as work:
            conversion.undo(work, lead_id=lead_id)
        for seen in (one, stored(Lead, lead_id)):
            assert (seen.first_contact_at, seen.first_contact_by_id) == (NOW - HOUR, world.ben)


def test_what_a_colleague_just_entered_is_not_overwritten(
    world: World, make: Make, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LEAD-5 "only empty fields", ALL-4: Ben enters the e-mail address between Anna's look at the customer and her filling."""
    account_id = make.account(team={world.anna: "machines", world.ben: "parts"})
    gaps = conversion.targets.gaps_of_account

    def enter() -> None:
        with as_(world.ben) as work:
            accounts.change(work, account_id=account_id, changes={"email": "ben@example.com"})

    ben = threading.Thread(target=enter)

    def look(*given: Any) -> dict[str, Any]:
        found = gaps(*given)
        ben.start()
        let_come(ben)  # he is done with it, or waits until Anna is
        return found

    monkeypatch.setattr(conversion.targets, "gaps_of_account", look)
    converted(as_, world.anna, lead(world), account=Existing(account_id))
    ben.join()
    assert stored(Account, account_id).email == "ben@example.com"


def test_records_are_always_taken_in_one_order(
    world: World, make: Make, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who convert and undo at once with the same customer and contact wait for each other, never in a circle."""
    account_id = make.account(team={world.anna: "machines"})
    contact_id, lead_id = make.contact(account_id), lead(world)
    taken: list[str] = []
    load = Work.load

    def noted(self: Work, model: Any, *given: Any, **more: Any) -> Any:
        taken.append(model.__name__)
        return load(self, model, *given, **more)

    monkeypatch.setattr(Work, "load", noted)
    converted(as_, world.anna, lead_id, account=Existing(account_id), contact=Existing(contact_id), opportunity=New())
    first, taken[:] = list(dict.fromkeys(taken)), []
    with as_(world.anna) as work:
        conversion.undo(work, lead_id=lead_id)
    assert [name for name in dict.fromkeys(taken) if name in first] == first == ["Lead", "Account", "Contact"]


class TestAtOnce:
    """Two at the same moment: one after the other, whoever comes first."""

    @pytest.mark.parametrize("_round", range(3))
    def test_taken_back_twice(self, world: World, as_: As, _round: int) -> None:
        one = converted(as_, world.anna, lead(world), **ALL_NEW)
        undo = [lambda who=who: _undo(as_, who, one.id) for who in (world.anna, world.sun, world.mia)]
        assert len(winners(race(*undo))) == 1
        with work_as_system("look", at=NOW, readonly=True) as work:
            gone = (Event.kind == "contact", Event.record_id == one.contact_id, Event.action == "deleted")
            assert len(work.scalars(select(Event.id).where(*gone))) == 1

    @pytest.mark.parametrize("_round", range(3))
    def test_taken_back_while_somebody_goes_on_with_it(self, world: World, as_: As, _round: int) -> None:
        """Nothing that somebody entered is lost: it was entered before, or the customer was gone already."""
        first, second = converted(as_, world.anna, lead(world), account=New()), lead(world, world.ben)
        account = Existing(first.account_id or 0)

        def go_on() -> None:
            with as_(world.ben) as work:
                conversion.convert(work, lead_id=second, account=account)

        undone, went_on = ("undone", "went on")
        won = [(undone, went_on)[place] for place in winners(race(lambda: _undo(as_, world.anna, first.id), go_on))]
        assert len(won) == 1
        assert (stored(Account, first.account_id).deleted_at is None) == (won == [went_on])
        assert (stored(Lead, second).account_id == first.account_id) == (won == [went_on])


def _undo(as_: As, person: int, lead_id: int) -> None:
    with as_(person) as work:
        conversion.undo(work, lead_id=lead_id)


class TestPreview:
    """What is said beforehand is what happens."""

    def test_only_what_goes_along_is_counted(self, world: World, make: Make, as_: As) -> None:
        """ALL-10: a visit with another customer stays there."""
        lead_id, other = lead(world), make.account("甲公司")
        make.activity(lead_id=lead_id)
        make.activity(lead_id=lead_id, account_id=other)
        with as_(world.anna) as work:
            said = conversion.preview(work, lead_id=lead_id).activities
        one = converted(as_, world.anna, lead_id, account=New())
        with work_as_system("look", at=NOW, readonly=True) as work:
            moved = work.scalars(select(Activity.id).where(Activity.account_id == one.account_id))
        assert said == len(moved) == 1


def test_an_opportunity_gets_no_contact_of_another_customer(world: World, make: Make, as_: As) -> None:
    """LEAD-5: an opportunity and a contact chosen without saying the customer."""
    first = converted(as_, world.anna, lead(world), account=New(), opportunity=New())
    stranger = make.contact(make.account("乙公司"), "李四")
    converted(as_, world.anna, lead(world), contact=Existing(stranger), opportunity=Existing(first.opportunity_id or 0))
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert work.get(Opportunity, first.opportunity_id).contact_id is None


class TestLeadsThatAreOver:
    def test_they_are_not_changed(self, world: World, make: Make, as_: As) -> None:
        """leads.md: only open leads are worked on; a form that stood open in another tab changes nothing."""
        given_up = make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])
        one = converted(as_, world.anna, lead(world), account=New())
        for lead_id in (given_up, one.id):
            with pytest.raises(Refused), as_(world.anna) as work:
                leads.change(work, lead_id=lead_id, changes={"notes": "x"})
        assert undoable(as_, world.anna, one.id)

    def test_reopened_without_a_first_contact_it_can_still_be_noted(self, world: World, make: Make, as_: As) -> None:
        """LEAD-7, LEAD-8: given up before anybody called, and taken up again; then once, and no more."""
        lead_id = make.lead(world.anna, assigned_at=NOW - DAY)
        with as_(world.anna) as work:
            leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=world.codes["no_need"])
            leads.reopen(work, lead_id=lead_id, reason="He called us")
            assert "contact" in leads.card(work, lead_id=lead_id).allowed
            leads.record_contact(work, lead_id=lead_id)
        assert (stored(Lead, lead_id).first_contact_at, stored(Lead, lead_id).state) == (NOW, LeadState.WORKING)
        with as_(world.anna) as work:
            assert "contact" not in leads.card(work, lead_id=lead_id).allowed


def test_leads_go_to_people_who_can_work_on_them(world: World, make: Make, as_: As) -> None:
    """LEAD-4: not to marketing, who could read it and never answer."""
    lead_id = make.lead()
    with pytest.raises(Invalid, match="to_user_id"), as_(world.mia) as work:
        leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ruth)
    with as_(world.mia) as work:
        leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.mia)
    assert stored(Lead, lead_id).owner_id == world.mia


def test_reasons_have_an_end(world: World, make: Make, as_: As) -> None:
    """abuse-cases.md "Input": what no form lets through."""
    lead_id, long = make.lead(world.anna), "x" * 5000
    for act in (
        lambda work: leads.delete(work, lead_id=lead_id, reason=long),
        lambda work: leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben, reason=long),
        lambda work: leads.record_contact(work, lead_id=lead_id, note=long),
    ):
        with pytest.raises(Invalid), as_(world.mia) as work:
            act(work)
