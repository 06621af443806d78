"""Handing over and giving back, in a real browser (ADM-6, ADM-7, ACC-6, ALL-8)."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from db.models import Account, User
from services import handover, holdings
from services.core.work import work_as_system
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose
from tests.factories import NOW, Make, World, as_person


def owned(user_id: int) -> int:
    with work_as_system("a test looks", readonly=True) as work:
        return sum(holdings.counts(work, user_id=user_id).values())


def test_a_person_leaves_and_comes_back(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACC-6, ADM-6: the refusal offers the handover; previewed, done, deactivated; and undone as a whole."""
    make.account(team={world.anna: "machines"})
    for _ in range(3):
        make.lead(world.anna)
    page = signed_in(world.adam).open(f"/user?id={world.anna}")
    page.get_by_role("button", name="More").first.click()
    page.get_by_text("Deactivate", exact=True).click()
    expect(page.get_by_text("still has open work")).to_contain_text("Leads 3, Customers 1")
    page.get_by_role("button", name="Hand over now").click()
    expect(page.get_by_role("heading", name="Hand over the work")).to_be_visible()
    choose(page, "Receiver", "pi", "Pia")
    expect(page.get_by_text("Nobody takes these")).to_be_visible()
    expect(page.get_by_role("button", name="Hand over 0 records")).to_be_disabled()
    page.get_by_role("button", name="Another receiver").click()
    expect(page.get_by_role("combobox", name="Receiver")).to_have_count(2)
    box = page.get_by_role("combobox", name="Receiver").nth(1)
    box.click()
    box.press_sequentially("be")
    page.get_by_role("option", name="Ben").first.click()
    box.press("Tab")
    expect(page.get_by_role("row", name=re.compile("Ben.*4"))).to_be_visible()
    page.get_by_role("textbox", name="Reason").fill("She moves to Hefei")
    page.get_by_role("textbox", name="Reason").press("Tab")
    settle(page)
    page.get_by_role("button", name="Hand over 4 records").dblclick()
    expect(page.get_by_role("heading", name="Handover from Anna")).to_be_visible()
    assert (owned(world.anna), owned(world.ben)) == (0, 4)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("undone", exact=True)).to_be_visible()
    assert (owned(world.anna), owned(world.ben)) == (4, 0)


def test_a_planned_handover_says_how_much_would_move(signed_in: SignedIn, make: Make, world: World) -> None:
    """screens.md, ADM-6: what is carried out before its day names the count, and what goes to the manager instead."""
    for line in ("machines", "machines", "parts"):
        make.lead(world.anna, line=line)
    shares = [handover.Share(world.ben, lines=("machines",)), handover.Share(world.pia, lines=("parts",))]
    with as_person(world.mia, at=datetime.now(UTC)) as work:
        day = work.today + timedelta(days=7)
        number = handover.make(work, from_user_id=world.anna, shares=shares, reason="She moves", on_day=day)
    make.lead(world.anna, line="service")
    page = signed_in(world.mia).open(f"/handover?id={number}")
    page.get_by_role("button", name="Carry out now").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("4 records that Anna owns at this moment")).to_be_visible()
    expect(drawer.get_by_text("1 of them fit no receiver and go to the manager of the branch.")).to_be_visible()
    drawer.get_by_role("button", name="Carry out now").click()
    expect(page.get_by_role("row", name=re.compile("Mia.*1"))).to_be_visible()


def test_a_manager_brings_a_customer_back(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-8, ADM-7: deleted with a reason, found in the bin, restored with one click."""
    account_id = make.account(team={world.anna: "machines"})
    page = signed_in(world.mia).open(f"/account?id={account_id}")
    page.get_by_role("button", name="More").first.click()
    page.get_by_text("Delete", exact=True).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Reason").fill("Entered twice")
    drawer.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Customers (0)")).to_be_visible()
    page = signed_in(world.mia).open("/recycle_bin")
    row = page.get_by_role("row", name="徐工机械有限公司")
    expect(row).to_contain_text("Entered twice")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Restore (1)").click()
    expect(page.get_by_text("Nothing of this kind is deleted.")).to_be_visible()
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        assert work.get(Account, account_id).deleted_at is None
        assert work.scalar(select(User.active).where(User.id == world.anna))
