"""Figures of leads: what is counted of those that came in within a period, and within whose reach (LEAD-7, ALL-10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from db.models import CodeValue, Lead, LeadState
from services.core.errors import N_
from services.core.listing import LARGEST
from services.core.moments import day_span
from services.core.work import Work

PERMISSION = "report.leads"
CONVERTED, DISQUALIFIED = Lead.state == LeadState.CONVERTED, Lead.state == LeadState.DISQUALIFIED
DECIDED = or_(CONVERTED, DISQUALIFIED)
OPEN = (LeadState.NEW, LeadState.ASSIGNED, LeadState.WORKING)


@dataclass(frozen=True)
class Figure:
    """Something counted of the leads of a period, and how that is said to people."""

    name: str
    label: str
    formula: str
    which: ColumnElement[bool]


FIGURES: Mapping[str, Figure] = {
    one.name: one
    for one in (
        Figure("created", N_("New leads"), N_("All leads that came in within the period, whatever became of them."), true()),
        Figure("contacted", N_("Contacted"), N_("Those of them that somebody has contacted by now."), Lead.first_contact_at.is_not(None)),
        Figure("converted", N_("Converted"), N_("Those of them that have been converted by now."), CONVERTED),
        Figure("disqualified", N_("Disqualified"), N_("Those of them that were given up by now, with a reason."), DISQUALIFIED),
        Figure("decided", N_("Decided"), N_("Converted and disqualified together."), DECIDED),
        Figure("open", N_("Still open"), N_("Those of them that are neither converted nor disqualified."), Lead.state.in_(OPEN)),
    )
}  # fmt: skip


def _source_group(value: str) -> ColumnElement[bool]:
    if value == "0":
        grouped = select(CodeValue.id).where(CodeValue.list == "lead_source", CodeValue.group.is_not(None))
        return or_(Lead.source_id.is_(None), Lead.source_id.not_in(grouped))
    of_group = select(CodeValue.id).where(CodeValue.list == "lead_source", CodeValue.group == value)
    return Lead.source_id.in_(of_group)


def _numbered(column: Any) -> Callable[[str], ColumnElement[bool]]:
    """The column is that number; 0 stands for none."""

    def condition(value: str) -> ColumnElement[bool]:
        if not value.isascii() or not value.isdigit() or not (number := int(value)) <= LARGEST:
            raise ValueError(value)
        chosen: ColumnElement[bool] = column == number if number else column.is_(None)
        return chosen

    return condition


#: by what figures are divided and narrowed: name → the leads with that value
PARTS: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
    "source": _numbered(Lead.source_id),
    "group": _source_group,
    "branch": _numbered(Lead.branch_id),
    "owner": _numbered(Lead.owner_id),
    "line": lambda value: Lead.line == value,
    "reason": _numbered(Lead.disqualify_reason_id),
}


def reach(work: Work) -> ColumnElement[bool]:
    """What the actor's figures are made of."""
    return work.within_reach(Lead, PERMISSION)


def within(work: Work, first: date, last: date, narrowed: Mapping[str, str]) -> ColumnElement[bool]:
    """The leads that came in from one local date to another, narrowed, as far as the actor's reports reach."""
    begin, until = day_span(first, last, work.zone)
    parts = [PARTS[name](value) for name, value in narrowed.items()]
    return and_(Lead.created_at >= begin, Lead.created_at < until, reach(work), *parts)


def value(figure: str, first: date, last: date, narrowed: Mapping[str, str]) -> str:
    """What stands in the list's address for a figure of a period and part."""
    return ":".join([figure, str(first), str(last), *(f"{name}-{part}" for name, part in narrowed.items())])


def read(given: Any) -> tuple[Figure, date, date, dict[str, str]]:
    """What a value in an address means; ValueError for anything else."""
    name, first, last, *parts = str(given).split(":")
    narrowed = dict(part.split("-", 1) for part in parts)
    if name not in FIGURES or set(narrowed) - set(PARTS):
        raise ValueError(given)
    return FIGURES[name], date.fromisoformat(first), date.fromisoformat(last), narrowed


def counted(work: Work, given: Any) -> ColumnElement[bool]:
    """The list filter: exactly the leads that a figure on a screen counts."""
    one, first, last, narrowed = read(given)
    return and_(one.which, within(work, first, last, narrowed))


def worded(work: Work, given: Any) -> str:
    """What a value in an address means, for people: the figure and its period."""
    one, first, last, _narrowed = read(given)
    return f"{work.translate(one.label)}, {first} – {last}"
