"""Who is away and who stands in: hears of everything and may act on these days, and on no other (ADM-1)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Absence, Event, Lead, LeadState, Message, Notice, Role, User
from services import absences, accounts, activities, assignment, leads, notices
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.listing import ListRequest, fetch
from services.core.outbox import notify
from services.core.work import work_as_system
from services.leads import messages
from services.time_rules.reassignment import reassign
from tests.factories import DAY, NOW, As, Make, World, as_person
from tests.races import meanwhile
from tests.stories import owner, stored

TODAY = NOW.date()
TWO_DAYS = {"first_day": TODAY, "last_day": TODAY + timedelta(days=1)}


def seen(person: int, at: Any = NOW) -> set[str]:
    """The topics of the leads that a person's list holds."""
    with as_person(person, at=at, readonly=True) as work:
        return {row["topic"] for row in fetch(work, leads.LIST, ListRequest()).rows}


class TestEntering:
    """ADM-1: by the person, or by somebody above."""

    def test_one_enters_the_own_days(self, world: World, as_: As) -> None:
        with as_(world.anna) as work:
            absence_id = absences.enter(work, user_id=world.anna, values=TWO_DAYS | {"stand_in_id": world.ben})
            absences.change(work, absence_id=absence_id, changes={"note": "Family"})
        with as_(world.anna, readonly=True) as work:
            (row,) = absences.absences(work)
        assert (row.person, row.stand_in, row.first_day, row.note) == ("Anna", "Ben", TODAY, "Family")
        with work_as_system("look", at=NOW, readonly=True) as work:
            told = select(Event.action).where(Event.kind == "absence").order_by(Event.id)
            assert list(work.scalars(told)) == ["added", "changed"]

    def test_the_second_of_two_who_change_it_is_told(self, world: World, make: Make, as_: As) -> None:
        """ALL-4: the person and the manager, who do not know of each other."""
        absence_id = make.absence(world.anna)
        with as_(world.mia) as work:
            absences.change(work, absence_id=absence_id, changes={"stand_in_id": world.ben}, version=1)
        with pytest.raises(Stale), as_(world.anna) as work:
            absences.change(work, absence_id=absence_id, changes={"stand_in_id": world.pia}, version=1)

    def test_two_who_enter_the_same_days_at_once(self, world: World, as_: As) -> None:
        """Nobody has two stand-ins on a day, of whom only one would hear."""

        def enter() -> None:
            with as_(world.sun) as work:
                absences.enter(work, user_id=world.anna, values=TWO_DAYS | {"stand_in_id": world.sun})

        own = TWO_DAYS | {"stand_in_id": world.ben}
        said = meanwhile(as_(world.anna), lambda work: absences.enter(work, user_id=world.anna, values=own), enter)
        assert isinstance(said, Invalid)
        with as_(world.mia, readonly=True) as work:
            assert [row.stand_in for row in absences.absences(work)] == ["Ben"]

    def test_who_stands_above_enters_for_those_below(self, world: World, make: Make, as_: As) -> None:
        for person in (world.sun, world.mia, world.adam):
            with as_(person) as work:
                assert absences.may_enter_for_others(work)
                absences.remove(work, absence_id=absences.enter(work, user_id=world.anna, values=TWO_DAYS))
        for person in (world.ben, world.max, world.ruth, world.eva):
            with pytest.raises(Refused), as_(person) as work:
                absences.enter(work, user_id=world.anna, values=TWO_DAYS)
        with as_(world.ben, readonly=True) as work:
            assert not absences.may_enter_for_others(work)

    def test_those_of_others_do_not_exist(self, world: World, make: Make, as_: As) -> None:
        """ACC-2: neither in the list nor by their number."""
        absence_id = make.absence(world.anna)
        for person in (world.ben, world.max):
            with as_(person) as work:
                assert absences.absences(work) == []
                for read_or_remove in (absences.card, absences.remove):
                    with pytest.raises(NotFound):
                        read_or_remove(work, absence_id=absence_id)
        with as_(world.mia, readonly=True) as work:
            assert [row.id for row in absences.absences(work)] == [absence_id]
            assert absences.card(work, absence_id=absence_id).person == "Anna"

    def test_whether_a_colleague_is_away_does_not_show(self, world: World, make: Make, as_: As) -> None:
        """ACC-2: who may not enter it is refused alike, also for days on which the colleague is away already."""
        make.absence(world.anna)
        for person in (world.anna, world.pia):
            with pytest.raises(Refused), as_(world.ben) as work:
                absences.enter(work, user_id=person, values=TWO_DAYS)
        with pytest.raises(Invalid), as_(world.mia) as work:
            absences.enter(work, user_id=world.anna, values=TWO_DAYS)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"last_day": TODAY - timedelta(days=1)}, "last_day"),
            ({"first_day": TODAY - timedelta(days=9), "last_day": TODAY - timedelta(days=8)}, "last_day"),
            ({"first_day": TODAY + timedelta(days=5), "last_day": TODAY + timedelta(days=9)}, "first_day"),
            ({"last_day": None}, "last_day"),
        ],
    )
    def test_what_days_cannot_be(self, world: World, make: Make, as_: As, wrong: dict[str, Any], field: str) -> None:
        """Backwards, over, overlapping, without an end."""
        make.absence(world.anna, first_day=TODAY + timedelta(days=7), last_day=TODAY + timedelta(days=7))
        with pytest.raises(Invalid) as refused, as_(world.anna) as work:
            absences.enter(work, user_id=world.anna, values=TWO_DAYS | wrong)
        assert set(refused.value.fields) == {field}

    def test_who_can_stand_in(self, world: World, make: Make, as_: As) -> None:
        """Somebody active of the same branch, of the same role or above; never oneself."""
        gone = make.user("Gone", lines=["machines"], active=False)
        for person, fitting, unfit in (
            (world.anna, (world.ben, world.pia, world.sun, world.mia), (world.anna, world.carl, world.ruth, gone)),
            (world.mia, (world.sun,), (world.anna, world.max, world.eva)),
            (world.adam, (), (world.mia, world.eva, world.hanna)),
        ):
            for stand_in in fitting:
                with as_(world.adam) as work:
                    made = absences.enter(work, user_id=person, values=TWO_DAYS | {"stand_in_id": stand_in})
                    absences.remove(work, absence_id=made)
            for stand_in in unfit:
                with pytest.raises(Invalid) as refused, as_(world.adam) as work:
                    absences.enter(work, user_id=person, values=TWO_DAYS | {"stand_in_id": stand_in})
                assert set(refused.value.fields) == {"stand_in_id"}


