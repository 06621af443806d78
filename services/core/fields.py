"""Fields: one line each, from which forms, cards, imports and the audit diff come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from services.core.errors import N_, Invalid, Said


class Kind(StrEnum):
    """What a field holds, which decides how it is drawn, checked and stored."""

    TEXT = "text"
    LONG = "long"
    PHONE = "phone"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    CODE = "code"  # a value of the code list ``source``
    CHOICE = "choice"  # one of ``options``
    REGION = "region"  # a code of GB/T 2260; ``source`` names the level
    RECORD = "record"  # the id of a record of kind ``source``
    LINE = "line"  # one product line
    LINES = "lines"  # several product lines


Check = Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """One field of a noun. ``check`` may put a value into its stored form or raise Invalid with the reason."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    source: str = ""
    options: Mapping[str, str] | None = None
    limit: int = 200
    first: bool = False
    help: str = ""
    check: Check | None = None


Fields = Sequence[Field]


def apply(record: Any, fields: Fields, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Check ``changes`` against the whitelist ``fields`` and put them into ``record``; returns {name: (old, new)} of what differs.

    Raises Invalid for unknown names, wrong values and emptied required fields, all at once.
    """
    return put(record, fields, checked(fields, changes))


def put(record: Any, fields: Fields, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The same for values that are in their stored form already."""
    known = {field.name: field for field in fields}
    missing = {
        f.name: Said(REQUIRED) for f in fields if f.required and f.name in values and values[f.name] in (None, "")
    }
    if missing:
        raise Invalid(missing)
    before = {name: getattr(record, name) for name in values if name in known and known[name].kind is not Kind.LINES}
    for name in before:
        setattr(record, name, values[name])
    return {name: (old, values[name]) for name, old in before.items() if old != values[name]}


def checked(fields: Fields, changes: Mapping[str, Any]) -> dict[str, Any]:
    """``changes`` in their stored form; Invalid names every field that is unknown or wrong."""
    values, wrong = _judged(fields, changes)
    if wrong:
        raise Invalid(wrong)
    return values


def _judged(fields: Fields, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Said]]:
    """What is right, in its stored form, and what is said about the rest."""
    known = {field.name: field for field in fields}
    wrong: dict[str, Said] = {}
    values: dict[str, Any] = {}
    for name, value in changes.items():
        try:
            values[name] = _converted(known[name], value)
        except KeyError:
            wrong[name] = Said(UNKNOWN)
        except Invalid as error:
            wrong[name] = error.fields.get("", Said(WRONG))
    return values, wrong


def complete(fields: Fields, given: Mapping[str, Any]) -> None:
    """Invalid where a new record lacks a required field, naming every one, and what is wrong about the others (ALL-6)."""
    if found := missing(fields, given):
        raise Invalid(found | _judged(fields, given)[1])


def missing(fields: Fields, given: Mapping[str, Any]) -> dict[str, Said]:
    """Every required field that a new record lacks, with what is said beside it."""
    return {f.name: Said(REQUIRED) for f in fields if f.required and given.get(f.name) in (None, "")}


def filled(fields: Fields, given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` in stored form, nothing required missing; Invalid names all that is wrong or missing at once (ALL-6)."""
    values, wrong = _judged(fields, given)
    if found := missing(fields, values) | wrong:
        raise Invalid(found)
    return values


def words(field: Field, said: Any) -> str:
    """What was said in one field, in stored form; empty for nothing."""
    return str(checked([field], {field.name: said})[field.name] or "")


def _converted(field: Field, value: Any) -> Any:
    if isinstance(value, str):
        value = (value if value.isprintable() else _printable(value)).strip() or None
    if value is None:
        return False if field.kind is Kind.FLAG else None
    value = CONVERTERS.get(field.kind, _as_is)(field, value)
    return field.check(value) if field.check else value


def _printable(text: str) -> str:
    """One kind of blank, lines, and nothing that cannot be seen."""
    spaced = (" " if c.isspace() and c != "\n" else c for c in text)
    return "".join(c for c in spaced if c == "\n" or c.isprintable())


def wrong(message: str, **parameters: Any) -> Invalid:
    """The Invalid that a check raises: a reason without the field's name, which the caller knows."""
    return Invalid({"": Said(message, **parameters)})


def _as_is(_field: Field, value: Any) -> Any:
    return value


def _text(field: Field, value: Any) -> str:
    text = str(value)
    if len(text) > field.limit:
        raise wrong(TOO_LONG, limit=field.limit)
    return text


def _integer(_field: Field, value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise wrong(NOT_WHOLE) from None
    if not 0 <= number <= 10**9:
        raise wrong(NOT_WHOLE)
    return number


def _money(_field: Field, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value).replace(",", ""))
        fits = amount == amount.quantize(Decimal("0.01")) and 0 <= amount <= Decimal(10) ** 13
    except InvalidOperation:
        fits = False
    if not fits:
        raise wrong(NOT_MONEY)
    return amount


def _date(_field: Field, value: Any) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise wrong(NOT_DATE) from None
    if not 1900 < day.year < 2100:
        raise wrong(NOT_DATE)
    return day


def _moment(_field: Field, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None or not 1990 < value.year < 2100:
        raise wrong(NOT_DATE)
    return value


def _choice(field: Field, value: Any) -> Any:
    if not isinstance(value, str) or value not in (field.options or {}):
        raise wrong(NOT_LISTED)
    return value


def _lines(_field: Field, value: Any) -> list[str]:
    """Which of them exist is asked by the services that store them."""
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(line, str) for line in value):
        raise wrong(NOT_LISTED)
    return sorted(set(value))


CONVERTERS: Mapping[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.PHONE: _text,
    Kind.LINE: _text,
    Kind.INTEGER: _integer,
    Kind.CODE: _integer,
    Kind.RECORD: _integer,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _choice,
    Kind.LINES: _lines,
    Kind.FLAG: lambda _field, value: bool(value),
}

REQUIRED = N_("Please fill this in.")
UNKNOWN = N_("This field cannot be changed here.")
WRONG = N_("This value does not fit.")
TOO_LONG = N_("At most {limit} characters.")
NOT_WHOLE = N_("A whole number is needed, such as 1200.")
NOT_MONEY = N_("An amount with at most two decimal places is needed, such as 125000.50.")
NOT_DATE = N_("A date is needed, such as 2026-11-23.")
NOT_LISTED = N_("Please choose from the list.")
