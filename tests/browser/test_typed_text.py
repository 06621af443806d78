"""Nothing typed is lost: also not what was typed on a page that is loaded anew, and it is its writer's alone (ALL-6, SIG-5)."""

from playwright.sync_api import Page, expect

from db.models import Account, ActivityState
from services.core.work import work_as_system
from tests.browser.conftest import COOKIE, SignedIn, session_of, settle
from tests.browser.steps import sign_in, soon
from tests.factories import Make, World
from tests.stories import stored

WORDS = "要两台二十吨的挖机，开春前"


def type_into(page: Page, words: str = WORDS) -> None:
    """Typed key by key, and the field is not left."""
    field = page.get_by_label("What was learned")
    field.click()
    field.press_sequentially(words)


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('crm:typed:')).length"))


def test_text_survives_a_reload_without_leaving_the_field(signed_in: SignedIn, make: Make, world: World) -> None:
    """It is there, the server has it, and after sending the browser keeps nothing."""
    visit = make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna, phone=True).open(f"/finish?id={visit}")
    type_into(page)
    page.reload()
    settle(page)
    expect(page.get_by_label("What was learned")).to_have_value(WORDS)
    page.get_by_text("Met", exact=True).click()
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Done today")).to_be_visible()
    assert (stored(visit).state, stored(visit).learned) == (ActivityState.ENDED, WORDS)
    page.wait_for_function("() => !Object.values(sessionStorage).some(value => value.includes('learned'))")


def test_sent_text_survives_a_reload_too(signed_in: SignedIn, make: Make, world: World) -> None:
    """A field that was left has been sent, but not saved."""
    visit = make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna).open(f"/finish?id={visit}")
    type_into(page)
    page.get_by_label("What was learned").press("Tab")
    settle(page)
    page.reload()
    settle(page)
    expect(page.get_by_label("What was learned")).to_have_value(WORDS)


def test_nobody_else_gets_it_in_the_same_tab(signed_in: SignedIn, make: Make, world: World) -> None:
    """Sun, who may finish it for Anna, finds the field empty, and the browser has forgotten what Anna typed."""
    visit = make.activity(subject="Quarry visit", **soon())
    tab = signed_in(world.anna)
    page = tab.open(f"/finish?id={visit}")
    type_into(page)
    page.context.add_cookies([{"name": COOKIE, "value": session_of(world.sun), "url": tab.url}])
    tab.open(f"/finish?id={visit}")
    page.wait_for_function("words => !JSON.stringify(sessionStorage).includes(words)", arg=WORDS)
    settle(page)
    expect(page.get_by_label("What was learned")).to_have_value("")


def test_signing_out_forgets_it(signed_in: SignedIn, make: Make, world: World) -> None:
    """Another person who signs in in the same tab finds nothing, neither in the field nor in the browser."""
    visit = make.activity(subject="Quarry visit", **soon())
    tab = signed_in(world.anna)
    page = tab.open(f"/finish?id={visit}")
    type_into(page)
    assert kept(page) == 1
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_label("Sign-in name")).to_be_visible()
    page.wait_for_function("() => !Object.keys(sessionStorage).some(key => key.startsWith('crm:typed:'))")
    sign_in(page, "sun")
    tab.open(f"/finish?id={visit}")
    expect(page.get_by_label("What was learned")).to_have_value("")


def test_a_record_that_changed_meanwhile_is_not_overwritten(signed_in: SignedIn, make: Make, world: World) -> None:
    """ALL-4: old text does not lie over what somebody else has entered since; an edit drawer gets it when it opens again."""
    account = make.account("徐工机械有限公司", team={world.anna: "machines"}, phone="025-83000000")
    tab = signed_in(world.anna)
    page = tab.open(f"/account?id={account}")
    page.get_by_role("button", name="Edit").first.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Phone", exact=True).fill("025-83999999")
    drawer.get_by_label("Customer name *", exact=True).fill("徐工机械股份有限公司")
    change_phone(account)
    tab.open(f"/account?id={account}")
    page.wait_for_function("() => window.crmTyped")  # the server is told before it hears of the click
    page.get_by_role("button", name="Edit").first.click()
    expect(drawer.get_by_label("Customer name *", exact=True)).to_have_value("徐工机械股份有限公司")
    expect(drawer.get_by_label("Phone", exact=True)).to_have_value("025-83123456")


def change_phone(account_id: int) -> None:
    with work_as_system("Mia changes it") as work:
        work.get(Account, account_id).phone = "025-83123456"