class TestHearing:
    """ADM-1: the stand-in receives the notices."""

    def told(self, world: World, at: Any) -> dict[int, str]:
        """Mia gives Anna a lead: who hears of it, and under which title."""
        with work_as_system("a lead comes in", at=at) as work:
            lead = Lead(topic="Loader", line="machines", mobile="13912345678", branch_id=world.nanjing, created_at=at)
            lead.updated_at = at
            work.also(lead)
            work.flush()
        with as_person(world.mia, at=at) as work:
            leads.assign_to(work, lead_ids=[lead.id], to_user_id=world.anna)
        titles = {}
        for person in (world.anna, world.ben, world.mia):
            with as_person(person, at=at) as work:
                fresh = notices.inbox(work, unread_only=True)
                titles.update((person, line.title) for line in fresh)
                notices.mark_all_read(work)
        return titles

    def test_on_these_days_and_on_no_other(self, world: World, make: Make) -> None:
        make.absence(world.anna, stand_in_id=world.ben)
        own = "New lead for you: Loader"
        assert self.told(world, NOW - DAY) == {world.anna: own}
        assert self.told(world, NOW) == {world.anna: own, world.ben: f"For Anna: {own}"}
        assert self.told(world, NOW + DAY) == {world.anna: own}
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert sorted(work.scalars(select(Message.user_id))) == [world.anna] * 3 + [world.ben]

    def test_nobody_hears_twice_or_of_the_own_act(self, world: World, make: Make) -> None:
        make.absence(world.anna, stand_in_id=world.mia)
        assert self.told(world, NOW) == {world.anna: "New lead for you: Loader"}
        with work_as_system("Ben is told himself", at=NOW) as work:
            work.scalars(select(Absence))[0].stand_in_id = world.ben
        with as_person(world.mia) as work:
            values = {"type_id": world.codes["visit"], "planned_start": NOW, "planned_end": NOW, "subject": "Both"}
            activities.assign(work, values=values, owner_ids=[world.anna, world.ben])
        with work_as_system("look", at=NOW, readonly=True) as work:
            told = [
                row.user_id for row in work.rows(select(Notice.user_id, Notice.kind)) if row.kind != "lead_assigned"
            ]
        assert told.count(world.anna) == 1

    def test_what_was_told_falls_silent_afterwards(self, world: World, make: Make) -> None:
        """ALL-7: a notice about a record that the stand-in may no longer see."""
        make.absence(world.anna, stand_in_id=world.ben)
        lead_id = make.lead()
        with as_person(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.anna)
        with as_person(world.ben, readonly=True) as work:
            assert notices.inbox(work)[0].record_id == lead_id
        with as_person(world.ben, at=NOW + DAY, readonly=True) as work:
            assert notices.inbox(work)[0].record_id is None


