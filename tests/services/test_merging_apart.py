"""Pairs that only look like one (ACCT-4)."""

from importlib import import_module

import pytest

from services import accounts, merging
from services.core import events
from services.core.errors import NotFound, Refused
from tests.factories import As, Make, World


def listed(as_: As, world: World, kind: str = "account") -> list[tuple[int, int]]:
    with as_(world.adam, readonly=True) as work:
        return [(pair.first.id, pair.second.id) for pair in merging.pairs(work, kind=kind)[0]]


def said(as_: As, world: World) -> list[tuple[str, str, str, str]]:
    with as_(world.adam, readonly=True) as work:
        return [(one.kind, one.first.name, one.second.name, one.by) for one in merging.apart(work)[0]]


def test_two_told_apart_stand_there_no_more(world: World, make: Make, as_: As) -> None:
    """ACCT-4: the pair leaves the inbox and its count, in whichever order it is named; other pairs of the two stay."""
    first, second, third = (make.account("徐工", phone="051683456789") for _ in range(3))
    with as_(world.adam) as work:
        merging.tell_apart(work, kind="account", first_id=second, second_id=first)
    assert listed(as_, world) == [(first, third), (second, third)]
    with as_(world.adam, readonly=True) as work:
        assert merging.pairs(work, kind="account")[1] == 2
        (told,), _all = merging.apart(work)
    assert said(as_, world) == [("account", "徐工", "徐工", "Adam")]
    assert [half.detail.split(" · ")[0] for half in (told.first, told.second)] == ["051683456789"] * 2


def test_it_can_be_taken_back(world: World, make: Make, as_: As) -> None:
    """ACCT-4, ALL-3: looked at again they are a pair again; both records tell the story of it, each act once."""
    first, second = make.account("徐州大地", phone="051683456789"), make.account("徐州大帝", phone="051683456789")
    for act in (merging.tell_apart, merging.tell_apart, merging.look_again, merging.look_again):
        with as_(world.adam) as work:
            act(work, kind="account", first_id=first, second_id=second)
    assert (listed(as_, world), said(as_, world)) == ([(first, second)], [])
    for record_id, other in ((first, "徐州大帝"), (second, "徐州大地")):
        with as_(world.adam, readonly=True) as work:
            told = [(one.action, one.note) for one in events.story(work, kind="account", record_id=record_id)]
        assert told == [("look_again", other), ("told_apart", other)]


def test_contacts_are_pairs_of_their_own(world: World, make: Make, as_: As) -> None:
    """ACCT-4: customers and contacts with the same numbers do not stand for each other."""
    accounts = [make.account("徐工", phone="051683456789") for _ in range(2)]
    people = [make.contact(account_id, mobile="13951886101") for account_id in accounts]
    with as_(world.adam) as work:
        merging.tell_apart(work, kind="contact", first_id=people[0], second_id=people[1])
    assert (listed(as_, world, "contact"), listed(as_, world)) == ([], [tuple(accounts)])


def test_only_two_records_that_there_are(world: World, make: Make, as_: As) -> None:
    """ALL-4: a record is not told apart from itself, nor from one that does not exist."""
    account_id = make.account("徐工")
    with as_(world.adam) as work, pytest.raises(Refused):
        merging.tell_apart(work, kind="account", first_id=account_id, second_id=account_id)
    with as_(world.adam) as work, pytest.raises(NotFound):
        merging.tell_apart(work, kind="account", first_id=account_id, second_id=account_id + 99)
    assert said(as_, world) == []


def test_page_by_page_without_what_is_gone(world: World, make: Make, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACCT-4: every pair can be found again, also behind the first page; one whose customer was deleted counts no more."""
    monkeypatch.setattr(import_module("services.merging.apart"), "PAGE", 2)
    one, *others = (make.account("徐工", phone="051683456789") for _ in range(5))
    for other in others:
        with as_(world.adam) as work:
            merging.tell_apart(work, kind="account", first_id=one, second_id=other)
    with as_(world.adam) as work:
        accounts.delete(work, account_id=others[0], reason="closed")
    with as_(world.adam, readonly=True) as work:
        pages = [merging.apart(work, page=page) for page in (1, 2, 3)]
    assert [([one.second.id for one in found], total) for found, total in pages] == [
        ([others[3], others[2]], 3), ([others[1]], 3), ([others[1]], 3),
    ]  # fmt: skip
