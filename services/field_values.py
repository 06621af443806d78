"""What the values of fields mean beyond their own text: code lists, regions, choices; checked and put into words."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import inspect

from services import regions
from services.core.configuration import configuration
from services.core.errors import Invalid, Said
from services.core.fields import NOT_LISTED, Field, Fields, Kind
from services.core.work import Work


def drafted(work: Work, *, record: Any, fields: Fields, values: Mapping[str, Any]) -> SimpleNamespace:
    """The record as it would be with these values, its codes and regions checked; nothing has reached the database yet."""
    names = [field.name for field in fields if field.kind is not Kind.LINES]
    kept = _kept(record, ("id", "branch_id", *names))
    check_codes(work, fields=fields, changed={name: (kept.get(name), value) for name, value in values.items()})
    draft = SimpleNamespace(**kept | dict(values))
    regions.settle(draft)
    return draft


def _kept(record: Any, names: Sequence[str]) -> dict[str, Any]:
    """What the record says; of a new one what was never set is None, and asking it each time would cost an import dear."""
    state = inspect(record, raiseerr=False)  # None for a draft, which is no record
    if state is not None and state.transient:
        return {name: vars(record).get(name) for name in names}
    return {name: getattr(record, name) for name in names}


def check_codes(work: Work, *, fields: Fields, changed: Mapping[str, tuple[Any, Any]]) -> None:
    """Invalid, naming every field whose new value its code list does not offer today; an old one may stay (ADM-4)."""
    known = configuration(work)
    new = {field: changed[field.name] for field in fields if field.kind is Kind.CODE and field.name in changed}
    wrong = {
        field.name: Said(NOT_LISTED)
        for field, (before, after) in new.items()
        if after not in (None, before) and after not in {code.id for code in known.choices(field.source)}
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


def names(value: Any) -> list[str]:
    """The codes that a filter was given in an address, one or several."""
    return [str(one) for one in value] if isinstance(value, list | tuple | set) else str(value).split(",")
