"""A real Chromium in front of a real server, with the people of tests/factories.py; one browser a process, one server a test."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from db.models import SignInSession
from services import sign_in
from services.core.work import work_as_system
from tests.browser.chromium import launch
from tests.factories import World
from tests.server import Server, serving

LARGE, PHONE = (1440, 900), (390, 844)
PATIENCE = 15_000
COOKIE = "crm_session"
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this test run."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    """The application on this test's database."""
    with serving() as running:
        yield running


@dataclass(frozen=True)
class Tab:
    """A person's tab; `open` goes to an address and waits until the screen stands still."""

    page: Page
    url: str

    def open(self, path: str) -> Page:
        """The page at this address, drawn to its end."""
        self.page.goto(self.url + path)
        settle(self.page)
        return self.page

    def beside(self) -> "Tab":
        """A second tab of the same browser."""
        return Tab(self.page.context.new_page(), self.url)


def settle(page: Page) -> None:
    """Wait until the script has run and what it sent is drawn."""
    page.wait_for_selector('[data-testid="stMainBlockContainer"] *', state="attached")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached")


SignedIn = Callable[..., Tab]


@pytest.fixture
def signed_in(server: Server, browser: Browser) -> Iterator[SignedIn]:
    """`signed_in(world.anna)`: a tab of Anna's, signed in, the same one every time; `phone=True` for a small screen."""

    @cache
    def tab(user_id: int, *, phone: bool = False, language: Literal["en", "zh"] = "en") -> Tab:
        width, height = PHONE if phone else LARGE
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-US" if language == "en" else "zh-CN",
            has_touch=phone,
        )
        opened.callback(context.close)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": COOKIE, "value": session_of(user_id), "url": server.url}])
        return Tab(context.new_page(), server.url)

    with ExitStack() as opened:
        yield tab


def session_of(user_id: int) -> str:
    """A sign-in session of this person, as the server makes one after the right password; gives the cookie's value."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with work_as_system("a test signs in") as work:
        work.also(
            SignInSession(
                token=sign_in.digest(token),
                user_id=user_id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=1),
            )
        )
    return token
