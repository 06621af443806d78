"""The inbox holds all that a person was ever told, page by page (ADM-8, ALL-2)."""

from playwright.sync_api import expect

from db.models import Notice
from services.core.listing import PAGE_SIZE
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn
from tests.factories import NOW, World


def test_older_and_unread_notices_are_found(signed_in: SignedIn, world: World) -> None:
    """The one before the latest fifty stands on the second page; what was read leaves the unread ones."""
    with work_as_system("a test tells", at=NOW) as work:
        told = (f"Word {number}." for number in range(PAGE_SIZE + 1))
        work.also(
            *(Notice(user_id=world.anna, kind="word", parameters={"word": word}, created_at=NOW) for word in told)
        )
    page = signed_in(world.anna).open("/notices")
    expect(page.get_by_text("Word 50.")).to_be_visible()
    expect(page.get_by_text("Word 0.")).to_be_hidden()
    page.get_by_role("button", name="Page 2").click()
    expect(page.get_by_text("Word 0.")).to_be_visible()
    page.get_by_role("radio", name="Unread").check(force=True)
    expect(page.get_by_text("Word 50.")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("You have read everything.")).to_be_visible()
