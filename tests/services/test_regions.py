"""Regions: what lies in what, addresses in words, and the stored table (CON-3)."""

from types import SimpleNamespace as Record

import pytest
from sqlalchemy import func, select

from db.models import Region
from services import regions
from services.core.errors import Invalid
from services.core.work import work_as_system
from tests.factories import World

NANJING = {"province_code": "320000", "city_code": "320100", "district_code": "320106"}


def record(**values: str | None) -> Record:
    return Record(**{"province_code": None, "city_code": None, "district_code": None, "street": None} | values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({**NANJING, "street": "北京西路2号"}, "江苏省南京市鼓楼区北京西路2号"),
        ({"province_code": "110000", "city_code": "110100", "district_code": "110105"}, "北京市朝阳区"),
        ({"province_code": "420000", "city_code": "429000", "district_code": "429004"}, "湖北省仙桃市"),
        ({**NANJING, "street": "江苏省南京市鼓楼区北京西路2号"}, "江苏省南京市鼓楼区北京西路2号"),
        ({"street": "南京西路1号"}, "南京西路1号"),
        ({}, None),
    ],
)
def test_an_address_is_said_in_full_and_once(values: dict[str, str], words: str | None) -> None:
    """CON-3."""
    assert regions.address(record(**values)) == words


def test_larger_regions_follow_from_smaller_ones() -> None:
    """CON-3."""
    place = record(district_code="320106")
    regions.settle(place)
    assert (place.city_code, place.province_code) == ("320100", "320000")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"province_code": "340000", "city_code": "320100"}, "city_code"),
        ({"city_code": "320300", "district_code": "320106"}, "district_code"),
    ],
)
def test_regions_that_do_not_lie_in_one_another_are_refused(values: dict[str, str], field: str) -> None:
    """CON-3."""
    with pytest.raises(Invalid) as refused:
        regions.settle(record(**values))
    assert refused.value.fields.keys() == {field}


def test_a_code_of_another_level_is_refused() -> None:
    assert regions.city("320100") == "320100"
    for check, code in ((regions.province, "320100"), (regions.city, "320000"), (regions.district, "x")):
        with pytest.raises(Invalid):
            check(code)


@pytest.mark.parametrize(
    ("text", "level", "within", "found"),
    [
        ("江苏省", "province", None, "320000"),
        (" 江苏省 ", "province", None, "320000"),
        ("南京市", "city", "320000", "320100"),
        ("北京市", "city", "110000", "110100"),
        ("朝阳区", "district", "110100", "110105"),
    ],
)
def test_a_full_name_finds_its_region(text: str, level: str, within: str | None, found: str) -> None:
    """CON-3, as imports need it."""
    assert regions.find(text, level=level, within=within) == found


@pytest.mark.parametrize(
    ("text", "level", "within", "why"),
    [
        ("江苏", "province", None, "江苏省"),
        ("京", "province", None, "北京市"),
        ("南京", "city", None, "南京市"),
        ("恩施", "city", None, "恩施土家族苗族自治州"),
        ("江南省", "province", None, "no region"),
        ("南京市", "city", "330000", "does not lie in"),
    ],
)
def test_short_unknown_and_misplaced_names_are_refused(text: str, level: str, within: str | None, why: str) -> None:
    """CON-3."""
    with pytest.raises(Invalid) as refused:
        regions.find(text, level=level, within=within)
    assert why in str(refused.value)


def test_loading_twice_is_loading_once(world: World) -> None:
    with work_as_system("a test loads regions") as work:
        regions.load(work)
        assert regions.load(work) == 0
        assert work.scalar(select(func.count()).select_from(Region)) == len(regions.table()) == 3348
        stored = work.scalars(select(Region))
        assert {r.code: (r.name, r.level, r.parent_code) for r in stored} == {
            p.code: (p.name, p.level, p.parent) for p in regions.table().values()
        }
