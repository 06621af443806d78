"""Finishing with photo and follow-up, review by the manager (ACT-8, ACT-9, ACT-10, ACT-12, ACT-15)."""

import base64
import re

from playwright.sync_api import Page, expect

from db.models import ActivityState
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import soon, stored_all
from tests.factories import Make, World
from tests.stories import stored

PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def fill(page: Page, words: str) -> None:
    page.get_by_text("Met", exact=True).click()
    page.get_by_label("What was learned").fill(words)


def test_the_button_stays_within_reach_of_the_thumb(signed_in: SignedIn, make: Make, world: World) -> None:
    """screens.md: on the phone Finish stands at the lower edge, however long the form is."""
    visit = make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna, phone=True).open(f"/finish?id={visit}")
    page.get_by_text("Machine hours, competitor, needs").click()
    expect(page.get_by_label("Machine hours", exact=True)).to_be_visible()
    page.get_by_text("Met", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Finish").last).to_be_in_viewport()


def test_a_photo_and_the_follow_up_go_along_with_the_finish(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-8, ACT-10, ACT-12: one screen; afterwards the follow-up is open, and the file hangs on what has ended."""
    account = make.account("徐工机械有限公司", team={world.anna: "machines"})
    visit = make.activity(account_id=account, subject="Quarry visit", **soon())
    page = signed_in(world.anna, phone=True).open(f"/finish?id={visit}")
    fill(page, "Wants a 20 t excavator before spring")
    page.get_by_text("1 week", exact=True).click()
    page.get_by_text("Plan the follow-up at once").click()
    page.get_by_text("Photos and documents").first.click()
    page.locator('input[type="file"]').set_input_files({"name": "yard.png", "mimeType": "image/png", "buffer": PHOTO})
    expect(page.get_by_text("yard.png")).to_be_visible()
    page.get_by_role("button", name="Finish").last.dblclick()
    page.wait_for_url(re.compile(r"/activity\?id="))
    settle(page)
    assert stored(visit).state is ActivityState.ENDED
    (follow_up,) = stored_all(follows_id=visit)
    assert follow_up.account_id == account
    ended_with_its_file(signed_in(world.anna).open(f"/activity?id={visit}"), signed_in(world.carl).open("/"))


def ended_with_its_file(page: Page, stranger: Page) -> None:
    """ACT-9, ACC-7: no Edit; the owner's browser gets the file as a download, a rep of another branch 404."""
    expect(page.get_by_role("button", name="Plan the follow-up")).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    page.get_by_role("tab", name="Files").click()
    link = page.get_by_role("link", name="yard.png")
    address = page.url.split("/activity")[0] + str(link.get_attribute("href"))
    answer = page.request.get(address)
    assert answer.body() == PHOTO
    assert answer.headers["content-disposition"].startswith("attachment")
    assert stranger.request.get(address).status == 404


def test_the_rep_sees_the_review(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-15: the manager marks and comments; mark and comment stand on the rep's record, and the bell rings."""
    visit = make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna).open(f"/finish?id={visit}")
    fill(page, "The owner decides on Friday")
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Done today")).to_be_visible()
    manager = signed_in(world.mia).open(f"/activity?id={visit}")
    manager.get_by_role("button", name="Review").click()
    drawer = manager.get_by_role("dialog")
    drawer.get_by_text("5", exact=True).click()
    drawer.get_by_label("Comment").fill("Exactly what we need to know")
    drawer.get_by_role("button", name="Review").click()
    expect(drawer).to_be_hidden()
    expect(manager.get_by_text("Exactly what we need to know").first).to_be_visible()
    page = signed_in(world.anna).open("/notices")
    expect(page.get_by_text("Exactly what we need to know").first).to_be_visible()
    expect(page.get_by_role("button", name="Notices")).to_contain_text("1")
    page.get_by_role("button", name="Go there").first.click()
    expect(page.get_by_text("★★★★★").first).to_be_visible()
    expect(page.get_by_role("button", name="Notices")).not_to_contain_text("1")


def test_the_phone_offers_camera_photos_and_documents(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-12: the chooser is limited to no kind, so that a phone offers its camera beside its files; several at once."""
    account = make.account("徐工机械有限公司", team={world.anna: "machines"})
    page = signed_in(world.anna, phone=True).open(f"/account?id={account}")
    page.get_by_role("tab", name="Files").click()
    field = page.locator('input[type="file"]').first
    assert field.get_attribute("accept") in (None, "")
    assert field.get_attribute("capture") is None
    with page.expect_file_chooser() as opened:
        page.locator('[data-testid="stFileUploaderDropzone"] button').first.click()
    assert opened.value.is_multiple()
    opened.value.set_files(
        [
            {"name": "yard.png", "mimeType": "image/png", "buffer": PHOTO},
            {"name": "offer.txt", "mimeType": "text/plain", "buffer": b"Two excavators"},
        ]
    )
    page.get_by_role("button", name="Attach").last.click()
    for name in ("yard.png", "offer.txt"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
