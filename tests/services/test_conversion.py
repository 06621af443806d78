"""Converting leads and taking it back (LEAD-5, LEAD-6)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import (
    Account,
    AccountMember,
    Activity,
    Attachment,
    Contact,
    Lead,
    LeadState,
    Opportunity,
)
from services import accounts, contacts, conversion
from services.conversion import Existing, New
from services.core import events
from services.core.errors import Invalid, NotFound, Refused, ServiceError, Stale
from services.core.work import work_as_system
from tests.factories import HOUR, NOW, As, Make, World
from tests.looking import stored
from tests.races import race, winners
from tests.services.converting import attach, counts, lead
from tests.statements import counted

ALL_NEW = {"account": New(), "contact": New(), "opportunity": New()}


def test_everything_new_is_made_of_what_the_lead_says(world: World, as_: As) -> None:
    """LEAD-5: account, contact and opportunity in the lead's branch, tied to each other and to the lead."""
    lead_id = lead(world)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
    one = stored(Lead, lead_id)
    assert (one.state, one.converted_by_id, one.converted_at) == (LeadState.CONVERTED, world.anna, NOW)
    account, contact = stored(Account, one.account_id), stored(Contact, one.contact_id)
    opportunity = stored(Opportunity, one.opportunity_id)
    assert (account.name, account.phone, account.branch_id) == ("徐州大地土方有限公司", "13801395136", world.nanjing)
    assert (contact.name, contact.mobile, contact.email) == ("王建国", "13801395136", "wang@example.com")
    assert (opportunity.name, opportunity.account_id, opportunity.contact_id) == ("两台挖掘机", account.id, contact.id)
    assert (opportunity.owner_id, opportunity.expected_revenue, opportunity.needs) == (world.anna, 900000, "SY215 × 2")


def test_the_rep_has_direct_business_with_whom_the_lead_became(world: World, as_: As) -> None:
    """CON-4: on the team for the line of the lead, which the contact deals with."""
    lead_id = lead(world)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
        contacts.change(work, contact_id=stored_id(work, lead_id, "contact_id"), changes={"job_title": "经理"})


def test_a_converting_manager_puts_the_owner_on_the_team(world: World, as_: As) -> None:
    """LEAD-5: the sales manager converts, the rep goes on looking after the customer."""
    lead_id = lead(world)
    with as_(world.sun) as work:
        conversion.convert(work, lead_id=lead_id, account=New(), opportunity=New())
    with work_as_system("look", at=NOW, readonly=True) as work:
        team = work.rows(select(AccountMember.user_id, AccountMember.line))
    assert [tuple(member) for member in team] == [(world.anna, "machines")]
    assert stored(Opportunity, stored(Lead, lead_id).opportunity_id).owner_id == world.anna


def test_looking_takes_as_many_statements_for_many_matches(world: World, make: Make, as_: As) -> None:
    """LEAD-5: what may be the same is read at once, with whether it may be changed; so are the visits that follow."""
    lead_id = lead(world)

    def look() -> int:
        with as_(world.anna, readonly=True) as work:
            return counted(lambda: conversion.preview(work, lead_id=lead_id))

    for number in range(2):
        customer = make.account(f"{number}号有限公司", phone="13801395136", team={world.anna: "machines"})
        make.contact(customer, mobile="13801395136")
        make.activity(lead_id=lead_id)
    few = look()
    for number in range(2, 6):
        customer = make.account(f"{number}号有限公司", phone="13801395136", team={world.ben: "machines"})
        make.contact(customer, mobile="13801395136")
        make.activity(lead_id=lead_id)
    assert look() == few
    with as_(world.anna, readonly=True) as work:
        found = conversion.preview(work, lead_id=lead_id)
    assert [one.open for one in found.account.matches] == [True] * 2 + [False] * 4
    assert found.activities == 6


def test_only_empty_fields_of_existing_records_are_filled(world: World, make: Make, as_: As) -> None:
    """LEAD-5: what is there stays."""
    account_id = make.account(phone="010 85868466", team={world.anna: "machines"})
    contact_id = make.contact(account_id, mobile="13900000000")
    lead_id = lead(world, landline="025 84123456", wechat="wjg")
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=Existing(account_id), contact=Existing(contact_id))
    account, contact = stored(Account, account_id), stored(Contact, contact_id)
    assert (account.name, account.phone, account.phone2) == ("徐工机械有限公司", "010 85868466", "025 84123456")
    assert (account.email, contact.mobile, contact.wechat) == ("wang@example.com", "13900000000", "wjg")


