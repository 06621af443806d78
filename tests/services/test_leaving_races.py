"""People leave or hand over while others work on the same records (ADM-6, ACC-6, ASG-4): nobody's word is overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from db.models import AccountMember, Lead, LeadState
from services import accounts, conversion, handover, leads, users
from services.accounts import Member
from services.conversion import Existing, New
from services.core.errors import Busy, Refused, ServiceError
from services.core.work import Work
from services.handover import Share
from tests.factories import As, Make, World
from tests.races import meanwhile
from tests.services import converting, disputing
from tests.services.handing import hand_over, owners, rows
from tests.services.merges import merged, problems

pytestmark = pytest.mark.walk

PHONE = {"line": "machines", "mobile": "13912345678"}


def deactivated(world: World, as_: As, person: int) -> None:
    with as_(world.adam) as work:
        users.deactivate(work, user_id=person)


class TestHandingOver:
    def test_a_lead_that_is_assigned_meanwhile_stays_so(self, world: World, make: Make, as_: As) -> None:
        """ADM-6, LEAD-4: it is no longer theirs to hand over."""
        lead_id = make.lead(world.anna)
        said = meanwhile(
            as_(world.sun),
            lambda work: leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben),
            lambda: hand_over(as_, world.mia, world.anna, world.sun),
        )
        assert isinstance(said, ServiceError)
        assert not isinstance(said, Busy)
        assert owners(Lead) == [world.ben]

    @pytest.mark.parametrize("new", [True, False])
    def test_a_lead_that_is_converted_meanwhile_stays_with_who_did_it(
        self, world: World, make: Make, as_: As, new: bool
    ) -> None:
        """ADM-6, LEAD-5: a handover moves what is open; with a new customer it waits for the owner, else for the lead."""
        lead_id, account_id = converting.lead(world), make.account()
        said = meanwhile(
            as_(world.mia),
            lambda work: conversion.convert(work, lead_id=lead_id, account=New() if new else Existing(account_id)),
            lambda: hand_over(as_, world.adam, world.anna, world.ben),
        )
        assert not isinstance(said, Busy)
        assert [(lead.state, lead.owner_id) for lead in rows(Lead)] == [(LeadState.CONVERTED, world.anna)]

    def test_a_customer_that_is_merged_meanwhile_keeps_its_team(self, world: World, make: Make, as_: As) -> None:
        """ADM-6, ACCT-4: whoever is second is told to look again, and succeeds then."""
        kept, gone = make.account(), make.account("徐工机械集团", team={world.anna: "machines"})
        said = meanwhile(
            as_(world.mia),
            lambda work: handover.make(work, from_user_id=world.anna, shares=[Share(world.ben)], reason="She leaves"),
            lambda: merged(world, kept, gone),
        )
        assert isinstance(said, int)
        assert [(row.account_id, row.user_id) for row in rows(AccountMember)] == [(kept, world.ben)]
        assert problems() == []

    @pytest.mark.parametrize("to", ["keep", "give"])
    def test_a_dispute_that_is_decided_meanwhile(self, world: World, make: Make, as_: As, to: str) -> None:
        """ADM-6, ASG-4: both lock the lead before its dispute."""
        lead_id = make.lead(world.anna, mobile=disputing.PHONE)
        dispute_id = disputing.claim(as_, world.ben)
        receiver = world.ben if to == "give" else None
        said = meanwhile(
            as_(world.adam),
            lambda work: handover.make(work, from_user_id=world.anna, shares=[Share(world.sun)], reason="She leaves"),
            lambda: disputing.decide(as_, world.mia, dispute_id, receiver),
        )
        assert not isinstance(said, Busy)
        assert disputing.owner(lead_id) == (world.ben if to == "give" and said is None else world.sun)


def own_lead(work: Work, _world: World, _account: int) -> Any:
    return leads.create(work, values=PHONE)


def own_account(work: Work, _world: World, _account: int) -> Any:
    return accounts.create(work, values={"name": "大地土方"})


def staffed(work: Work, world: World, account: int) -> Any:
    return accounts.staff(work, account_id=account, member=Member(world.anna, "machines"))


def given(work: Work, world: World, _account: int) -> Any:
    return leads.assign_to(work, lead_ids=work.scalars(select(Lead.id)), to_user_id=world.anna)


OWNING = [(own_lead, "anna"), (own_account, "anna"), (staffed, "mia"), (given, "mia")]


class TestLeaving:
    @pytest.mark.parametrize(("own", "who"), OWNING)
    def test_nobody_comes_to_own_something_at_the_moment_of_leaving(
        self, world: World, make: Make, as_: As, own: Callable[..., Any], who: str
    ) -> None:
        """ACC-6"""
        account_id, _unassigned = make.account(), make.lead(mobile="13900000001")

        def late() -> None:
            with as_(world.people[who]) as work:
                own(work, world, account_id)

        said = meanwhile(as_(world.adam), lambda work: users.deactivate(work, user_id=world.anna), late)
        assert isinstance(said, ServiceError)
        assert (owners(Lead), rows(AccountMember)) == ([None], [])

    @pytest.mark.parametrize(("own", "who"), OWNING)
    def test_nobody_leaves_who_has_just_come_to_own_something(
        self, world: World, make: Make, as_: As, own: Callable[..., Any], who: str
    ) -> None:
        """ACC-6"""
        account_id, _unassigned = make.account(), make.lead(mobile="13900000001")
        said = meanwhile(
            as_(world.people[who]),
            lambda work: own(work, world, account_id),
            lambda: deactivated(world, as_, world.anna),
        )
        assert isinstance(said, Refused)

    def test_a_lead_taken_up_again_waits_when_its_rep_has_left(self, world: World, make: Make, as_: As) -> None:
        """ACC-6, LEAD-7: nobody who left owns open work."""
        lead_id = make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])
        deactivated(world, as_, world.anna)
        with as_(world.mia) as work:
            leads.reopen(work, lead_id=lead_id, reason="He called again")
        (lead,) = rows(Lead)
        assert (lead.state, lead.owner_id) == (LeadState.NEW, None)

    def test_so_does_one_whose_conversion_is_undone(self, world: World, make: Make, as_: As) -> None:
        """ACC-6, LEAD-5"""
        lead_id, account_id = converting.lead(world), make.account()
        with as_(world.mia) as work:
            conversion.convert(work, lead_id=lead_id, account=Existing(account_id))
        deactivated(world, as_, world.anna)
        with as_(world.mia) as work:
            conversion.undo(work, lead_id=lead_id)
        (lead,) = rows(Lead)
        assert (lead.state, lead.owner_id) == (LeadState.NEW, None)
