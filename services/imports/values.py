"""One row's cells as values in stored form, under the same rules as typed ones, or what is wrong and why (LEAD-3)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from services import formats, regions
from services.core import fields
from services.core.errors import N_, Invalid, Said
from services.core.fields import Field
from services.imports.matching import cleaned
from services.leads.fields import FIELDS, NO_PHONE


class Reason(StrEnum):
    """Why a row cannot come in, or is not needed."""

    REQUIRED = "required"
    UNKNOWN = "unknown"
    PHONE = "phone"
    NO_PHONE = "no_phone"
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"
    MISMATCH = "mismatch"
    NUMBER = "number"
    DATE = "date"
    TOO_LONG = "too_long"
    IN_FILE = "in_file"
    KNOWN = "known"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken: the field, the reason in a word, and in a sentence."""

    field: str
    reason: Reason
    said: Said


class Wrong(Exception):
    """What stops one cell."""

    def __init__(self, field: str, reason: Reason, said: Said) -> None:
        self.problem = Problem(field, reason, said)
        super().__init__(field)


@dataclass(frozen=True)
class Terms:
    """What the cells are understood by: names of lines and sources, the order of day and month, the unit of money.

    ``line`` is the product line of every row of a file that has no column for it.
    """

    lines: Mapping[str, str]
    sources: Mapping[str, int]
    day_first: bool
    budget_factor: int = 1
    line: str | None = None


FIELD: Mapping[str, Field] = {field.name: field for field in FIELDS}
#: what is wrong when a field refuses a value, if it is not its length
REASONS: Mapping[str, Reason] = {
    "mobile": Reason.PHONE, "landline": Reason.PHONE, "email": Reason.EMAIL, "person": Reason.NAME,
    "street": Reason.ADDRESS, "quantity": Reason.NUMBER, "budget": Reason.NUMBER, "wanted_by": Reason.DATE,
}  # fmt: skip
PLAIN = ("topic", "company", "person", "wechat", "street", "model", "replaces", "notes", "email")
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
SERIAL = re.compile(r"[1-9]\d{4}")
EPOCH = date(1899, 12, 30)


def values(cells: Mapping[str, Any], terms: Terms) -> tuple[dict[str, Any], list[Problem]]:
    """The row in stored form, and each cell that cannot be taken. An empty cell stays empty."""
    text = {field: cleaned(cell) for field, cell in cells.items()}
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for part in PARTS:
        try:
            found |= part(text, terms)
        except Wrong as wrong:
            problems.append(wrong.problem)
    return found, problems


def _checked(name: str, value: Any) -> Any:
    """The value as typing it would store it."""
    try:
        return fields.checked((FIELD[name],), {name: value})[name]
    except Invalid as error:
        said = error.fields[name]
        raise Wrong(
            name, Reason.TOO_LONG if said.message == fields.TOO_LONG else REASONS.get(name, Reason.UNKNOWN), said
        ) from None


def _line(text: Mapping[str, str], terms: Terms) -> dict[str, Any]:
    given = text.get("line", "")
    if not given and terms.line is None:
        raise Wrong("line", Reason.REQUIRED, Said(fields.REQUIRED))
    return {"line": _listed("line", given, terms.lines) if given else terms.line}


def _listed(field: str, text: str, known: Mapping[str, Any]) -> Any:
    try:
        return known[folded(text)]
    except KeyError:
        raise Wrong(field, Reason.UNKNOWN, Said(NOT_KNOWN, text=text[:60])) from None


def folded(text: str) -> str:
    """A label as it is compared: without blanks, of one width and case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _phones(text: Mapping[str, str], _terms: Terms) -> dict[str, Any]:
    """All digits as they stand; a landline in the column of mobiles goes where it belongs."""
    found: dict[str, Any] = {}
    if given := text.get("mobile"):
        number = _number(given)
        found["landline" if " " in number and not number.startswith("+") else "mobile"] = number
    if given := text.get("landline"):
        number = _checked("landline", given)
        if found.setdefault("landline", number) != number:
            raise Wrong("landline", Reason.PHONE, Said(TWO_LANDLINES, one=found["landline"], other=number))
    if not found:
        raise Wrong("mobile", Reason.NO_PHONE, Said(NO_PHONE))
    return {name: _checked(name, number) for name, number in found.items()}


def _number(text: str) -> str:
    try:
        return formats.phone(text)
    except Invalid as error:
        raise Wrong("mobile", Reason.PHONE, error.fields[""]) from None


def _places(text: Mapping[str, str], _terms: Terms) -> dict[str, Any]:
    found: dict[str, Any] = {}
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
        raise Wrong(field, Reason.MISMATCH if elsewhere else Reason.UNKNOWN, error.fields[""]) from None


def _plain(name: str) -> Callable[[Mapping[str, str], Terms], dict[str, Any]]:
    return lambda text, _terms: {name: _checked(name, text[name])} if text.get(name) else {}


def _source(text: Mapping[str, str], terms: Terms) -> dict[str, Any]:
    given = text.get("source_id")
    return {"source_id": _listed("source_id", given, terms.sources)} if given else {}


def _quantity(text: Mapping[str, str], _terms: Terms) -> dict[str, Any]:
    plain = unicodedata.normalize("NFKC", text.get("quantity", "")).removesuffix("台").strip()
    return {"quantity": _checked("quantity", plain)} if plain else {}


def _budget(text: Mapping[str, str], terms: Terms) -> dict[str, Any]:
    plain = unicodedata.normalize("NFKC", text.get("budget", "")).replace(",", "")
    if not plain:
        return {}
    named = {"万": 10_000, "万元": 10_000, "元": 1}  # what the cell says goes before what its column says
    factor = next((much for unit, much in named.items() if plain.endswith(unit)), terms.budget_factor)
    try:
        amount: Any = Decimal(plain.removesuffix("元").removesuffix("万").strip()) * factor
    except InvalidOperation:
        amount = plain
    return {"budget": _checked("budget", amount)}


def _wanted_by(text: Mapping[str, str], terms: Terms) -> dict[str, Any]:
    given = unicodedata.normalize("NFKC", text.get("wanted_by", ""))
    if not given:
        return {}
    try:
        day: Any = _date(given, terms.day_first)
    except ValueError:
        day = given
    return {"wanted_by": _checked("wanted_by", day)}


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


#: the row part by part, each of which can be wrong alone; the first wrong one names the reason of the row
PARTS: tuple[Callable[[Mapping[str, str], Terms], dict[str, Any]], ...] = (
    _line, _phones, _places, *map(_plain, PLAIN), _source, _quantity, _budget, _wanted_by
)  # fmt: skip

TWO_LANDLINES = N_("A lead has one landline number, and in this row are two: {one} and {other}.")
NOT_KNOWN = N_("“{text}” is not on the list.")
