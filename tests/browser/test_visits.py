"""A rep's day in a real browser: plan, start, finish on a phone, decline."""

import re

from playwright.sync_api import Page, expect

from db.models import ActivityState
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import soon
from tests.factories import Make, World
from tests.stories import stored


def finish(page: Page, words: str) -> None:
    page.get_by_role("button", name="Finish").first.click()
    page.get_by_label("What was learned").fill(words)
    page.get_by_role("button", name="已见面").or_(page.get_by_text("Met", exact=True)).first.click()
    page.get_by_role("button", name="Finish").last.click()


def test_a_visit_is_finished_on_one_phone_screen(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-8: start and finish with result and words, from the phone's home, without scrolling sideways."""
    account = make.account("徐工机械有限公司", team={world.anna: "machines"})
    visit = make.activity(account_id=account, **soon())
    page = signed_in(world.anna, phone=True).open("/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_text("in progress").first).to_be_visible()
    finish(page, "Wants a 20 t excavator before spring")
    expect(page.get_by_text("Done today")).to_be_visible()
    assert stored(visit).state is ActivityState.ENDED
    assert stored(visit).learned == "Wants a 20 t excavator before spring"


def test_finish_says_what_is_missing_and_keeps_what_was_typed(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-6: without a result the field says so, and the words are still there."""
    visit = make.activity(**soon())
    page = signed_in(world.anna).open(f"/finish?id={visit}")
    page.get_by_label("What was learned").fill("Nobody there but the dog")
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Please fill this in.").first).to_be_visible()
    expect(page.get_by_label("What was learned")).to_have_value("Nobody there but the dog")
    assert stored(visit).state is ActivityState.PLANNED


def test_an_assigned_activity_is_declined_with_a_reason(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-4: decline asks for a reason; the manager has the notice."""
    visit = make.activity(state="assigned", **soon())
    page = signed_in(world.anna).open(f"/activity?id={visit}")
    page.get_by_role("button", name="More").click()
    page.get_by_text("Decline", exact=True).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Decline").click()
    expect(drawer.get_by_text("Please fill this in.")).to_be_visible()
    drawer.get_by_label("Reason").fill("The bridge is closed until Friday")
    drawer.get_by_role("button", name="Decline").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_text("Declined: The bridge is closed until Friday")).to_be_visible()
    assert stored(visit).state is ActivityState.DECLINED
    manager = signed_in(world.mia).open("/notices")
    expect(manager.get_by_text(re.compile("declines"))).to_be_visible()


def test_a_double_click_plans_once(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-5: two quick clicks on Plan make one activity."""
    make.account("徐工机械有限公司", team={world.anna: "machines"})
    page = signed_in(world.anna).open("/activities")
    page.get_by_role("button", name="New").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Plan", exact=True).dblclick()
    expect(drawer).to_be_hidden()
    settle(page)
    expect(page.get_by_role("heading", name="Activities (1)")).to_be_visible()
