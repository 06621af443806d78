"""An import from its file to its end: checked, stored once, cancelled, gone on with, undone (LEAD-3)."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from db.models import Event, ImportLayout
from db.models.event import Channel
from db.models.import_job import ImportState, Outcome
from services import __main__ as command_line
from services import exports, imports, leads, users, worker
from services.core.errors import Invalid, NotFound, Refused
from services.core.work import work_as_system
from services.imports import applying
from tests.factories import NOW, As, Make, World, as_person
from tests.services import importing
from tests.services.importing import LATER, checked, imported, many, outcomes, rows, started, state, text, uploaded

SAMPLES = Path(__file__).parents[1] / "data" / "import_samples"


def test_every_sample_comes_in(lists: World) -> None:
    """LEAD-3: what the dry run says is what the run does, and each lead has its event through the channel of imports."""
    job_id = imported(lists.adam, (SAMPLES / "leads_messy.xlsx").read_bytes(), name="leads_messy.xlsx")
    assert state(job_id) is ImportState.DONE
    assert outcomes(job_id) == {"create": 33, "duplicate": 2, "wrong": 11}
    found = importing.leads()
    assert len(found) == 33
    assert {lead.created_by_id for lead in found} == {lists.adam}
    with work_as_system("a test looks", readonly=True) as work:
        made = (Event.kind == "lead", Event.action == "created", Event.channel == Channel.IMPORT)
        assert work.scalar(select(func.count()).select_from(Event).where(*made)) == 33


def test_the_run_is_the_typed_way(lists: World) -> None:
    """LEAD-3, ASG-1: an imported lead has topic, search key and branch of its region, as a typed one."""
    content = text("整机,138-0139-5136,江苏省,南京市", header="业务线,手机,省份,城市")
    imported(lists.adam, content)
    (lead,) = importing.leads()
    assert (lead.topic, lead.mobile, lead.branch_id, lead.state) == ("13801395136", "13801395136", lists.nanjing, "new")
    assert "13801395136" in lead.search_key


def test_marketing_imports_into_its_own_branch(lists: World) -> None:
    """LEAD-3: whatever region the rows name."""
    imported(lists.ruth, text("整机,13801395136,安徽省", header="业务线,手机,省份"))
    (lead,) = importing.leads()
    assert lead.branch_id == lists.nanjing


@pytest.mark.parametrize("who", ["anna", "mia", "eva"])
def test_who_may_not_import(lists: World, who: str) -> None:
    """LEAD-3: marketing and the data administrator import, nobody else."""
    with pytest.raises(Refused), as_person(lists.people[who]) as work:
        imports.upload(work, name="a.csv", content=many(1))


def test_imports_belong_to_whoever_made_them(lists: World) -> None:
    """ADM-7, ACC-2: nobody else finds them, the data administrator excepted."""
    job_id = checked(lists.hanna, many(2))
    for verb in (imports.start, imports.cancel, imports.undo, imports.card, imports.rows):
        with pytest.raises(NotFound), as_person(lists.ruth) as work:
            verb(work, job_id=job_id)
    with as_person(lists.adam) as work:
        imports.start(work, job_id=job_id)


def test_stored_once_however_often_it_is_worked_at(lists: World) -> None:
    """LEAD-3: after its end, nothing is left to do."""
    job_id = imported(lists.adam, many(7))
    imports.go(job_id, at=NOW)
    assert worker.tick(at=NOW, rules=()).failed == 0
    with as_person(lists.adam) as work:
        assert imports.run(work, job_id=job_id) == 0
    assert len(importing.leads()) == 7


def test_the_worker_takes_up_what_waits(lists: World) -> None:
    """LEAD-3, ADM-9: the check, and after the start the run."""
    job_id = uploaded(lists.adam, many(3))
    worker.tick(at=NOW, rules=())
    assert state(job_id) is ImportState.CHECKED
    with as_person(lists.adam) as work:
        imports.start(work, job_id=job_id)
    worker.tick(at=NOW, rules=())
    assert (state(job_id), len(importing.leads())) == (ImportState.DONE, 3)


def test_goes_on_where_it_stopped(lists: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """LEAD-3: portion by portion, each whole; progress counts the rows."""
    monkeypatch.setattr(applying, "PORTION", 4)
    job_id = started(lists.adam, many(10))
    with as_person(lists.adam) as work:
        assert imports.run(work, job_id=job_id, most=4) == 4
    card = importing.card(job_id)
    assert (card.done, card.to_do, len(importing.leads())) == (4, 10, 4)
    imports.go(job_id, at=NOW)
    assert sorted(lead.mobile or "" for lead in importing.leads()) == [f"{13_800_000_000 + n}" for n in range(10)]


def test_a_check_that_broke_off_is_taken_over(lists: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """LEAD-3: not while its worker lives; the numbers of the rows before are remembered."""
    monkeypatch.setattr(applying, "PORTION", 2)
    job_id = uploaded(lists.adam, many(3) + b"\n" + many(3).split(b"\n", 1)[1])
    with work_as_system("a worker", at=NOW) as work:
        assert applying.claim(work, job_id=job_id)
    with as_person(lists.adam) as work:
        sheet = imports.read("leads.csv", many(3) + b"\n" + many(3).split(b"\n", 1)[1])
        applying.check_portion(work, job_id=job_id, sheet=sheet, day_first=True, seen={})
    imports.go(job_id, at=NOW)
    assert state(job_id) is ImportState.CHECKING
    imports.go(job_id, at=NOW + LATER)
    assert (state(job_id), outcomes(job_id)) == (ImportState.CHECKED, {"create": 3, "duplicate": 3})
    assert [row.number for row in rows(job_id)] == [2, 3, 4, 5, 6, 7]


def test_cancelled_and_gone_on_with(lists: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """LEAD-3: what is stored stays, nothing more comes, and later the rest can follow."""
    job_id = started(lists.adam, many(6))
    with as_person(lists.adam) as work:
        imports.run(work, job_id=job_id, most=2)
        imports.cancel(work, job_id=job_id)
    imports.go(job_id, at=NOW)
    with as_person(lists.adam) as work:  # a worker that has looked at it before it was cancelled
        assert imports.run(work, job_id=job_id) == 0
    assert (state(job_id), len(importing.leads())) == (ImportState.CANCELLED, 2)
    with as_person(lists.adam) as work:
        imports.start(work, job_id=job_id)
    imports.go(job_id, at=NOW)
    assert (state(job_id), len(importing.leads())) == (ImportState.DONE, 6)
    with pytest.raises(Refused), as_person(lists.adam) as work:
        imports.cancel(work, job_id=job_id)


def test_what_came_in_meanwhile_is_a_duplicate(lists: World, make: Make) -> None:
    """LEAD-3: the run looks again; the same file brought twice at once comes in once."""
    first, second = started(lists.adam, many(3)), started(lists.adam, many(3))
    make.account("徐工", phone="13800000002")
    imports.go(first, at=NOW)
    imports.go(second, at=NOW)
    assert (outcomes(first), outcomes(second)) == ({"create": 2, "duplicate": 1}, {"duplicate": 3})
    assert len(importing.leads()) == 2


def test_more_about_a_known_lead_fills_what_is_empty(lists: World, make: Make) -> None:
    """LEAD-3: only of an open lead for the same line and person, and nothing that stands there is changed."""
    known = make.lead(mobile="13801395136", person="王建国", company="老公司")
    other = make.lead(mobile="13801395137", person="李雷")
    lines = ["整机,13801395136,王建国,新公司,要看样机,2027-01-02", "整机,13801395137,韩梅梅,公司,x,"]
    job_id = imported(lists.adam, text(*lines))
    assert outcomes(job_id) == {"update": 1, "duplicate": 1}
    filled, left = importing.leads()
    assert (filled.id, filled.company, filled.notes, f"{filled.wanted_by}") == (
        known,
        "老公司",
        "要看样机",
        "2027-01-02",
    )
    assert (left.id, left.notes) == (other, None)


@pytest.mark.parametrize(("owner", "who"), [("carl", "ruth"), ("anna", "ruth")])
def test_leads_that_one_may_not_change_stay_as_they_are(lists: World, make: Make, owner: str, who: str) -> None:
    """LEAD-3, ALL-7: of another branch, or somebody's already."""
    make.lead(lists.people[owner], mobile="13801395136", branch_id=lists.hefei if owner == "carl" else lists.nanjing)
    job_id = checked(lists.people[who], text("整机,13801395136,王建国,公司,x,"))
    assert outcomes(job_id) == {"duplicate": 1}
    (row,) = rows(job_id)
    assert (row.reason, row.record_id is None) == ("elsewhere" if owner == "carl" else "known", owner == "carl")


