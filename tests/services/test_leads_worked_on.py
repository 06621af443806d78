"""Visits and files of a lead: planned, the first contact by ending one, who sees them, what follows a converted one."""

from datetime import timedelta
from typing import Any

import pytest

from db.models import Activity, Lead, LeadState
from services import activities, attachments, conversion, leads
from services.core.errors import Invalid, NotFound, Refused
from services.core.listing import ListRequest, fetch
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.looking import stored
from tests.services.stories import PHOTO


def planned(world: World, kind: str = "visit", **values: Any) -> dict[str, Any]:
    return {"type_id": world.codes[kind], "planned_start": NOW - HOUR, "planned_end": NOW, **values}


def feedback(world: World, result: str) -> dict[str, Any]:
    return {"result_id": world.codes[result], "learned": "Wants to see the machine"}


def given_up(world: World, make: Make, as_: As) -> int:
    lead_id = make.lead(world.anna, topic="Closed")
    with as_(world.anna) as work:
        leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=world.codes["no_need"])
    return lead_id


class TestPlanning:
    """LEAD-5 presupposes that activities hang on leads; activities.md: an activity regards a lead."""

    def test_subject_and_place_come_from_the_lead(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(
            world.anna, topic="两台挖掘机", province_code="320000", city_code="320100", street="中山路18号"
        )
        with as_(world.anna) as work:
            activity_id = activities.plan(work, values=planned(world, lead_id=lead_id))
            card = activities.card(work, activity_id=activity_id).activity
            assert (card.subject, card.place) == ("Visit · 两台挖掘机", "江苏省南京市中山路18号")
            assert (card.lead, card.lead_phone) == ("两台挖掘机", "13912345678")
            assert [row.id for row in activities.timeline(work, lead_id=lead_id)] == [activity_id]

    def test_somebody_elses_lead_is_not_there(self, world: World, make: Make, as_: As) -> None:
        """ACC-2"""
        lead_id = make.lead(world.ben)
        with as_(world.anna) as work, pytest.raises(NotFound):
            activities.plan(work, values=planned(world, lead_id=lead_id))

    def test_nor_behind_a_customer_of_ones_own(self, world: World, make: Make, as_: As) -> None:
        """ALL-7: a customer beside it does not carry somebody else's lead into view, nor does a later change."""
        account_id, lead_id = make.account(team={world.anna: "machines"}), make.lead(world.ben)
        with as_(world.anna) as work, pytest.raises(NotFound):
            activities.plan(work, values=planned(world, account_id=account_id, lead_id=lead_id))
        activity_id = make.activity(account_id=account_id)
        with as_(world.anna) as work, pytest.raises(NotFound):
            activities.change(work, activity_id=activity_id, changes={"lead_id": lead_id})

    def test_a_closed_lead_is_not_visited(self, world: World, make: Make, as_: As) -> None:
        lead_id = given_up(world, make, as_)
        with as_(world.anna) as work, pytest.raises(Invalid, match="lead_id"):
            activities.plan(work, values=planned(world, lead_id=lead_id))

    def test_a_lead_of_another_branch_than_the_rep(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.carl)
        with as_(world.adam) as work, pytest.raises(Invalid, match="lead_id"):
            activities.assign(work, values=planned(world, lead_id=lead_id), owner_ids=[world.anna])

    def test_the_picker_offers_open_ones_of_ones_own(self, world: World, make: Make, as_: As) -> None:
        mine, closed = make.lead(world.anna, topic="Mine"), given_up(world, make, as_)
        make.lead(world.ben, topic="Theirs")
        with as_(world.anna, readonly=True) as work:
            assert [row.topic for row in leads.picker(work)] == ["Mine"]
            assert [row.topic for row in leads.picker(work, words="clos")] == []
            assert {row.id for row in leads.picker(work, ids=[mine, closed])} == {mine, closed}


class TestFirstContact:
    """LEAD-8: ending an activity in which somebody was reached stops the clock, at the time it ended."""

    def end(self, world: World, as_: As, person: int, activity_id: int, result: str) -> None:
        with as_(person, at=NOW + 5 * HOUR) as work:
            activities.end(
                work, activity_id=activity_id, feedback=feedback(world, result), started_at=NOW, ended_at=NOW + HOUR
            )

    def test_ending_a_visit_is_the_first_contact(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        self.end(world, as_, world.anna, make.activity(lead_id=lead_id), "met")
        lead = stored(Lead, lead_id)
        assert (lead.state, lead.first_contact_at, lead.first_contact_by_id) == (
            LeadState.WORKING, NOW + HOUR, world.anna,
        )  # fmt: skip

    def test_a_call_that_nobody_answered_is_none(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        self.end(world, as_, world.anna, make.activity(lead_id=lead_id, type_id=world.codes["call"]), "no_answer")
        assert stored(Lead, lead_id).state is LeadState.ASSIGNED

    def test_who_has_lost_the_lead_no_longer_stops_its_clock(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        activity_id = make.activity(lead_id=lead_id)
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)
        self.end(world, as_, world.anna, activity_id, "met")
        assert stored(Lead, lead_id).first_contact_at is None

    def test_never_before_the_lead_came_in(self, world: World, make: Make, as_: As) -> None:
        """LEAD-7: entered after the visit in which they met; the time to the first contact is none, not less than that."""
        lead_id = make.lead(world.anna, created_at=NOW + 2 * HOUR)
        self.end(world, as_, world.anna, make.activity(lead_id=lead_id), "met")
        assert stored(Lead, lead_id).first_contact_at == NOW + 2 * HOUR

    def test_a_later_visit_changes_nothing(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna, state="working", first_contact_at=NOW - DAY)
        self.end(world, as_, world.anna, make.activity(lead_id=lead_id), "met")
        assert stored(Lead, lead_id).first_contact_at == NOW - DAY


def test_who_gets_the_lead_sees_what_was_done_before(world: World, make: Make, as_: As) -> None:
    """access.md: activities regarding records that one may write; no longer when the lead has gone on."""
    lead_id = make.lead(world.anna)
    activity_id = make.activity(world.anna, lead_id=lead_id)
    for owner, sees in ((world.anna, False), (world.ben, True), (world.anna, False)):
        with as_(world.ben, readonly=True) as work:
            listed = {row["id"] for row in fetch(work, activities.LIST, ListRequest()).rows}
            assert (activity_id in listed) is sees
        other = world.ben if owner == world.anna else world.anna
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=other)


class TestFollowingUp:
    """ACT-10"""

    def follow_up(self, world: World, as_: As, activity_id: int) -> Activity:
        with as_(world.anna, at=NOW + 5 * HOUR) as work:
            told = feedback(world, "met")
            follow_up = activities.finish(work, activity_id=activity_id, feedback=told, follow_up=True)
        found: Activity = stored(Activity, follow_up or 0)
        return found

    def test_it_regards_the_same_lead(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        assert self.follow_up(world, as_, make.activity(lead_id=lead_id)).lead_id == lead_id

    def test_of_a_converted_lead_it_regards_the_customer(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna, company="徐州大地土方有限公司", person="王建国")
        activity_id = make.activity(lead_id=lead_id)
        with as_(world.anna) as work:
            conversion.convert(work, lead_id=lead_id, account=conversion.New())
        account_id = stored(Lead, lead_id).account_id
        assert account_id
        after = self.follow_up(world, as_, activity_id)
        assert (after.lead_id, after.account_id) == (None, account_id)


class TestFiles:
    """ACC-7, LEAD-5: a lead has files; they are seen by who sees the lead, at that moment."""

    def test_the_owner_attaches_and_loses_sight_with_the_lead(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        with as_(world.anna) as work:
            file_id = attachments.add(work, name="card.png", data=PHOTO, lead_id=lead_id)
            assert [file.name for file in attachments.list_of(work, lead_id=lead_id)] == ["card.png"]
            assert "attach" in leads.card(work, lead_id=lead_id).allowed
        with as_(world.mia, at=NOW + timedelta(minutes=1)) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)
        with as_(world.anna, readonly=True) as work, pytest.raises(NotFound):
            attachments.open_(work, attachment_id=file_id)
        with as_(world.ben, readonly=True) as work:
            assert attachments.open_(work, attachment_id=file_id).stream.read() == PHOTO

    def test_a_reader_attaches_nothing(self, world: World, make: Make, as_: As) -> None:
        lead_id = make.lead(world.anna)
        for person, answer in ((world.ruth, Refused), (world.ben, NotFound)):
            with as_(person) as work, pytest.raises(answer):
                attachments.add(work, name="card.png", data=PHOTO, lead_id=lead_id)
