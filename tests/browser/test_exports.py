"""Lists go to Excel from their screens, under the filter in the address (ALL-2, EXP-1)."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.browser.conftest import SignedIn
from tests.factories import Make, World


@pytest.mark.parametrize("name", ["accounts", "contacts"])
def test_the_button_takes_out_what_the_screen_shows(
    signed_in: SignedIn, make: Make, world: World, name: str, tmp_path: Path
) -> None:
    """Two of three match the search; the link carries it to the file."""
    for customer in ("Alpha One", "Alpha Two", "Beta"):
        make.contact(make.account(customer, team={world.anna: "machines"}), customer)
    page = signed_in(world.anna).open(f"/{name}?q=alpha")
    with page.expect_download() as started:
        page.get_by_role("link", name="Export").click()
    started.value.save_as(tmp_path / "list.xlsx")
    sheet = load_workbook(tmp_path / "list.xlsx").worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Alpha One", "Alpha Two"]