def test_one_row_that_is_refused_stops_no_other(lists: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """LEAD-3: it is counted as wrong, with what the database or the rule said."""
    job_id = started(lists.adam, many(9))
    real = leads.create_many

    def picky(work: object, *, rows: list[dict[str, object]], note: str | None = None) -> list[int]:
        if any(row["mobile"] == "13800000004" for row in rows):
            raise Refused("Not this one.")
        return real(work, rows=rows, note=note)

    monkeypatch.setattr(leads, "create_many", picky)
    imports.go(job_id, at=NOW)
    assert (state(job_id), outcomes(job_id)) == (ImportState.DONE, {"create": 8, "wrong": 1})


def test_rights_are_those_of_the_moment(lists: World) -> None:
    """ACC-3, ACC-4: whoever was let go while the import ran stores nothing more."""
    job_id = started(lists.ruth, many(4))
    with as_person(lists.ruth) as work:
        imports.run(work, job_id=job_id, most=1)
    with as_person(lists.adam) as work:
        users.deactivate(work, user_id=lists.ruth)
    imports.go(job_id, at=NOW)
    assert (state(job_id), len(importing.leads())) == (ImportState.FAILED, 1)


def test_columns_are_remembered(lists: World) -> None:
    """LEAD-3: for files with the same header, by whoever brings them."""
    header = "哪条线,号码,谁"
    with as_person(lists.adam) as work:
        job_id = imports.upload(work, name="a.csv", content=text("整机,13801395136,王建国", header=header))
        assert imports.card(work, job_id=job_id).options["columns"] == {}
    columns = {"line": 0, "mobile": 1, "person": 2}
    with as_person(lists.adam) as work:
        imports.match(work, job_id=job_id, columns=columns)
    with as_person(lists.ruth) as work:
        again = imports.upload(work, name="b.csv", content=text("整机,13801395137,李雷", header="哪条线, 号码,谁"))
        assert imports.card(work, job_id=again).options["columns"] == columns
        assert work.scalar(select(func.count()).select_from(ImportLayout)) == 1


@pytest.mark.parametrize(
    ("columns", "line", "wrong"),
    [
        ({"mobile": 1}, None, "line"),
        ({"mobile": 1}, "boats", "line"),
        ({"line": 0}, None, "mobile"),
        ({"line": 0, "mobile": 9}, None, "columns"),
        ({"line": 0, "mobile": 1, "owner_id": 2}, None, "columns"),
        ({"line": 0, "mobile": 1, "person": 1}, None, "columns"),
        ({"line": 0, "mobile": 1, "wanted_by": 5}, None, "day_first"),
    ],
)
def test_columns_that_make_no_sense(lists: World, columns: dict[str, int], line: str | None, wrong: str) -> None:
    """LEAD-3: said beside what is missing; locked fields are none that a file could have."""
    with as_person(lists.adam) as work:
        job_id = imports.upload(work, name="a.csv", content=text("整机,13801395136,,,,01/02/2027"))
    with pytest.raises(Invalid) as refused, as_person(lists.adam) as work:
        imports.match(work, job_id=job_id, columns=columns, line=line)
    assert set(refused.value.fields) == {wrong}


def test_a_file_without_product_lines(lists: World) -> None:
    """LEAD-3: one line for all its rows; columns can be matched anew until the run begins."""
    with as_person(lists.adam) as work:
        job_id = imports.upload(work, name="a.csv", content=text("13801395136,王建国", header="手机,联系人"))
        imports.match(work, job_id=job_id, columns={"mobile": 0}, line="machines")
    imports.go(job_id, at=NOW)
    with as_person(lists.adam) as work:
        imports.match(work, job_id=job_id, columns={"mobile": 0, "person": 1}, line="parts")
    imports.go(job_id, at=NOW)
    with as_person(lists.adam) as work:
        imports.start(work, job_id=job_id)
    imports.go(job_id, at=NOW)
    assert [(lead.line, lead.person) for lead in importing.leads()] == [("parts", "王建国")]
    with pytest.raises(Refused), as_person(lists.adam) as work:
        imports.match(work, job_id=job_id, columns={"mobile": 0}, line="parts")


@pytest.mark.parametrize(("day_first", "wanted"), [(True, "2027-02-01"), (False, "2027-01-02")])
def test_dates_are_read_as_answered(lists: World, day_first: bool, wanted: str) -> None:
    """LEAD-3: dates in doubt are asked for."""
    with as_person(lists.adam) as work:
        job_id = imports.upload(work, name="a.csv", content=text("整机,13801395136,,,,01/02/2027"))
        columns = imports.card(work, job_id=job_id).options["columns"]
        imports.match(work, job_id=job_id, columns=columns, day_first=day_first)
    imports.go(job_id, at=NOW)
    assert rows(job_id)[0].values["wanted_by"] == wanted


def test_wrong_rows_come_back_and_in_again(lists: World, tmp_path: Path) -> None:
    """LEAD-3: original columns and the reasons as text; corrected, the file comes in."""
    lines = ['整机,1390113951,王总,"=HYPERLINK(""http://x"")",=1+1,', "整机,13801395138,李雷,公司,x,"]
    job_id = imported(lists.adam, text(*lines))
    path = tmp_path / "wrong.xlsx"
    with as_person(lists.adam) as work:
        exported = imports.wrong_rows(work, job_id=job_id, path=path)
        exports.note(work, exported=exported)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    head, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert head == [*importing.HEADER.split(","), "Reason"]
    assert row[:5] == ["整机", "1390113951", "王总", '=HYPERLINK("http://x")', "=1+1"]
    assert "Mobile: " in row[6]
    assert "Person: " in row[6]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    sheet["B2"], sheet["C2"] = "13901139513", "王建国"
    book.save(path)
    assert outcomes(imported(lists.adam, path.read_bytes(), name="wrong.xlsx")) == {"create": 1}


def test_dates_of_excel_come_back_readable(lists: World, tmp_path: Path) -> None:
    """LEAD-3: a wrong row with a real date is imported again with the same date."""
    book = Workbook()
    book["Sheet"].append(["业务线", "手机", "希望交机日期"])
    book["Sheet"].append(["整机", 1390113951, NOW.replace(tzinfo=None, hour=0)])
    file = io.BytesIO()
    book.save(file)
    job_id = checked(lists.adam, file.getvalue(), name="a.xlsx")
    path = tmp_path / "wrong.xlsx"
    with as_person(lists.adam) as work:
        imports.wrong_rows(work, job_id=job_id, path=path)
    book = load_workbook(path)
    assert book.worksheets[0]["C2"].value.startswith("2026-11-23")
    book.worksheets[0]["B2"] = "13901139513"
    book.save(path)
    job_id = imported(lists.adam, path.read_bytes(), name="again.xlsx")
    assert rows(job_id)[0].values["wanted_by"] == "2026-11-23"


def test_the_rows_as_the_screen_lists_them(lists: World) -> None:
    """LEAD-3: page by page, by outcome, with reasons in words."""
    job_id = checked(lists.adam, many(60) + "\n整机,123,王总,,,".encode())
    with as_person(lists.adam) as work:
        first, total = imports.rows(work, job_id=job_id)
        assert (len(first), total) == (50, 61)
        last, _ = imports.rows(work, job_id=job_id, page=99)
        assert len(last) == 11
        (wrong,), total = imports.rows(work, job_id=job_id, outcome=Outcome.WRONG)
    assert (wrong.number, wrong.column, wrong.reason, total) == (62, "手机", "phone", 1)
    assert [column for column, _said in wrong.why] == ["手机", "联系人"]


def test_the_command_imports(lists: World, capsys: pytest.CaptureFixture[str]) -> None:
    """LEAD-3, ADM-10: without a worker; a second time everything is known; a question about dates is asked first."""
    words = ["import", "leads", str(SAMPLES / "leads_messy.xlsx"), "--as", "adam", "--json"]
    assert command_line.main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["create"], found["duplicate_rows"], found["wrong"]) == (46, 33, [47, 48], 11)
    assert found["wrong_rows"][0] == {"row": 37, "column": "手机", "reason": "phone"}
    assert len(importing.leads()) == 33
    assert command_line.main(words) == 0
    assert json.loads(capsys.readouterr().out)["duplicate"] == 35
    words[2] = str(SAMPLES / "leads_dates_in_doubt.csv")
    assert command_line.main(words) == 1
    assert "希望交机日期" in json.loads(capsys.readouterr().out)["asks"]
    assert command_line.main([*words, "--month-first"]) == 0
    assert len(importing.leads()) == 43


def test_the_command_goes_on(lists: World, as_: As) -> None:
    """LEAD-3: the same command again finishes what was broken off, and stores nothing twice."""
    file = SAMPLES / "leads_plain.xlsx"
    with as_(lists.adam) as work:
        job_id = imports.upload(work, name=file.name, content=file.read_bytes())
        options = imports.card(work, job_id=job_id).options
        imports.match(work, job_id=job_id, columns=options["columns"])
    imports.go(job_id, at=NOW)
    with as_(lists.adam) as work:
        imports.start(work, job_id=job_id)
        imports.run(work, job_id=job_id, most=50)
    assert command_line.main(["import", "leads", str(file), "--as", "adam"]) == 0
    assert (state(job_id), len(importing.leads())) == (ImportState.DONE, 200)
