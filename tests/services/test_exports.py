"""Excel exports: typed cells, the reader's rights and words, both sheets, on record (EXP-1, EXP-2)."""

import re
import tracemalloc
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.workbook.workbook import Workbook
from sqlalchemy import select

from db.models import Event
from services import accounts, activities, contacts, exports, users
from services.core.errors import Refused
from services.core.listing import ListRequest, ListSpec, fetch
from services.core.work import work_as_system
from services.exports import workbook
from services.exports.workbook import Heading
from services.reports import excel
from services.reports.periods import Period
from services.reports.shape import Question
from tests.factories import NOW, As, Make, World

#: texts that programs like to take for something else
TRICKY = [
    "00123",
    "+8613800000000",
    "=1+1",
    "@SUM(A1)",
    "-5",
    "1.39E+10",
    "2026-11-23",
    "_x0041_",
    "a\nb",
    "<b>&",
    "徐工🚜",
    "TRUE",
]


@dataclass(frozen=True)
class Sheet:
    """What stands in a file: headings, rows by heading, and the second sheet."""

    book: Workbook
    headings: list[str]
    rows: list[dict[str, Any]]
    about: dict[str, Any]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]


def opened(path: Path) -> Sheet:
    book = load_workbook(path)
    first, second = book.worksheets
    headings, *rows = [list(row) for row in first.iter_rows(values_only=True)]
    about = {str(row[0]): row[1] for row in second.iter_rows(min_row=2, values_only=True)}
    return Sheet(book, [str(one) for one in headings], [dict(zip(headings, row, strict=True)) for row in rows], about)


