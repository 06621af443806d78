"""What surrounds every screen: its buttons have names, the appearance is chosen from it, the keyboard reaches the list."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from db.models import User
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import soon
from tests.factories import Make, World

ENGLISH = ("Notices", "Language 中文", "Appearance", "My settings", "Sign out")
CHINESE = ("通知", "语言 EN", "外观", "我的设置", "退出登录")


def test_its_buttons_are_called_by_words(signed_in: SignedIn, world: World) -> None:
    """What a screen reader hears of them is a word of the reader's language, not the name of an icon."""
    sidebar = signed_in(world.anna).open("/").get_by_test_id("stSidebar")
    for name in ENGLISH:
        expect(sidebar.get_by_role("button", name=name, exact=True)).to_be_visible()
    sidebar.get_by_role("button", name="Language 中文").click()
    for name in CHINESE:
        expect(sidebar.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_the_appearance_is_chosen_on_any_screen(signed_in: SignedIn, world: World) -> None:
    """Dark stays on every screen of this browser."""
    tab = signed_in(world.anna)
    page = tab.open("/accounts")
    page.get_by_role("button", name="Appearance").click()
    page.get_by_role("menuitem", name="dark").click()
    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    page.wait_for_function(f"() => {ground} === 'rgb(17, 24, 39)'")
    assert tab.open("/activities").evaluate(ground) == "rgb(17, 24, 39)"


def test_the_keyboard_alone_opens_a_record(signed_in: SignedIn, make: Make, world: World) -> None:
    """A row of a list is reached by Tab from the search, its focus can be seen, Enter opens it."""
    make.activity(subject="Second quarry", **soon())
    page = signed_in(world.anna).open("/activities")
    page.get_by_role("searchbox", name="Search", exact=True).click()
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.shadowRoot?.activeElement?.matches('tr[data-id]') ?? false"):
            break
    row = page.get_by_role("row", name="Second quarry")
    expect(row).to_be_focused()
    assert row.locator("th").evaluate("cell => getComputedStyle(cell).boxShadow") != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second quarry")).to_be_visible()
    settle(page)


@pytest.mark.parametrize(("language", "wide"), [("en", False), ("zh", True)])
def test_quotation_marks_are_as_wide_as_the_language_has_them(
    signed_in: SignedIn, world: World, language: Literal["en", "zh"], wide: bool
) -> None:
    """screens.md: Chinese faces come first, but in English their marks would stand like gaps in a sentence."""
    with work_as_system("a test chooses a language") as work:
        work.load(User, world.anna, to="user.own").language = "zh_CN" if language == "zh" else "en"
    page = signed_in(world.anna, language=language).open("/leads")
    page.wait_for_function(
        """wide => {
          const mark = document.createElement('span');
          mark.style.cssText = 'font-size:100px;position:absolute';
          mark.textContent = '“';
          document.querySelector('[data-testid=stMain]').append(mark);
          const width = mark.getBoundingClientRect().width;
          mark.remove();
          return wide ? width > 90 : width > 10 && width < 70;
        }""",
        arg=wide,
    )
