"""What became one is two again (ACCT-4)."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from db.models import (
    Account,
    AccountMember,
    ContactAccount,
    NameTrace,
)
from services import accounts, activities, merging
from services.core.errors import NotFound, Refused
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.looking import stored
from tests.races import race, winners
from tests.services.merges import CODE, furnish, merged, snapshot, two_alike, undone
from tests.stage import Stage


@pytest.fixture
def two(world: World, make: Make) -> tuple[int, int]:
    return two_alike(world, make)


# --- back ------------------------------------------------------------------------------------------------------------


@settings(max_examples=max(settings().max_examples // 12, 4))
@given(
    teams=st.tuples(*[st.sets(st.sampled_from(["machines", "parts", "service"]))] * 2),
    shared=st.booleans(),
    take=st.sets(
        st.sampled_from(["name", "short_name", "phone", "credit_code", "street", "parent_id", "notes", "status"])
    ),
    turned=st.booleans(),
)
def test_undoing_leaves_the_database_as_it_was(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, teams: Sequence[set[str]], shared: bool, take: set[str],
    turned: bool,
) -> None:  # fmt: skip
    """ACCT-4: whatever was merged, with whatever choices; nothing is left over."""
    with stage.fresh(tmp_path_factory.mktemp("merged")):
        world, make = stage.world, Make(stage.world)
        both = [
            make.account(
                "徐工机械有限公司", phone="025 84123456", parent_id=make.account("上级公司"), street="中山路1号"
            ),
            make.account("徐工集团", credit_code=CODE, short_name="徐工", notes="x", status="customer"),
        ]
        people = {"machines": world.anna, "parts": world.pia, "service": world.ben}
        with work_as_system("teams", at=NOW) as work:
            for account_id, lines in zip(both, teams, strict=True):
                work.also(*(AccountMember(account_id=account_id, user_id=people[line], line=line) for line in lines))
        made = [
            furnish(make, world, account_id, name) for account_id, name in zip(both, ("王建国", "李明"), strict=True)
        ]
        if shared:
            with work_as_system("works at both", at=NOW) as work:
                work.also(ContactAccount(contact_id=made[1]["contact"], account_id=both[0], main=False))
        kept, gone = reversed(both) if turned else both
        before = snapshot()
        merge_id = merged(world, kept, gone, take=sorted(take))
        assert stored(Account, gone).deleted_at is not None
        undone(world, merge_id)
        assert snapshot() ^ before == set()
        assert traces_fit()


def traces_fit() -> bool:
    with work_as_system("look", at=NOW, readonly=True) as work:
        names = {row.id: row.name for row in work.rows(select(Account.id, Account.name))}
        found = work.rows(
            select(NameTrace.record_id, func.count()).where(NameTrace.kind == "account").group_by(text("1"))
        )
        return {row[0] for row in found} == set(names)


def test_undoing_is_refused_once_anything_has_changed(world: World, two: tuple[int, int], as_: As) -> None:
    """ACCT-4: the kept record, or what moved; in words, and nothing is done."""
    kept, gone = two
    merge_id = merged(world, kept, gone)
    with as_(world.mia) as work:
        accounts.change(work, account_id=kept, changes={"notes": "x"})
    with pytest.raises(Refused, match="has been changed since"):
        undone(world, merge_id)
    assert stored(Account, gone).deleted_at is not None


def test_undoing_is_refused_once_what_moved_has_changed(world: World, make: Make, as_: As) -> None:
    """ACCT-4: an activity that went on with the kept customer."""
    kept, gone = make.account("徐工机械有限公司"), make.account("徐工机械集团")
    activity_id = make.activity(account_id=gone)
    merge_id = merged(world, kept, gone)
    with as_(world.anna) as work:
        activities.change(work, activity_id=activity_id, changes={"place": "Gate 3"})
    with pytest.raises(Refused, match="1 of the records"):
        undone(world, merge_id)


def test_merges_of_merges_are_undone_in_turn(world: World, make: Make) -> None:
    """ACCT-4: the later one first; none is undone twice."""
    first, second, third = (make.account(name) for name in ("徐工一", "徐工二", "徐工三"))
    furnish(make, world, first, "王建国")
    before = snapshot()
    one, two_ = merged(world, second, first), merged(world, third, second)
    with pytest.raises(Refused, match="deleted or merged since"):
        undone(world, one)
    undone(world, two_)
    undone(world, one)
    assert snapshot() ^ before == set()
    with pytest.raises(NotFound):
        undone(world, one)


def test_of_two_administrators_one_merges(world: World, two: tuple[int, int]) -> None:
    """ACCT-4: at the same moment, each the other way round; one wins, the other is told."""
    first, second = two
    made = race(lambda: merged(world, first, second), lambda: merged(world, second, first))
    assert len(winners(made)) == 1
    assert sum(stored(Account, one).deleted_at is None for one in two) == 1


def test_pairs_and_done_merges_are_listed(world: World, make: Make, as_: As) -> None:
    """ACCT-4: of one branch, by name or number, with what tells namesakes apart; done ones with who and when."""
    kept, gone = (
        make.account("徐工机械有限公司", phone="051683456789", city_code="320100"),
        make.account("徐工机械集团"),
    )
    make.account("徐工机械", branch_id=world.hefei)
    one, other = make.contact(kept, mobile="13801395136"), make.contact(gone, "李明", mobile="13801395136")
    with as_(world.adam, readonly=True) as work:
        found = [merging.pairs(work, kind=kind) for kind in ("account", "contact")]
    named = [
        [(pair.first.id, pair.second.id, [sign.message for sign in pair.signs]) for pair in pairs] for pairs, _ in found
    ]
    assert named == [[(kept, gone, ["same name"])], [(one, other, ["same phone number"])]]
    assert [(pair.first.detail, pair.second.detail) for pair in found[0][0]] == [("051683456789 · 南京市", "")]
    merged(world, kept, gone)
    with as_(world.adam, readonly=True) as work:
        (row,), total = merging.done(work)
    assert (row.kept, row.gone, row.by, row.undone_at) == ("徐工机械有限公司", "徐工机械集团", "Adam", None)
    assert total == 1


def test_done_merges_page_by_page(world: World, make: Make, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACCT-4, ADM-7: a merge of long ago can still be found and taken back."""
    monkeypatch.setattr("services.merging.reading.PAGE", 2)
    kept, *others = (make.account(name) for name in ("徐工", "中诚", "东升", "大地"))
    for gone in others:
        merged(world, kept, gone)
    with as_(world.adam, readonly=True) as work:
        pages = [merging.done(work, page=page) for page in (1, 2)]
    assert [([one.gone for one in found], total) for found, total in pages] == [(["大地", "东升"], 3), (["中诚"], 3)]
