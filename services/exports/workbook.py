"""Workbooks: a sheet of typed cells and a sheet that says what it is, written row by row with bounded memory (EXP-1, EXP-2)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import Format, write_worksheets

#: Excel takes 1,048,576 rows and 32,767 characters a cell
MOST_ROWS, LONGEST_TEXT = 1_000_000, 32_767
#: shorter than this, a text fits whatever its characters are
SAFE_TEXT = LONGEST_TEXT // 2
FIRST_YEAR = 1900
CUT = "…"
#: what Excel forbids in the name of a sheet, and how long it may be
FORBIDDEN, LONGEST_NAME = r"[]:*?/\'", 31


@dataclass(frozen=True)
class Heading:
    """A column of a sheet: what stands on top, what its cells hold, how wide it is (0: as usual for what it holds)."""

    label: str
    kind: str = "text"
    width: float = 0


#: what cells hold → format in Excel, usual width. Text cells are marked as text, so that no later edit makes a formula of one.
KINDS: Mapping[str, tuple[str, float]] = {
    "text": ("@", 18.0),
    "long": ("@", 60.0),
    "moment": ("yyyy-mm-dd hh:mm", 17.0),
    "date": ("yyyy-mm-dd", 12.0),
    "number": ("0", 11.0),
    "decimal": ("#,##0.0#", 11.0),
    "money": ("#,##0.00", 16.0),
}
TEXTS = ("text", "long")


def write(
    path: Path,
    *,
    title: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    about_title: str,
    about: Callable[[int], Sequence[tuple[str, Any]]],
) -> int:
    """Write both sheets, the second after all rows were counted; returns how many there are.

    Cells are text, numbers, dates and moments without a zone; nothing is ever a formula.
    """
    labels = _distinct([heading.label for heading in headings])
    texts, days = _places(headings, TEXTS), _places(headings, ("moment", "date"))
    title, about_title = _distinct([_sheet_name(title), _sheet_name(about_title)])
    written = 0

    def records() -> Iterator[dict[str, Any]]:
        nonlocal written
        for row in rows:
            written += 1
            yield dict(zip(labels, _fitting(row, texts, days), strict=True))

    def facts() -> Iterator[dict[str, Any]]:
        for label, value in about(written):
            yield {about_title: label, " ": _cut(value) if isinstance(value, str) else value}

    write_worksheets(
        [(title, _or_nothing(records(), labels)), (about_title, facts())],
        str(path),
        datetime_format="yyyy-mm-dd hh:mm",
        freeze_panes={title: {"row": 1, "col": 0}},
        autofilter={title: True},
        header_format={title: _header(), about_title: _header()},
        column_formats={
            title: [_format(heading.kind) for heading in headings],
            about_title: {about_title: _format("text")},
        },
        column_widths={title: [_width(heading) for heading in headings], about_title: [26.0, 70.0]},
        ignore_errors={title: [label for label, h in zip(labels, headings, strict=True) if h.kind in TEXTS]},
    )
    return written


def _places(headings: Sequence[Heading], kinds: Sequence[str]) -> list[int]:
    return [place for place, heading in enumerate(headings) if heading.kind in kinds]


def _fitting(row: Sequence[Any], texts: Sequence[int], days: Sequence[int]) -> Sequence[Any]:
    """The row as Excel can hold it: texts cut to its limit, moments before its calendar as text."""
    long = [place for place in texts if row[place] and len(row[place]) > SAFE_TEXT]
    early = [place for place in days if row[place] and row[place].year < FIRST_YEAR]
    if not long and not early:
        return row
    cells = list(row)
    for place in long:
        cells[place] = _cut(cells[place])
    for place in early:
        cells[place] = cells[place].isoformat()
    return cells


def _cut(value: str) -> str:
    """Excel counts as UTF-16 does."""
    units = value.encode("utf-16-le", "replace")
    if len(units) <= LONGEST_TEXT * 2:
        return value
    return units[: (LONGEST_TEXT - 1) * 2].decode("utf-16-le", "ignore") + CUT


def _or_nothing(records: Iterator[dict[str, Any]], labels: Sequence[str]) -> Iterable[dict[str, Any]]:
    """Headings stand there also when there are no rows."""
    first = next(records, None)
    return [dict.fromkeys(labels)] if first is None else chain([first], records)


def _distinct(labels: Sequence[str]) -> list[str]:
    """Columns are told apart by their labels; a second one of the same name gets a number."""
    seen: dict[str, int] = {}
    found = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        found.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return found


def _sheet_name(title: str) -> str:
    return "".join(" " if c in FORBIDDEN else c for c in title).strip()[:LONGEST_NAME] or "-"


def _format(kind: str) -> Format:
    return Format().set_num_format(KINDS[kind][0]).set_align("top")


def _width(heading: Heading) -> float:
    return heading.width or KINDS[heading.kind][1]


def _header() -> Format:
    return Format().set_bold().set_background_color("#E5E7EB").set_border_bottom("thin")


def wall_clock(moment: datetime, zone: Any) -> datetime:
    """The moment on the organisation's clock, without a zone, as Excel keeps times."""
    return moment.astimezone(zone).replace(tzinfo=None)
