"""The dry run of an import of leads: every kind of file, row by row (LEAD-3)."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select

from db.models import CodeValue, Lead
from db.models.import_job import Outcome
from services import __main__ as command_line
from services import imports, reference
from services.core.configuration import changed
from services.core.errors import Refused
from services.core.work import work_as_system
from services.imports import reading
from services.imports.values import Reason, Terms, values
from tests.factories import NOW, As, Make, World, as_person

SAMPLES = Path(__file__).parents[1] / "data" / "import_samples"
EXPECTED = sorted(SAMPLES.glob("*.expected.json"))
ERRORS = {"no rows": reading.NO_ROWS, "not an Excel file": reading.NOT_EXCEL}
HEADER = "业务线,手机,备注,希望交机日期"
TERMS = Terms(lines={"整机": "machines"}, sources={}, day_first=True)


@pytest.fixture
def as_(world: World) -> As:
    """A Work of the person with this name, in an installation with all lists that are delivered."""
    with work_as_system("a test needs lists", at=NOW) as work:
        known = {tuple(row) for row in work.rows(select(CodeValue.list, CodeValue.code))}
        work.also(*(CodeValue(**row) for row in reference.shipped_codes() if (row["list"], row["code"]) not in known))
        changed(work)
    return lambda name: as_person(world.people[name])


def checked(as_: As, content: bytes, name: str = "leads.csv", who: str = "adam", **given: Any) -> imports.Checking:
    with as_(who) as work:
        return imports.check(work, name=name, content=content, **given)


def of_text(as_: As, *lines: str, **given: Any) -> list[imports.Checked]:
    return list(checked(as_, "\n".join([HEADER, *lines]).encode(), **given).rows)


def workbook(*rows: list[Any], merge: str = "") -> bytes:
    book = Workbook()
    sheet = book["Sheet"]
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_samples(as_: As, expected: Path) -> None:
    """LEAD-3: what stands beside each sample comes out exactly."""
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    file = expected.with_name(expected.name.removesuffix(".expected.json"))
    if error := wanted.get("error"):
        with pytest.raises(Refused, match=ERRORS[error]):
            checked(as_, file.read_bytes(), file.name)
        return
    found = checked(as_, file.read_bytes(), file.name)
    if wanted.get("asks"):
        assert (found.total, f"day/month order of {found.asks}") == (wanted["rows"], wanted["asks"])
        assert found.rows == ()
        for day_first in (True, False):
            answered = checked(as_, file.read_bytes(), file.name, day_first=day_first)
            assert answered.count(Outcome.CREATE) == wanted["create_after_answer"]
        return
    assert {key: told(found)[key] for key in wanted if key != "must_contain"} == {
        key: value for key, value in wanted.items() if key != "must_contain"
    }
    names = {row.values.get("company") for row in found.rows}
    assert names >= set(wanted.get("must_contain", ()))


def told(found: imports.Checking) -> dict[str, Any]:
    wrong = [row for row in found.rows if row.outcome is Outcome.WRONG]
    plain = [row for row in found.rows if 24 <= row.row <= 36]
    return {
        "rows": found.total,
        "header_row": found.header_row,
        **{outcome.value: found.count(outcome) for outcome in Outcome},
        "duplicate_rows": [row.row for row in found.rows if row.outcome is Outcome.DUPLICATE],
        "wrong_rows": [{"row": row.row, "column": row.column, "reason": row.reason} for row in wrong],
        "phones": [{"row": row.row, "mobile": row.values["mobile"]} for row in plain],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_any_encoding(as_: As, encoding: str, delimiter: str, end: str) -> None:
    """LEAD-3: encoding, separator and line ends are found out; quotes and line breaks inside a cell stay."""
    note = f'"第一行{end}“引号”, ""逗号"""'
    lines = ["业务线,手机,备注".replace(",", delimiter), delimiter.join(("整机", "13801395136", note))]
    found = checked(as_, (end.join(lines) + end).encode(encoding), "leads.txt")
    assert [row.outcome for row in found.rows] == [Outcome.CREATE]
    assert found.rows[0].values["notes"] == '第一行\n“引号”, "逗号"'


@pytest.mark.parametrize(
    ("cell", "mobile"),
    [
        ("1.39011E+10", None),
        ("13901139513.0", "13901139513"),
        ("１３９０１１３９５１３", "13901139513"),
        ("\u202d139 0113 9513\u202c", "13901139513"),
        ("13901139513/13801395136", None),
    ],
)
def test_phones_keep_all_digits_or_are_wrong(as_: As, cell: str, mobile: str | None) -> None:
    """LEAD-3: no digit is ever made up or lost."""
    (row,) = of_text(as_, f"整机,{cell},,")
    assert row.values.get("mobile") == mobile
    assert (row.reason is Reason.PHONE) == (mobile is None)


