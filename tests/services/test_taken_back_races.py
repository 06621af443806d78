"""Something is merged, converted or handed over, or taken back, while somebody goes on with it (ACCT-4, LEAD-5, ADM-6).

Whoever comes second goes on from what the first one left, or is told that it has changed; nobody's word is overwritten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from db.models import Account, Lead, LeadState
from services import activities, conversion, handover, leads, merging
from services.conversion import Existing
from services.core.errors import Busy, NotFound, Refused, ServiceError
from services.core.work import Work
from services.handover import Share
from tests.factories import Make, World, as_person
from tests.looking import stored
from tests.races import meanwhile
from tests.services.merges import merged, problems
from tests.stories import owner

pytestmark = pytest.mark.walk

Act = Callable[[Work], Any]
WANTED = {
    "line": "machines",
    "mobile": "13912345678",
    "company": "大地土方",
    "person": "王建国",
    "email": "wang@example.com",
}


@dataclass(frozen=True)
class Story:
    """Two records of one customer, each with a contact, and a lead that Anna works on."""

    world: World
    kept: int
    gone: int
    person: int
    namesake: int
    lead: int

    def convert(self, account_id: int) -> Act:
        return lambda work: conversion.convert(
            work, lead_id=self.lead, account=Existing(account_id), contact=Existing(self.person)
        )

    def undo_conversion(self, work: Work) -> None:
        conversion.undo(work, lead_id=self.lead)

    def merge(self, work: Work) -> int:
        return merging.merge(work, kind="account", kept_id=self.kept, gone_id=self.gone)

    def merge_contacts(self, work: Work) -> int:
        return merging.merge(work, kind="contact", kept_id=self.namesake, gone_id=self.person)

    def meanwhile(self, one: int, first: Act, other: int, second: Act) -> Any:
        """What came of the second, begun by the other one before the first was stored; everything is sound then."""

        def late() -> Any:
            with as_person(other) as work:
                return second(work)

        said = meanwhile(as_person(one), first, late)
        assert not isinstance(said, Busy)
        assert problems() == []
        return said


@pytest.fixture
def story(world: World, make: Make) -> Story:
    kept, gone = (make.account(name, team={world.anna: "machines"}) for name in ("徐工机械有限公司", "徐工机械集团"))
    with as_person(world.anna) as work:
        lead_id = leads.create(work, values=WANTED)
        leads.record_contact(work, lead_id=lead_id)
    return Story(world, kept, gone, make.contact(gone, "王建国"), make.contact(kept, "王健国"), lead_id)


class TestMerges:
    """ACCT-4, LEAD-5"""

    def test_converted_while_the_merge_is_undone(self, world: World, story: Story) -> None:
        merge_id = merged(world, story.kept, story.gone)
        undo = partial(merging.undo, merge_id=merge_id)
        assert isinstance(story.meanwhile(world.adam, undo, world.anna, story.convert(story.kept)), int)
        assert stored(Lead, story.lead).account_id == story.kept
        assert stored(Account, story.gone).deleted_at is None

    def test_the_merge_is_undone_while_a_lead_becomes_the_customer(self, world: World, story: Story) -> None:
        merge_id = merged(world, story.kept, story.gone)
        undo = partial(merging.undo, merge_id=merge_id)
        said = story.meanwhile(world.anna, story.convert(story.kept), world.adam, undo)
        assert isinstance(said, Refused)
        assert stored(Lead, story.lead).account_id == story.kept
        assert stored(Account, story.gone).deleted_at is not None

    def test_contacts_are_merged_while_a_lead_becomes_one(self, world: World, story: Story) -> None:
        said = story.meanwhile(world.anna, story.convert(story.gone), world.adam, story.merge_contacts)
        assert isinstance(said, int)
        assert stored(Lead, story.lead).contact_id == story.namesake

    def test_a_lead_does_not_become_a_contact_that_was_merged_away(self, world: World, story: Story) -> None:
        said = story.meanwhile(world.adam, story.merge_contacts, world.anna, story.convert(story.gone))
        assert isinstance(said, NotFound)
        lead = stored(Lead, story.lead)
        assert (lead.state, lead.account_id, lead.contact_id) == (LeadState.WORKING, None, None)


class TestConversions:
    """LEAD-5, ACCT-4"""

    def test_merged_while_the_conversion_is_undone(self, world: World, story: Story) -> None:
        with as_person(world.anna) as work:
            story.convert(story.gone)(work)
        said = story.meanwhile(world.anna, story.undo_conversion, world.adam, story.merge)
        assert isinstance(said, int)
        assert (stored(Lead, story.lead).state, stored(Lead, story.lead).account_id) == (LeadState.WORKING, None)
        assert stored(Account, story.kept).email is None

    def test_the_conversion_is_undone_while_its_customer_is_merged_away(self, world: World, story: Story) -> None:
        with as_person(world.anna) as work:
            story.convert(story.gone)(work)
        said = story.meanwhile(world.adam, story.merge, world.anna, story.undo_conversion)
        assert isinstance(said, ServiceError)
        assert (stored(Lead, story.lead).state, stored(Lead, story.lead).account_id) == (
            LeadState.CONVERTED,
            story.kept,
        )


class TestHandovers:
    """ADM-6, LEAD-4, ACT-6: a handover moves what is still theirs; whoever assigns afterwards has the last word."""

    @staticmethod
    def hand_over(world: World) -> Act:
        return lambda work: handover.make(work, from_user_id=world.anna, shares=[Share(world.sun)], reason="She leaves")

    def test_a_lead_is_assigned_while_it_is_handed_over(self, world: World, story: Story) -> None:
        assign = partial(leads.assign_to, lead_ids=[story.lead], to_user_id=world.ben)
        assert story.meanwhile(world.adam, self.hand_over(world), world.mia, assign) == 1
        assert stored(Lead, story.lead).owner_id == world.ben

    @pytest.mark.parametrize("handed_over_first", [True, False])
    def test_a_visit_is_reassigned_meanwhile(
        self, world: World, make: Make, story: Story, handed_over_first: bool
    ) -> None:
        visit = make.activity(world.anna, account_id=story.kept)
        reassign = partial(activities.reassign, activity_id=visit, to_user_id=world.ben, reason="Ill")
        if handed_over_first:
            said = meanwhile(as_person(world.adam), self.hand_over(world), lambda: _as(world.mia, reassign))
        else:
            said = meanwhile(as_person(world.mia), reassign, lambda: _as(world.adam, self.hand_over(world)))
        assert not isinstance(said, Busy)
        assert owner(visit) == world.ben


def _as(person: int, act: Act) -> Any:
    with as_person(person) as work:
        return act(work)
