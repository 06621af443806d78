"""Who comes in, who does not, and what is left of a session that ended (SIG-2, SIG-5, ACC-2)."""

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.ui.navigation import SCREENS
from services import users
from services.core.work import work_as
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import end_sessions, sign_in, soon
from tests.factories import Make, World
from tests.server import Server
from tests.stories import stored

NOT_HERE = "This record does not exist, or it is not visible to you."


def test_typed_feedback_is_there_after_signing_in_again(signed_in: SignedIn, make: Make, world: World) -> None:
    """SIG-5: the session ends while somebody types; leaving the field leads to the sign-in page and nothing is lost."""
    visit = make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna).open(f"/finish?id={visit}")
    page.get_by_text("Met", exact=True).click()
    page.get_by_text("1 week", exact=True).click()
    expect(page.get_by_role("spinbutton", name="day, Next step on")).not_to_have_text(
        "dd"
    )  # the server has heard of both
    page.get_by_label("What was learned").fill("Wants a 20 t excavator before spring")
    end_sessions(world.anna)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Your session has ended.", exact=False)).to_be_visible()
    sign_in(page, "anna")
    expect(page.get_by_label("What was learned")).to_have_value("Wants a 20 t excavator before spring")
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Done today")).to_be_visible()
    assert stored(visit).learned == "Wants a 20 t excavator before spring"


def test_signing_out_in_one_tab_ends_the_other(signed_in: SignedIn, make: Make, world: World) -> None:
    """SIG-2: the next click in the other tab shows the sign-in page; who signs in there then sees nothing of the first."""
    make.activity(subject="Quarry visit", **soon())
    tab = signed_in(world.anna)
    first, second = tab.open("/activities"), tab.page.context.new_page()
    second.goto(tab.url + "/activities?q=quarry")
    expect(second.get_by_role("row", name="Quarry visit")).to_be_visible()
    first.get_by_role("button", name="Sign out").click()
    expect(first.get_by_label("Sign-in name")).to_be_visible()
    second.get_by_text("Quarry visit").first.click()
    expect(second.get_by_label("Sign-in name")).to_be_visible()
    expect(second.get_by_text("Quarry visit")).to_have_count(0)
    sign_in(second, "carl")
    expect(second.get_by_test_id("stSidebar").get_by_text("Carl")).to_be_visible()
    assert "Quarry" not in second.locator("body").inner_text()


def test_what_is_not_ones_own_answers_alike(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACC-2: a record of another branch and one that does not exist; no trace of its name."""
    customer = make.account("合肥土方队", branch_id=world.hefei)
    visit = make.activity(world.carl, subject="Secret quarry", account_id=customer, **soon())
    page = signed_in(world.anna)
    said = set()
    for address in (
        f"/activity?id={visit}",
        "/activity?id=999999",
        f"/finish?id={visit}",
        f"/account?id={customer}",
        "/account",
    ):
        shown = page.open(address)
        expect(shown.get_by_text(NOT_HERE)).to_be_visible()
        expect(shown.get_by_role("link", name="Go to Today")).to_be_visible()
        said.add(shown.get_by_test_id("stMain").inner_text().strip())
        assert "Secret" not in shown.content()
        assert "合肥" not in shown.content()
    assert len(said) == 1


@pytest.mark.parametrize("path", ["users", "audit", "settings", "monitor"])
def test_a_screen_that_ones_role_lacks_is_not_there(signed_in: SignedIn, world: World, path: str) -> None:
    """ACC-1: typing its address shows nothing of it, neither heading nor rows."""
    page = signed_in(world.anna).open(f"/{path}")
    screen = next(one for one in SCREENS if one.path == path)
    expect(page.get_by_text("This screen is not open to you.")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("heading", name=screen.title)).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav").get_by_text(screen.title)).to_have_count(0)


def test_nobody_sees_a_screen_without_signing_in(server: Server, browser: Browser, make: Make, world: World) -> None:
    """Every address shows the sign-in page; the deep link survives it, with its query."""
    make.activity(subject="Quarry visit", **soon())
    with work_as(world.anna) as work:
        users.choose_language(work, language="en")
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    for screen in SCREENS:
        page.goto(f"{server.url}/{screen.path}?id=1")
        only_the_door(page)
    page.goto(f"{server.url}/activities?q=quarry")
    sign_in(page, "anna")
    expect(page.get_by_role("heading", name="Activities (1)")).to_be_visible()
    assert page.url.endswith("/activities?q=quarry")
    context.close()


def only_the_door(page: Page) -> None:
    expect(page.get_by_label("Sign-in name")).to_be_visible()
    settle(page)
    assert "Quarry" not in page.content()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)


def test_deactivating_asks_first_and_counts_at_the_next_click(signed_in: SignedIn, world: World) -> None:
    """ACC-4: the drawer says what will happen; the person's open browser is out with the next click."""
    pia, adam = signed_in(world.pia).open("/activities"), signed_in(world.adam).open(f"/user?id={world.pia}")
    adam.get_by_role("button", name="More").first.click()
    adam.get_by_text("Deactivate", exact=True).click()
    drawer = adam.get_by_role("dialog")
    expect(drawer.get_by_text("Pia is signed out everywhere at once", exact=False)).to_be_visible()
    drawer.get_by_role("button", name="Deactivate").click()
    expect(drawer).to_be_hidden()
    expect(adam.get_by_text("inactive")).to_be_visible()
    pia.get_by_role("button", name="New").click()
    expect(pia.get_by_label("Sign-in name")).to_be_visible()


def test_the_language_is_switched_on_every_screen_and_stays(signed_in: SignedIn, world: World) -> None:
    """ALL-1: one click on the frame; menu and screen follow at once, also after a reload, and back."""
    page = signed_in(world.anna).open("/activities")
    for button, title in (("Language 中文", "活动 (0)"), ("语言 EN", "Activities (0)")):
        page.get_by_test_id("stSidebar").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