@given(st.integers(13 * 10**9, 20 * 10**9 - 1).map(str), st.sampled_from([str, int, float]))
def test_every_mobile_keeps_its_digits(mobile: str, stored: Any) -> None:
    """LEAD-3: as text, as whole number, as Excel's floating number."""
    assert values({"line": "整机", "mobile": stored(mobile)}, TERMS)[0]["mobile"] == mobile


def test_an_empty_cell_stays_empty(as_: As) -> None:
    """LEAD-3: neither the row above nor a merged cell passes a value on; formulas without a stored value are empty."""
    header = ["业务线", "手机", "备注"]
    rows = [["整机", 13801395136, "大客户"], [None, 13801395137, None], ["整机", "=13801395138", "=1+1"]]
    found = checked(as_, workbook(header, *rows, merge="A2:A3"), "leads.xlsx").rows
    assert [(row.row, row.reason) for row in found] == [(2, None), (3, Reason.REQUIRED), (4, Reason.NO_PHONE)]


def test_of_two_columns_for_one_field_the_first_counts(as_: As) -> None:
    """LEAD-3: duplicate headers."""
    found = checked(as_, "业务线,手机,手机\n整机,13801395136,13801395137".encode())
    assert found.rows[0].values["mobile"] == "13801395136"


@pytest.mark.parametrize(
    ("first", "second", "asks"),
    [("01/02/2027", "03/04/2027", True), ("01/02/2027", "25/04/2027", False), ("2027-01-02", "2027年1月3日", False)],
)
def test_dates_in_doubt_are_asked_for(as_: As, first: str, second: str, asks: bool) -> None:
    """LEAD-3: one date that can be read in one way only settles its column."""
    content = f"{HEADER}\n整机,13801395136,,{first}\n整机,13801395137,,{second}".encode()
    found = checked(as_, content)
    assert (found.asks is not None) == asks
    assert found.count(Outcome.CREATE) == (0 if asks else 2)


def test_who_is_known_already_is_a_duplicate(as_: As, make: Make) -> None:
    """LEAD-3: by the number, within the file and against customers."""
    make.account("徐工", phone="13801395136")
    rows = of_text(as_, "整机,138-0139-5136,,", "整机,13801395137,,", "整机,+8613801395137,,")
    assert [row.outcome for row in rows] == [Outcome.DUPLICATE, Outcome.CREATE, Outcome.DUPLICATE]


def test_of_what_is_out_of_sight_only_the_branch_shows(world: World, as_: As, make: Make) -> None:
    """ALL-7: “exists in branch X, ask Y”, and nothing else; who sees the record gets its number."""
    account_id = make.account("徐工", branch_id=world.hefei, phone="13801395136")
    content = f"{HEADER}\n整机,13801395136,,".encode()
    (row,) = (found := checked(as_, content, who="ruth")).rows
    assert found.count(Outcome.DUPLICATE) == 1
    assert (row.reason, row.record) == (Reason.ELSEWHERE, None)
    assert [said.text(str) for _column, said in row.why] == ["Exists in branch Hefei; ask Max."]
    (row,) = checked(as_, content).rows
    assert row.record is not None
    assert (row.reason, row.record.id) == (Reason.KNOWN, account_id)


def test_reps_import_nothing(as_: As) -> None:
    """LEAD-3: marketing and data administrators import."""
    with pytest.raises(Refused), as_("anna") as work:
        imports.check(work, name="a.csv", content=b"")


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\x00", b"PK\x03\x04", b"\xff" * 50])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.txt", "a"])
def test_what_is_no_table_is_refused(as_: As, name: str, content: bytes) -> None:
    """LEAD-3: in words, whatever the bytes are."""
    with pytest.raises(Refused):
        checked(as_, content, name)


def test_the_command_tells_and_changes_nothing(as_: As, capsys: pytest.CaptureFixture[str]) -> None:
    """LEAD-3: the dry run on the command line, for people and machines; the question about dates too."""
    words = ["import", "leads", str(SAMPLES / "leads_messy.xlsx"), "--as", "adam", "--dry-run"]
    assert command_line.main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["create"], found["duplicate_rows"], found["wrong"]) == (33, [47, 48], 11)
    assert command_line.main(words) == 0
    assert "46 rows: 33 new, 0 adding to known leads, 2 duplicate, 11 wrong." in capsys.readouterr().out
    words[2] = str(SAMPLES / "leads_dates_in_doubt.csv")
    assert command_line.main(words) == 1
    assert command_line.main([*words, "--day-first"]) == 0
    with work_as_system("a test looks", readonly=True) as work:
        assert work.scalar(select(func.count(Lead.id)).select_from(Lead)) == 0
