"""What the values of fields mean beyond their own text: code lists, regions, choices; checked and put into words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services import regions
from services.core.configuration import configuration
from services.core.errors import Invalid, Refused, Said
from services.core.fields import NOT_LISTED, Field, Fields, Kind
from services.core.listing import NOT_A_COLUMN
from services.core.work import Work

#: digits of the longest id that both databases take
LONGEST_ID = 9


def check_codes(work: Work, *, fields: Fields, changed: Mapping[str, tuple[Any, Any]]) -> None:
    """Invalid, naming every field that was given a value which its code list does not offer today (ADM-4)."""
    known = configuration(work)
    wrong = {
        field.name: Said(NOT_LISTED)
        for field in fields
        if field.kind is Kind.CODE and (new := changed.get(field.name, (None, None))[1]) is not None
        if new not in {code.id for code in known.choices(field.source)}
    }
    if wrong:
        raise Invalid(wrong)


def in_words(
    work: Work, *, fields: Fields, values: Mapping[str, Any], names: Mapping[str, str | None]
) -> dict[str, Any]:
    """The values as people read them: labels for codes and choices, full names for regions, ``names`` for records."""
    return {field.name: _worded(work, field, values.get(field.name), names) for field in fields}


def _worded(work: Work, field: Field, value: Any, names: Mapping[str, str | None]) -> Any:
    match field.kind:
        case Kind.CODE:
            return configuration(work).label(value, work.actor.language) or None
        case Kind.REGION:
            return regions.name(value) or None
        case Kind.CHOICE:
            return work.translate((field.options or {})[value]) if value else None
        case Kind.RECORD:
            return names.get(field.name)
    return value


def numbers(value: Any) -> list[int]:
    """The ids that a filter was given in an address, one or several; what is no id counts as none."""
    given: Iterable[Any] = value if isinstance(value, list | tuple | set) else str(value).split(",")
    return [int(one) for one in map(str, given) if one.isascii() and one.isdigit() and len(one) <= LONGEST_ID]


def names(value: Any) -> list[str]:
    """The codes that a filter was given in an address, one or several."""
    return [str(one) for one in value] if isinstance(value, list | tuple | set) else str(value).split(",")


def day(value: Any) -> date:
    """The date that a filter was given in an address; Refused for anything else."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise Refused(NOT_A_COLUMN) from None
