"""Two who administer the organisation at the same time never overwrite each other silently (ALL-4)."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from services import code_lists, organisation
from services.core.configuration import configuration
from tests.browser.conftest import SignedIn, settle
from tests.factories import World, as_person


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    settle(page)


def setting(world: World, key: str) -> object:
    with as_person(world.adam, readonly=True) as work:
        return configuration(work).setting(key)


def test_settings_of_two_administrators(signed_in: SignedIn, world: World) -> None:
    """ADM-5: what only the other one has set stays and is shown; where both have, the second is told and may insist."""
    page = signed_in(world.adam).open("/settings")
    starts, ends = (page.get_by_label(f"Calendar {which} at (hour)") for which in ("starts", "ends"))
    with as_person(world.adam, at=datetime.now(UTC)) as work:
        organisation.change_settings(work, changes={"day_starts": 8})
    ends.fill("21")
    press_save(page)
    expect(starts).to_have_value("8")
    assert (setting(world, "day_starts"), setting(world, "day_ends")) == (8, 21)
    with as_person(world.adam, at=datetime.now(UTC)) as work:
        organisation.change_settings(work, changes={"day_starts": 6})
    starts.fill("9")
    press_save(page)
    expect(page.get_by_text("Somebody else set this to 6 in the meantime.")).to_be_visible()
    expect(starts).to_have_value("9")
    press_save(page)
    expect(page.get_by_text("Somebody else set this")).to_be_hidden()
    assert setting(world, "day_starts") == 9


def test_a_label_of_two_administrators(signed_in: SignedIn, world: World) -> None:
    """ADM-4: what the other one called it is shown where nothing was typed, and saving again keeps both."""
    page = signed_in(world.adam).open("/lists")
    page.get_by_role("rowheader", name="拜访").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("Chinese label")).to_have_value("拜访")
    with as_person(world.adam, at=datetime.now(UTC)) as work:
        code_lists.rename(work, value_id=world.codes["visit"], label_zh="上门拜访", label_en="Visit")
    drawer.get_by_label("English label").fill("Call in person")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Chinese label")).to_be_visible()
    settle(page)
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    with as_person(world.adam, readonly=True) as work:
        value = code_lists.entry(work, value_id=world.codes["visit"])
        assert (value.label_zh, value.label_en) == ("上门拜访", "Call in person")


def test_regions_of_two_administrators(signed_in: SignedIn, world: World) -> None:
    """ADM-1: regions that another one gave to the branch are not taken from it again by an older drawer."""
    page = signed_in(world.adam).open("/branches")
    page.get_by_role("button", name="Actions 南京分公司").or_(
        page.get_by_role("button", name="Actions Nanjing")
    ).click()
    page.get_by_role("menuitem", name="Regions").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("南京市")).to_be_visible()
    with as_person(world.adam, at=datetime.now(UTC)) as work:
        organisation.cover(work, branch_id=world.nanjing, region_codes=["320000", "320100"])
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Provinces and cities")).to_be_visible()
    expect(drawer.get_by_text("江苏省")).to_be_visible()
    settle(page)
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    with as_person(world.adam, readonly=True) as work:
        covered = [region.code for region in organisation.regions_of(work, branch_id=world.nanjing)]
    assert covered == ["320000", "320100"]