class TestActing:
    """ADM-1: the stand-in sees and may do what the absent person may, while it lasts."""

    def test_a_day_before_and_a_day_after_there_is_nothing(self, world: World, make: Make) -> None:
        make.absence(world.anna, stand_in_id=world.ben)
        lead_id = make.lead(world.anna, topic="Anna's")
        make.lead(world.ben, topic="Ben's")
        assert seen(world.ben) == {"Anna's", "Ben's"}
        for day in (NOW - DAY, NOW + DAY):
            assert seen(world.ben, day) == {"Ben's"}
            with as_person(world.ben, at=day) as work, pytest.raises(NotFound):
                leads.record_contact(work, lead_id=lead_id)
        with as_person(world.ben) as work:
            leads.record_contact(work, lead_id=lead_id)
            assert leads.card(work, lead_id=lead_id).allowed >= {"change", "convert", "disqualify"}
        with work_as_system("look", at=NOW, readonly=True) as work:
            lead = work.get(Lead, lead_id)
            assert (lead.state, lead.owner_id, lead.first_contact_by_id) == (LeadState.WORKING, world.anna, world.ben)
            assert list(work.scalars(select(Event.actor_id).where(Event.kind == "lead"))) == [world.ben]

    def test_visits_and_customers_too(self, world: World, make: Make) -> None:
        make.absence(world.anna, stand_in_id=world.pia)
        visit = make.activity(world.anna)
        account_id = make.account(team={world.anna: "machines"})
        with as_person(world.pia) as work:
            activities.start(work, activity_id=visit)
            accounts.change(work, account_id=account_id, changes={"employees": 3})
        assert (owner(visit), stored(visit).started_at) == (world.anna, NOW)
        with as_person(world.pia, at=NOW + DAY) as work, pytest.raises(NotFound):
            activities.decline(work, activity_id=visit, reason="Ill")
        with as_person(world.pia, at=NOW + DAY) as work, pytest.raises(Refused):
            accounts.change(work, account_id=account_id, changes={"employees": 4})

    def test_nothing_of_anybody_else(self, world: World, make: Make) -> None:
        """ALL-7: not of colleagues, not of another branch; and nothing that the person may not do either."""
        make.absence(world.anna, stand_in_id=world.ben)
        make.lead(world.pia, topic="Pia's")
        make.lead(world.carl, topic="Carl's")
        mine = make.lead(world.anna, topic="Anna's")
        assert seen(world.ben) == {"Anna's"}
        with as_person(world.ben) as work, pytest.raises(Refused):
            leads.assign_to(work, lead_ids=[mine], to_user_id=world.ben)

    def test_for_a_manager_the_whole_branch(self, world: World, make: Make) -> None:
        """Sun keeps the rules of the branch while Mia is away, and only then."""
        make.absence(world.mia, stand_in_id=world.sun)
        make.lead(world.pia, topic="Pia's")
        rule_id = make.rule()
        assert seen(world.sun) == {"Pia's"}
        with as_person(world.sun) as work:
            assignment.switch(work, rule_id=rule_id, active=False)
        assert seen(world.sun, NOW + DAY) == set()
        with as_person(world.sun, at=NOW + DAY) as work, pytest.raises(Refused):
            assignment.switch(work, rule_id=rule_id, active=True)

    def test_what_is_personal_stays_with_the_person(self, world: World, make: Make) -> None:
        """No stand-in makes the absence longer, and with it the own rights."""
        absence_id = make.absence(world.anna, stand_in_id=world.ben)
        with as_person(world.ben) as work:
            with pytest.raises(NotFound):
                absences.change(work, absence_id=absence_id, changes={"last_day": TODAY + timedelta(days=9)})
            assert not work.reaches(work.get(User, world.anna), "user.own")
            assert notices.inbox(work) == []

    def test_only_while_both_work_in_the_same_branch(self, world: World, make: Make) -> None:
        """ACC-4: whoever moved away has nothing from the next click on."""
        make.absence(world.anna, stand_in_id=world.ben)
        make.lead(world.anna, topic="Anna's")
        with work_as_system("Ben moves", at=NOW) as work:
            work.load(User, world.ben, to="user.administer").branch_id = world.hefei
        assert seen(world.ben) == set()

    @pytest.mark.parametrize(("person", "role"), [("anna", Role.BRANCH_MANAGER), ("ben", Role.MARKETING)])
    def test_only_while_their_roles_fit(self, world: World, make: Make, person: str, role: Role) -> None:
        """ACC-4: a rep has never the rights of a manager, also when that is what the absent person becomes meanwhile."""
        make.absence(world.anna, stand_in_id=world.ben)
        with work_as_system("another role", at=NOW) as work:
            work.load(User, world.people[person], to="user.administer").role = role
        with as_person(world.ben, readonly=True) as work:
            assert work.actor.stands_for == ()
            assert not work.actor.may("contact.approve")
        with work_as_system("something happens", at=NOW) as work:
            notify(work, messages.TAKEN_AWAY, to=[world.anna], topic="Anna's", to_name="Pia", reason="–")
        with as_person(world.ben, readonly=True) as work:
            assert notices.inbox(work) == []
        with as_person(world.anna, readonly=True) as work:
            assert len(notices.inbox(work)) == 1

    def test_nobody_stands_in_for_who_left(self, world: World, make: Make) -> None:
        make.absence(world.anna, stand_in_id=world.ben)
        with work_as_system("Anna leaves", at=NOW) as work:
            work.load(User, world.anna, to="user.administer").active = False
        with as_person(world.ben, readonly=True) as work:
            assert work.actor.stands_for == ()


def test_what_lies_too_long_goes_to_somebody_who_is_there(world: World, make: Make) -> None:
    """ACT-7, ASG-2: with nobody there it goes to the manager's queue, with the reason."""
    make.absence(world.ben)
    dora = make.user("Dora", lines=["machines"])
    late = {"state": "assigned", "assigned_at": NOW - 20 * DAY}
    first = make.activity(world.anna, **late)
    reassign(NOW)
    assert owner(first) == dora
    make.absence(dora)
    second = make.activity(world.anna, **late)
    reassign(NOW)
    assert owner(second) == world.mia
    assert stored(second).queue_reason == "Every other suitable rep of the branch is absent today."
