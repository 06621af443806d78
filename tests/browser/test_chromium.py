"""The browser that the other tests rely on starts, and draws Chinese as characters instead of boxes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

PIXELS = """() => ['徐', '械', '\\u{10FFFD}'].map(letter => {
    const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
    pen.font = '40px sans-serif';
    pen.fillText(letter, 5, 45);
    return canvas.toDataURL();
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def test_each_chinese_character_has_its_own_picture(page: Page) -> None:
    first, second, unknown = page.evaluate(PIXELS)
    assert len({first, second, unknown}) == 3
