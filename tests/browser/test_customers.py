"""What is kept about a customer and where a person works, in real browsers (ACCT-1, CON-4)."""

from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from db.models import Account, AccountMember, ContactAccount
from services import accounts
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose
from tests.factories import Make, World, as_person

#: what is said in passing stands beside the drawer, and covers nothing of it
BESIDE = """() => {
  const box = name => document.querySelector(name)?.getBoundingClientRect();
  return box('[data-testid=stToast]')?.right <= box('[role=dialog]')?.left;
}"""
HOME, OTHER = "徐工机械有限公司", "大地土方"


def more(page: Page, label: str) -> Locator:
    """Take an action from the menu of the record; gives the drawer that it opens."""
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name=label).click()
    return page.get_by_role("dialog")


def saved(drawer: Locator) -> None:
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()


def test_a_rep_says_how_far_we_are_and_how_often_to_come(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACCT-1, ACC-5, ALL-6: status, and the class of the own line with the contacts a year, each by its own act."""
    account_id = make.account(HOME, team={world.anna: "machines"})
    page = signed_in(world.anna).open(f"/account?id={account_id}")
    drawer = more(page, "Status")
    drawer.get_by_role("radio", name="inactive").click()
    saved(drawer)
    expect(page.get_by_text("inactive", exact=True)).to_be_visible()
    page.get_by_role("button", name="Class").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("radio", name="B", exact=True).click()
    for wrong in ("-3", "400"):
        drawer.get_by_label("Contacts a year").fill(wrong)
        drawer.get_by_role("button", name="Save").click()
        expect(drawer.get_by_text("Between 0 and 366 contacts a year.")).to_be_visible()
        page.wait_for_function(BESIDE)
        settle(page)
        expect(drawer.get_by_label("Contacts a year")).to_have_value(wrong)
    drawer.get_by_label("Contacts a year").fill("12")
    saved(drawer)
    expect(page.get_by_text("12 contacts a year")).to_be_visible()
    with work_as_system("a test looks", readonly=True) as work:
        assert work.scalar(select(Account.status)) == "inactive"
        assert work.rows(select(AccountMember.grade, AccountMember.contacts_per_year)) == [("B", 12)]
    other = signed_in(world.ben).open(f"/account?id={account_id}")
    expect(other.get_by_role("button", name="Class")).to_have_count(0)


def test_a_class_set_meanwhile_is_kept(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4: the rep who enters the contacts a year is told of the manager's class and does not undo it."""
    account_id = make.account(HOME, team={world.anna: "machines"})
    page = signed_in(world.anna).open(f"/account?id={account_id}")
    page.get_by_role("button", name="Class").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Contacts a year").fill("12")
    with as_person(world.mia, at=datetime.now(UTC)) as work:
        (member,) = accounts.team(work, account_id=account_id)
        accounts.classify(work, account_id=account_id, member_id=member.id, grade="A", contacts_per_year=None)
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Class")).to_be_visible()
    settle(page)
    saved(drawer)
    with work_as_system("a test looks", readonly=True) as work:
        assert work.rows(select(AccountMember.grade, AccountMember.contacts_per_year)) == [("A", 12)]


def test_a_contact_works_at_two_customers_and_then_at_one(signed_in: SignedIn, make: Make, world: World) -> None:
    """CON-4: another workplace with a role; the end of the tie ends the right, and the screen says who has it."""
    account_id = make.account(HOME, team={world.anna: "machines"})
    make.account(OTHER)
    contact = make.contact(account_id, "王建国")
    page = signed_in(world.anna).open(f"/contact?id={contact}")
    drawer = more(page, "Another workplace")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Please fill this in.")).to_be_visible()
    choose(drawer, "Customer", "ddtf", OTHER)
    drawer.get_by_role("textbox", name="Role").fill("Adviser")
    saved(drawer)
    expect(page.get_by_role("link", name=OTHER)).to_be_visible()
    expect(page.get_by_text("Adviser", exact=True)).to_be_visible()
    page.get_by_role("button", name="End this workplace").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Rights that came with it end at once.")).to_be_visible()
    saved(drawer)
    expect(
        page.get_by_text("You have no direct business", exact=False).or_(page.get_by_text("Nobody has direct business"))
    ).to_be_visible()
    expect(page.get_by_role("button", name="End this workplace")).to_have_count(0)
    with work_as_system("a test looks", readonly=True) as work:
        ties = work.rows(
            select(ContactAccount.main, ContactAccount.until.is_(None)).order_by(ContactAccount.account_id)
        )
    assert [tuple(tie) for tie in ties] == [(False, False), (True, True)]


def test_what_is_found_beyond_the_first_is_shown_by_the_list(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-10: a search that finds more than it shows leads to all of it."""
    for number in range(13):
        make.account(f"大地土方{number}")
    page = signed_in(world.anna).open("/search?q=ddtf")
    expect(page.get_by_role("heading", name="Customers (12+)")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_role("heading", name="Customers (13)")).to_be_visible()
