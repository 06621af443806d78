"""The live monitor in a real browser: what a rep does is on the manager's open screen by itself (ACT-13)."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import SignedIn
from tests.browser.steps import soon
from tests.factories import Make, World


def test_a_start_is_on_the_open_monitor_within_3_seconds(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-13: Anna starts on her phone, Mia's screen shows it without a click."""
    account = make.account("徐工机械有限公司", team={world.anna: "machines"})
    make.activity(account_id=account, **soon())
    monitor = signed_in(world.mia).open("/monitor")
    expect(monitor.get_by_text("planned").first).to_be_visible()
    phone = signed_in(world.anna, phone=True).open("/")
    phone.get_by_role("button", name="Start").first.click()
    expect(phone.get_by_text("in progress").first).to_be_visible()
    expect(monitor.get_by_role("button", name=re.compile("Anna .* in progress"))).to_be_visible(timeout=3000)


def test_a_block_opens_a_drawer_from_which_work_is_given_to_somebody_else(
    signed_in: SignedIn, make: Make, world: World
) -> None:
    """ACT-13: a row opens the activity; reassigning happens from there."""
    make.activity(state="declined", subject="Quarry visit", **soon())
    monitor = signed_in(world.mia).open("/monitor")
    monitor.get_by_role("button", name=re.compile("Quarry visit")).click()
    drawer = monitor.get_by_role("dialog")
    drawer.get_by_role("button", name="Reassign").click()
    reassign = monitor.get_by_role("dialog")
    reassign.get_by_role("combobox").first.click()
    monitor.keyboard.type("Ben")
    reassign.get_by_role("option", name="Ben").click()
    reassign.get_by_label("Reason").fill("Ben is nearby")
    reassign.get_by_role("button", name="Reassign").click()
    expect(reassign).to_be_hidden()
    expect(monitor.get_by_text("gave it to somebody else").first).to_be_visible()


def test_who_only_looks_on_is_not_offered_to_assign(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACC-1: an executive watches; the plus in each lane and the free moments are for those who assign."""
    make.activity(subject="Quarry visit", **soon())
    for person, offered in ((world.mia, True), (world.eva, False)):
        monitor = signed_in(person).open(f"/monitor?branch={world.nanjing}")
        expect(monitor.get_by_role("button", name=re.compile("Quarry visit"))).to_be_visible()
        expect(monitor.get_by_role("button", name="Assign: Anna")).to_have_count(1 if offered else 0)
