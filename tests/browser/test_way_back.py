"""The browser's back button (ALL-9): a list comes back as it was asked."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import SignedIn, settle
from tests.factories import Make, World


def test_a_list_comes_back_with_its_filters(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-2, ALL-9: list filtered → record → back → the same filter, in the address and on the screen."""
    make.activity(state="declined", subject="Quarry visit")
    make.activity(subject="Planned visit")
    page = signed_in(world.mia).open("/activities?view=declined")
    page.get_by_role("link", name="Quarry visit").click()
    expect(page.get_by_role("heading", name="Quarry visit")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Activities (1)")).to_be_visible()
    expect(page).to_have_url(re.compile("view=declined"))
    settle(page)
    expect(page.get_by_role("link", name="Planned visit")).to_have_count(0)