def test_a_customer_of_somebody_else_is_used_as_it_is(world: World, make: Make, as_: As) -> None:
    """LEAD-5, access.md "U team": a rep who is not on the team changes nothing of the customer."""
    account_id = make.account(team={world.ben: "machines"})
    lead_id = lead(world)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=Existing(account_id), opportunity=New())
    assert (stored(Account, account_id).email, stored(Lead, lead_id).account_id) == (None, account_id)
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert work.scalars(select(AccountMember.user_id)) == [world.ben]


def test_a_hidden_record_can_neither_be_matched_nor_attached(world: World, make: Make, as_: As) -> None:
    """ALL-7, ACC-2: same phone, same name, other branch; the answer is the same as for a number that does not exist."""
    account_id = make.account("徐州大地土方有限公司", branch_id=world.hefei, phone="13801395136")
    make.contact(account_id, mobile="13801395136")
    lead_id = lead(world)
    with as_(world.anna) as work:
        seen = conversion.preview(work, lead_id=lead_id)
    assert [*seen.account.matches, *seen.contact.matches, *seen.opportunity.matches] == []
    for hidden in (account_id, 99999):
        with pytest.raises(NotFound), as_(world.anna) as work:
            conversion.convert(work, lead_id=lead_id, account=Existing(hidden))


def test_records_of_another_branch_are_refused_to_who_sees_them(world: World, make: Make, as_: As) -> None:
    """LEAD-5: what a lead becomes is of its branch, also when the data administrator converts it."""
    account_id = make.account(branch_id=world.hefei)
    lead_id = lead(world)
    with pytest.raises(Invalid) as refused, as_(world.adam) as work:
        conversion.convert(work, lead_id=lead_id, account=Existing(account_id))
    assert list(refused.value.fields) == ["account"]


def test_matches_come_with_their_reason_and_what_would_be_filled(world: World, make: Make, as_: As) -> None:
    """LEAD-5: by phone, by name, by a contact's phone; the filling only where the actor may change."""
    by_phone = make.account("甲公司", phone="13801395136", team={world.anna: "machines"})
    by_name = make.account("徐州大地土方有限公司")
    through = make.account("乙公司")
    person = make.contact(through, "李四", mobile="13801395136")
    lead_id = lead(world)
    with as_(world.anna) as work:
        seen = conversion.preview(work, lead_id=lead_id)
    assert [one.id for one in seen.account.matches] == [by_phone, by_name, through]
    assert [one.why.message for one in seen.account.matches] == [
        "same phone number", "same name", "a contact with this phone number works there",
    ]  # fmt: skip
    assert dict(seen.account.matches[0].fills) == {"email": "wang@example.com"}
    assert (seen.account.matches[1].fills, seen.account.matches[1].open) == ({}, False)
    assert [one.id for one in seen.contact.matches] == [person]


def test_wrong_names_are_refused_with_the_field_named_and_can_be_put_right(world: World, as_: As) -> None:
    """CON-1, LEAD-5: a title in the lead's name does not get into the contacts; nothing of the rest stays."""
    lead_id, before = lead(world, person="王总"), counts()
    with as_(world.anna) as work:
        assert "name" in conversion.preview(work, lead_id=lead_id).contact.wrong
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
    assert list(refused.value.fields) == ["contact.name"]
    assert counts() == before
    assert stored(Lead, lead_id).state is LeadState.WORKING
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW | {"contact": New({"name": "王建国"})})
    assert stored(Contact, stored(Lead, lead_id).contact_id).name == "王建国"


