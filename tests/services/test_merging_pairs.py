"""The inbox of duplicates, page by page, with why and what is needed to judge (ACCT-4)."""

from services import merging
from services.merging import pairing
from services.merging.pairing import Pair
from tests.factories import HOUR, NOW, As, Make, World
from tests.stories import ended


def pairs(as_: As, person: int, kind: str = "account", page: int = 1) -> tuple[list[Pair], int]:
    with as_(person, readonly=True) as work:
        found, total = merging.pairs(work, kind=kind, page=page)
        return list(found), total


def numbers(found: list[Pair]) -> list[tuple[int, int]]:
    return [(pair.first.id, pair.second.id) for pair in found]


def signs(pair: Pair) -> set[str]:
    return {sign.message for sign in pair.signs}


def test_every_pair_once_with_every_sign(world: World, make: Make, as_: As) -> None:
    """ACCT-4: same name and number are one pair with two signs; a number in the other field counts as well."""
    first = make.account("徐州大地土方有限公司", phone="051683456789")
    second = make.account("徐州大地土方", phone="051683456789")
    third = make.account("徐州大帝土方工程有限公司", phone2="051683456789")
    make.account("徐州大地土方", branch_id=world.hefei, phone="051683456789")
    make.account("徐州大地土方", phone="051683456789", deleted_at=NOW)
    found, total = pairs(as_, world.adam)
    told = {(pair.first.id, pair.second.id): signs(pair) for pair in found}
    assert told == {
        (first, second): {"same name", "same phone number"},
        (first, third): {"same phone number", "similar name"},
        (second, third): {"same phone number", "similar name"},
    }
    assert (total, {pair.branch for pair in found}) == (3, {"Nanjing"})


def test_second_numbers_are_compared_too(world: World, make: Make, as_: As) -> None:
    """ACCT-4: two that share only their second numbers are a pair."""
    first, second = (make.account(name, phone2="051683456789") for name in ("徐州大地土方", "连云港东升"))
    found, _total = pairs(as_, world.adam)
    assert (numbers(found), signs(found[0])) == ([(first, second)], {"same phone number"})


def test_what_is_needed_to_judge(world: World, make: Make, as_: As) -> None:
    """ACCT-4: numbers and place, who looks after it, when it was last met; for contacts where they work."""
    team = {world.anna: "machines", world.ben: None}
    kept = make.account("徐工", phone="13801395136", phone2="051683456789", city_code="320100", team=team)
    gone = make.account("徐工")
    ended(make, account_id=kept)
    ((pair,), _total) = pairs(as_, world.adam)
    assert (pair.first.detail, pair.first.held_by) == ("13801395136 · 051683456789 · 南京市", "Anna, Ben")
    assert (pair.first.last_contact, pair.second.last_contact) == (NOW + 5 * HOUR, None)
    assert (pair.second.id, pair.second.detail, pair.second.held_by) == (gone, "", "")
    make.contact(kept, mobile="13951886101")
    make.contact(gone, mobile="13951886101")
    ((people,), _total) = pairs(as_, world.adam, "contact")
    assert (people.first.held_by, signs(people)) == ("徐工", {"same name", "same phone number"})


def test_the_rest_is_on_the_next_pages(world: World, make: Make, as_: As) -> None:
    """ALL-2: every pair on exactly one page; a page past the end gives the last."""
    for _ in range(12):
        make.account("徐工")
    total = 12 * 11 // 2
    pages = [pairs(as_, world.adam, page=number) for number in (1, 2)]
    assert [(len(found), count) for found, count in pages] == [(pairing.PAGE, total), (total - pairing.PAGE, total)]
    first, second = (numbers(found) for found, _count in pages)
    assert len({*first, *second}) == total
    assert [numbers(pairs(as_, world.adam, page=page)[0]) for page in (99, -1)] == [second, first]
