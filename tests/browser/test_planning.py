"""Planning in a real browser: the calendar, several customers at once, series (ACT-1)."""

from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose, stored_all, tomorrow, tomorrow_at, wall
from tests.factories import Make, World
from tests.stories import stored


def slot(page: Page, hour: int) -> Locator:
    return page.locator(f'.slot[data-day="{tomorrow()}"][data-minute="{hour * 60}"]')


def sideways(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    found: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return found


def test_a_click_on_a_free_slot_plans_there(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: the drawer opens with the time of the slot; the entry stands in the calendar afterwards."""
    make.account("徐工机械有限公司", team={world.anna: "machines"})
    page = signed_in(world.anna).open(f"/calendar?view=week&day={tomorrow()}")
    slot(page, 10).click()
    drawer = page.get_by_role("dialog")
    choose(drawer, "Customer", "xgjx", "徐工机械有限公司")
    drawer.get_by_role("button", name="Plan", exact=True).click()
    expect(drawer).to_be_hidden()
    expect(page.locator(".block", has_text="徐工机械有限公司")).to_be_visible()
    (planned,) = stored_all(owner_id=world.anna)
    assert wall(planned.planned_start) == f"{tomorrow()} 10:00"


def test_dragging_an_entry_moves_it_for_good(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: an entry dragged two hours down is two hours later, also in the list and after a reload."""
    visit = make.activity(subject="Quarry visit", **tomorrow_at(9))
    page = signed_in(world.anna).open(f"/calendar?view=day&day={tomorrow()}")
    block = page.locator(".block", has_text="Quarry visit")
    block.hover(position={"x": 20, "y": 5})  # waits until it stands still
    grip, goal = block.bounding_box(), slot(page, 11).bounding_box()
    assert grip
    assert goal
    page.mouse.move(grip["x"] + 20, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"] + 20, goal["y"], steps=5)
    page.mouse.move(grip["x"] + 20, goal["y"] + 5, steps=5)
    page.mouse.up()
    expect(block).to_contain_text("11:00")
    expect(page.get_by_text("Moved.")).to_be_visible()
    assert wall(stored(visit).planned_start) == f"{tomorrow()} 11:00"
    page.goto(page.url.split("/calendar")[0] + "/activities")
    expect(page.get_by_role("row", name="Quarry visit")).to_contain_text("11:00")


def test_the_calendar_has_month_and_agenda(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: the view is chosen by a click, stands in the address, and survives a reload."""
    make.activity(subject="Quarry visit", **tomorrow_at(9))
    page = signed_in(world.anna).open(f"/calendar?day={tomorrow()}")
    for view in ("Month", "Agenda"):
        page.get_by_role("button", name=view, exact=True).click()
        page.wait_for_url(f"**view={view.lower()}**")
        settle(page)
        expect(page.get_by_text("Quarry visit").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Agenda", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Quarry visit").first).to_be_visible()


def test_the_phone_shows_the_week_as_a_list(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: on 390 px nothing scrolls sideways, and a day can be planned."""
    make.activity(subject="Quarry visit", **tomorrow_at(9))
    page = signed_in(world.anna, phone=True).open(f"/calendar?day={tomorrow()}")
    expect(page.get_by_text("Quarry visit").first).to_be_visible()
    assert not sideways(page)
    page.get_by_role("button", name="Agenda", exact=True).click()
    page.wait_for_url("**view=agenda**")
    expect(page.get_by_text("Quarry visit").first).to_be_visible()
    assert not sideways(page)


def test_several_customers_and_weeks_are_planned_in_one_step(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: two customers, three weeks: six visits, one after the other on each day."""
    customers = [make.account("徐工机械有限公司"), make.account("沭阳土石方队")]
    page = signed_in(world.anna).open("/activities")
    page.get_by_role("button", name="New").click()
    drawer = page.get_by_role("dialog")
    choose(drawer, "Customer", "xgjx", "徐工机械有限公司")
    choose(drawer, "Customer", "shuyang", "沭阳土石方队")
    drawer.get_by_text("More", exact=True).click()
    page.wait_for_function("document.getAnimations().length === 0")  # what opens moves away under a pressed button
    drawer.get_by_text("every week").click()
    expect(drawer.get_by_role("radio", name="every week")).to_be_checked()
    times = drawer.get_by_label("How many times")
    times.fill("3")
    drawer.get_by_role("button", name="Plan", exact=True).click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("heading", name="Activities (6)")).to_be_visible()
    first, second, third = stored_all(account_id=customers[0])
    assert second.planned_start - first.planned_start == third.planned_start - second.planned_start == timedelta(days=7)
    assert stored_all(account_id=customers[1])[0].planned_start == first.planned_end