def test_a_failure_in_the_last_step_leaves_nothing(world: World, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """LEAD-5, abuse-cases.md: all in one transaction."""
    lead_id, before = lead(world), counts()

    def breaks(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("services.conversion.converting.attachments_follow", breaks)
    with pytest.raises(RuntimeError), as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
    assert counts() == before
    assert stored(Lead, lead_id).account_id is None


def test_open_activities_and_files_go_along(world: World, make: Make, as_: As) -> None:
    """LEAD-5: open ones get the customer, those that are over stay as they are; a file hangs on both, stored once."""
    lead_id = lead(world)
    open_one, over = make.activity(lead_id=lead_id), make.activity(lead_id=lead_id, state="cancelled")
    attach(lead_id, world.anna)
    with as_(world.anna) as work:
        assert conversion.preview(work, lead_id=lead_id).activities == 1
        conversion.convert(work, lead_id=lead_id, account=New())
    account_id = stored(Lead, lead_id).account_id
    assert (stored(Activity, open_one).account_id, stored(Activity, over).account_id) == (account_id, None)
    with work_as_system("look", at=NOW, readonly=True) as work:
        files = work.rows(select(Attachment.account_id, Attachment.lead_id, Attachment.digest).order_by(Attachment.id))
    assert [tuple(one) for one in files] == [(None, lead_id, "d" * 64), (account_id, None, "d" * 64)]


@pytest.mark.parametrize(
    ("choices", "field"),
    [({}, "account"), ({"contact": New()}, "account"), ({"opportunity": New()}, "account")],
)
def test_what_cannot_be_made_alone(world: World, as_: As, choices: dict[str, Any], field: str) -> None:
    """LEAD-5: nothing at all, or what hangs on a customer without one."""
    lead_id = lead(world)
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **choices)
    assert list(refused.value.fields) == [field]


def test_an_opportunity_of_another_customer_is_refused(world: World, as_: As) -> None:
    """LEAD-5: what belongs together stays together; alone it can be used."""
    first, second = lead(world), lead(world, company="甲公司", mobile="13900000001")
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=first, **ALL_NEW)
        chosen = Existing(stored_id(work, first, "opportunity_id"))
    with pytest.raises(Invalid), as_(world.anna) as work:
        conversion.convert(work, lead_id=second, account=New(), opportunity=chosen)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=second, opportunity=chosen)
    assert stored(Lead, second).opportunity_id == chosen.id


def test_a_contact_of_another_customer_is_tied_by_who_may_change_it(world: World, make: Make, as_: As) -> None:
    """CON-4: with direct business the contact also works at the chosen customer; without, it is refused."""
    mine, foreign = make.account("甲公司", team={world.anna: "machines"}), make.account("乙公司")
    known, stranger = make.contact(mine), make.contact(foreign, "李四")
    lead_id = lead(world)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New(), contact=Existing(stranger))
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New(), contact=Existing(known))
    with as_(world.anna) as work:
        assert len(contacts.card(work, contact_id=known).accounts) == 2
        conversion.undo(work, lead_id=lead_id)
        assert len(contacts.card(work, contact_id=known).accounts) == 1


@pytest.mark.parametrize("who", ["ben", "carl", "ruth", "eva"])
def test_who_may_not_convert(world: World, as_: As, who: str) -> None:
    """access.md: a colleague, another branch, marketing, executives."""
    lead_id = lead(world)
    with pytest.raises(ServiceError), as_(world.people[who]) as work:
        conversion.convert(work, lead_id=lead_id, account=New())
    assert stored(Lead, lead_id).state is LeadState.WORKING


def test_a_converted_lead_is_not_converted_again(world: World, as_: As) -> None:
    """LEAD-5: once; a second click carries the old version."""
    lead_id = lead(world)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New(), version=1)
    with pytest.raises(Stale), as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New(), version=1)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New())


@pytest.mark.parametrize("_round", range(4))
def test_two_sessions_convert_at_once(world: World, as_: As, _round: int) -> None:
    """LEAD-5, abuse-cases.md: one wins, and there is one of everything."""
    lead_id = lead(world)

    def act(person: int) -> Any:
        def acting() -> int:
            with as_(person) as work:
                return conversion.convert(work, lead_id=lead_id, account=New(), opportunity=New())

        return acting

    assert len(winners(race(act(world.anna), act(world.sun), act(world.anna)))) == 1
    assert {name: counts()[name] for name in ("accounts", "opportunities", "lead_conversions")} == {
        "accounts": 1, "opportunities": 1, "lead_conversions": 1,
    }  # fmt: skip


