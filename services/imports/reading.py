"""A file as rows of cells: Excel or delimited text in any usual encoding; nothing in it is executed (LEAD-3)."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.core.errors import N_, Refused
from services.imports.matching import cleaned, known

EXCEL = (".xlsx", ".xlsm")
DELIMITERS = (",", "\t", ";")
ENCODINGS = ("utf-8-sig", "gb18030")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
HEADER_WITHIN = 20
MOST_ROWS = 100_000
MOST_COLUMNS = 200
UNPACKED = 600 * 1024 * 1024

Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows below it that hold anything, each with its number in the file."""

    header_row: int
    header: Sequence[str]
    rows: Sequence[Row]


def read(name: str, content: bytes) -> Sheet:
    """What stands in the first visible sheet, or in the text; Refused when it is no such file or holds no rows."""
    lines = _excel(content) if name.lower().endswith(EXCEL) else _delimited(content)
    rows = [(number, cells) for number, cells in lines if any(cleaned(cell) for cell in cells)]
    place = _header(rows)
    if not rows[place + 1 :]:
        raise Refused(NO_ROWS)
    if len(rows) - place - 1 > MOST_ROWS:
        raise Refused(TOO_MANY, most=MOST_ROWS)
    number, cells = rows[place]
    return Sheet(number, [cleaned(cell) for cell in cells], rows[place + 1 :])


def _header(rows: Sequence[Row]) -> int:
    """The row among the first with the most names of columns; 0 when there is none."""
    scores = [sum(known(cleaned(cell)) is not None for cell in cells) for _number, cells in rows[:HEADER_WITHIN]]
    return scores.index(max(scores)) if scores else 0


def _excel(content: bytes) -> list[Row]:
    """Cached values of formulas only; a merged cell's value stays in its first cell."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                raise Refused(TOO_LARGE)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return list(_cells(visible[0])) if visible else []
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError, OSError, EOFError) as error:
        raise Refused(NOT_EXCEL) from error


def _cells(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    yield from enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1)


def _delimited(content: bytes) -> list[Row]:
    text = _decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return [(number, cells[:MOST_COLUMNS]) for number, cells in enumerate(lines, 1)]
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
TOO_MANY = N_("The file holds more than {most} rows. Please divide it.")
TOO_LARGE = N_("The unpacked file is too large. Please divide it.")
