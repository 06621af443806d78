"""A real Chromium in front of a real server, with the people of tests/factories.py; one browser a process, one server a test."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from db.models import SignInSession
from services import sign_in
from services.core.work import work_as_system
from tests.browser.chromium import launch
from tests.factories import World
from tests.server import Server, free_port, serving

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


class Windows:
    """Windows that test after test uses again, emptied: what one has loaded of the program it need not load anew."""

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.idle: defaultdict[tuple[bool, str], list[Page]] = defaultdict(list)

    def lend(self, url: str, *, phone: bool, language: str) -> Page:
        """A window in which nothing of another test is left."""
        idle = self.idle[phone, language]
        page = idle.pop() if idle else self._new(phone=phone, language=language)
        page.set_viewport_size(size_of(phone=phone))
        page.goto(f"{url}/_stcore/health")
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.context.clear_cookies()
        return page

    def take_back(self, page: Page, *, phone: bool, language: str) -> None:
        """It is used again, unless the test has closed it."""
        for other in page.context.pages:
            if other is not page:
                other.close()
        if page.is_closed():
            page.context.close()
        else:
            page.goto("about:blank")
            self.idle[phone, language].append(page)

    def _new(self, *, phone: bool, language: str) -> Page:
        context = self.chromium.new_context(
            viewport=size_of(phone=phone), locale="en-US" if language == "en" else "zh-CN", has_touch=phone
        )
        context.set_default_timeout(PATIENCE)
        return context.new_page()


def size_of(*, phone: bool) -> ViewportSize:
    """How large a window is."""
    width, height = PHONE if phone else LARGE
    return {"width": width, "height": height}


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """The windows of this process."""
    return Windows(browser)


@pytest.fixture(scope="session")
def port() -> int:
    """Where all servers of this process listen, one after the other: to the browser they are one place."""
    return free_port()


@pytest.fixture
def server(world: World, port: int) -> Iterator[Server]:
    """The application on this test's database."""
    with serving(PORT=str(port)) as running:
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
def signed_in(server: Server, windows: Windows) -> Iterator[SignedIn]:
    """`signed_in(world.anna)`: a tab of Anna's, signed in, the same one every time; `phone=True` for a small screen."""

    @cache
    def tab(user_id: int, *, phone: bool = False, language: Literal["en", "zh"] = "en") -> Tab:
        page = windows.lend(server.url, phone=phone, language=language)
        opened.callback(windows.take_back, page, phone=phone, language=language)
        page.context.add_cookies([{"name": COOKIE, "value": session_of(user_id), "url": server.url}])
        return Tab(page, server.url)

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
