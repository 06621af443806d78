"""How leads come into being and change (leads.md)."""

import pytest

from db.models import Lead, LeadState
from services import leads
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.work import work_as_system
from tests.factories import NOW, Make, World, as_person

PHONE = {"line": "machines", "mobile": "139 1234 5678"}


def stored(lead_id: int) -> Lead:
    """The lead as it is in the database."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        return work.get(Lead, lead_id)


def entered(person_id: int, **values: object) -> Lead:
    """A lead as this person entered it."""
    with as_person(person_id) as work:
        lead_id = leads.create(work, values=values, duplicate_reason="Asks again")
    return stored(lead_id)


def test_line_and_phone_are_enough(world: World) -> None:
    """LEAD-1: the phone alone saves a lead, which then bears the phone as its topic."""
    lead = entered(world.anna, **PHONE)
    assert (lead.topic, lead.mobile) == (lead.mobile, lead.mobile)
    assert lead.mobile
    assert lead.mobile in lead.search_key


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
    """LEAD-4: a rep's lead is the rep's at once; marketing's waits for an owner."""
    assert (entered(world.anna, **PHONE).owner_id, entered(world.ruth, **PHONE).owner_id) == (world.anna, None)
    assert entered(world.ruth, **PHONE).state is LeadState.NEW


def test_region_decides_the_branch_for_head_office(world: World) -> None:
    """ASG-1: the city says which branch; without a region none is said."""
    assert entered(world.adam, **PHONE, city_code="340100").branch_id == world.hefei
    assert entered(world.adam, **PHONE).branch_id is None


def test_changes_of_others_are_refused(world: World, make: Make) -> None:
    """ACC-1, ALL-4: the owner changes a lead, another rep does not find it, an old version is refused."""
    lead_id = make.lead(world.anna)
    with as_person(world.anna) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "徐工机械有限公司"}, version=1)
    assert "xgjx" in stored(lead_id).search_key
    with pytest.raises(NotFound), as_person(world.ben) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "x"})
    with pytest.raises(Stale), as_person(world.anna) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "x"}, version=1)
    with pytest.raises(Refused), as_person(world.eva) as work:
        leads.change(work, lead_id=lead_id, changes={"company": "x"})
