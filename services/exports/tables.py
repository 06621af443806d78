"""Lists and report tables as workbooks, with the rights of the person who asks, and the line in the audit trail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from services.core import events
from services.core.access import NOT_ALLOWED
from services.core.errors import N_, Refused
from services.core.listing import ListRequest, ListSpec, conditions_of, selected
from services.core.work import Query, Work
from services.exports import words
from services.exports.workbook import MOST_ROWS, Heading, wall_clock, write


@dataclass(frozen=True)
class Exported:
    """What was written: under which name it is handed out, of what kind of record, how many rows, under which filter."""

    name: str
    kind: str
    rows: int
    filter: str


def of_list(work: Work, *, spec: ListSpec, request: ListRequest, path: Path) -> Exported:
    """All rows of a list under this search, filter and order, as far as the permission to export it reaches (EXP-1).

    Refused for who may not export it, for names that the list does not have, and for more rows than a sheet takes.
    """
    if not spec.export or not work.actor.may(spec.export):
        raise Refused(NOT_ALLOWED)
    conditions = conditions_of(work, spec, request)
    conditions.append(work.within_reach(spec.model, spec.export))
    count = work.scalar(select(func.count()).select_from(spec.model).where(*conditions))
    if count > MOST_ROWS:
        raise Refused(TOO_MANY, count=f"{count:,}", most=f"{MOST_ROWS:,}")
    title = work.translate(spec.name.capitalize())
    written = write(
        path,
        title=title,
        headings=[*(words.heading(work, column) for column in spec.columns), Heading(work.translate(NUMBER), "number")],
        rows=_rows(work, spec, selected(spec, request, conditions)),
        about_title=work.translate(ABOUT),
        about=lambda rows: _about(work, title, words.asked(work, spec, request), rows),
    )
    return Exported(_file(work, title), spec.export.partition(".")[0], written, words.in_the_address(request))


def _rows(work: Work, spec: ListSpec, statement: Query) -> Iterator[list[Any]]:
    """The record's number comes first from the database and stands last on the sheet."""
    converters = [words.converter(work, column) for column in spec.columns]
    converting = [(place, convert) for place, convert in enumerate(converters) if convert]
    for number, *cells in _gathered(work, spec, work.stream(statement, PORTION)):
        for place, convert in converting:
            cells[place] = convert(cells[place])
        cells.append(number)
        yield cells


def _gathered(work: Work, spec: ListSpec, rows: Iterator[Any]) -> Iterator[Sequence[Any]]:
    """The rows with what is counted or gathered from other records, portion by portion."""
    if spec.later is None:
        yield from rows
        return
    while portion := list(islice(rows, PORTION)):
        found = spec.later(work, [row.id for row in portion])
        for row in portion:
            yield tuple({**row._mapping, **found.get(row.id, {})}.values())


def of_table(
    work: Work,
    *,
    title: str,
    kind: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    asked: Sequence[tuple[str, str]],
    path: Path,
) -> Exported:
    """A table that a report has made already; who calls has checked the right to it."""
    written = write(
        path,
        title=title,
        headings=headings,
        rows=rows,
        about_title=work.translate(ABOUT),
        about=lambda count: _about(work, title, asked, count),
    )
    return Exported(_file(work, title), kind, written, "; ".join(f"{label}: {value}" for label, value in asked))


def note(work: Work, *, exported: Exported) -> None:
    """Put the export on record: who, when, under which filter, how many rows (EXP-1, ALL-3)."""
    said = f"{exported.name}: {exported.rows} rows; {exported.filter or '-'}"
    events.note_access(work, "exported", kind=exported.kind, note=said)


def _about(work: Work, title: str, asked: Sequence[tuple[str, str]], rows: int) -> list[tuple[str, Any]]:
    _ = work.translate
    return [
        (_("Contents"), title),
        (_("Exported by"), f"{work.actor.name} ({work.actor.login})"),
        (_("Exported at"), f"{wall_clock(work.now, work.zone):%Y-%m-%d %H:%M}"),
        (_("Times in"), str(work.zone)),
        (_("Number of rows"), rows),
        *([] if asked else [(_("Filter"), _("none"))]),
        *((f"{_('Filter')}: {label}", value) for label, value in asked),
    ]


def _file(work: Work, title: str) -> str:
    return f"{title} {work.today}.xlsx"


#: rows read at once; more only gives the garbage collector more to look through
PORTION = 500
ABOUT, NUMBER = N_("About"), N_("Number")
TOO_MANY = N_("These are {count} rows; an Excel file takes at most {most}. Please narrow the filter.")
