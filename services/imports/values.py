"""One row's cells as values in stored form, or the first column that is wrong, and why (LEAD-3)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from services import formats, regions
from services.core.errors import Invalid
from services.imports.matching import cleaned

V = TypeVar("V")


class Reason(StrEnum):
    """Why a row cannot come in."""

    REQUIRED = "required"
    UNKNOWN = "unknown"
    PHONE = "phone"
    NO_PHONE = "no_phone"
    EMAIL = "email"
    MISMATCH = "mismatch"
    NUMBER = "number"
    DATE = "date"
    TOO_LONG = "too_long"


class Wrong(Exception):
    """A cell that cannot be taken."""

    def __init__(self, field: str, reason: Reason) -> None:
        self.field, self.reason = field, reason
        super().__init__(field)


@dataclass(frozen=True)
class Terms:
    """What the cells are understood by: names of lines and sources, the order of day and month, the unit of money."""

    lines: Mapping[str, str]
    sources: Mapping[str, int]
    day_first: bool
    budget_factor: int = 1


LIMITS: Mapping[str, int] = {
    "topic": 200, "company": 200, "person": 60, "wechat": 60, "street": 200, "model": 60, "replaces": 200, "notes": 4000
}  # fmt: skip
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
SERIAL = re.compile(r"[1-9]\d{4}")
EPOCH = date(1899, 12, 30)


def values(cells: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """The row in stored form; Wrong for the first cell that cannot be. An empty cell stays empty."""
    text = {field: cleaned(cell) for field, cell in cells.items()}
    found: dict[str, Any] = {"line": _line(text.get("line", ""), terms)}
    found |= _phones(text)
    found |= _places(text)
    found |= {name: _short(name, text[name]) for name in LIMITS if text.get(name)}
    for name, convert in CONVERTERS.items():
        if text.get(name):
            found[name] = convert(text[name], terms)
    return found


def _line(text: str, terms: Terms) -> str:
    if not text:
        raise Wrong("line", Reason.REQUIRED)
    return _listed("line", text, terms.lines)


def _listed(field: str, text: str, known: Mapping[str, V]) -> V:
    try:
        return known[folded(text)]
    except KeyError:
        raise Wrong(field, Reason.UNKNOWN) from None


def folded(text: str) -> str:
    """A label as it is compared: without blanks, of one width and case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _phones(text: Mapping[str, str]) -> dict[str, str]:
    """All digits as they stand; a landline in the column of mobiles goes where it belongs."""
    found: dict[str, str] = {}
    if given := text.get("mobile"):
        number = _checked("mobile", given, formats.phone)
        found["landline" if " " in number and not number.startswith("+") else "mobile"] = number
    if given := text.get("landline"):
        found.setdefault("landline", _checked("landline", given, formats.landline))
    if not found:
        raise Wrong("mobile", Reason.NO_PHONE)
    return found


def _checked(field: str, text: str, check: Callable[[str], str], reason: Reason = Reason.PHONE) -> str:
    try:
        return check(text)
    except Invalid:
        raise Wrong(field, reason) from None


def _places(text: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    within = None
    for field, level in zip(regions.CODES, (regions.PROVINCE, regions.CITY, regions.DISTRICT), strict=True):
        if given := text.get(field):
            within = found[field] = _region(field, given, level, within)
            parent = regions.table()[within].parent
            if level == regions.CITY and parent:
                found.setdefault("province_code", parent)
    return found


def _region(field: str, text: str, level: str, within: str | None) -> str:
    try:
        return regions.find(text, level=level, within=within)
    except Invalid as error:
        elsewhere = error.fields[""].message == regions.ELSEWHERE
        raise Wrong(field, Reason.MISMATCH if elsewhere else Reason.UNKNOWN) from None


def _short(field: str, text: str) -> str:
    if len(text) > LIMITS[field]:
        raise Wrong(field, Reason.TOO_LONG)
    return text


def _quantity(text: str, _terms: Terms) -> int:
    plain = unicodedata.normalize("NFKC", text).removesuffix("台").strip()
    if not plain.isdecimal() or not 0 < int(plain) <= 9999:
        raise Wrong("quantity", Reason.NUMBER)
    return int(plain)


def _budget(text: str, terms: Terms) -> Decimal:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    factor = 10_000 if plain.endswith(("万", "万元")) else terms.budget_factor
    try:
        amount = Decimal(plain.removesuffix("元").removesuffix("万").strip()) * factor
        fits = 0 <= amount <= Decimal(10) ** 13 and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        fits = False
    if not fits:
        raise Wrong("budget", Reason.NUMBER)
    return amount.quantize(Decimal("0.01"))


def _day(text: str, terms: Terms) -> date:
    try:
        day = _date(unicodedata.normalize("NFKC", text), terms.day_first)
    except ValueError:
        raise Wrong("wanted_by", Reason.DATE) from None
    if not 2000 <= day.year < 2100:
        raise Wrong("wanted_by", Reason.DATE)
    return day


def _date(text: str, day_first: bool) -> date:
    if SERIAL.fullmatch(text):
        return EPOCH + timedelta(days=int(text))
    if found := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := YEAR_LAST.fullmatch(text):
        first, second, year = map(int, found.groups())
        return date(year, second, first) if day_first else date(year, first, second)
    return datetime.fromisoformat(text).date()


def order(cells: list[str]) -> bool | None:
    """Whether the day stands before the month in these dates; None when they leave it in doubt (True when none does)."""
    found = [match for cell in cells if (match := YEAR_LAST.fullmatch(unicodedata.normalize("NFKC", cell)))]
    if not found:
        return True
    first, second = any(int(m[1]) > 12 for m in found), any(int(m[2]) > 12 for m in found)
    return None if first == second else first


CONVERTERS: Mapping[str, Callable[[str, Terms], Any]] = {
    "email": lambda text, _terms: _checked("email", text, formats.email, Reason.EMAIL),
    "source_id": lambda text, terms: _listed("source_id", text, terms.sources),
    "quantity": _quantity,
    "budget": _budget,
    "wanted_by": _day,
}
