"""What an import meets: leads that are there, other branches, imports of colleagues, odd names of files (LEAD-3)."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from db.models import ImportJob
from db.models.import_job import ImportState, Outcome
from services import code_lists, imports, leads
from services.core.errors import Refused
from services.core.fields import NOT_LISTED
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import NOW, Make, World, as_person
from tests.services import importing
from tests.services.importing import checked, imported, many, outcomes, rows, started, state, text, uploaded


def test_more_about_another_wish_is_no_more_about_this_one(lists: World, make: Make) -> None:
    """LEAD-3: the same number for another line is a duplicate; a city of another province stays outside."""
    other_line = make.lead(mobile="13801395136", line="parts")
    elsewhere = make.lead(mobile="13801395137", province_code="340000")
    content = text(
        "整机,13801395136,要看样机,,", "整机,13801395137,要看样机,江苏省,南京市", header="业务线,手机,备注,省份,城市"
    )
    assert outcomes(imported(lists.adam, content)) == {"duplicate": 1, "update": 1}
    found = {lead.id: (lead.notes, lead.province_code, lead.city_code) for lead in importing.leads()}
    assert found == {other_line: (None, None, None), elsewhere: ("要看样机", "340000", None)}


def test_what_another_branch_entered_meanwhile_is_told_by_branch_alone(lists: World, make: Make) -> None:
    """LEAD-3, ALL-7: the run looks again, beyond the sight of whoever brought the file too."""
    job_id = started(lists.ruth, text("整机,13801395136,王建国,公司,x,"))
    make.account("徐工", branch_id=lists.hefei, phone="13801395136")
    imports.go(job_id, at=NOW)
    (row,) = rows(job_id)
    assert (row.outcome, row.reason, row.record_id) == (Outcome.DUPLICATE, "elsewhere", None)
    assert importing.leads() == []


def test_a_file_of_which_nothing_would_come_in_is_not_started(lists: World) -> None:
    """LEAD-3: said at once, not after a run that stored nothing."""
    job_id = checked(lists.adam, text("整机,123,王建国,公司,x,"))
    with pytest.raises(Refused, match="No row"), as_person(lists.adam) as work:
        imports.start(work, job_id=job_id)
    assert state(job_id) is ImportState.CHECKED


@pytest.mark.parametrize("name", ["../../etc/线索.csv", "C:\\Users\\wang\\线索.csv", "线\u202e索.csv\x00", "/"])
def test_the_name_of_a_file_is_a_name(lists: World, name: str) -> None:
    """quality.md "names with paths": no folder and nothing invisible; never empty."""
    with as_person(lists.adam) as work:
        job_id = imports.upload(work, name=name, content=many(1))
        assert imports.card(work, job_id=job_id).name == ("-" if name == "/" else "线索.csv")


def test_nobody_goes_on_with_the_import_of_a_colleague(lists: World) -> None:
    """LEAD-3: the command finds an own import of the same file that broke off, and no other that one may see."""
    job_id = uploaded(lists.ruth, many(2))
    with work_as_system("look", at=NOW, readonly=True) as work:
        digest = work.get(ImportJob, job_id).digest
    for person, found in ((lists.ruth, job_id), (lists.adam, None)):
        with as_person(person, readonly=True) as work:
            assert imports.unfinished(work, digest=digest or "") == found


def test_the_leads_that_an_import_made(lists: World, make: Make) -> None:
    """LEAD-3: the list of leads under an import shows what it stored: neither duplicates nor what waits."""
    make.account("徐工", phone="13801395139")
    make.lead(mobile="13801395137", person="王建国")
    job_id = started(lists.adam, text(*(f"整机,1380139513{n},王建国,公司,x," for n in (7, 8, 9))))

    def shown(person: int) -> set[str]:
        with as_person(person, readonly=True) as work:
            found = fetch(work, leads.LIST, ListRequest(filters={"import_job": job_id})).rows
        return {row["phone"] for row in found}

    assert shown(lists.adam) == set()
    imports.go(job_id, at=NOW)
    assert (shown(lists.adam), shown(lists.mia)) == ({"13801395137", "13801395138"}, set())


def test_a_row_that_can_no_longer_be_stored_says_which_cell_and_why(lists: World, tmp_path: Path) -> None:
    """LEAD-3, ADM-4: between the check and the run somebody switches the source off; the other row comes in.

    It comes back as it stood in the file, to be corrected and imported again.
    """
    content = text("整机,13801395136,展会", "整机,13801395137,", header="业务线,手机,来源")
    job_id = started(lists.adam, content)
    with as_person(lists.adam) as work:
        code_lists.switch(work, value_id=rows(job_id)[0].values["source_id"], active=False)
    imports.go(job_id, at=NOW)
    assert outcomes(job_id) == {"create": 1, "wrong": 1}
    with as_person(lists.adam, readonly=True) as work:
        (line,), _count = imports.rows(work, job_id=job_id, outcome=Outcome.WRONG)
    assert [(column, str(said.text(str))) for column, said in line.why] == [("来源", NOT_LISTED)]
    assert line.column == "来源"
    with as_person(lists.adam, readonly=True) as work:
        imports.wrong_rows(work, job_id=job_id, path=tmp_path / "wrong.xlsx")
    sheet = load_workbook(tmp_path / "wrong.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["整机", "13801395136", "展会"]
