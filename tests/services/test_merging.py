"""Two customers or contacts become one (ACCT-4)."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    Contact,
    ContactAccount,
    ContactRequest,
    Lead,
    Merge,
    Opportunity,
    RequestKind,
)
from db.session import engine
from services import accounts, activities, merging
from services.core import events
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.looking import stored
from tests.services.merges import CODE, merged, of_account, problems, snapshot, two_alike, undone
from tests.stories import LATER, ended, feedback


@pytest.fixture
def two(world: World, make: Make) -> tuple[int, int]:
    return two_alike(world, make)


# --- what happens ----------------------------------------------------------------------------------------------------


def test_everything_moves_and_nothing_is_lost(world: World, two: tuple[int, int]) -> None:
    """ACCT-4: each kind of child hangs on the kept record, ended activities too; the other is hidden."""
    kept, gone = two
    merged(world, kept, gone)
    ties = [(tie.model, tie.column) for tie in merging.TIES["account"] if tie.model is not AccountMember]
    assert {
        (model.__tablename__, of_account(model, gone, column))
        for model, column in ties
        if of_account(model, gone, column)
    } == set()
    assert of_account(Activity, kept) == 4
    assert of_account(ContactAccount, kept) == 2
    assert of_account(Opportunity, kept) == 2
    assert stored(Account, gone).deleted_at == NOW


def test_fields_come_from_where_it_was_chosen(world: World, two: tuple[int, int], as_: As) -> None:
    """ACCT-4: field by field; the code moves although it is unique; the story tells it."""
    kept, gone = two
    merged(world, kept, gone, take=["credit_code", "notes"])
    account = stored(Account, kept)
    assert (account.name, account.phone, account.credit_code) == ("徐工机械有限公司", "025 84123456", CODE)
    assert account.notes == "Pays late"
    with as_(world.anna, readonly=True) as work:
        told = {event.action: event.changes for event in events.story(work, kind="account", record_id=kept)}
    assert told["merged"] == {"merged_from": [None, "徐工机械集团"]}
    assert told["changed"]["notes"] == [None, "Pays late"]


def test_one_person_a_line_stays_on_the_team(world: World, two: tuple[int, int]) -> None:
    """ACCT-4: the kept record's own place counts; free lines are filled."""
    kept, gone = two
    merged(world, kept, gone)
    with work_as_system("look", at=NOW, readonly=True) as work:
        team = work.rows(select(AccountMember.user_id, AccountMember.line).where(AccountMember.account_id == kept))
    assert {tuple(one) for one in team} == {(world.anna, "machines"), (world.pia, "parts")}


def test_ended_activities_stay_true_and_sound(world: World, two: tuple[int, int], as_: As) -> None:
    """ACT-9: who it was with follows, the seal still proves the rest; the database holds all its rules."""
    kept, gone = two
    before = problems()
    merge_id = merged(world, kept, gone)
    assert [one for one in problems() if "seal" in one or "merged" in one] == []
    with as_(world.anna, readonly=True) as work:
        assert len(activities.timeline(work, account_id=kept)) == 4
    undone(world, merge_id)
    assert problems() == before


def test_a_visit_that_moved_along_and_ended_later(world: World, make: Make, as_: As) -> None:
    """ACT-9, ACCT-4: it was sealed with the customer that it has then; later merges and their undoing keep that true."""
    first, second, third = (make.account(f"徐工机械{name}") for name in ("有限公司", "集团", "总公司"))
    visit = make.activity(account_id=second)
    merged(world, first, second)
    with as_(world.anna, at=LATER) as work:
        activities.end(work, activity_id=visit, feedback=feedback(world))
    assert not [one for one in problems() if "seal" in one]
    again = merged(world, third, first)
    assert not [one for one in problems() if "seal" in one]
    undone(world, again)
    assert not [one for one in problems() if "seal" in one]
    merged(world, third, first)
    assert stored(Activity, visit).account_id == third
    assert not [one for one in problems() if "seal" in one]


def test_nothing_else_of_an_ended_activity_can_change_with_a_merge(
    world: World, two: tuple[int, int], make: Make
) -> None:
    """ACT-9: not another column in the same breath, not another customer, and not without a merge."""
    kept, gone = two
    other = make.account("别的公司")
    activity_id = ended(make, account_id=gone)
    merged(world, make.account("又一家"), other)
    with work_as_system("a merge without its moves", at=NOW) as work:
        work.also(
            Merge(kind="account", kept=kept, gone=gone, kept_version=1, before={}, moved=[], at=NOW, by_id=world.adam)
        )
    for values in ({"account_id": kept, "learned": "x"}, {"account_id": other}, {"account_id": None}):
        with pytest.raises(DatabaseError, match="cannot change"), engine().begin() as connection:
            connection.execute(update(Activity).where(Activity.id == activity_id).values(**values))
    with engine().begin() as connection:
        connection.execute(update(Activity).where(Activity.id == activity_id).values(account_id=kept))


