"""An import of leads in the browser: file, columns, check, run, the leads, the wrong rows, and undo (LEAD-3)."""

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from services import imports
from tests.browser.conftest import SignedIn, settle
from tests.factories import World
from tests.services import importing

SAMPLE = Path(__file__).parents[1] / "data" / "import_samples" / "leads_messy.xlsx"


def test_a_file_from_choosing_it_to_undoing_it(signed_in: SignedIn, world: World, tmp_path: Path) -> None:
    """LEAD-3: from the list of leads through the four steps; the worker does its part meanwhile."""
    importing.all_lists()
    page = signed_in(world.adam).open("/leads")
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("46 rows; the columns stand in row 3 of the file.")).to_be_visible()
    page.get_by_role("button", name="Check the rows").click()
    _worked_off(page)
    start = page.get_by_role("button", name="Import 33 rows")
    expect(start).to_be_visible()
    page.get_by_role("radio", name="Wrong 11").click()
    expect(page.get_by_text("Source: “火星” is not on the list.")).to_be_visible()
    assert importing.leads() == []
    start.click()
    _worked_off(page)
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible()
    assert len(importing.leads()) == 33
    with page.expect_download() as started:
        page.get_by_role("link", name="Wrong rows").click()
    started.value.save_as(tmp_path / "wrong.xlsx")
    sheet = load_workbook(tmp_path / "wrong.xlsx").worksheets[0]
    assert (sheet.max_row, sheet.cell(2, 16).value is not None) == (12, True)
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("undone", exact=True)).to_be_visible()
    settle(page)
    assert importing.leads() == []


def test_a_file_that_cannot_be_read_is_refused_in_place(signed_in: SignedIn, world: World, tmp_path: Path) -> None:
    """ALL-6, LEAD-3: what is wrong with it stays beside the field until another one is chosen."""
    (tmp_path / "wrong.xlsx").write_text("no workbook")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    page = signed_in(world.adam).open("/imports")
    page.locator("input[type=file]").set_input_files(tmp_path / "wrong.xlsx")
    page.get_by_role("button", name="Continue").click()
    told = page.get_by_test_id("stAlert").filter(has_text="This is not an Excel file.")
    expect(told).to_be_visible()
    page.locator("input[type=file]").set_input_files(tmp_path / "photo.png")
    expect(told).to_have_count(0)
    page.get_by_role("button", name="Continue").click()
    told = page.get_by_test_id("stAlert").filter(has_text="neither an Excel file nor text")
    expect(told).to_be_visible()
    page.locator("input[type=file]").set_input_files(SAMPLE)
    expect(told).to_have_count(0)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("46 rows; the columns stand in row 3 of the file.")).to_be_visible()


def _worked_off(page: Page) -> None:
    """What the worker does in its next second; tests start the application without one."""
    expect(page.get_by_text("You can leave this page")).to_be_visible()
    assert imports.work_off() == 1