def exported(
    as_: As, person: int, path: Path, spec: ListSpec = activities.LIST, search: str = "", sort: str = "", **filters: Any
) -> Sheet:
    request = ListRequest(search=search, filters=filters, sort=sort)
    with as_(person, readonly=True) as work:
        exports.of_list(work, spec=spec, request=request, path=path)
    return opened(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.xlsx"


def test_text_stays_text(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1: leading zeros, plus signs and what looks like a formula arrive as they were typed."""
    for subject in TRICKY:
        make.activity(subject=subject)
    sheet = exported(as_, world.anna, path)
    assert {unescape(text) for text in sheet.column("Subject")} == set(TRICKY)
    cells = [row[0] for row in sheet.book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def test_nothing_in_the_file_is_a_formula(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1, abuse cases: neither in the cells nor on the sheet that says what was asked for."""
    make.activity(subject="=HYPERLINK(1)", learned="=cmd|' /C calc'!A0")
    exported(as_, world.anna, path, search="=HYPERLINK(1)")
    with zipfile.ZipFile(path) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name)
    assert "=HYPERLINK(1)" in sheets
    assert "<f>" not in sheets
    assert "<f " not in sheets


def test_moments_are_dates_on_the_organisations_clock(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1: dates as dates; a quarter past midnight in Shanghai is not the day before."""
    start = NOW.replace(hour=0, minute=15)
    make.activity(planned_start=start)
    sheet = exported(as_, world.anna, path)
    assert sheet.column("Start") == [datetime(2026, 11, 23, 0, 15)]  # noqa: DTZ001 - Excel knows no zones
    assert sheet.book.worksheets[0]["C2"].number_format == "yyyy-mm-dd hh:mm"
    assert sheet.about["Times in"] == "Asia/Shanghai"


def test_header_is_frozen_and_filters_are_on(make: Make, world: World, as_: As, path: Path) -> None:
    make.activity()
    first = exported(as_, world.anna, path).book.worksheets[0]
    assert first.freeze_panes == "A2"
    assert first.auto_filter.ref == f"A1:O{1 + 1}"
    assert first["A1"].font.bold
    assert first.column_dimensions["A"].width > 10


def test_codes_states_and_names_are_words(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1: labels instead of ids, in the reader's language."""
    make.activity(account_id=make.account("徐工"), state="in_progress", purpose_id=world.codes["needs"])
    row = exported(as_, world.anna, path).rows[0]
    assert (row["Type"], row["Purpose"], row["State"], row["Priority"]) == ("Visit", "Needs", "in progress", "normal")
    assert (row["Customer"], row["Rep"], row["Result"]) == ("徐工", "Anna", None)


def test_a_chinese_reader_gets_chinese(make: Make, world: World, as_: As, path: Path) -> None:
    """ALL-1: headings, states, labels, the second sheet and the name of the file."""
    make.activity(purpose_id=world.codes["needs"])
    with as_(world.anna) as work:
        users.choose_language(work, language="zh_CN")
    sheet = exported(as_, world.anna, path, view="open")
    assert {"主题", "状态", "类型"} <= set(sheet.headings)
    assert (sheet.rows[0]["类型"], sheet.rows[0]["状态"]) == ("拜访", "已计划")
    assert sheet.book.sheetnames[0] == "活动"
    untranslated = [word for word in (*sheet.headings, *sheet.about) if re.search("[a-z]{3}", word)]
    assert not untranslated


def test_the_second_sheet_says_who_when_what(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1: who, when, filter in words, number of rows."""
    account_id = make.account("徐工")
    for _number in range(3):
        make.activity(account_id=account_id, subject="alpha")
    make.activity(subject="beta")
    given = {"type": world.codes["visit"], "owner": world.anna, "account": account_id, "purpose": 0, "state": "planned"}
    about = exported(as_, world.anna, path, search="alpha", view="open", line="machines", **given).about
    assert about["Exported by"] == "Anna (anna)"
    assert about["Exported at"] == "2026-11-23 10:00"
    assert about["Number of rows"] == 3
    said = {name.removeprefix("Filter: "): value for name, value in about.items() if name.startswith("Filter")}
    assert said == {
        "Search": "alpha", "View": "Open", "Type": "Visit", "Rep": "Anna", "Customer": "徐工", "Purpose": "not given",
        "State": "planned", "Product line": "Machines",
    }  # fmt: skip


def test_what_is_exported_is_what_the_list_shows(make: Make, world: World, as_: As, path: Path) -> None:
    """ALL-2: the same filter, search and order, all pages of it, every column."""
    for number in range(60):
        make.activity(subject=f"{number:02d} {'x' if number % 2 else 'y'}")
    sheet = exported(as_, world.anna, path, search="x", sort="subject")
    with as_(world.anna, readonly=True) as work:
        page = fetch(work, activities.LIST, ListRequest(search="x", sort="subject", size=100))
    assert sheet.column("Number") == [row["id"] for row in page.rows]
    assert len(sheet.rows) == 30
    assert len(sheet.headings) == len(activities.LIST.columns) + 1


def test_what_is_gathered_from_other_records_is_there_too(
    make: Make, world: World, as_: As, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-2: columns that a list fills for one page only are filled for every portion of an export."""
    monkeypatch.setattr("services.exports.tables.PORTION", 2)
    for number in range(5):
        make.account(f"Customer {number}", team={world.anna: "machines"})
    sheet = exported(as_, world.mia, path, spec=accounts.LIST)
    assert sheet.column("Customer name") == [f"Customer {number}" for number in range(5)]
    assert sheet.column("Team") == ["Anna"] * 5
    assert sheet.column("Status") == ["prospect"] * 5


def test_nothing_found_is_a_sheet_with_headings(world: World, as_: As, path: Path) -> None:
    sheet = exported(as_, world.anna, path)
    assert "Subject" in sheet.headings
    assert not [row for row in sheet.rows if any(row.values())]
    assert sheet.about["Number of rows"] == 0
    assert sheet.about["Filter"] == "none"


def test_a_rep_exports_own_ones_only(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1, access.md: Ben may read what Anna does at his customer, but takes only his own out."""
    account_id = make.account(team={world.ben: "machines"})
    make.activity(world.anna, account_id=account_id, subject="Anna's")
    make.activity(world.ben, account_id=account_id, subject="Ben's")
    make.activity(world.anna, subject="joint", participants=[world.ben])
    with as_(world.ben, readonly=True) as work:
        assert fetch(work, activities.LIST, ListRequest()).total == 3
    assert set(exported(as_, world.ben, path).column("Subject")) == {"Ben's", "joint"}


def test_a_rep_takes_out_the_own_customers_only(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1, ALL-7: all customers of the branch can be read; out go those on whose team one is, also their people."""
    for name, member in (("Anna's", world.anna), ("Ben's", world.ben)):
        make.contact(make.account(name, team={member: "machines"}), name=f"{name} friend")
    with as_(world.anna, readonly=True) as work:
        assert fetch(work, accounts.LIST, ListRequest()).total == fetch(work, contacts.LIST, ListRequest()).total == 2
    assert exported(as_, world.anna, path, spec=accounts.LIST).column("Customer name") == ["Anna's"]
    assert exported(as_, world.anna, path, spec=contacts.LIST).column("Name") == ["Anna's friend"]
    assert exported(as_, world.ruth, path, spec=accounts.LIST).about["Number of rows"] == 2


def test_the_sheet_of_contacts_speaks_the_readers_language(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1, CON-4: product lines by name, mobile numbers as text."""
    account_id = make.account("徐工", team={world.anna: "machines"})
    make.contact(account_id, lines=["machines", "parts"], mobile="+8613800000000")
    row = exported(as_, world.anna, path, spec=contacts.LIST, account=account_id).rows[0]
    assert (row["Deals with"], row["Customer"]) == ("Machines, Parts", "徐工")
    assert row["Mobile"] == "+8613800000000"


def test_nobody_exports_what_they_may_not_read(make: Make, world: World, as_: As, path: Path) -> None:
    """ALL-7, ACT-16: Mia has her branch, Sun those led, Eva all; a filter widens nothing."""
    for owner in (world.anna, world.pia, world.carl):
        make.activity(owner, subject=str(owner))
    reached = {world.mia: {world.anna, world.pia}, world.sun: {world.anna}, world.max: {world.carl}}
    reached[world.eva] = {world.anna, world.pia, world.carl}
    for person, owners in reached.items():
        assert set(exported(as_, person, path).column("Subject")) == {str(owner) for owner in owners}
    assert exported(as_, world.mia, path, branch=world.hefei).about["Number of rows"] == 0


def test_a_list_without_export_is_refused(world: World, as_: As, path: Path) -> None:
    with pytest.raises(Refused):
        exported(as_, world.adam, path, spec=users.LIST)
    assert not path.exists()


@pytest.mark.parametrize("filters", [{"salary": "1"}, {"owner": "x"}, {"state": "gone"}, {"figure": "ended"}])
def test_what_the_list_does_not_have_is_refused(world: World, as_: As, path: Path, filters: Mapping[str, str]) -> None:
    """ACC-2: never an export under another filter than the one asked for."""
    with pytest.raises(Refused):
        exported(as_, world.anna, path, **filters)


def test_more_rows_than_a_sheet_takes_are_refused(
    make: Make, world: World, as_: As, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EXP-2: said before anything is written, never cut silently."""
    monkeypatch.setattr("services.exports.tables.MOST_ROWS", 1)
    make.activity()
    make.activity()
    with pytest.raises(Refused, match="These are 2 rows; an Excel file takes at most 1"):
        exported(as_, world.anna, path)


def test_every_export_is_on_record(make: Make, world: World, as_: As, path: Path) -> None:
    """EXP-1, ALL-3: who, what, under which filter, how many."""
    make.activity()
    with as_(world.anna, readonly=True) as work:
        request = ListRequest(search="vis", filters={"view": "open"}, sort="due_at", descending=True)
        found = exports.of_list(work, spec=activities.LIST, request=request, path=path)
    with as_(world.anna) as work:
        exports.note(work, exported=found)
    with work_as_system("look", at=NOW, readonly=True) as work:
        event = work.row(select(Event.actor_id, Event.kind, Event.action, Event.note, Event.branch_id, Event.record_id))
    said = "Activities 2026-11-23.xlsx: 1 rows; q=vis&view=open&sort=-due_at"
    assert tuple(event) == (world.anna, "activity", "exported", said, world.nanjing, None)


HEADINGS = [
    Heading("Text"),
    Heading("Day", "date"),
    Heading("Money", "money"),
    Heading("Count", "number"),
    Heading("Text"),
]


def written(path: Path, rows: list[list[Any]], title: str = "T") -> Sheet:
    workbook.write(
        path, title=title, headings=HEADINGS, rows=rows, about_title="About", about=lambda count: [("Rows", count)]
    )
    return opened(path)


def test_numbers_money_and_days_keep_their_kind(path: Path) -> None:
    sheet = written(path, [["a", date(2024, 2, 29), float(Decimal("125000.55")), 7, None]])
    first = sheet.book.worksheets[0]
    assert sheet.headings == ["Text", "Day", "Money", "Count", "Text (2)"]
    assert [cell.value for cell in first[2]] == ["a", datetime(2024, 2, 29), 125000.55, 7, None]  # noqa: DTZ001
    assert [cell.number_format for cell in first[2]][1:4] == ["yyyy-mm-dd", "#,##0.00", "0"]


@pytest.mark.parametrize("text", ["x" * 40_000, "🚜" * 20_000, "好" * 32_767, "x" * 32_768])
def test_texts_longer_than_a_cell_are_cut(path: Path, text: str) -> None:
    """EXP: 32,767 characters, counted as Excel does."""
    (cell,) = written(path, [[text, None, None, None, None]]).column("Text")
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell == text or (cell.endswith("…") and text.startswith(cell[:-1]) and len(cell) > 16_000)


def test_days_before_excels_calendar_are_text(path: Path) -> None:
    assert written(path, [["a", date(1899, 12, 31), None, None, None]]).column("Day") == ["1899-12-31"]


@pytest.mark.parametrize("title", ["a/b:c[d]*?\\'", "x" * 50, "", "About", "History"])
def test_any_title_makes_a_sheet(path: Path, title: str) -> None:
    assert len(written(path, [["a", None, None, None, None]], title=title).book.sheetnames) == 2


def test_memory_does_not_grow_with_rows(path: Path) -> None:
    """EXP-2: rows are written as they come."""
    tracemalloc.start()
    rows: Any = ([f"row {number}", None, 1.0, number, "x" * 200] for number in range(20_000))
    workbook.write(path, title="T", headings=HEADINGS, rows=rows, about_title="A", about=lambda n: [("n", n)])
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_statistics_go_to_excel(make: Make, world: World, as_: As, path: Path) -> None:
    """ACT-18, EXP-1: the table of figures with its total, typed, with what was asked for."""
    make.activity()
    make.activity(world.ben, state="cancelled")
    week = Period(date(2026, 11, 23), date(2026, 11, 23) + timedelta(days=6))
    with as_(world.mia, readonly=True) as work:
        found = excel.statistics(work, question=Question("rep", week, line="machines"), path=path)
    sheet = opened(path)
    assert (found.kind, found.rows) == ("report", 4)
    assert {row["Rep"]: (row["Planned"], row["Cancelled"]) for row in sheet.rows} == {
        "Anna": (1, 0), "Ben": (1, 1), "Sun": (0, 0), "Total": (2, 1),
    }  # fmt: skip
    assert sheet.about["Filter: Period"] == "2026-11-23 – 2026-11-29"
    assert sheet.about["Filter: Product line"] == "Machines"
