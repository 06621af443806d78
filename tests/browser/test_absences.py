"""Going away, in a real browser: the days and the stand-in, who sees it at once (ADM-1)."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.conftest import SignedIn
from tests.browser.steps import choose
from tests.factories import DAY, SHANGHAI, Make, World


def test_a_rep_goes_away_and_somebody_stands_in(signed_in: SignedIn, make: Make, world: World) -> None:
    """ADM-1: entered on the phone; the stand-in is told on every screen and finds the leads."""
    make.lead(world.anna, topic="Loader for Anna")
    today = datetime.now(UTC).astimezone(SHANGHAI)
    days = {"First day": today, "Last day": today + DAY}  # or it would be over for who begins a second before midnight
    page = signed_in(world.anna, phone=True).open("/absences")
    expect(page.get_by_text("Nobody is away")).to_be_visible()
    page.get_by_role("button", name="New absence").click()
    drawer = page.get_by_role("dialog")
    for label, day in days.items():
        drawer.get_by_role("spinbutton", name=f"year, {label}").focus()
        page.keyboard.type(f"{day:%Y%m%d}")
        drawer.get_by_text("New absence").click()  # closes the calendar below the field
    choose(drawer, "Stand-in", "be", "Ben")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_text("Ben").first).to_be_visible()
    ben = signed_in(world.ben).open("/leads")
    expect(ben.get_by_text("Standing in today for Anna")).to_be_visible()
    expect(ben.get_by_role("row", name="Loader for Anna")).to_be_visible()