def test_undo_puts_everything_back(world: World, make: Make, as_: As) -> None:
    """LEAD-5: what was made is gone, what was filled is empty, what was moved is back; converting works again."""
    account_id = make.account(team={world.anna: "machines"})
    lead_id = lead(world, state=LeadState.ASSIGNED)
    activity_id = make.activity(lead_id=lead_id)
    attach(lead_id, world.anna)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=Existing(account_id), contact=New(), opportunity=New())
    assert stored(Account, account_id).phone == "13801395136"
    with as_(world.anna, at=NOW + HOUR) as work:
        conversion.undo(work, lead_id=lead_id)
    one, account = stored(Lead, lead_id), stored(Account, account_id)
    assert (one.state, one.converted_at, one.account_id, one.contact_id, one.opportunity_id) == (
        LeadState.ASSIGNED, None, None, None, None,
    )  # fmt: skip
    assert (account.phone, account.email, stored(Activity, activity_id).account_id) == (None, None, None)
    assert {name: counts()[name] for name in ("accounts", "contacts", "opportunities", "attachments")} == {
        "accounts": 1, "contacts": 0, "opportunities": 0, "attachments": 1,
    }  # fmt: skip
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
        assert [event.action for event in events.story(work, kind="lead", record_id=lead_id)] == [
            "converted", "conversion_undone", "converted",
        ]  # fmt: skip


def _change_account(work: Any, one: Lead, _world: World) -> None:
    accounts.change(work, account_id=one.account_id or 0, changes={"employees": 3})


def _new_contact(work: Any, one: Lead, _world: World) -> None:
    contacts.create(work, account_id=one.account_id or 0, values={"name": "李四"})


def _change_contact(work: Any, one: Lead, _world: World) -> None:
    contacts.change(work, contact_id=one.contact_id or 0, changes={"job_title": "x"})


@pytest.mark.parametrize("touch", [_change_account, _new_contact, _change_contact])
def test_undo_is_refused_once_touched(world: World, as_: As, touch: Any) -> None:
    """LEAD-5: "while untouched"; nothing of it is undone."""
    lead_id = lead(world)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
    with as_(world.anna) as work:
        touch(work, stored(Lead, lead_id), world)
    before = counts()
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=lead_id)
    assert counts() == before
    assert stored(Lead, lead_id).state is LeadState.CONVERTED


def test_undo_is_refused_once_another_lead_became_the_same_customer(world: World, as_: As) -> None:
    """LEAD-5: also when the second lead filled nothing and is one that the first owner cannot see."""
    first, second = lead(world), lead(world, world.ben)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=first, account=New())
        account_id = stored_id(work, first, "account_id")
    with as_(world.ben) as work:
        conversion.convert(work, lead_id=second, account=Existing(account_id))
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=first)


def test_undo_is_refused_once_a_colleague_plans_with_the_customer(world: World, make: Make, as_: As) -> None:
    """LEAD-5: also a visit that who undoes does not see."""
    lead_id = lead(world, line="parts")
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New())
        account_id = stored_id(work, lead_id, "account_id")
    make.activity(world.pia, account_id=account_id)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=lead_id)


def test_undo_within_a_day(world: World, as_: As) -> None:
    """LEAD-5: 24 hours, not a minute longer; without a conversion there is nothing to undo."""
    lead_id = lead(world)
    with pytest.raises(Refused), as_(world.anna) as work:
        conversion.undo(work, lead_id=lead_id)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=New())
    late = NOW + conversion.UNDO_WITHIN + timedelta(minutes=1)
    with as_(world.anna, at=late) as work:
        seen = conversion.outcome(work, lead_id=lead_id)
        assert seen is not None
        assert not seen.undoable
    with pytest.raises(Refused), as_(world.anna, at=late) as work:
        conversion.undo(work, lead_id=lead_id)
    with as_(world.anna, at=NOW + conversion.UNDO_WITHIN) as work:
        conversion.undo(work, lead_id=lead_id)


def test_both_ways_to_look(world: World, as_: As) -> None:
    """LEAD-6: from the lead what became of it, from each record the lead; as far as one may see (ALL-7)."""
    lead_id = lead(world)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, **ALL_NEW)
    with as_(world.anna) as work:
        seen = conversion.outcome(work, lead_id=lead_id)
        assert seen is not None
        places = {place.kind: place.id for place in seen.places}
        assert list(places) == ["account", "contact", "opportunity"]
        assert (seen.undoable, seen.by) == (True, "Anna")
        for kind, number in places.items():
            assert [one.id for one in conversion.origins(work, **{f"{kind}_id": number})] == [lead_id]
    with as_(world.ben) as work:
        assert list(conversion.origins(work, account_id=places["account"])) == []
        with pytest.raises(NotFound):
            conversion.outcome(work, lead_id=lead_id)


def stored_id(work: Any, lead_id: int, name: str) -> int:
    """What the lead became, as its owner sees it."""
    return int(getattr(work.get(Lead, lead_id), name))
