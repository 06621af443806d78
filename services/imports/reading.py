"""A file as rows of cells: Excel or delimited text in any usual encoding; nothing in it is executed (LEAD-3)."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.core.errors import N_, Refused
from services.imports.matching import cleaned, known

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
EXCEL = (".xlsx", ".xlsm")
DELIMITERS = (",", "\t", ";")
ENCODINGS = ("utf-8-sig", "gb18030")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
HEADER_WITHIN = 20
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MB = 1024 * 1024
LARGEST = 25 * MB
#: what a workbook may come to when it is unpacked: all of it, and the part with its texts, which is read at once
UNPACKED, TEXTS = 400 * MB, 100 * MB

Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows below it that hold anything, each with its number in the file."""

    header_row: int
    header: Sequence[str]
    rows: Sequence[Row]


def read(name: str, content: bytes) -> Sheet:
    """What stands in the first visible sheet, or in the text; Refused when it is no such file or holds no rows."""
    if len(content) > LARGEST:
        raise Refused(TOO_BIG, most=LARGEST // MB)
    if content.startswith(OLE):
        raise Refused(OLD_OR_LOCKED)
    excel = content.startswith(ZIP) or name.lower().endswith(EXCEL)
    rows = _filled(_excel(content) if excel else _delimited(content))
    place = _header(rows)
    if not rows[place + 1 :]:
        raise Refused(NO_ROWS)
    if len(rows) - place - 1 > MOST_ROWS:
        raise Refused(TOO_MANY, most=MOST_ROWS)
    number, cells = rows[place]
    header = _without_end([cleaned(cell) for cell in cells])
    if len(header) > MOST_COLUMNS:
        raise Refused(TOO_WIDE, most=MOST_COLUMNS)
    return Sheet(number, header, rows[place + 1 :])


def _filled(lines: Iterable[Row]) -> list[Row]:
    """The rows that hold anything; no more is read than may come in."""
    rows: list[Row] = []
    for number, cells in lines:
        if any(cleaned(cell) for cell in cells):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS + HEADER_WITHIN:
            raise Refused(TOO_MANY, most=MOST_ROWS)
    return rows


def _without_end(names: Sequence[str]) -> list[str]:
    """The names of the columns, without the nameless ones behind the last."""
    return list(reversed(list(dropwhile(lambda name: not name, reversed(names)))))


def _header(rows: Sequence[Row]) -> int:
    """The row among the first with the most names of columns; 0 when there is none."""
    scores = [sum(known(cleaned(cell)) is not None for cell in cells) for _number, cells in rows[:HEADER_WITHIN]]
    return scores.index(max(scores)) if scores else 0


def _excel(content: bytes) -> Iterator[Row]:
    """Cached values of formulas only; a merged cell's value stays in its first cell."""
    try:
        _weigh(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if visible:
            yield from _cells(visible[0])
    except BROKEN as error:
        raise Refused(NOT_EXCEL) from error


#: what reading a damaged or forged workbook may come to
BROKEN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError,
    SyntaxError, OSError, EOFError, NotImplementedError, RuntimeError, OverflowError, zlib.error,
)  # fmt: skip


def _weigh(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    if sum(part.file_size for part in parts) > UNPACKED:
        raise Refused(TOO_LARGE)
    if any(part.file_size > TEXTS for part in parts if "/worksheets/" not in part.filename):
        raise Refused(TOO_LARGE)


def _cells(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, cells[: MOST_COLUMNS + 1]


def _delimited(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for number, cells in enumerate(lines, 1):
            yield number, cells[: MOST_COLUMNS + 1]
    except csv.Error as error:
        raise Refused(NOT_TEXT) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(NOT_TEXT)


def _delimiter(text: str) -> str:
    start = text[:4000]
    return max(DELIMITERS, key=start.count)


NO_ROWS = N_("The file holds no rows below its header.")
NOT_EXCEL = N_("This is not an Excel file. Please save it as .xlsx, or as CSV.")
NOT_TEXT = N_("This is neither an Excel file nor text with separated columns.")
OLD_OR_LOCKED = N_(
    "This workbook is protected by a password, or of the old kind .xls. Please save it as .xlsx without a password."
)
TOO_MANY = N_("The file holds more than {most} rows. Please divide it.")
TOO_WIDE = N_("The file has more than {most} columns. Please leave out what is not about leads.")
TOO_BIG = N_("The file is larger than {most} MB. Please divide it.")
TOO_LARGE = N_("The unpacked file is too large. Please divide it.")
