"""What several tabs, double clicks, reloads and the back button may not break (ALL-4, ALL-5)."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from db.models import ActivityState
from services import absences, activities, assignment, leads
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import soon, stored_all
from tests.factories import SHANGHAI, Make, World, as_person
from tests.stories import stored


def edit(page: Page) -> None:
    """Open the drawer of the record's planned values, with everything folded out."""
    page.get_by_role("button", name="More").first.click()
    page.get_by_text("Edit", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Subject")).to_be_visible()


def test_the_second_of_two_editors_is_told_and_loses_nothing(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4: what the first saved is named, what the second typed is still there, and saving again keeps both."""
    visit = make.activity(subject="Quarry visit", place="Gate 1", **soon())
    anna, sun = (signed_in(person).open(f"/activity?id={visit}") for person in (world.anna, world.sun))
    edit(anna)
    edit(sun)
    sun.get_by_role("dialog").get_by_role("textbox", name="Place").fill("Gate 2")
    sun.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(sun.get_by_role("dialog")).to_be_hidden()
    drawer = anna.get_by_role("dialog")
    drawer.get_by_role("textbox", name="Subject").fill("Quarry and crusher")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Place")).to_be_visible()
    expect(drawer.get_by_role("textbox", name="Subject")).to_have_value("Quarry and crusher")
    settle(anna)  # what was told is known to the form at the end of the run
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    assert (stored(visit).subject, stored(visit).place) == ("Quarry and crusher", "Gate 2")


def test_a_rule_changed_meanwhile_can_still_be_saved(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4, ASG-1: what changed is named, what was typed and chosen stays, and the second press saves both."""
    rule = make.rule(world.anna, name="Large")
    page = signed_in(world.mia).open("/assignment")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Edit").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("Name of the rule")).to_have_value("Large")
    with as_person(world.mia, at=datetime.now(UTC)) as work:
        assignment.change(work, rule_id=rule, changes={"rep_ids": [world.ben], "employees_from": 50})
    drawer.get_by_label("Name of the rule").fill("Very large")
    drawer.get_by_role("button", name="Save").click()
    expect(
        drawer.get_by_text("Somebody else changed this in the meantime: Customer's employees from, Reps")
    ).to_be_visible()
    expect(drawer.get_by_label("Name of the rule")).to_have_value("Very large")
    settle(page)  # what was told is known to the form at the end of the run
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    with as_person(world.mia, readonly=True) as work:
        (one,) = assignment.rules(work)
    assert (one.name, one.rep_ids, one.employees_from) == ("Very large", (world.ben,), 50)


def test_days_changed_meanwhile_can_still_be_saved(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4, ADM-1: the manager named a stand-in while the rep wrote a remark; both stay."""
    today = datetime.now(SHANGHAI).date()
    days = make.absence(world.anna, first_day=today, last_day=today)
    page = signed_in(world.anna).open("/absences")
    page.get_by_role("rowheader", name="Anna").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("Remark")).to_be_visible()
    with as_person(world.mia, at=datetime.now(UTC)) as work:
        absences.change(work, absence_id=days, changes={"stand_in_id": world.ben})
    drawer.get_by_label("Remark").fill("At the doctor's")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Stand-in")).to_be_visible()
    settle(page)
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    with as_person(world.anna, at=datetime.now(UTC), readonly=True) as work:
        (one,) = absences.absences(work)
    assert (one.stand_in_id, one.note) == (world.ben, "At the doctor's")


def test_a_lead_changed_meanwhile_can_still_be_converted(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4, LEAD-5: the rep who converts is told what the manager changed; the second press converts what is there now."""
    lead = make.lead(world.anna, company="大地土方", person="王建国", model="XE215")
    page = signed_in(world.anna).open(f"/lead?id={lead}")
    page.get_by_role("button", name="Convert").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("Customer name")).to_have_value("大地土方")
    with as_person(world.mia, at=datetime.now(UTC)) as work:
        leads.change(work, lead_id=lead, changes={"model": "XE370"})
    drawer.get_by_role("button", name="Convert").click()
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Model")).to_be_visible()
    settle(page)
    drawer.get_by_role("button", name="Convert").click()
    expect(page.get_by_text("Converted by Anna")).to_be_visible()


def test_two_quick_clicks_on_finish_end_once(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-5: one end, one follow-up."""
    visit = make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna).open(f"/finish?id={visit}")
    page.get_by_text("Met", exact=True).click()
    page.get_by_label("What was learned").fill("Comes back in spring")
    page.get_by_text("Plan the follow-up at once").click()
    page.get_by_role("button", name="Finish").last.dblclick()
    page.wait_for_url("**/activity?id=*")
    settle(page)
    assert stored(visit).state is ActivityState.ENDED
    assert len(stored_all(follows_id=visit)) == 1


def test_a_stale_tab_cannot_end_twice_and_says_so(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-9: the finish screen of an old tab changes nothing any more; its words stand for a moment, with the reason."""
    visit = make.activity(subject="Quarry visit", **soon())
    tab = signed_in(world.anna)
    old, new = (one.open(f"/finish?id={visit}") for one in (tab, tab.beside()))
    for page, words in ((old, "Second words"), (new, "First words")):
        page.get_by_text("Met", exact=True).click()
        page.get_by_label("What was learned").fill(words)
    new.get_by_role("button", name="Finish").last.click()
    expect(new.get_by_text("Done today")).to_be_visible()
    old.get_by_role("button", name="Finish").last.click()
    expect(old.get_by_text("can no longer be finished here")).to_be_visible()
    expect(old.get_by_label("What you had typed")).to_have_value("Second words")
    assert stored(visit).learned == "First words"


def test_a_visit_changed_meanwhile_can_still_be_finished(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4: the rep on the finish screen is told what the manager changed, and the second press saves what was typed."""
    visit = make.activity(subject="Quarry visit", place="Gate 1", **soon())
    page = signed_in(world.anna).open(f"/finish?id={visit}")
    page.get_by_text("Met", exact=True).click()
    page.get_by_label("What was learned").fill("Comes back in spring")
    with as_person(world.sun, at=datetime.now(UTC)) as work:
        activities.change(work, activity_id=visit, changes={"place": "Gate 2"})
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Somebody else changed this in the meantime: Place")).to_be_visible()
    expect(page.get_by_label("What was learned")).to_have_value("Comes back in spring")
    settle(page)  # what was told is known to the form at the end of the run
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Done today")).to_be_visible()
    assert (stored(visit).learned, stored(visit).place) == ("Comes back in spring", "Gate 2")


def test_back_and_reload_lead_where_one_was(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-2: search stands in the address; back from a record returns to the found rows, also after a reload."""
    make.activity(subject="Quarry visit", **soon())
    make.activity(subject="Crusher visit", **soon())
    page = signed_in(world.anna).open("/activities?q=quarry")
    expect(page.get_by_role("heading", name="Activities (1)")).to_be_visible()
    page.get_by_text("Quarry visit").first.click()
    expect(page.get_by_role("heading", name="Quarry visit")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Quarry visit")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Activities (1)")).to_be_visible()
    expect(page.get_by_text("Crusher visit")).to_have_count(0)
