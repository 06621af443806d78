"""A lead's way in real browsers: the rep on the phone from the first call to the customer and back, the manager at the desk."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from db.models import Account, Contact, Lead, LeadState, Opportunity
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose, fits, soon
from tests.factories import Make, World


def the_lead() -> Lead:
    """The only one there is, hidden or not."""
    with work_as_system("a test looks", readonly=True) as work:
        found: Lead = work.scalar(select(Lead))
        return found


def present(model: type[Account] | type[Contact] | type[Opportunity]) -> list[str]:
    """The names of those that are not hidden."""
    with work_as_system("a test looks", readonly=True) as work:
        return list(work.scalars(select(model.name).where(model.deleted_at.is_(None)).order_by(model.id)))


def more(page: Page, label: str) -> Locator:
    """Take an action from the menu of the record; gives the drawer that it opens."""
    page.get_by_role("button", name="More").click()
    page.get_by_text(label, exact=True).last.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    return drawer


def test_from_the_first_call_to_the_customer_and_back(signed_in: SignedIn, world: World) -> None:
    """LEAD-1, LEAD-5, LEAD-6, LEAD-8: a number on the phone is enough; what is missing is a list; converted, seen, undone."""
    page = signed_in(world.anna, phone=True).open("/leads")
    page.get_by_role("button", name="New").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Mobile").fill("138 letters")
    drawer.get_by_label("Company").fill("长" * 300)
    drawer.get_by_role("button", name="Save").click()
    for said in ("Please fill this in.", "A phone number has only digits", "At most 200 characters."):
        expect(drawer.get_by_text(said)).to_be_visible()
    drawer.get_by_role("radio", name="Machines").click()
    drawer.get_by_label("Company").fill("")
    drawer.get_by_label("Mobile").fill("138 0139 5136")
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="13801395136")).to_be_visible()
    expect(page.get_by_text("Still to find out: Contact person, Company, City")).to_be_visible()
    fits(page)

    page.get_by_role("button", name="Contacted").click()
    expect(page.get_by_text("working on it")).to_be_visible()
    expect(page.get_by_role("button", name="Contacted")).to_have_count(0)

    page.get_by_role("button", name="Convert").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Convert").click()
    expect(drawer.get_by_text("Please fill this in.")).to_have_count(2)
    drawer.get_by_label("Customer name").fill("大地土方")
    drawer.get_by_role("button", name="Convert").click()
    expect(drawer.get_by_text("Please fill this in.")).to_have_count(1)
    drawer.get_by_label("Name *", exact=True).fill("王建国")
    drawer.get_by_role("button", name="Convert").dblclick()
    expect(drawer).to_be_hidden()
    expect(page.get_by_text("Converted by Anna")).to_be_visible()
    assert (present(Account), present(Contact), present(Opportunity)) == (["大地土方"], ["王建国"], ["13801395136"])

    page.get_by_role("link", name="大地土方").click()
    expect(page.get_by_role("heading", name="大地土方")).to_be_visible()
    page.get_by_role("link", name="From lead: 13801395136").click()
    expect(page.get_by_text("Converted by Anna")).to_be_visible()
    fits(page)

    page.get_by_role("button", name="Undo conversion").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("is removed again")).to_be_visible()
    drawer.get_by_role("button", name="Undo conversion").click()
    expect(page.get_by_text("working on it").first).to_be_visible()
    assert (present(Account), present(Contact), present(Opportunity)) == ([], [], [])
    assert the_lead().state is LeadState.WORKING
    page.get_by_role("tab", name="History").click()
    for words in ("noted the first contact", "converted it", "undid the conversion"):
        expect(page.get_by_text(words)).to_be_visible()


def test_an_existing_customer_is_chosen_by_name(signed_in: SignedIn, make: Make, world: World) -> None:
    """LEAD-5: one that no phone and no name gives away is found; its opportunities and no others are offered."""
    account_id = make.account("徐工机械有限公司")
    lead_id = make.lead(world.anna, person="王建国")
    page = signed_in(world.anna).open(f"/lead?id={lead_id}")
    page.get_by_role("button", name="Convert").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("Another customer", exact=True).click()
    expect(drawer.get_by_role("radio", name="New opportunity")).to_have_count(0)
    drawer.get_by_role("button", name="Convert").click()
    expect(drawer.get_by_text("Please fill this in.")).to_be_visible()
    choose(drawer, "Customer", "xgjx", re.compile("徐工机械有限公司"))
    expect(drawer.get_by_role("radio", name="New opportunity")).to_have_count(1)
    expect(drawer.get_by_label("Topic")).not_to_have_value("")
    drawer.get_by_role("button", name="Convert").click()
    expect(page.get_by_text("Converted by Anna")).to_be_visible()
    assert the_lead().account_id == account_id
    assert the_lead().opportunity_id is not None


def test_a_manager_gives_gives_up_takes_up_and_deletes(signed_in: SignedIn, make: Make, world: World) -> None:
    """LEAD-4, LEAD-7, ALL-8: several to one rep, who has them; one given up with a reason, reopened, and hidden."""
    for number in range(3):
        make.lead(topic=f"Excavator {number}")
    manager = signed_in(world.mia)
    page = manager.open("/leads")
    for number in range(2):
        page.locator("tr", has_text=f"Excavator {number}").get_by_role("checkbox").check()
    page.get_by_role("button", name="Assign to a rep (2)").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("2 leads go to one person, who hears of it at once.")).to_be_visible()
    drawer.get_by_role("button", name="Assign to a rep").click()
    expect(drawer.get_by_text("Please fill this in.")).to_be_visible()
    choose(drawer, "Rep", "Anna", re.compile("Anna"))
    drawer.get_by_role("button", name="Assign to a rep").dblclick()
    expect(drawer).to_be_hidden()
    expect(page.locator("tr", has_text="Excavator 1").get_by_text("Anna")).to_be_visible()
    expect(page.get_by_role("button", name="Assign to a rep")).to_have_count(0)
    rep = signed_in(world.anna).open("/leads")
    expect(rep.get_by_role("heading", name="Leads (2)")).to_be_visible()

    page.locator("tr", has_text="Excavator 1").get_by_text("Excavator 1").click()
    expect(page.get_by_role("heading", name="Excavator 1")).to_be_visible()
    settle(page)
    drawer = more(page, "Disqualify")
    drawer.get_by_role("button", name="Disqualify").click()
    expect(drawer.get_by_text("Please fill this in.")).to_be_visible()
    drawer.get_by_role("combobox", name=re.compile("Reason")).click()
    page.get_by_role("option", name="No need").click()
    drawer.get_by_label("Remark").fill("Bought *elsewhere*")
    drawer.get_by_role("button", name="Disqualify").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_text("No need · Bought *elsewhere*")).to_be_visible()

    page.get_by_role("button", name="Reopen").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Reason").fill("He called again")
    drawer.get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("working on it")).to_be_visible()
    expect(page.get_by_role("button", name="Contacted")).to_be_visible()
    settle(page)

    drawer = more(page, "Delete")
    drawer.get_by_role("button", name="Delete").click()
    expect(drawer.get_by_text("Please fill this in.")).to_be_visible()
    drawer.get_by_label("Reason").fill("Doubled")
    drawer.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Leads (2)")).to_be_visible()
    rep = signed_in(world.anna).open("/leads")
    expect(rep.get_by_role("heading", name="Leads (1)")).to_be_visible()


def test_a_rate_of_nothing_is_seen_too(signed_in: SignedIn, make: Make, world: World) -> None:
    """LEAD-7, ALL-10: given up without a single success is a figure, a bar and the way to its leads; others have none."""
    begin = datetime.now(UTC) - timedelta(days=1)
    given_up = {"state": "disqualified", "disqualify_reason_id": world.codes["no_need"]}
    for _number in range(2):
        make.lead(world.anna, created_at=begin, first_contact_at=begin + timedelta(minutes=12), **given_up)
    make.lead(world.ben, created_at=begin)
    page = signed_in(world.mia).open("/lead_success?by=rep")
    row = page.locator("tr", has_text="Anna")
    expect(row.locator('td[data-name="rate"]')).to_have_text("0.0 % (0/2)")
    expect(row.locator('td[data-name="hours"]')).to_have_text("12 min")
    expect(page.locator("tr", has_text="Ben").locator('td[data-name="rate"] a')).to_have_count(0)
    expect(page.get_by_text("Success rate, % by rep: none in this period.")).to_have_count(0)
    row.locator('td[data-name="rate"] a').click()
    expect(page.get_by_role("heading", name="Leads (2)")).to_be_visible()


def test_an_address_that_means_nothing_shows_what_it_became(signed_in: SignedIn, make: Make, world: World) -> None:
    """LEAD-7, ALL-9: the period that is counted stands in its box, and the export is of what is on the screen."""
    make.lead(world.anna)
    page = signed_in(world.mia).open("/lead_success?period=whenever&by=rep&from=yesterday")
    expect(page.get_by_role("combobox", name="Period")).to_have_value("Last 12 months")
    expect(page.get_by_role("link", name="Export")).to_have_attribute(
        "href", re.compile(r"lead_success\.xlsx\?by=rep$")
    )


def test_a_leads_page_tells_of_its_visits(signed_in: SignedIn, make: Make, world: World) -> None:
    """LEAD-5, ACCT-1: activities about a lead stand on its page, with files and history beside them."""
    lead_id = make.lead(world.anna, topic="Two excavators", model="XE215")
    make.activity(lead_id=lead_id, subject="Quarry visit", **soon())
    page = signed_in(world.anna).open(f"/lead?id={lead_id}")
    page.get_by_role("tab", name="Activities").click()
    expect(page.get_by_role("link", name="Quarry visit")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()


def test_a_list_with_disputed_leads_fits_a_small_laptop(signed_in: SignedIn, make: Make, world: World) -> None:
    """screens.md: at 1280 px the columns move together before the table scrolls sideways; English words are the longest."""
    said = {"city_code": "320100", "province_code": "320000", "source_id": world.codes["exhibition"]}
    make.dispute(make.lead(world.anna, topic="Two large excavators", person="Alexander", **said), world.ben)
    make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"], **said)
    tab = signed_in(world.mia)
    tab.page.set_viewport_size({"width": 1280, "height": 800})
    table = tab.open("/leads").get_by_role("grid")
    expect(table.get_by_role("row")).to_have_count(3)
    assert table.evaluate("one => one.parentElement.scrollWidth - one.parentElement.clientWidth") == 0
