"""Lists: one ListSpec per noun, from which table, filter bar, export and address come (ALL-2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, null, or_, select, true

from services.core.errors import N_, Refused
from services.core.moments import DAY, day_start
from services.core.text import folded
from services.core.work import LARGEST_ID, Query, Work

PAGE_SIZE = 50
LARGEST = LARGEST_ID


@dataclass(frozen=True)
class Column:
    """A column of a list: ``value`` is what is read, ``sort`` what it is ordered by (default: the value).

    A column without a value is filled for the rows of one page by the list's ``later``.
    """

    name: str
    label: str
    value: Any
    kind: str = "text"
    sort: Any = None
    sortable: bool = True
    shown: bool = True


Condition = Callable[[Work, Any], ColumnElement[bool]]
#: ids of one page → for each its values of the columns that are counted or gathered from other records
Later = Callable[[Work, Sequence[int]], Mapping[int, Mapping[str, Any]]]


@dataclass(frozen=True)
class Filter:
    """A named condition with a value from the address; ``choices`` tells the screen what to offer."""

    name: str
    label: str
    condition: Condition
    choices: str = ""
    first: bool = False


@dataclass(frozen=True)
class ListSpec:
    """How a noun is listed. ``read`` joins what the columns need; ``search`` gives the condition of the search box."""

    name: str
    model: Any
    columns: tuple[Column, ...]
    read: Callable[[Query], Query]
    search: Callable[[str], ColumnElement[bool]]
    filters: tuple[Filter, ...]
    sort: str
    descending: bool = False
    export: str = ""
    later: Later | None = None

    def column(self, name: str) -> Column:
        """The column of that name; Refused for any other, so that nothing hidden can be sorted by (ACC-2)."""
        return _named(self.columns, name)

    def filter(self, name: str) -> Filter:
        """The filter of that name; Refused for any other."""
        return _named(self.filters, name)


Named = TypeVar("Named", Column, Filter)


def _named(things: Sequence[Named], name: str) -> Named:
    for thing in things:
        if thing.name == name:
            return thing
    raise Refused(NOT_A_COLUMN)


NOT_A_COLUMN = N_("This list cannot be filtered or sorted by that.")


@dataclass(frozen=True)
class ListRequest:
    """What a person asks of a list; plain values, as they stand in the address."""

    search: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class Page:
    """One page of a list: rows as dicts by column name (with ``id``), and the exact number of all."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def fetch(work: Work, spec: ListSpec, request: ListRequest) -> Page:
    """One page within the actor's reach, in two statements and ``later``; a page past the end gives the last one."""
    conditions = conditions_of(work, spec, request)
    total: int = work.scalar(select(func.count()).select_from(spec.model).where(*conditions))
    page = nearest_page(request.page, total=total, size=request.size)
    rows = work.rows(_window(spec, replace(request, page=page), conditions)) if total else []
    return Page(_filled(work, spec, [dict(row._mapping) for row in rows]), total, page, request.size)


def nearest_page(page: int, *, total: int, size: int) -> int:
    """That page of so many rows, or the first or the last one there is."""
    return min(max(page, 1), max(1, -(-total // size)))


def rows_of_page(work: Work, statement: Query, *, page: int, size: int) -> tuple[Sequence[Any], int]:
    """The rows of the nearest page of what a statement finds, and how many it finds."""
    total: int = work.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    first = (nearest_page(page, total=total, size=size) - 1) * size
    return work.rows(statement.limit(size).offset(first)) if total else (), total


def _window(spec: ListSpec, request: ListRequest, conditions: Sequence[ColumnElement[bool]]) -> Query:
    """The rows of one page: found by their numbers, which an index can do alone, wherever the order is the record's own."""
    order, skipped = _order(spec, request), (request.page - 1) * request.size
    own: bool = getattr(_sort_key(spec, request), "class_", None) == spec.model
    if not own:
        return selected(spec, request, conditions).limit(request.size).offset(skipped)
    numbers = select(spec.model.id).where(*conditions).order_by(*order).limit(request.size).offset(skipped)
    return selected(spec, request, [spec.model.id.in_(numbers.correlate(None))])


def _filled(work: Work, spec: ListSpec, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if spec.later is None or not rows:
        return rows
    found = spec.later(work, [row["id"] for row in rows])
    return [{**row, **found.get(row["id"], {})} for row in rows]


def selected(spec: ListSpec, request: ListRequest, conditions: Sequence[ColumnElement[bool]]) -> Query:
    """The statement of a list, sorted, unpaged: what pages and exports both read."""
    columns = [(null() if column.value is None else column.value).label(column.name) for column in spec.columns]
    statement = spec.read(select(spec.model.id.label("id"), *columns)).where(*conditions)
    return statement.order_by(*_order(spec, request))


def conditions_of(work: Work, spec: ListSpec, request: ListRequest) -> list[ColumnElement[bool]]:
    """Search and filters of a request as conditions; Refused for a name the list does not have."""
    words = folded(request.search)  # empty also when what was typed is invisible
    found = [spec.search(words)] if words else []
    given = ((spec.filter(name), value) for name, value in request.filters.items() if value not in (None, "", []))
    return found + [_condition(work, chosen, value) for chosen, value in given]


def _condition(work: Work, chosen: Filter, value: Any) -> ColumnElement[bool]:
    """Addresses are typed and sent: a value that fits nothing is refused, not an accident (ALL-9)."""
    try:
        return chosen.condition(work, value)
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused(NOT_A_COLUMN) from error


def one_of(column: Any) -> Condition:
    """A filter's condition: the column is one of the numbers in the address, such as "3,7"."""
    return lambda _work, value: column.in_([_number(one) for one in _several(value)])


def one_of_kind(column: Any, kind: type[StrEnum]) -> Condition:
    """The same for the members of an enum, such as "planned,assigned"."""
    return lambda _work, value: column.in_([kind(one) for one in _several(value)])


def from_day(column: Any) -> Condition:
    """The same for moments: on the day in the address or later, as the organisation counts days."""

    def condition(work: Work, value: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column >= day_start(_day(value), work.zone)
        return found

    return condition


def until_day(column: Any) -> Condition:
    """On that day or before."""

    def condition(work: Work, value: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column < day_start(_day(value) + DAY, work.zone)
        return found

    return condition


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else str(value).split(",")


def _number(value: Any) -> int:
    if not 0 <= (number := int(value)) <= LARGEST:
        raise ValueError(value)
    return number


def _order(spec: ListSpec, request: ListRequest) -> list[Any]:
    key, last = _sort_key(spec, request), spec.model.id
    descending = request.descending if request.sort else spec.descending
    first, last = (key.desc(), last.desc()) if descending else (key.asc(), last.asc())
    return [first.nulls_last() if _can_be_empty(key) else first, last]


def _can_be_empty(key: Any) -> bool:
    """What is empty stands at the end, whichever way it is sorted: left alone, each database has its own opinion."""
    return bool(getattr(getattr(key, "expression", key), "nullable", True))


def _sort_key(spec: ListSpec, request: ListRequest) -> Any:
    column = spec.column(request.sort or spec.sort)
    if not column.sortable or (column.value is None and column.sort is None):
        raise Refused(NOT_A_COLUMN)
    return column.value if column.sort is None else column.sort


def contains(*keys: Any) -> Callable[[str], ColumnElement[bool]]:
    """A search condition: every word occurs in one of the keys; ``%`` and ``_`` are plain text."""

    def condition(words: str) -> ColumnElement[bool]:
        each = [or_(*(key.contains(word, autoescape=True) for key in keys)) for word in words.split()]
        return and_(true(), *each)

    return condition
