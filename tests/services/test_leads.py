"""How leads come into being and change (leads.md)."""

from contextlib import nullcontext

import pytest

from db.models import CodeValue, Lead, LeadState
from services import leads
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import NOW, Make, World, as_person
from tests.looking import stored

PHONE = {"line": "machines", "mobile": "139 1234 5678"}


def entered(person_id: int, **values: object) -> Lead:
    """A lead as this person entered it."""
    with as_person(person_id) as work:
        lead_id = leads.create(work, values=values, duplicate_reason="Asks again")
    found: Lead = stored(Lead, lead_id)
    return found


def test_line_and_phone_are_enough(world: World) -> None:
    """LEAD-1: the phone alone saves a lead, which then bears the phone as its topic."""
    lead = entered(world.anna, **PHONE)
    assert (lead.topic, lead.mobile) == (lead.mobile, lead.mobile)
    assert lead.mobile
    assert lead.mobile in lead.search_key


def test_a_landline_alone_is_enough(world: World) -> None:
    """LEAD-1: a phone is a phone; the lead is found by it."""
    lead = entered(world.anna, line="machines", landline="(025) 8412-3456")
    assert (lead.topic, lead.mobile, lead.landline) == ("025 84123456", None, "025 84123456")
    with as_person(world.anna, readonly=True) as work:
        assert fetch(work, leads.LIST, ListRequest(search="84123456")).total == 1


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ({"topic": "两台挖掘机", "company": "大地土方", "person": "王建国"}, "两台挖掘机"),
        ({"company": "大地土方", "person": "王建国"}, "大地土方"),
        ({"person": "王建国"}, "王建国"),
    ],
)
def test_what_a_lead_is_called(world: World, said: dict[str, str], topic: str) -> None:
    """LEAD-1: left empty, the company, else the person stands in the topic."""
    assert entered(world.anna, **PHONE, **said).topic == topic


def test_neither_phone_is_refused(world: World) -> None:
    """LEAD-1: without any phone the lead is refused beside the field."""
    with pytest.raises(Invalid) as error, as_person(world.anna) as work:
        leads.create(work, values={"line": "machines", "person": "王建国"})
    assert set(error.value.fields) == {"mobile"}


@pytest.mark.parametrize("line", [None, "tractors"])
def test_line_is_asked_for_and_known(world: World, line: str | None) -> None:
    """LEAD-1: the product line is required and must be one of ours."""
    with pytest.raises(Invalid) as error, as_person(world.anna) as work:
        leads.create(work, values={"mobile": "13912345678", "line": line})
    assert set(error.value.fields) == {"line"}


def test_reps_own_what_they_enter(world: World) -> None:
    """LEAD-4: what reps and sales managers enter is theirs at once; that of managers and marketing waits for an owner."""
    for person, owner in ((world.anna, world.anna), (world.sun, world.sun), (world.mia, None), (world.ruth, None)):
        lead = entered(person, **PHONE)
        assert (lead.owner_id, lead.state) == (owner, LeadState.ASSIGNED if owner else LeadState.NEW)


def test_region_decides_the_branch_for_head_office(world: World) -> None:
    """ASG-1: the city says which branch; without a region none is said."""
    assert entered(world.adam, **PHONE, city_code="340100").branch_id == world.hefei
    assert entered(world.adam, **PHONE).branch_id is None


def test_changes_of_others_are_refused(world: World, make: Make) -> None:
    """ACC-1, ALL-4: the owner changes a lead, another rep does not find it, an old version is refused."""
    lead_id = make.lead(world.anna)
    with as_person(world.anna) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "徐工机械有限公司"}, version=1)
    assert "xgjx" in stored(Lead, lead_id).search_key
    with pytest.raises(NotFound), as_person(world.ben) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "x"})
    with pytest.raises(Stale), as_person(world.anna) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "x"}, version=1)
    with pytest.raises(Refused), as_person(world.eva) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "x"})


def test_who_recommended_us_can_be_seen_by_who_says_so(world: World, make: Make) -> None:
    """LEAD-2, ALL-7: a customer or contact of another branch cannot be named, as if it were not there."""
    here, there = make.account(), make.account(branch_id=world.hefei)
    known, hidden = make.contact(here), make.contact(there)
    lead = entered(world.anna, **PHONE, referred_by_account_id=here, referred_by_contact_id=known)
    assert (lead.referred_by_account_id, lead.referred_by_contact_id) == (here, known)
    for wrong in (
        {"referred_by_account_id": there},
        {"referred_by_contact_id": hidden},
        {"referred_by_user_id": 10**6},
    ):
        with pytest.raises(NotFound):
            entered(world.anna, **PHONE, **wrong)
        with pytest.raises(NotFound), as_person(world.anna) as work:
            leads.change(work, lead_id=lead.id, changes=wrong)


def test_marketing_changes_what_nobody_has_yet(world: World, make: Make) -> None:
    """access.md "U unassigned branch": of the own branch, head office's marketing everywhere; never what somebody has."""
    mine, theirs, annas = make.lead(), make.lead(branch_id=world.hefei), make.lead(world.anna)
    attempts = (
        (world.ruth, mine, None), (world.ruth, theirs, NotFound), (world.ruth, annas, Refused),
        (world.hanna, theirs, None), (world.hanna, annas, Refused),
    )  # fmt: skip
    for person, lead_id, refused in attempts:
        with pytest.raises(refused) if refused else nullcontext(), as_person(person) as work:
            leads.change(work, lead_id=lead_id, changes={"notes": f"Asked at the stand, {person}"})
        assert (stored(Lead, lead_id).notes == f"Asked at the stand, {person}") is (refused is None)


def test_who_sees_what_nobody_has_yet(world: World, make: Make) -> None:
    """leads.md: branch managers, marketing and data administrators; no rep and no sales manager."""
    here, there = make.lead(), make.lead(branch_id=world.hefei)
    for people, seen in (
        ((world.mia, world.ruth), {here}), ((world.max,), {there}), ((world.hanna, world.adam), {here, there}),
        ((world.anna, world.sun, world.carl), set()),
    ):  # fmt: skip
        for person in people:
            with as_person(person, readonly=True) as work:
                found = fetch(work, leads.LIST, ListRequest(filters={"view": "unassigned"})).rows
            assert {row["id"] for row in found} == seen


def test_found_by_the_group_of_its_source(world: World, make: Make) -> None:
    """LEAD-2: a group of sources stands for all its sources, and for no lead without one."""
    with work_as_system("a test groups sources", at=NOW) as work:
        work.get(CodeValue, world.codes["website"]).group = "online"
        work.get(CodeValue, world.codes["exhibition"]).group = "event"
    online = make.lead(world.anna, source_id=world.codes["website"])
    make.lead(world.anna, source_id=world.codes["exhibition"])
    make.lead(world.anna)
    with as_person(world.anna, readonly=True) as work:
        found = fetch(work, leads.LIST, ListRequest(filters={"group": "online"})).rows
    assert [row["id"] for row in found] == [online]
