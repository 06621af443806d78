"""Leads given out by rule, in real browsers: the manager makes the rules, the data administrator assigns all (ASG-1, ASG-3)."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.models import AssignmentRule, Lead, Notice
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose, fits
from tests.factories import SHANGHAI, Make, World


def owners() -> list[int | None]:
    with work_as_system("a test looks", readonly=True) as work:
        return list(work.scalars(select(Lead.owner_id).order_by(Lead.id)))


def last_month() -> datetime:
    """Some moment of the month before."""
    return datetime.now(SHANGHAI).replace(day=1, hour=12) - timedelta(days=5)


def pick(page: Page, label: str, *names: str) -> None:
    """Take entries from a box of several."""
    box = page.get_by_role("combobox", name=re.compile(label))
    for name in names:
        box.click()
        box.press_sequentially(name)
        page.get_by_role("option", name=name).click()
    box.press("Tab")


def test_a_rule_about_budgets_is_changed(signed_in: SignedIn, make: Make, world: World) -> None:
    """ASG-1: the amount stands in the form as it would be typed, and stays when only the name is changed."""
    make.rule(world.anna, name="Large", value_from=Decimal("1500000.00"))
    page = signed_in(world.mia).open("/assignment")
    expect(page.get_by_text("the budget is CNY 1,500,000 or more")).to_be_visible()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Edit").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("Budget from")).to_have_value("1500000")
    drawer.get_by_label("Name of the rule").fill("Very large")
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Very large")).to_be_visible()
    settle(page)
    with work_as_system("a test looks", readonly=True) as work:
        assert work.rows(select(AssignmentRule.name, AssignmentRule.value_from)) == [("Very large", Decimal(1500000))]


def test_a_lead_with_a_budget_is_changed(signed_in: SignedIn, make: Make, world: World) -> None:
    """LEAD-1: its drawer opens with the amount, which stays when something else is changed."""
    lead = make.lead(world.anna, topic="Two excavators", budget=Decimal("950000.50"))
    page = signed_in(world.anna).open(f"/lead?id={lead}")
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="Edit").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("Budget")).to_have_value("950000.5")
    drawer.get_by_label("Contact person").fill("王建国")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    with work_as_system("a test looks", readonly=True) as work:
        assert work.rows(select(Lead.person, Lead.budget)) == [("王建国", Decimal("950000.50"))]


def test_a_manager_makes_a_rule_and_tries_it(signed_in: SignedIn, make: Make, world: World) -> None:
    """ASG-1, ASG-5: made in the drawer, tried before it is saved, read as a sentence, moved up."""
    page = signed_in(world.mia).open("/assignment")
    expect(page.get_by_text("No rules yet")).to_be_visible()
    page.get_by_role("button", name="New rule").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Please fill this in.").first).to_be_visible()
    drawer.get_by_label("Name of the rule").fill("Machines")
    drawer.get_by_role("radio", name="Machines").click()
    pick(page, "Reps", "Anna", "Ben")
    for number in range(3):
        make.lead(topic=f"Old {number}", created_at=last_month())
    drawer.get_by_role("button", name="Try out on last month's leads").click()
    expect(drawer.get_by_text("3 leads came in from")).to_be_visible()
    expect(drawer.get_by_test_id("stVegaLiteChart")).to_be_visible()
    drawer.get_by_role("button", name="Save").dblclick()
    expect(drawer).to_be_hidden()
    expect(page.get_by_text("When the product line is Machines → Anna, Ben in turn")).to_be_visible()
    make.rule(world.pia, name="Others")
    page = signed_in(world.mia).open("/assignment")
    page.get_by_role("button", name="arrow_upward").nth(1).click()
    settle(page)
    expect(page.get_by_text("1 Others")).to_be_visible()
    with work_as_system("a test looks", readonly=True) as work:
        assert list(work.scalars(select(AssignmentRule.name).order_by(AssignmentRule.position))) == [
            "Others",
            "Machines",
        ]


def test_the_data_administrator_assigns_all(signed_in: SignedIn, make: Make, world: World) -> None:
    """ASG-3: proposals with their rule, one changed and the next left out by keyboard, then all in one step; reps hear of it."""
    make.rule(world.anna, world.ben, name="Machines", line="machines")
    for number in range(3):
        make.lead(topic=f"Lead {number}")
    make.lead(topic="Nobody's", line="service")
    page = signed_in(world.adam).open("/unassigned")
    expect(page.get_by_text("3 with a proposal")).to_be_visible()
    grid = page.get_by_test_id("stDataFrame")
    expect(grid.get_by_test_id("data-grid-canvas")).to_be_visible()
    settle(page)
    grid.click(position={"x": 330, "y": 54})
    page.keyboard.press("Enter")
    cell = page.locator("#portal")
    expect(cell.locator("input").first).to_be_attached()
    page.keyboard.type("Carl")
    expect(cell.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Back to the proposals (1)")).to_be_visible()
    settle(page)
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Back to the proposals (2)")).to_be_visible()
    for cell in ("chosen by hand", "left out"):
        expect(grid.get_by_text(cell)).to_be_attached()
    settle(page)
    page.get_by_role("button", name="Assign all").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("2 leads go to 2 people")).to_be_visible()
    drawer.get_by_role("button", name="Assign 2 leads").dblclick()
    expect(page.get_by_text("2 leads assigned to 2 people.")).to_be_visible()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("heading", name="Unassigned leads (2)")).to_be_visible()
    assert owners() == [world.carl, None, world.anna, None]
    with work_as_system("a test looks", readonly=True) as work:
        assert set(work.scalars(select(Notice.user_id))) == {world.anna, world.carl}


def test_on_a_phone_the_table_is_cards(signed_in: SignedIn, make: Make, world: World) -> None:
    """ASG-3: one card each; who gets a lead is changed, or nobody does, and the rest is assigned as it then stands there."""
    make.rule(world.anna, world.ben, name="Machines", line="machines")
    for number in range(3):
        make.lead(topic=f"Lead {number}")
    page = signed_in(world.adam, phone=True).open("/unassigned")
    cards = page.locator("tr[data-id]")
    expect(cards).to_have_count(3)
    expect(page.get_by_test_id("stDataFrame")).to_be_hidden()
    for number, name in ((0, "Carl"), (1, "")):
        cards.nth(number).click()
        drawer = page.get_by_role("dialog")
        expect(drawer.get_by_role("link", name=f"Lead {number}")).to_be_visible()
        drawer.get_by_role("button", name=re.compile("Remove")).click()
        if name:
            choose(drawer, "Rep", name, re.compile(name))
        drawer.get_by_role("button", name="Choose").click()
        expect(drawer).to_be_hidden()
        settle(page)
        expect(cards.nth(number + 1)).to_contain_text("Anna")  # whose turn it now is
    expect(cards.nth(0)).to_contain_text("chosen by hand")
    expect(cards.nth(1)).to_contain_text("left out")
    expect(cards.nth(2)).to_contain_text("Anna")
    fits(page)
    page.get_by_role("button", name="Assign all").click()
    page.get_by_role("dialog").get_by_role("button", name="Assign 2 leads").click()
    expect(page.get_by_role("heading", name="Unassigned leads (1)")).to_be_visible()
    assert owners() == [world.carl, None, world.anna]


def test_a_rule_is_deleted_only_when_one_says_so(signed_in: SignedIn, make: Make, world: World) -> None:
    """screens.md: deleting for good asks first."""
    make.rule(world.anna, name="Large")
    page = signed_in(world.mia).open("/assignment")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("The rule “Large” is deleted for good.")).to_be_visible()
    drawer.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No rules yet")).to_be_visible()


def test_an_address_that_means_nothing_shows_everything(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-9, ASG-3: pages, kinds and branches that there are not."""
    make.lead(topic="Loader")
    for address in ("page=0", "page=²", "kind=x", f"branch={world.nanjing}&kind=without"):
        page = signed_in(world.adam).open(f"/unassigned?{address}")
        expect(page.get_by_role("heading", name="Unassigned leads (1)")).to_be_visible()
        expect(page.get_by_text("0 with a proposal")).to_be_visible()
    page = signed_in(world.adam).open(f"/unassigned?branch={world.hefei}")
    expect(page.get_by_text("Nothing waits to be assigned here.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Branch")).to_have_value("Hefei")
