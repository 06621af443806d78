"""Texts that look like markup are shown as they were typed, everywhere (the page never runs or formats them)."""

from contextlib import suppress

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

from services import activities
from services.core.work import work_as
from tests.browser.conftest import SignedIn
from tests.browser.steps import soon
from tests.browser.test_every_screen import READ
from tests.factories import Make, World

HOSTILE = (
    "<script>alert(1)</script><b>fat</b> **bold** [x](javascript:alert(1)) ![p](http://bad.example:9/p) $x^2$ "
    ":red[hot] :smile: # head `code` ~~gone~~ &lt; 😀 \u202eabc | {0} {{a}} "
    "a@bad.example www.bad.example"
)
#: what a page would hold that took any of it for markup
FORMATTED = (
    "[data-testid=stMain] :is(strong, b):text-is('bold'), [data-testid=stMain] b:text-is('fat'), a[href*=javascript], "
    "a[href*='bad.example'], img[src*=':9/'], [data-testid=stMain] :is(code, del, .katex), [data-testid=stMain] span:text-is('hot')"
)
ADDRESSES = ("/activities", "/calendar", "/accounts", "/search?q=script", "/notices", "/")
LONG = "挖掘机" * 60


def test_texts_are_never_taken_for_markup(signed_in: SignedIn, make: Make, world: World) -> None:
    """Subject, customer, what was learned, decline reason, review: as typed on lists, records, notices, the monitor."""
    visits = _story(make, world)
    tab = signed_in(world.anna)
    for address in (*ADDRESSES, *(f"/activity?id={one}" for one in visits)):
        _as_typed(tab.open(address), address)
    manager = signed_in(world.mia)
    for address in ("/monitor", "/notices", "/activities?view=declined", f"/activity?id={visits[1]}"):
        _as_typed(manager.open(address), address)


def _as_typed(page: Page, address: str) -> None:
    read = f"({READ})().replaceAll(/[\\n\\u2060]/g, '')"
    with suppress(TooLate):
        page.wait_for_function(f"words => {read}.includes(words)", arg=HOSTILE, timeout=5000)
    assert HOSTILE in page.evaluate(read), address
    assert page.locator(FORMATTED).count() == 0, address


def _story(make: Make, world: World) -> list[int]:
    account = make.account(HOSTILE, team={world.anna: "machines"})
    values = {"account_id": account, "subject": HOSTILE, **soon()}
    declined = make.activity(state="assigned", **values)
    done = make.activity(**values)
    make.activity(subject=LONG, **soon())
    with work_as(world.anna) as work:
        activities.decline(work, activity_id=declined, reason=HOSTILE)
        activities.finish(
            work, activity_id=done, feedback={"result_id": world.codes["met"], "learned": HOSTILE, "next_step": HOSTILE}
        )
    with work_as(world.mia) as work:
        activities.review(work, activity_id=done, mark=3, comment=HOSTILE)
    given = make.activity(world.ben, **values)
    with work_as(world.mia) as work:
        activities.reassign(work, activity_id=given, to_user_id=world.anna, reason=HOSTILE)
    return [done, declined, given]
