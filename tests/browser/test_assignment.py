"""Work that managers give, in real browsers: assign, accept, decline, insist, reassign, hand over (ACT-2 to ACT-4, ACT-14)."""

import re

from playwright.sync_api import Page, expect

from db.models import ActivityState
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose, soon, stored_all
from tests.factories import Make, World
from tests.stories import stored


def test_assigned_work_is_in_both_plans_at_once(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-2, ACT-3: on the bell, first on the home screen; opening it accepts."""
    make.account("徐工机械有限公司", team={world.anna: "machines"})
    make.activity(subject="Old plan", **soon())
    manager = signed_in(world.mia).open("/activities")
    manager.get_by_role("button", name="Assign").click()
    drawer = manager.get_by_role("dialog")
    choose(drawer, "Reps", "an", "Anna")
    choose(drawer, "Reps", "be", "Ben")
    choose(drawer, "Customer", "xgjx", "徐工机械有限公司")
    drawer.get_by_role("button", name="Assign").dblclick()
    expect(drawer).to_be_hidden()
    for rep in (world.anna, world.ben):
        assert len(stored_all(owner_id=rep, state=ActivityState.ASSIGNED)) == 1
    page = signed_in(world.anna, phone=True).open("/")
    expect(page.get_by_text("New for you: 1")).to_be_visible()
    expect(page.get_by_text("Old plan")).to_be_visible()
    texts = page.get_by_test_id("stMain").inner_text()
    assert texts.index("徐工机械有限公司") < texts.index("Old plan")
    page.get_by_role("link", name="徐工机械有限公司").click()
    expect(page.get_by_role("heading", name="Visit · 徐工机械有限公司")).to_be_visible()
    settle(page)
    assert stored_all(owner_id=world.anna, state=ActivityState.ASSIGNED)[0].accepted_at
    bell_and_first_screen_agree(signed_in(world.ben).open("/"))


def bell_and_first_screen_agree(page: Page) -> None:
    """Ben, who has not opened it: the bell counts one, the inbox says it."""
    bell = page.get_by_role("button", name="Notices")
    expect(bell).to_contain_text("1")
    bell.click()
    expect(page.get_by_text(re.compile("Mia assigned"))).to_be_visible()


def test_who_declined_cannot_decline_again(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-4: the manager insists from the record; it is back with the rep, and the button is gone."""
    visit = make.activity(state="declined", subject="Quarry visit", **soon())
    manager = signed_in(world.mia).open(f"/activity?id={visit}")
    expect(manager.get_by_text("The road is closed").first).to_be_visible()
    manager.get_by_role("button", name="Insist").click()
    drawer = manager.get_by_role("dialog")
    drawer.get_by_label("Comment").fill("Take the northern road")
    drawer.get_by_role("button", name="Insist").click()
    expect(drawer).to_be_hidden()
    assert stored(visit).state is ActivityState.ASSIGNED
    page = signed_in(world.anna).open(f"/activity?id={visit}")
    page.get_by_role("button", name="More").first.click()
    expect(page.get_by_text("Edit", exact=True)).to_be_visible()
    expect(page.get_by_text("Decline", exact=True)).to_have_count(0)


def test_reassigning_keeps_who_held_it_and_why(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-14: the history names both holders and the reason; the former holder no longer sees it."""
    visit = make.activity(state="assigned", subject="Quarry visit", **soon())
    anna = signed_in(world.anna).open(f"/activity?id={visit}")
    manager = signed_in(world.mia).open(f"/activity?id={visit}")
    manager.get_by_role("button", name="Reassign").click()
    drawer = manager.get_by_role("dialog")
    choose(drawer, "New owner", "be", "Ben")
    drawer.get_by_label("Reason").fill("Ben is nearby")
    drawer.get_by_role("button", name="Reassign").click()
    expect(drawer).to_be_hidden()
    manager.get_by_role("tab", name="History").click()
    expect(manager.get_by_text(re.compile("Ben is nearby")).first).to_be_visible()
    assert stored(visit).owner_id == world.ben
    anna.get_by_role("button", name="Start").click()  # her tab still shows what it was
    expect(anna.get_by_text(re.compile("not exist|not be found|no such|nothing here", re.I)).first).to_be_visible()
    assert stored(visit).state is ActivityState.ASSIGNED


def test_several_are_handed_over_at_once(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-14: two selected rows change hands, and nothing is selected afterwards."""
    visits = [make.activity(subject=f"Quarry {number}", **soon()) for number in (1, 2)]
    page = signed_in(world.sun).open("/activities")
    for number in (1, 2):
        page.get_by_role("row", name=f"Quarry {number}").get_by_role("checkbox").check()
    expect(page.get_by_role("button", name="Hand over (2)")).to_be_visible()
    page.get_by_role("button", name="Hand over").click()
    drawer = page.get_by_role("dialog")
    choose(drawer, "New owner", "be", "Ben")
    drawer.get_by_label("Reason").fill("Anna is ill")
    drawer.get_by_role("button", name="Hand over").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="Hand over")).to_have_count(0)
    expect(page.get_by_role("row", name="Quarry 1").get_by_role("checkbox")).not_to_be_checked()
    assert {stored(visit).owner_id for visit in visits} == {world.ben}
