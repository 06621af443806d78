"""From a figure to its records and to Excel, in a real browser (ACT-18, ALL-10, EXP-1)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import soon
from tests.factories import Make, World


def figure(page: Page, row: str, name: str) -> str:
    """What stands in a cell of the statistics."""
    return page.locator("tr", has_text=row).locator(f'td[data-name="{name}"]').inner_text()


def test_a_figure_opens_exactly_its_records(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-10: the manager clicks on Anna's planned ones and finds as many; going back finds the same question again."""
    for _number in range(3):
        make.activity(**soon())
    make.activity(world.ben, **soon())
    page = signed_in(world.mia).open("/activity_statistics?by=rep&period=this_week")
    assert (figure(page, "Anna", "planned"), figure(page, "Total", "planned")) == ("3", "4")
    page.locator("tr", has_text="Anna").locator('td[data-name="planned"] a').click()
    expect(page.get_by_role("heading", name="Activities (3)")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Activity statistics")).to_be_visible()
    expect(page.locator("tr", has_text="Anna").locator('td[data-name="planned"]')).to_be_visible()
    expect(page.get_by_role("combobox", name="Period")).to_have_value("This week")


def test_a_bar_opens_its_records(signed_in: SignedIn, make: Make, world: World) -> None:
    """screens.md: a click on a chart drills down."""
    make.activity(**soon())
    make.activity(**soon())
    page = signed_in(world.anna).open("/activity_statistics?by=type")
    page.get_by_role("radio", name="Planned").or_(page.get_by_text("Planned", exact=True).nth(1)).first.click()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks").first).to_be_visible()
    settle(page)
    box = page.get_by_test_id("stVegaLiteChart").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    expect(page.get_by_role("heading", name="Activities (2)")).to_be_visible()


def test_the_list_goes_to_excel_under_its_filter(signed_in: SignedIn, make: Make, world: World, tmp_path: Path) -> None:
    """EXP-1: one click on the list gives the filtered rows; the file is named in the reader's language."""
    make.activity(subject="00123", **soon())
    make.activity(subject="=1+1", state="cancelled", **soon())
    page = signed_in(world.anna).open("/activities?state=planned")
    with page.expect_download() as started:
        page.get_by_role("link", name="Export").click()
    target = tmp_path / "list.xlsx"
    started.value.save_as(target)
    rows = list(load_workbook(target).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["00123"]
    assert started.value.suggested_filename.startswith("Activities ")


def test_statistics_fit_a_phone(signed_in: SignedIn, make: Make, world: World) -> None:
    """screens.md: no sideways scrolling at 390 px; every figure is there as a card."""
    begin = datetime.now(UTC) - timedelta(days=1)
    make.activity(planned_start=begin, planned_end=begin, due_at=begin)
    page = signed_in(world.anna, phone=True).open(
        "/activity_statistics?by=week&period=custom&from=2026-01-01&to=2026-12-31"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator("tr", has_text="Total")).to_be_visible()