def test_somebody_who_works_at_both_keeps_one_main_place(world: World, make: Make) -> None:
    """ACCT-4: the tie of the kept record wins, becomes main and current if the other was."""
    kept, gone = make.account("徐工机械有限公司"), make.account("徐工机械集团")
    contact_id = make.contact(gone)
    with work_as_system("works at both", at=NOW) as work:
        work.also(ContactAccount(contact_id=contact_id, account_id=kept, main=False, until=date(2026, 1, 1)))
    before = snapshot()
    merge_id = merged(world, kept, gone)
    with work_as_system("look", at=NOW, readonly=True) as work:
        ties = work.rows(
            select(ContactAccount.account_id, ContactAccount.main, ContactAccount.until).order_by("account_id")
        )
    assert [tuple(one) for one in ties] == [(kept, True, None), (gone, False, None)]
    undone(world, merge_id)
    assert snapshot() ^ before == set()


def test_contacts_merge_with_their_visits(world: World, make: Make, as_: As) -> None:
    """ACCT-4: also where both were met at one ended visit, which keeps them both."""
    account_id = make.account(team={world.anna: "machines"})
    kept, gone = (
        make.contact(account_id, "王建国"),
        make.contact(account_id, "王健国", mobile="13801395136", lines=["parts"]),
    )
    alone, both = (
        ended(make, account_id=account_id, contacts=[gone]),
        ended(make, account_id=account_id, contacts=[kept, gone]),
    )
    boss = make.contact(account_id, "张三丰", reports_to_id=gone)
    before = snapshot()
    merge_id = merged(world, kept, gone, "contact", take=["mobile"])
    assert (stored(Contact, kept).mobile, stored(Contact, boss).reports_to_id) == ("13801395136", kept)
    with as_(world.anna, readonly=True) as work:
        met = work.rows(select(ActivityContact.activity_id).where(ActivityContact.contact_id == kept))
    assert {one[0] for one in met} == {alone, both}
    assert [one for one in problems() if "seal" in one or "main" in one] == []
    undone(world, merge_id)
    assert snapshot() ^ before == set()


def test_a_parent_becomes_one_with_its_subsidiary(world: World, make: Make) -> None:
    """ACCT-4: nothing stands above itself, in either direction."""
    top = make.account("总公司甲")
    parent = make.account("三一集团", parent_id=top)
    child = make.account("三一集团有限公司", parent_id=parent)
    before = snapshot()
    merge_id = merged(world, child, parent)
    assert stored(Account, child).parent_id == top
    undone(world, merge_id)
    assert snapshot() ^ before == set()
    merge_id = merged(world, parent, child, take=["parent_id"])
    assert stored(Account, parent).parent_id == top
    undone(world, merge_id)
    assert snapshot() ^ before == set()


def test_a_circle_is_refused(world: World, make: Make) -> None:
    """ACCT-4: through a third company it would stand above itself; nothing is done."""
    gone = make.account("三一集团")
    between = make.account("三一重机", parent_id=gone)
    kept = make.account("三一集团有限公司", parent_id=between)
    with pytest.raises(Invalid, match="parent_id"):
        merged(world, kept, gone)
    assert stored(Account, gone).deleted_at is None


def test_the_old_address_leads_to_the_kept_record(world: World, make: Make, as_: As) -> None:
    """ACCT-4: over several merges; for who may not see it, it does not exist (ACC-2)."""
    first, second, third = (make.account(name) for name in ("徐工一", "徐工二", "徐工三"))
    merged(world, second, first)
    last = merged(world, third, second)
    for person, found in ((world.anna, third), (world.carl, None)):
        with as_(person, readonly=True) as work:
            assert merging.kept_for(work, kind="account", record_id=first) == found
            assert merging.kept_for(work, kind="account", record_id=third) is None
    undone(world, last)
    with as_(world.anna, readonly=True) as work:
        assert merging.kept_for(work, kind="account", record_id=first) == second


def test_hidden_children_follow_too(world: World, make: Make) -> None:
    """ALL-8: what is restored later hangs on the kept record."""
    kept, gone = make.account("徐工机械有限公司"), make.account("徐工机械集团")
    lead_id = make.lead(world.anna, referred_by_account_id=gone, deleted_at=NOW)
    contact_id = make.contact(gone, deleted_at=NOW)
    merged(world, kept, gone)
    assert stored(Lead, lead_id).referred_by_account_id == kept
    assert of_account(ContactAccount, kept) == 1
    assert stored(Contact, contact_id).deleted_at == NOW


# --- who, and when not -----------------------------------------------------------------------------------------------


