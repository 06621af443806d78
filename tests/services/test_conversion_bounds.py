"""What converting leaves alone: addresses, other lines, other people's customers, other branches (LEAD-5)."""

import pytest
from sqlalchemy import select

from db.models import Account, AccountMember, Attachment, ContactAccount, Lead
from services import conversion
from services.conversion import Existing, New
from services.core.errors import Invalid
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.looking import stored
from tests.services.converting import attach, lead

ALL_NEW = {"account": New(), "contact": New(), "opportunity": New()}


def test_a_street_never_joins_another_city(world: World, make: Make, as_: As) -> None:
    """LEAD-5 "only empty fields": an address is one thing; a customer without any gets the lead's whole one."""
    place = {"province_code": "320000", "city_code": "320100", "street": "中山路18号"}
    placed = make.account("甲公司", team={world.anna: "machines"}, province_code="340000", city_code="340100")
    bare = make.account("乙公司", team={world.anna: "machines"})
    for account_id, street, city in ((placed, None, "340100"), (bare, "中山路18号", "320100")):
        lead_id = lead(world, **place)
        with as_(world.anna) as work:
            conversion.convert(work, lead_id=lead_id, account=Existing(account_id))
        assert (stored(Account, account_id).street, stored(Account, account_id).city_code) == (street, city)


def test_an_opportunity_of_another_line_is_refused(world: World, as_: As) -> None:
    """LEAD-5: machines and parts are sold one by one."""
    first, second = lead(world), lead(world, line="parts", mobile="13900000001")
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=first, **ALL_NEW)
    customer, chosen = stored(Lead, first).account_id, stored(Lead, first).opportunity_id
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        conversion.convert(work, lead_id=second, account=Existing(customer), opportunity=Existing(chosen))
    assert list(refused.value.fields) == ["opportunity"]


def test_files_hang_on_no_customer_of_somebody_else(world: World, make: Make, as_: As) -> None:
    """LEAD-5, access.md "U team": who may not attach to the customer leaves the lead's files at the lead."""
    account_id, lead_id = make.account(team={world.ben: "machines"}), lead(world)
    attach(lead_id, world.anna)
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=Existing(account_id))
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert work.rows(select(Attachment.account_id, Attachment.lead_id)) == [(None, lead_id)]


def test_nobody_looks_after_a_line_that_they_do_not_sell(world: World, as_: As) -> None:
    """CON-4: a lead for parts that a machine rep has makes a customer without a team; the manager says who."""
    lead_id = lead(world, line="parts")
    with as_(world.mia) as work:
        conversion.convert(work, lead_id=lead_id, account=New())
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert work.scalars(select(AccountMember.user_id)) == []


def test_matches_are_of_the_leads_branch_and_of_today(world: World, make: Make, as_: As) -> None:
    """LEAD-5: also for who sees all branches; and not where somebody with the number used to work."""
    make.account("徐州大地土方有限公司", branch_id=world.hefei, phone="13801395136")
    former = make.account("从前的公司")
    person = make.contact(make.account("现在的公司"), "李四", mobile="13801395136")
    with work_as_system("worked there", at=NOW) as work:
        work.also(ContactAccount(contact_id=person, account_id=former, main=False, until=NOW.date()))
    lead_id = lead(world)
    with as_(world.adam, readonly=True) as work:
        found = conversion.preview(work, lead_id=lead_id).account.matches
    assert [one.name for one in found] == ["现在的公司"]
