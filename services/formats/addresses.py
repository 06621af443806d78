"""Street addresses as in the company's letterhead, without abbreviations (CON-3)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from services.core.errors import N_
from services.core.fields import wrong
from services.regions import FILLERS, SIGNS, Place, children, table

#: English short form → what to write; with or without a full stop, in any case
WORDS = {
    "rd": "Road", "st": "Street", "str": "Street", "ave": "Avenue", "av": "Avenue", "blvd": "Boulevard", "ln": "Lane",
    "dr": "Drive", "hwy": "Highway", "sq": "Square", "pl": "Place", "bldg": "Building", "blk": "Block", "rm": "Room",
    "fl": "Floor", "flr": "Floor", "apt": "Apartment", "ste": "Suite", "dist": "District", "prov": "Province",
    "cty": "County", "twp": "Township", "vlg": "Village", "ctr": "Center", "ind": "Industrial", "intl": "International",
    "pkwy": "Parkway", "jct": "Junction", "zn": "Zone", "dept": "Department",
}  # fmt: skip
DIRECTIONS = {"n": "North", "s": "South", "e": "East", "w": "West"}
WORD = re.compile(r"(?<![A-Za-z])([A-Za-z]+)(\.?)(?![A-Za-z])")
NUMBER_SIGN = re.compile(r"(\d+)\s*#|#\s*(\d+)")
FLOOR = re.compile(r"(?<![A-Za-z\d])(\d+)\s*[Ff](?![A-Za-z])")
#: what a road that bears a region's name goes on with, as in 北京路 or 南京西路
OF_A_ROAD = re.compile(r"[东西南北中]?[一二三四五六七八九十]?(路|街|大道|巷|里|弄|胡同|高速|国道|省道|线|桥)")


def street(value: str) -> str:
    """The street part of an address, written out; a known short form is refused with the long one proposed."""
    text = unicodedata.normalize("NFKC", str(value))
    text = " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())
    if not any(unicodedata.category(c)[0] == "L" for c in text) or len(text) < 2:
        raise wrong(NO_STREET)
    for short, long in _short_forms(text):
        raise wrong(SHORT_FORM, short=short, long=long)
    return text


def _short_forms(text: str) -> Iterator[tuple[str, str]]:
    yield from _region_forms(text)
    yield from _word_forms(text)
    if sign := NUMBER_SIGN.search(text):
        yield sign[0], f"{sign[1] or sign[2]}号"
    if floor := FLOOR.search(text):
        yield floor[0], f"{floor[1]}层"


def _word_forms(text: str) -> Iterator[tuple[str, str]]:
    for word in WORD.finditer(text):
        key, stop = word[1].casefold(), word[2]
        if long := WORDS.get(key) or (DIRECTIONS.get(key) if stop else None):
            yield word[0], long


def _region_forms(text: str) -> Iterator[tuple[str, str]]:
    """A province by its sign or without 省, or a city without 市, in front of what lies in it."""
    begins = text.lstrip(" ,")
    if begins[:1] not in _beginnings() and begins[:2] not in _beginnings():
        return  # most streets: asking all regions would take a hundred times as long
    for province in children():
        if not text.startswith(province.name):
            yield from ((short, province.name) for short in _signs(province) if _stands_for(short, province, text))
        inner = text.removeprefix(province.name).lstrip(" ,")
        yield from ((_shortened(city), city.name) for city in _cities(province) if _lacks(inner, city, inner != text))


@cache
def _beginnings() -> frozenset[str]:
    """How the names of provinces and cities begin, short and full: their first two characters, or the only one."""
    found = {place.name[:2] for place in children()}
    found |= {sign[:2] for province in children() for sign in _signs(province)}
    return frozenset(found | {_shortened(city)[:2] for province in children() for city in _cities(province)})


@cache
def _signs(province: Place) -> tuple[str, ...]:
    return (*(sign for sign, code in SIGNS.items() if code == province.code), _shortened(province))


def _stands_for(short: str, province: Place, text: str) -> bool:
    return text.startswith(short) and _goes_on(text[len(short) :], province, named=len(short) > 1)


def _lacks(inner: str, city: Place, after_province: bool) -> bool:
    """Whether the city's name stands in front without 市, and is not the name of a road."""
    if not inner.startswith(_shortened(city)) or inner.startswith(city.name):
        return False
    rest = inner.removeprefix(_shortened(city))
    return (after_province and not OF_A_ROAD.match(rest)) or _lies_in(rest, children(city.code))


def _goes_on(rest: str, province: Place, *, named: bool) -> bool:
    """Whether ``rest`` reads like an address in the province, and not like the name of a road."""
    if not rest or rest[0] in " ,·-":
        return True
    places = [place for city in children(province.code) for place in (city, *children(city.code))]
    if _lies_in(rest, places):
        return True
    return any(
        rest.startswith(_shortened(city)) and not OF_A_ROAD.match(rest[len(_shortened(city)) :])
        for city in _cities(province)
        if named or len(_shortened(city)) > 1
    )


def _lies_in(rest: str, places: Iterable[Place]) -> bool:
    return any(rest.lstrip(" ,").startswith(place.name) for place in places if place.name not in FILLERS)


@cache
def _cities(province: Place) -> tuple[Place, ...]:
    return tuple(city for city in children(province.code) if city.name not in FILLERS)


@cache
def _shortened(place: Place) -> str:
    """The everyday name: 江苏 for 江苏省, 广西 for 广西壮族自治区, 徐州 for 徐州市."""
    if place.name.endswith("自治区"):
        return place.name[: 3 if place.name.startswith("内蒙古") else 2]
    if place.name.endswith("自治州"):
        return next((place.name[:length] for length in (4, 3, 2) if _is_stem(place, length)), place.name[:2])
    return re.sub("(省|市|地区|盟)$", "", place.name)


def _is_stem(place: Place, length: int) -> bool:
    """Whether a prefecture's name begins with the name of its own capital, as 恩施 in 恩施土家族苗族自治州."""
    stem = place.name[:length]
    return any(table()[code].name in (f"{stem}市", f"{stem}县") for code in (p.code for p in children(place.code)))


NO_STREET = N_("Please enter street and number as in the letterhead, such as 建设路180号.")
SHORT_FORM = N_("“{short}” is a short form; please write “{long}”.")
