"""Files that nobody should be hurt by: refused in words, quickly, whatever they are (LEAD-3, abuse cases)."""

import io
import time
import zipfile
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from openpyxl import Workbook, load_workbook

from services.core.errors import Refused
from services.imports import reading
from services.imports.reading import read

MB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SHEET = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book["Sheet"].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def swollen(part: str, size: int, start: str = "") -> bytes:
    """A real workbook one of whose parts unpacks to so many bytes."""
    source, target = zipfile.ZipFile(io.BytesIO(workbook(["业务线", "手机"], ["整机", "13801395136"]))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            if name != part:
                packed.writestr(name, source.read(name))
        with packed.open(part, "w", force_zip64=True) as inside:
            inside.write(start.encode())
            for _ in range(size // MB):
                inside.write(b" " * MB)
    return target.getvalue()


def laughing() -> bytes:
    """Entities that stand for entities."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'
    text = f"{head}<worksheet><sheetData><row><c><v>&l9;</v></c></row></sheetData></worksheet>"
    return swollen("xl/worksheets/sheet1.xml", 0, text)


def damaged() -> bytes:
    """Everything is in its place, but what was packed has suffered on its way."""
    whole = bytearray(workbook(["业务线", "手机"], ["整机", "13801395136"]))
    begin = whole.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    whole[begin : begin + 40] = b"\xff" * 40
    return bytes(whole)


NASTY: dict[str, tuple[str, Callable[[], bytes], tuple[str, ...]]] = {
    "empty": ("a.csv", lambda: b"", (reading.NO_ROWS,)),
    "blanks": ("a.csv", lambda: b"\n\n ,,, \n", (reading.NO_ROWS,)),
    "damaged workbook": ("a.xlsx", damaged, (reading.NOT_EXCEL,)),
    "only a header": ("a.csv", "业务线,手机".encode, (reading.NO_ROWS,)),
    "empty workbook": ("a.xlsx", workbook, (reading.NO_ROWS,)),
    "a million columns": ("a.csv", lambda: b"a," * 1_000_000 + b"\n1,2", (reading.TOO_WIDE,)),
    "201 columns": ("a.csv", lambda: b",".join([b"a"] * 201) + b"\n1,2", (reading.TOO_WIDE,)),
    "wide workbook": ("a.xlsx", lambda: workbook(["a"] * 300, ["1"]), (reading.TOO_WIDE,)),
    "too many rows": ("a.csv", lambda: "业务线,手机\n".encode() + b"x,1\n" * 100_001, (reading.TOO_MANY,)),
    "100 MB": ("a.csv", lambda: b"x" * (100 * MB), (reading.TOO_BIG,)),
    "bomb in the sheet": ("a.xlsx", lambda: swollen("xl/worksheets/sheet1.xml", 500 * MB, SHEET), (reading.TOO_LARGE,)),
    "bomb in the texts": ("a.xlsx", lambda: swollen("xl/sharedStrings.xml", 120 * MB), (reading.TOO_LARGE,)),
    "entities": ("a.xlsx", laughing, (reading.NOT_EXCEL,)),
    "password": ("a.xlsx", lambda: OLE, (reading.OLD_OR_LOCKED,)),
    "old kind": ("a.xls", lambda: OLE, (reading.OLD_OR_LOCKED,)),
    "picture": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, (reading.NOT_EXCEL,)),
    "program": ("a.csv", lambda: b"MZ\x90\0" + b"\0" * 99, (reading.NOT_TEXT,)),
    "text as workbook": ("a.xlsx", "业务线,手机\n整机,1".encode, (reading.NOT_EXCEL,)),
    "another archive": ("a.xlsx", lambda: swollen("x", 0)[:200], (reading.NOT_EXCEL,)),
    "NUL bytes": ("a.csv", "业务线,手机\n整机\0,1".encode, (reading.NOT_TEXT,)),
    "endless cell": ("a.csv", lambda: "业务线,手机\n".encode() + b"x" * 200_000, (reading.NOT_TEXT,)),
}


@pytest.mark.parametrize("kind", NASTY)
def test_refused_in_words(kind: str) -> None:
    """What is wrong and what to do; nobody waits long for it."""
    name, make, said = NASTY[kind]
    content, began = make(), time.process_time()
    with pytest.raises(Refused) as refused:
        read(name, content)
    assert refused.value.said.message in said
    assert time.process_time() - began < 10


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "A.XLSX", "noending"])
def test_a_workbook_is_known_by_its_content(name: str) -> None:
    """A wrong ending does not matter."""
    found = read(name, workbook(["业务线", "手机"], ["整机", "13801395136"]))
    assert (found.header, len(found.rows)) == (["业务线", "手机"], 1)


def test_formulas_are_not_executed() -> None:
    """LEAD-3: what a formula last came to counts, and nothing if nobody has opened the file since."""
    content = workbook(["业务线", "手机"], ["整机", '=WEBSERVICE("http://127.0.0.1/")'], ["=1+1", "13801395136"])
    assert load_workbook(io.BytesIO(content))["Sheet"]["B2"].data_type == "f"
    rows = read("a.xlsx", content).rows
    assert [tuple(cells) for _number, cells in rows] == [("整机", None), (None, "13801395136")]


def test_invisible_sheets_and_marks_stay_outside() -> None:
    """LEAD-3: the first sheet that people see."""
    book = Workbook()
    book["Sheet"].append(["业务线", "手机"])
    book["Sheet"].append(["hidden", "1"])
    book["Sheet"].sheet_state = "hidden"
    shown = book.create_sheet("Leads")
    shown.append(["业务线", "手机"])
    shown.append(["整机", "\u202d13801395136\u202c"])
    file = io.BytesIO()
    book.save(file)
    ((_number, cells),) = read("a.xlsx", file.getvalue()).rows
    assert cells[0] == "整机"


@pytest.mark.parametrize(("rows", "fits"), [(5, True), (6, False)])
def test_as_many_rows_as_may_come_in(monkeypatch: pytest.MonkeyPatch, rows: int, fits: bool) -> None:
    """LEAD-3 "up to 100,000": the last one that fits, and the first one too many."""
    assert reading.MOST_ROWS == 100_000
    monkeypatch.setattr(reading, "MOST_ROWS", 5)
    with nullcontext() if fits else pytest.raises(Refused, match="more than"):
        assert len(read("a.csv", "业务线,手机\n".encode() + b"x,1\n" * rows).rows) == rows
