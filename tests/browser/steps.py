"""What people do again and again in the stories of this folder, and looks into the database behind their back."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from db.models import Activity
from services import sign_in as services_sign_in
from services.core.work import work_as_system
from tests.browser.conftest import settle
from tests.factories import PASSWORD, SHANGHAI

HOUR = timedelta(hours=1)


def stored_all(**equal: object) -> Sequence[Activity]:
    """The activities with these values, by planned start."""
    with work_as_system("a test looks", readonly=True) as work:
        return work.scalars(select(Activity).filter_by(**equal).order_by(Activity.planned_start, Activity.id))


def soon() -> dict[str, datetime]:
    """An hour that begins now."""
    begin = datetime.now(UTC).replace(second=0, microsecond=0)
    return {"planned_start": begin, "planned_end": begin + HOUR, "due_at": begin + 2 * HOUR}


def tomorrow() -> date:
    """The next day on the organisation's clock."""
    return datetime.now(SHANGHAI).date() + timedelta(days=1)


def tomorrow_at(hour: int) -> dict[str, datetime]:
    """One hour of tomorrow, on the organisation's clock."""
    begin = datetime.combine(tomorrow(), time(hour), tzinfo=SHANGHAI)
    return {"planned_start": begin, "planned_end": begin + HOUR, "due_at": begin + HOUR}


def wall(moment: datetime) -> str:
    """A stored moment on the organisation's clock."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def choose(place: Page | Locator, label: str, typed: str, name: str | re.Pattern[str]) -> None:
    """Type into a picker, take the entry with this name, go on, which closes its list, and wait for the server's answer."""
    box = place.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(typed)
    place.get_by_role("option", name=name).first.click()
    box.press("Tab")
    expect(place.locator('[aria-busy="true"]')).to_have_count(0)
    settle(place if isinstance(place, Page) else place.page)


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def sign_in(page: Page, login: str) -> None:
    """Fill in the form on the sign-in page and wait for the screen behind it."""
    expect(page.get_by_label("Sign-in name")).to_be_visible()
    page.get_by_label("Sign-in name").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    settle(page)


def end_sessions(user_id: int) -> None:
    """The person's sessions are over, as after too long a pause."""
    with work_as_system("time passes") as work:
        services_sign_in.end_sessions(work, user_id=user_id)
