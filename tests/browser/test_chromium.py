"""The browser that the other tests rely on starts, and draws Chinese as characters instead of boxes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium

PIXELS = """() => ['徐', '械', '\\u{10FFFD}'].map(letter => {
    const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
    pen.font = '40px sans-serif';
    pen.fillText(letter, 5, 45);
    return canvas.toDataURL();
})"""


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser.new_page()
        browser.close()


def test_each_chinese_character_has_its_own_picture(page: Page) -> None:
    first, second, unknown = page.evaluate(PIXELS)
    assert len({first, second, unknown}) == 3
