"""Cells and filters in words: labels instead of codes, names instead of ids, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Enum, String, select

from db.models import (
    Account,
    AccountStatus,
    ActivityState,
    Branch,
    ImportJob,
    LeadState,
    Priority,
    ProductLine,
    Rating,
    Role,
    User,
)
from services import accounts, activities, leads, regions, users
from services.activities import figures
from services.activities.fields import PRIORITIES
from services.activities.listing import VIEWS
from services.core.configuration import configuration
from services.core.errors import N_, listed
from services.core.listing import Column, Filter, ListRequest, ListSpec
from services.core.work import Work
from services.exports.workbook import Heading, wall_clock
from services.lead_figures import counting as lead_figures

Convert = Callable[[Any], Any]
ENUMS: Mapping[type[StrEnum], Mapping[Any, str]] = {
    ActivityState: activities.STATES,
    Priority: PRIORITIES,
    AccountStatus: accounts.STATUSES,
    Role: users.ROLES,
    LeadState: leads.STATES,
    Rating: leads.RATINGS,
}
#: kinds of list columns whose cells are not text
TYPED = {"moment": "moment", "due": "moment", "date": "date", "number": "number", "money": "money", "long": "long"}


def heading(work: Work, column: Column) -> Heading:
    """The column on the sheet."""
    return Heading(work.translate(column.label), TYPED.get(column.kind, "text"))


def converter(work: Work, column: Column) -> Convert | None:
    """What makes a cell of a stored value of this column, none excepted; None where the value is the cell already."""
    zone, language, known = work.zone, work.actor.language, configuration(work)
    special: dict[str, Convert | None] = {
        "moment": lambda value: value and wall_clock(value, zone),
        "due": lambda value: value and wall_clock(value, zone),
        "date": None,
        "number": None,
        "money": lambda value: value and float(value),
        "code": cache(lambda value: value and known.label(value, language)),
        "lines": cache(lambda value: value and _all_lines(work, value)),
    }
    if column.kind in special:
        return special[column.kind]
    kind = getattr(column.value, "type", None)
    if isinstance(kind, Enum):
        return cache(lambda value: _worded(work, value))
    return None if isinstance(kind, String) else lambda value: _worded(work, value)


def _worded(work: Work, value: Any) -> Any:
    if type(value) in ENUMS:
        return work.translate(ENUMS[type(value)][value])
    if isinstance(value, bool):
        return work.translate(YES if value else NO)
    return None if value is None else str(value)


def asked(work: Work, spec: ListSpec, request: ListRequest) -> list[tuple[str, str]]:
    """Search and filters of a request as (label, what was chosen), as a person would say them."""
    search = [(work.translate(SEARCH), request.search)] if request.search.strip() else []
    given = [(spec.filter(name), value) for name, value in request.filters.items() if value not in (None, "", [])]
    return search + [(work.translate(one.label), _chosen(work, one, value)) for one, value in given]


def in_the_address(request: ListRequest) -> str:
    """The same for the audit trail: names and values as they stand in addresses."""
    parts = {"q": request.search, **request.filters, "sort": ("-" if request.descending else "") + request.sort}
    return "&".join(f"{name}={value}" for name, value in parts.items() if value not in (None, "", [], "-"))


def _chosen(work: Work, one: Filter, value: Any) -> str:
    several = value if isinstance(value, list | tuple) else str(value).split(",")
    words = _known(work, one.choices, several)
    return listed((words.get(str(part), str(part)) for part in several), work.translate)


def _known(work: Work, choices: str, several: Sequence[Any]) -> Mapping[str, str]:
    ids = [int(part) for part in map(str, several) if part.isdecimal()]
    if choices.startswith("code:"):
        known = configuration(work)
        return {str(n): known.label(n, work.actor.language) or work.translate(NOTHING) for n in ids}
    if choices in RECORDS:
        model, name = RECORDS[choices](work)
        return {
            str(row.id): row.name for row in work.rows(select(model.id, name.label("name")).where(model.id.in_(ids)))
        }
    return OTHERS[choices](work, several) if choices in OTHERS else {}


def _figure(work: Work, several: Sequence[Any]) -> Mapping[str, str]:
    return {str(value): figures.worded(work, value) for value in several}


def _lines(work: Work, _several: Sequence[Any]) -> Mapping[str, str]:
    label = ProductLine.label_en if work.actor.language == "en" else ProductLine.label_zh
    return {row.code: row.label for row in work.rows(select(ProductLine.code, label.label("label")))}


def _all_lines(work: Work, codes: str) -> str:
    labels = _lines(work, ())
    return listed((labels.get(code, code) for code in codes.split(",")), work.translate)


def _translated(labels: Mapping[Any, str]) -> Callable[[Work, Sequence[Any]], Mapping[str, str]]:
    return lambda work, _several: {str(value): work.translate(label) for value, label in labels.items()}


RECORDS: Mapping[str, Callable[[Work], tuple[Any, Any]]] = {
    "people": lambda _work: (User, User.name),
    "account": lambda _work: (Account, Account.name),
    "import_jobs": lambda _work: (ImportJob, ImportJob.name),
    "branches": lambda work: (Branch, Branch.name_en if work.actor.language == "en" else Branch.name),
}
YES, NO, SEARCH, NOTHING = N_("yes"), N_("no"), N_("Search"), N_("not given")
OTHERS: Mapping[str, Callable[[Work, Sequence[Any]], Mapping[str, str]]] = {
    "views": _translated(VIEWS),
    "states": _translated(activities.STATES),
    "priorities": _translated(PRIORITIES),
    "lead_views": _translated(leads.VIEWS),
    "lead_states": _translated(leads.STATES),
    "ratings": _translated(leads.RATINGS),
    "lead_source_groups": lambda work, _several: {
        one.code: one.label(work.actor.language) for one in configuration(work).choices("lead_source_group")
    },
    "account_statuses": _translated(accounts.STATUSES),
    "roles": _translated(users.ROLES),
    "mine": _translated({"1": YES, "0": NO}),
    "yes_no": _translated({"1": YES, "0": NO}),
    "lines": _lines,
    "figures": _figure,
    "lead_figures": lambda work, several: {str(value): lead_figures.worded(work, value) for value in several},
    "provinces": lambda _work, several: {str(code): regions.name(str(code)) for code in several},
    "cities": lambda _work, several: {str(code): regions.name(str(code)) for code in several},
}
