"""What waits for a decision is shown page by page, and none is out of reach (CON-5, CON-6, ASG-4, ALL-2)."""

from services import approvals, contact_requests, disputes
from tests.factories import As, Make, World


def test_requests_beyond_the_first_page(world: World, make: Make, as_: As) -> None:
    account_id = make.account(team={world.anna: "machines"})
    asked = [make.request(make.contact(account_id, mobile=f"1395188610{n}"), world.anna) for n in range(5)]
    with as_(world.mia, readonly=True) as work:
        pages = [contact_requests.shown(work, view="waiting", kind="delete", page=n, limit=2) for n in (1, 2, 3, 99)]
        assert [entry.id for entries, _page in pages[:3] for entry in entries] == asked
        assert {page.total for _entries, page in pages} == {contact_requests.count_waiting(work)} == {5}
        assert pages[3] == pages[2]
    with as_(world.max, readonly=True) as work:
        assert contact_requests.shown(work, view="waiting", kind="delete", page=2)[1].total == 0


def test_disputes_beyond_the_first_page(world: World, make: Make, as_: As) -> None:
    opened = [make.dispute(make.lead(world.anna, mobile=f"1391111000{n}"), world.ben) for n in range(5)]
    with as_(world.mia, readonly=True) as work:
        pages = [disputes.shown(work, view="waiting", page=n, limit=2) for n in (1, 2, 3, 99)]
        assert [entry.id for entries, _page in pages[:3] for entry in entries] == opened
        assert {page.total for _entries, page in pages} == {disputes.count_waiting(work)} == {5}
        assert pages[3] == pages[2]
    with as_(world.max, readonly=True) as work:
        assert disputes.shown(work, view="waiting", page=2)[1].total == 0


def test_the_number_in_the_menu(world: World, make: Make, as_: As) -> None:
    """ALL-10: deletions, changes and disputes together, as many as wait for that person; the own ones do not."""
    account_id = make.account(team={world.anna: "machines"})
    make.request(make.contact(account_id), world.anna)
    make.request(make.contact(account_id, "李明"), world.ben, kind="change")
    make.dispute(make.lead(world.anna), world.ben)
    for person, waiting in ((world.mia, 3), (world.anna, 1), (world.sun, 1), (world.ben, 0), (world.max, 0)):
        with as_(person, readonly=True) as work:
            assert approvals.count(work) == waiting
