"""Regions of China by their GB/T 2260 codes: names, what lies in what, and addresses in words (CON-3)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.models import Region
from services.core.errors import N_, Invalid, Said
from services.core.fields import wrong
from services.core.work import Work

SOURCE = Path(__file__).parent / "data" / "regions_cn.csv"
PROVINCE, CITY, DISTRICT = "province", "city", "district"
#: the fields of a record that name its regions
CODES = ("province_code", "city_code", "district_code")
#: entries of the standard that group districts and are no part of an address
FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
#: one-character names of provinces, as on number plates and in headlines
SIGNS: Mapping[str, str] = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "蒙": "150000", "辽": "210000", "吉": "220000",
    "黑": "230000", "沪": "310000", "申": "310000", "苏": "320000", "浙": "330000", "皖": "340000", "闽": "350000",
    "赣": "360000", "鲁": "370000", "豫": "410000", "鄂": "420000", "湘": "430000", "粤": "440000", "桂": "450000",
    "琼": "460000", "渝": "500000", "川": "510000", "蜀": "510000", "贵": "520000", "黔": "520000", "云": "530000",
    "滇": "530000", "藏": "540000", "陕": "610000", "秦": "610000", "甘": "620000", "陇": "620000", "青": "630000",
    "宁": "640000", "新": "650000",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A province, prefecture-level city or district."""

    code: str
    name: str
    level: str
    parent: str | None


@cache
def table() -> Mapping[str, Place]:
    """Every region by code; the same rows that ``load`` puts into the database.

    Cities without districts stand in the source a second time, as a district of themselves; that line is left out.
    """
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = (row for row in csv.DictReader(lines) if row["code"] != row["parent_code"])
        return {r["code"]: Place(r["code"], r["name"], r["level"], r["parent_code"] or None) for r in rows}


@cache
def children(parent: str | None = None) -> tuple[Place, ...]:
    """What lies directly in a region, in the order of the codes; the provinces when none is named."""
    return tuple(place for place in table().values() if place.parent == parent)


def name(code: str | None) -> str:
    """The full name; of an entry that only groups districts, the name of what it lies in; empty for none."""
    place = table().get(code or "")
    if place is None:
        return ""
    return name(place.parent) if place.name in FILLERS else place.name


def address(record: Any) -> str | None:
    """The full address in words of anything with region codes and street; None when nothing is known (CON-3)."""
    street = record.street or ""
    names = list(dict.fromkeys(found for field in CODES if (found := name(getattr(record, field)))))
    said = next((place for place, part in enumerate(names) if street.startswith(part)), len(names))
    return "".join(names[:said]) + street or None


def province(value: str) -> str:
    """The code of a province; Invalid for anything else."""
    return _known(value, PROVINCE)


def city(value: str) -> str:
    """The code of a prefecture-level city; Invalid for anything else."""
    return _known(value, CITY)


def district(value: str) -> str:
    """The code of a district or county; Invalid for anything else."""
    return _known(value, DISTRICT)


def _known(value: str, level: str) -> str:
    place = table().get(str(value))
    if place is None or place.level != level:
        raise wrong(NO_REGION)
    return place.code


def settle(record: Any) -> None:
    """Fill in the larger regions of a record from the smaller ones; Invalid when they do not lie in one another."""
    chain = (("district_code", "city_code"), ("city_code", "province_code"))
    for small, large in chain:
        inner = table().get(getattr(record, small) or "")
        if inner is None:
            continue
        if getattr(record, large) is None:
            setattr(record, large, inner.parent)
        elif getattr(record, large) != inner.parent:
            raise Invalid({small: Said(ELSEWHERE, inner=inner.name, outer=name(getattr(record, large)))})


def find(text: str, *, level: str, within: str | None = None) -> str:
    """The code of a region by its full name; a short form is refused with the long one proposed (CON-3)."""
    plain = "".join(text.split())
    exact = _named(level).get(plain, ())
    inside = [place for place in exact if within is None or place.parent == within]
    if len(inside) == 1 or (inside and level == CITY):
        return inside[0].code
    if exact and within is not None:
        raise wrong(ELSEWHERE, inner=plain, outer=name(within))
    if long := [place.name for place in _meant(plain, level) if within is None or place.parent == within]:
        raise wrong(SHORT_FORM, short=plain, long=" / ".join(dict.fromkeys(long[:3])))
    raise wrong(UNKNOWN_REGION, name=plain)


@cache
def _named(level: str) -> Mapping[str, Sequence[Place]]:
    """The regions of a level by each name that they go by."""
    found: dict[str, list[Place]] = {}
    for place in _of(level):
        for called in {place.name, name(place.code)}:
            found.setdefault(called, []).append(place)
    return found


@cache
def _of(level: str) -> tuple[Place, ...]:
    return tuple(place for place in table().values() if place.level == level)


def _meant(short: str, level: str) -> Sequence[Place]:
    if level == PROVINCE and short in SIGNS:
        return (table()[SIGNS[short]],)
    return [place for place in _of(level) if len(short) > 1 and place.name.startswith(short)]


def load(work: Work) -> int:
    """Bring the stored regions up to the data file; returns how many were new or renamed. Nothing is ever removed."""
    present = {region.code: region for region in work.scalars(select(Region))}
    fresh = [place for place in table().values() if place.code not in present]
    renamed = [place for place in table().values() if place.code in present and present[place.code].name != place.name]
    work.also(*(Region(code=p.code, name=p.name, level=p.level, parent_code=p.parent) for p in fresh))
    for place in renamed:
        present[place.code].name = place.name
    work.flush()
    return len(fresh) + len(renamed)


NO_REGION = N_("Please choose a region from the list.")
ELSEWHERE = N_("{inner} does not lie in {outer}.")
SHORT_FORM = N_("“{short}” is a short form; please write “{long}”.")
UNKNOWN_REGION = N_("There is no region called “{name}”.")
