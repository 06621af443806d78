"""Customers and their people: list, record, picker and search show the same to everybody (ACC-1, ACC-2, ALL-7, ALL-8)."""

from types import ModuleType

import pytest

from services import accounts, contacts
from services.core.errors import NotFound
from services.core.listing import ListRequest, fetch
from services.core.work import Work
from tests.conftest import As
from tests.factories import Make, World


@pytest.fixture
def ids(make: Make, world: World) -> dict[str, dict[str, int]]:
    """One customer with one person in each branch, and one that was deleted."""
    stored: dict[str, dict[str, int]] = {"account": {}, "contact": {}}
    for place, branch in (("here", world.nanjing), ("there", world.hefei), ("gone", world.nanjing)):
        account = make.account(f"{place}公司", branch_id=branch)
        stored["account"][place] = account
        stored["contact"][place] = make.contact(account, "王建国")
    return stored


def visible(work: Work, noun: ModuleType, key: str, wanted: dict[str, int]) -> set[str]:
    """What the record page answers for; missing numbers included among the questions."""
    found = set()
    for place, number in (wanted | {"nowhere": 10**6}).items():
        try:
            noun.card(work, **{f"{key}_id": number})
        except NotFound:
            continue
        found.add(place)
    return found


SEEN = {
    "adam": {"here", "there"}, "eva": {"here", "there"}, "hanna": {"here", "there"},
    "mia": {"here"}, "sun": {"here"}, "anna": {"here"}, "ben": {"here"}, "pia": {"here"}, "ruth": {"here"},
    "max": {"there"}, "carl": {"there"},
}  # fmt: skip


@pytest.mark.parametrize(("noun", "key"), [(accounts, "account"), (contacts, "contact")])
@pytest.mark.parametrize("person", SEEN)
def test_everybody_sees_the_same_everywhere(
    as_: As, world: World, ids: dict[str, dict[str, int]], person: str, noun: ModuleType, key: str
) -> None:
    """access.md: R branch; data administrator, executives and head-office marketing R all."""
    with as_(world.mia) as work:
        accounts.delete(work, account_id=ids["account"]["gone"], reason="Doubled")
    wanted = dict(ids[key])
    if key == "contact":  # a person outlives the customer
        wanted.pop("gone")
    names = {number: place for place, number in ids[key].items()}
    with as_(world.people[person], readonly=True) as work:
        asked = [ListRequest(), ListRequest(search="公司"), ListRequest(size=1), ListRequest(size=1, page=2)]
        pages = [fetch(work, noun.LIST, one) for one in asked]
        seen = [{names[row["id"]] for row in page.rows} for page in pages]
        picked = {names[row["id"]] for row in noun.picker(work, words="公司")}
        assert visible(work, noun, key, wanted) == seen[1] == picked == SEEN[person]
        assert seen[0] == seen[2] | seen[3] or pages[0].total > 2
        assert pages[0].total == len(pages[0].rows)
        assert seen[0] - {"gone"} == SEEN[person]
