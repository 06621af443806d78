"""Settings within their limits, branches and what they cover (ADM-1, ADM-5)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Event, Lead
from services import assignment, leads, organisation
from services.assignment.proposals import NO_BRANCH
from services.core.configuration import SETTINGS, configuration
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.work import Work, work_as_system
from tests.conftest import As
from tests.factories import Make, World


def add_branch(work: Work, code: str = "SZ", **more: Any) -> int:
    return organisation.add_branch(work, code=code, name="苏州分公司", name_en="Suzhou", **more)


def test_every_setting_says_what_it_does_and_starts_at_its_default(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        found = organisation.settings(work)
    assert [one.spec.key for one in found] == [spec.key for spec in SETTINGS]
    assert all(one.is_default and one.spec.help for one in found)


def test_a_changed_setting_holds_for_everybody_from_the_next_act_on(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        organisation.change_settings(work, changes={"answer_days_normal": "5", "organisation_name": " 华东 机械 "})
    with as_(world.anna) as work:
        assert configuration(work).setting("answer_days_normal") == 5
        assert configuration(work).setting("organisation_name") == "华东 机械"


@pytest.mark.parametrize("spec", [spec for spec in SETTINGS if not isinstance(spec.default, str)], ids=lambda s: s.key)
def test_limits_are_kept(world: World, as_: As, spec: Any) -> None:
    for value in (spec.low - 1, spec.high + 1, "three", None, 1.5):
        with as_(world.adam) as work, pytest.raises(Invalid) as wrong:
            organisation.change_settings(work, changes={spec.key: value})
        assert wrong.value.fields.keys() == {spec.key}


@pytest.mark.parametrize(
    "changes",
    [
        {"configuration_version": 7},
        {"organisation_name": "  "},
        {"organisation_name": "x" * 61},
        {"session_hours": 1, "idle_minutes": 90},
        {"reassign_days": 3},
    ],
    ids="+".join,
)
def test_wrong_settings_change_nothing(world: World, as_: As, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid), as_(world.adam) as work:
        organisation.change_settings(work, changes={"day_starts": 8, **changes})
    with as_(world.adam) as work:
        assert configuration(work).setting("day_starts") == 7


def test_changed_settings_are_in_the_audit_trail_with_old_and_new(world: World, as_: As) -> None:
    """ALL-3"""
    with as_(world.adam) as work:
        organisation.change_settings(work, changes={"day_starts": 8})
        organisation.change_settings(work, changes={"day_starts": 8, "day_ends": 21})
        found = work.scalars(select(Event.changes).where(Event.kind == "setting").order_by(Event.id))
    assert found == [{"day_starts": [7, 8]}, {"day_ends": [20, 21]}]


@pytest.mark.parametrize("person", ["anna", "mia", "eva"])
def test_only_the_data_administrator_changes_the_organisation(world: World, as_: As, person: str) -> None:
    with as_(world.people[person]) as work:
        for call in (
            lambda: organisation.settings(work),
            lambda: organisation.change_settings(work, changes={"day_starts": 8}),
            lambda: add_branch(work),
            lambda: organisation.change_branch(work, branch_id=world.nanjing, changes={"name": "新"}),
            lambda: organisation.switch_branch(work, branch_id=world.nanjing, active=False),
            lambda: organisation.cover(work, branch_id=world.nanjing, region_codes=[]),
        ):
            with pytest.raises(Refused):
                call()


def test_branches_tell_their_manager_people_and_regions(world: World, as_: As) -> None:
    with as_(world.anna) as work:
        found = {row.id: row for row in organisation.branches(work)}
    assert found[world.nanjing].manager == "Mia"
    assert found[world.nanjing].regions == 1
    assert found[world.hefei].people == 2


def test_a_branch_is_founded_and_renamed(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        branch_id = add_branch(work, region_codes=["320000"])
        organisation.change_branch(work, branch_id=branch_id, changes={"name_en": "Suzhou and Wuxi"})
    with as_(world.adam) as work:
        row = next(row for row in organisation.branches(work) if row.id == branch_id)
        assert (row.name_en, row.regions) == ("Suzhou and Wuxi", 1)
        assert [region.code for region in organisation.regions_of(work, branch_id=branch_id)] == ["320000"]


@pytest.mark.parametrize(
    "first",
    [
        lambda work, branch: organisation.change_branch(
            work, branch_id=branch, changes={"name_en": "Nanjing and Suqian"}
        ),
        lambda work, branch: organisation.cover(work, branch_id=branch, region_codes=["320000"]),
    ],
    ids=["names", "regions"],
)
@pytest.mark.parametrize(
    "second",
    [
        lambda work, branch, version: organisation.change_branch(
            work, branch_id=branch, changes={"name": "南京"}, version=version
        ),
        lambda work, branch, version: organisation.cover(
            work, branch_id=branch, region_codes=["320000", "320100"], version=version
        ),
    ],
    ids=["names", "regions"],
)
def test_the_second_of_two_who_change_a_branch_is_told(
    world: World, as_: As, first: Callable[..., None], second: Callable[..., None]
) -> None:
    """ALL-4: its regions are a part of it."""
    with as_(world.adam, readonly=True) as work:
        version = organisation.branch(work, branch_id=world.nanjing).version
    with as_(world.adam) as work:
        first(work, world.nanjing)
    with pytest.raises(Stale), as_(world.adam) as work:
        second(work, world.nanjing, version)
    with as_(world.adam) as work:
        second(work, world.nanjing, organisation.branch(work, branch_id=world.nanjing).version)


def test_the_second_of_two_who_change_a_setting_is_told(world: World, as_: As) -> None:
    """ALL-4: what only the other one has changed stays; knowing their value, one may set one's own."""
    with as_(world.adam) as work:
        seen = {one.spec.key: one.value for one in organisation.settings(work)}
        organisation.change_settings(work, changes={"day_starts": 8, "dispute_without_agreement": "give"}, seen=seen)
    for changes in ({"day_starts": 9}, {"dispute_without_agreement": "keep"}):
        with pytest.raises(Invalid) as told, as_(world.adam) as work:
            organisation.change_settings(work, changes=changes, seen=seen)
        assert told.value.fields.keys() == changes.keys()
    with as_(world.adam) as work:
        organisation.change_settings(work, changes={"day_ends": 21}, seen=seen)
        organisation.change_settings(work, changes={"day_starts": 9}, seen=seen | {"day_starts": 8})
        now = {one.spec.key: one.value for one in organisation.settings(work)}
    assert now == seen | {"day_starts": 9, "day_ends": 21, "dispute_without_agreement": "give"}


