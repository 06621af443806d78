"""The screens of the administration: the menu fits, the audit trail speaks of each kind of record in its own words."""

from playwright.sync_api import expect

from services import leads
from tests.browser.conftest import SignedIn
from tests.factories import As, Make, World


def test_the_longest_menu_fits_the_window(signed_in: SignedIn, world: World) -> None:
    """screens.md: the data administrator opens every screen without scrolling the menu, in English too, whose words are longer."""
    page = signed_in(world.adam).open("/audit")
    end = "[...document.querySelectorAll('[data-testid=stSidebarNavLink]')].at(-1).getBoundingClientRect().bottom"
    page.wait_for_function(f"() => {end} <= innerHeight")


def test_the_audit_trail_says_of_leads_what_leads_say(signed_in: SignedIn, make: Make, world: World, as_: As) -> None:
    """ADM-7: a lead is given to a rep, an activity is assigned; the filter offers both words."""
    lead = make.lead(None, topic="Two excavators")
    with as_(world.mia) as work:
        leads.assign_to(work, lead_ids=[lead], to_user_id=world.ben)
    page = signed_in(world.adam).open("/audit?kind=lead")
    expect(page.get_by_role("row", name="Two excavators").filter(has_text="gave it to a rep")).to_be_visible()
    page.get_by_role("combobox", name="Action").click()
    page.get_by_role("option", name="assigned it / gave it to a rep").click()
    expect(page.get_by_role("heading", name="Audit trail (1)")).to_be_visible()


def test_a_list_that_is_empty_because_of_its_filter_says_so(signed_in: SignedIn, world: World) -> None:
    """ADM-7, ALL-2: no job has failed; that does not mean that none has run."""
    tab = signed_in(world.adam)
    expect(tab.open("/runs?state=failed").get_by_text("Nothing here matches.")).to_be_visible()
    expect(tab.open("/runs").get_by_text("Nothing has run yet.")).to_be_visible()


def test_a_list_says_on_its_first_day_what_comes_there(signed_in: SignedIn, world: World) -> None:
    """screens.md: an empty list says why and offers the next step, and asks nobody to clear filters that are not set."""
    tab = signed_in(world.anna)
    for path, words in {
        "/activities": "Plan a visit with “New”",
        "/leads": "What is assigned to you",
        "/accounts": "come from converted leads",
        "/contacts": "Enter one with “New”",
    }.items():
        expect(tab.open(path).get_by_text(words)).to_be_visible()