def test_only_the_data_administrator_merges(world: World, two: tuple[int, int], as_: As) -> None:
    """access.md: merging is the data administrator's, as is looking at what it would do and taking it back."""
    kept, gone = two
    for person in (world.anna, world.sun, world.mia, world.ruth, world.eva):
        with pytest.raises(Refused), as_(person) as work:
            merging.merge(work, kind="account", kept_id=kept, gone_id=gone)
        with pytest.raises(Refused), as_(person, readonly=True) as work:
            merging.preview(work, kind="account", kept_id=kept, gone_id=gone)
    merge_id = merged(world, kept, gone)
    with pytest.raises(Refused), as_(world.mia) as work:
        merging.undo(work, merge_id=merge_id)


def test_what_cannot_become_one(world: World, make: Make) -> None:
    """ACCT-4: itself, another branch's, what is not there, what was merged already, unknown kinds and fields."""
    here, there = make.account("徐工机械"), make.account("徐工机械", branch_id=world.hefei)
    with pytest.raises(Refused, match="one and the same"):
        merged(world, here, here)
    with pytest.raises(Refused, match="different branches"):
        merged(world, here, there)
    with pytest.raises(NotFound):
        merged(world, here, 10**6)
    with pytest.raises(NotFound):
        merged(world, here, there, kind="lead")
    with pytest.raises(Invalid, match="branch_id"):
        merged(world, here, there, take=["branch_id"])
    other = make.account("徐工机械")
    merged(world, here, other)
    with pytest.raises(NotFound):
        merged(world, here, other)


def test_what_has_changed_since_is_looked_at_again(world: World, two: tuple[int, int], as_: As) -> None:
    """ALL-4: merging goes by what the person saw."""
    kept, gone = two
    with as_(world.adam, readonly=True) as work:
        seen = merging.preview(work, kind="account", kept_id=kept, gone_id=gone)
    with as_(world.mia) as work:
        accounts.change(work, account_id=gone, changes={"notes": "Pays in time"})
    with pytest.raises(Stale):
        merged(world, kept, gone, versions=[seen.kept.version, seen.gone.version])


def test_a_request_is_decided_first(world: World, make: Make) -> None:
    """ACCT-4, CON-5: nobody decides about a contact that has become somebody else."""
    account_id = make.account()
    kept, gone = make.contact(account_id, "王建国"), make.contact(account_id, "王健国")
    with work_as_system("a request", at=NOW) as work:
        work.also(
            ContactRequest(kind=RequestKind.DELETE, contact_id=gone, name="王健国", branch_id=world.nanjing,
                           asked_by_id=world.anna, asked_at=NOW, changes={}, contact_version=1)
        )  # fmt: skip
    with pytest.raises(Refused, match="still to be decided"):
        merged(world, kept, gone, "contact")


def test_the_preview_counts_what_the_merge_moves(world: World, two: tuple[int, int], as_: As) -> None:
    """ACCT-4: how many of what move, what stays behind, which fields differ and what is proposed."""
    kept, gone = two
    with as_(world.adam, readonly=True) as work:
        seen = merging.preview(work, kind="account", kept_id=kept, gone_id=gone)
    assert dict(seen.moves) == {
        "Activities": 2, "Contacts": 1, "Opportunities": 1, "Leads that it referred": 1, "Companies below it": 1,
        "Files": 1, "Team": 1,
    }  # fmt: skip
    assert dict(seen.stays) == {"Team": 1}
    assert {choice.names[0]: choice.take for choice in seen.choices} == {
        "name": False, "phone": False, "credit_code": True, "notes": True,
    }  # fmt: skip
    merge_id = merged(world, kept, gone)
    assert len(stored(Merge, merge_id).moved) == sum(count for _label, count in seen.moves)


def test_an_address_moves_whole(world: World, make: Make, as_: As) -> None:
    """ACCT-4: one choice for all of it, proposed where there is none; a part that is asked for brings the rest."""
    kept = make.account("徐工机械有限公司", province_code="340000", city_code="340100", street="长江路1号")
    gone = make.account(
        "徐工机械集团", province_code="320000", city_code="320100", street="中山路18号", postal_code="210008"
    )
    for first, second, take in ((kept, gone, False), (make.account("徐工机械"), gone, True)):
        with as_(world.adam, readonly=True) as work:
            seen = merging.preview(work, kind="account", kept_id=first, gone_id=second)
        assert [one.take for one in seen.choices if "street" in one.names] == [take]
    merged(world, kept, gone, take=["street"])
    account = stored(Account, kept)
    assert (account.city_code, account.street, account.postal_code) == ("320100", "中山路18号", "210008")


def test_nobody_proposes_a_parent(world: World, make: Make, as_: As) -> None:
    """ACCT-4: what stands above is chosen, never assumed."""
    kept, gone = make.account("三一集团"), make.account("三一集团公司", parent_id=make.account("总公司"))
    with as_(world.adam, readonly=True) as work:
        seen = merging.preview(work, kind="account", kept_id=kept, gone_id=gone)
    assert {one.names[0]: one.take for one in seen.choices} == {"name": False, "parent_id": False}
