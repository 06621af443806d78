"""Typing what exists already, and making one of two (ACCT-3, ACCT-4)."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import select

from db.models import Account
from services import accounts
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn
from tests.browser.steps import choose
from tests.factories import Make, World, as_person
from tests.services.merges import merged

SAME, MADE = "Xuzhou Earthworks Co., Ltd.", "Xuzhou Earthworks Limited"


def test_typing_a_double_shows_it_and_asks_why(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACCT-3, ALL-7: the own branch's to open, of the other where and whom to ask; without a reason nothing is saved."""
    make.account(SAME, team={world.anna: "machines"})
    make.account(SAME, branch_id=world.hefei)
    page = signed_in(world.anna).open("/accounts")
    page.get_by_role("button", name="New", exact=True).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name="Customer name").fill(MADE)
    drawer.get_by_role("textbox", name="Customer name").press("Tab")
    expect(drawer.get_by_role("link", name=SAME)).to_be_visible()
    expect(drawer.get_by_text("Exists in branch Hefei; ask Max.")).to_be_visible()
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("There is already")).to_be_visible()
    drawer.get_by_role("textbox", name="Reason to enter it nevertheless").fill("Another owner")
    drawer.get_by_role("textbox", name="Reason to enter it nevertheless").press("Tab")
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=MADE)).to_be_visible()
    with work_as_system("look", readonly=True) as work:
        assert work.scalar(select(Account.duplicate_reason).where(Account.name == MADE)) == "Another owner"


def test_what_a_new_one_belongs_to_is_asked_for(signed_in: SignedIn, world: World) -> None:
    """ACCT-2, ALL-6: without a customer or a branch to choose, that field is marked along with the empty name."""
    for person, path, fields in (
        (world.anna, "/contacts", ("Customer", "Name")),
        (world.adam, "/accounts", ("Branch",)),
    ):
        page = signed_in(person).open(path)
        expect(page.get_by_text(re.compile("^No (contacts|customers) yet")).first).to_be_visible()
        page.get_by_role("button", name="New", exact=True).click()
        drawer = page.get_by_role("dialog")
        expect(drawer.get_by_text(fields[0], exact=False).first).to_be_visible()
        drawer.get_by_role("button", name="Save").click()
        expect(drawer.get_by_text("Please fill this in.")).to_have_count(2)


def test_two_become_one_and_the_old_address_leads_there(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACCT-4: from the inbox over the comparison to the kept record, and back to two."""
    kept = make.account(SAME, team={world.anna: "machines"})
    gone = make.account(MADE, notes="Pays late")
    page = signed_in(world.adam).open("/duplicates")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Merge two customers")).to_be_visible()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("heading", name=SAME)).to_be_visible()
    expect(page.get_by_text("Pays late").first).to_be_visible()
    tab = signed_in(world.anna)
    tab.open(f"/account?id={gone}")
    expect(tab.page.get_by_role("heading", name=SAME)).to_be_visible()
    expect(tab.page).to_have_url(re.compile(rf"id={kept}\b"))
    page.goto(page.url.partition("/account")[0] + "/duplicates?view=done")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("undone on")).to_be_visible()


def test_the_data_inbox_leads_to_the_comparison(signed_in: SignedIn, make: Make, world: World) -> None:
    """CON-7: what is there twice is repaired where it is found."""
    make.account(SAME, team={world.anna: "machines"})
    make.account(MADE, team={world.anna: "machines"})
    page = signed_in(world.adam).open("/data_inbox?section=same_name")
    page.get_by_role("button", name=re.compile(re.escape(SAME))).click()
    page.get_by_role("menuitem", name="Merge with…").click()
    drawer = page.get_by_role("dialog")
    choose(drawer, "Customers", "limited", re.compile(MADE))
    drawer.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Merge two customers")).to_be_visible()


def test_two_that_were_merged_meanwhile_lead_to_the_kept_one(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACCT-4, ALL-4: a second tab on the comparison is told what has happened, and where everything is now."""
    kept, gone = make.account(SAME), make.account(MADE)
    page = signed_in(world.adam).open(f"/merge?kind=account&kept={kept}&gone={gone}")
    merged(world, kept, gone)
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("One of the two has been merged already")).to_be_visible()
    page.get_by_role("link", name=SAME).click()
    expect(page.get_by_role("heading", name=SAME)).to_be_visible()


def test_what_was_changed_meanwhile_is_compared_once_more(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACCT-4, ALL-4: nothing is merged that nobody has seen; the second press merges what stands there now."""
    kept, gone = make.account(SAME, notes="Pays late"), make.account(MADE, notes="Pays cash")
    page = signed_in(world.adam).open(f"/merge?kind=account&kept={kept}&gone={gone}")
    expect(page.get_by_role("radio", name="Pays late")).to_be_visible()
    with as_person(world.mia, at=datetime.now(UTC)) as work:
        accounts.change(work, account_id=kept, changes={"notes": "Pays at once"})
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("radio", name="Pays at once")).to_be_visible()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("heading", name=SAME)).to_be_visible()
    expect(page.get_by_text("Pays at once").first).to_be_visible()


def test_the_parts_of_a_screen_have_addresses(signed_in: SignedIn, world: World) -> None:
    """ALL-9, ADM-7: each part of the inboxes and the recycle bin is chosen with one click, and found again."""
    for path, part, told in (
        ("/duplicates", "Merged", "Nothing has been merged yet."),
        ("/recycle_bin", "Contacts (0)", "Nothing of this kind is deleted."),
        ("/data_inbox", "Stale contacts (0)", "Nobody has changed or checked these for a long time."),
    ):
        page = signed_in(world.adam).open(path)
        page.get_by_role("radio", name=part).click()
        expect(page.get_by_text(told)).to_be_visible()
        expect(page).to_have_url(re.compile(rf"{path}\?(view=done|kind=contact|section=contact_stale)$"))
        page.reload()
        expect(page.get_by_role("radio", name=part)).to_be_checked()


def test_the_next_page_of_pairs_is_shown_from_its_top(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-2, ACCT-4: whoever turns the page at the foot of fifty pairs sees the first of the next ones."""
    for number in range(11):
        make.account(f"Owner {number}", phone="13911112222")
    page = signed_in(world.adam).open("/duplicates")
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("51–55 / 55")).to_have_count(1)
    expect(page.get_by_role("button", name="Compare")).to_have_count(5)
    expect(page.get_by_role("heading", name="Duplicates")).to_be_in_viewport()