def test_a_branch_code_is_taken_once(world: World, as_: As) -> None:
    with pytest.raises(Invalid) as wrong, as_(world.adam) as work:
        add_branch(work, code="NJ")
    assert wrong.value.fields.keys() == {"code"}


def branch_of(work: Work, **place: str | None) -> int | None:
    covered = organisation.covering(work, region_codes=[code for code in place.values() if code])
    return organisation.branch_of(covered, city_code=place["city_code"], province_code=place["province_code"])


def test_a_region_belongs_to_one_branch_at_most(world: World, as_: As) -> None:
    with pytest.raises(Invalid, match="南京市 is covered by 南京分公司"), as_(world.adam) as work:
        organisation.cover(work, branch_id=world.hefei, region_codes=["320100", "340100"])


@pytest.mark.parametrize("code", ["999999", "320106"], ids=["unknown", "district"])
def test_only_provinces_and_cities_are_covered(world: World, as_: As, code: str) -> None:
    with pytest.raises(NotFound), as_(world.adam) as work:
        organisation.cover(work, branch_id=world.hefei, region_codes=[code])


def test_regions_move_from_branch_to_branch(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        organisation.cover(work, branch_id=world.nanjing, region_codes=[])
        organisation.cover(work, branch_id=world.hefei, region_codes=["320100", "340100"])
    with as_(world.adam) as work:
        assert branch_of(work, city_code="320100", province_code="320000") == world.hefei


def test_a_place_belongs_to_the_branch_of_its_city_else_of_its_province(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        organisation.cover(work, branch_id=world.hefei, region_codes=["320000"])
        assert branch_of(work, city_code="320100", province_code="320000") == world.nanjing
        assert branch_of(work, city_code=None, province_code="320000") == world.hefei
        assert branch_of(work, city_code=None, province_code="340000") is None


def test_a_branch_closes_only_when_it_is_empty(world: World, as_: As, make: Make) -> None:
    make.activity()
    with as_(world.adam) as work, pytest.raises(Refused, match="6 people and 1 open activities"):
        organisation.switch_branch(work, branch_id=world.nanjing, active=False)
    with as_(world.adam) as work:
        branch_id = add_branch(work)
        organisation.switch_branch(work, branch_id=branch_id, active=False)
        organisation.switch_branch(work, branch_id=branch_id, active=True)
        actions = work.scalars(select(Event.action).where(Event.kind == "branch").order_by(Event.id))
    assert actions == ["added", "closed", "reopened"]


def test_a_branch_that_is_closed_gets_no_leads(world: World, as_: As, make: Make) -> None:
    """ADM-6, ASG-1: it closes when none waits there, and what comes from its regions afterwards waits for another one."""
    with as_(world.adam) as work:
        branch_id = add_branch(work)
        organisation.cover(work, branch_id=branch_id, region_codes=["340000"])
    lead_id = make.lead(branch_id=branch_id)
    with as_(world.adam) as work, pytest.raises(Refused, match="1 open leads"):
        organisation.switch_branch(work, branch_id=branch_id, active=False)
    with as_(world.adam) as work:
        leads.delete(work, lead_id=lead_id, reason="Doubled")
        organisation.switch_branch(work, branch_id=branch_id, active=False)
        values = {"line": "machines", "mobile": "13801395136", "province_code": "340000"}
        later = leads.create(work, values=values)
        assert work.get(Lead, later).branch_id is None
        (proposal,) = assignment.proposals(work)
        assert (proposal.lead_id, proposal.branch_id, proposal.reason) == (later, None, NO_BRANCH)


def test_product_lines_come_in_their_order(world: World) -> None:
    with work_as_system("a test reads") as work:
        assert [line.code for line in organisation.product_lines(work)] == ["machines", "parts", "service"]
