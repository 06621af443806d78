"""Accounts: entering, changing, teams, lists and pickers (ACCT-1, ACCT-2, CON-2, CON-3, ALL-4, ALL-7, ALL-8, access.md)."""

from typing import Any

import pytest
from sqlalchemy import select

from db.models import Account, AccountStatus
from services import accounts, activities
from services.accounts import Member
from services.core import events
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.listing import ListRequest, fetch
from services.core.work import Work
from tests.conftest import As
from tests.factories import Make, World
from tests.stories import ended

CODE = "91350100M000100Y43"


def entered(**more: Any) -> dict[str, Any]:
    return {"name": "南京瑞丰土石方工程有限公司", "city_code": "320100", "phone": "025-83456789", **more}


def reason(error: pytest.ExceptionInfo[Invalid], field: str) -> str:
    return error.value.fields[field].text(lambda message: message)


def members(work: Work, account_id: int) -> set[tuple[int, str | None]]:
    return {(row.user_id, row.line) for row in accounts.team(work, account_id=account_id)}


# --- entering --------------------------------------------------------------------------------------------------------


def test_a_rep_enters_a_customer_and_joins_its_team(as_: As, world: World) -> None:
    """ACCT-1, CON-2, CON-3: stored in form, in the rep's branch, with the rep's line, and told in the story."""
    with as_(world.anna) as work:
        account = accounts.create(work, values=entered(kind_id=world.codes["rental"]))
    with as_(world.anna, readonly=True) as work:
        card = accounts.card(work, account_id=account)
        assert members(work, account) == {(world.anna, "machines")}
        (line,) = events.story(work, kind="account", record_id=account)
    assert (card.values["phone"], card.values["province_code"], card.branch_id) == (
        "025 83456789",
        "320000",
        world.nanjing,
    )
    assert (card.shown["kind_id"], card.shown["city_code"], card.address) == (
        "Rental company",
        "南京市",
        "江苏省南京市",
    )
    assert (card.status, card.version, card.created_by) == (AccountStatus.PROSPECT, 1, "Anna")
    assert card.allowed == {"change", "attach"}
    assert (line.action, line.changes["phone"]) == ("created", [None, "025 83456789"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "   "}, "name"),
        ({"phone": "123"}, "phone"),
        ({"fax": "13801395136"}, "fax"),
        ({"credit_code": "91350100M000100Y44"}, "credit_code"),
        ({"province_code": "340000"}, "city_code"),
        ({"city_code": "999999"}, "city_code"),
        ({"street": "12 Renmin Rd."}, "street"),
        ({"email": "a@b"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"employees": -1}, "employees"),
        ({"kind_id": 10**8}, "kind_id"),
        ({"branch_id": 2}, "branch_id"),
        ({"status": "customer"}, "status"),
        ({"parent_id": 10**8}, "parent_id"),
        ({"name": "徐" * 201}, "name"),
    ],
)
def test_wrong_values_are_refused_beside_their_field(as_: As, world: World, values: dict[str, Any], field: str) -> None:
    """ALL-6, ACC-5: every rule names its field; status and branch are no fields."""
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        accounts.create(work, values=entered() | values)
    assert field in refused.value.fields
    assert "{" not in reason(refused, field)
    with as_(world.adam, readonly=True) as work:
        assert not work.rows(select(Account.id))


def test_a_kind_from_another_list_is_refused(as_: As, world: World) -> None:
    """ADM-4."""
    with pytest.raises(Invalid, match="kind_id"), as_(world.anna) as work:
        accounts.create(work, values=entered(kind_id=world.codes["road"]))


def test_who_enters_customers(as_: As, world: World) -> None:
    """access.md: rep, sales manager, branch manager, data administrator create; marketing and executives do not."""
    for person in (world.anna, world.sun, world.mia):
        with as_(person) as work:
            accounts.create(work, values=entered(), duplicate_reason="Another one")
    for person in (world.ruth, world.hanna, world.eva):
        with pytest.raises(Refused), as_(person) as work:
            accounts.create(work, values=entered())


def test_head_office_names_the_branch(as_: As, world: World) -> None:
    with as_(world.adam) as work:
        account = accounts.create(work, values=entered(), branch_id=world.hefei)
        assert work.get(Account, account).branch_id == world.hefei
        assert members(work, account) == set()
    with pytest.raises(Invalid, match="branch_id"), as_(world.adam) as work:
        accounts.create(work, values=entered())
    with pytest.raises(Refused), as_(world.anna) as work:
        accounts.create(work, values=entered(), branch_id=world.hefei)


def test_only_who_staffs_accounts_names_members(as_: As, world: World) -> None:
    with as_(world.mia) as work:
        account = accounts.create(work, values=entered(), members=[Member(world.ben, "machines", "A", 24)])
        (row,) = accounts.team(work, account_id=account)
        assert (row.name, row.line, row.grade, row.contacts_per_year) == ("Ben", "machines", "A", 24)
    with pytest.raises(Refused), as_(world.anna) as work:
        accounts.create(work, values=entered(), members=[Member(world.ben, "machines")])


def test_a_credit_code_is_unique_among_what_is_not_deleted(as_: As, world: World) -> None:
    """ACCT-2, ALL-8."""
    with as_(world.mia) as work:
        first = accounts.create(work, values=entered(credit_code=CODE))
    with pytest.raises(Invalid, match="credit_code"), as_(world.mia) as work:
        accounts.create(work, values=entered(credit_code=CODE))
    with as_(world.mia) as work:
        accounts.delete(work, account_id=first, reason="Doubled")
        accounts.create(work, values=entered(credit_code=CODE))


# --- changing --------------------------------------------------------------------------------------------------------


def test_the_team_changes_and_others_of_the_branch_do_not(as_: As, make: Make, world: World) -> None:
    """access.md: U team; the sales manager for the people led; the branch manager; the data administrator everywhere."""
    account = make.account(team={world.anna: "machines"})
    for turn, person in enumerate((world.anna, world.sun, world.mia, world.adam)):
        with as_(person) as work:
            accounts.change(work, account_id=account, changes={"employees": turn + 1})
    for person in (world.ben, world.pia, world.ruth, world.hanna, world.eva):
        with pytest.raises(Refused), as_(person) as work:
            accounts.change(work, account_id=account, changes={"employees": 99})
    with pytest.raises(NotFound), as_(world.carl) as work:
        accounts.change(work, account_id=account, changes={"employees": 99})


def test_leaving_the_team_ends_the_right_at_once(as_: As, make: Make, world: World) -> None:
    """ACC-4."""
    account = make.account(team={world.anna: "machines"})
    with as_(world.mia) as work:
        (row,) = accounts.team(work, account_id=account)
        accounts.unstaff(work, account_id=account, member_id=row.id)
    with pytest.raises(Refused), as_(world.anna) as work:
        accounts.change(work, account_id=account, changes={"employees": 3})


def test_the_second_of_two_editors_is_told(as_: As, make: Make, world: World) -> None:
    """ALL-4."""
    account = make.account(team={world.anna: "machines"})
    with as_(world.anna, readonly=True) as work:
        seen = accounts.card(work, account_id=account).version
    with as_(world.mia) as work:
        accounts.change(work, account_id=account, changes={"employees": 5}, version=seen)
    with pytest.raises(Stale), as_(world.anna) as work:
        accounts.change(work, account_id=account, changes={"employees": 6}, version=seen)
    with as_(world.anna, readonly=True) as work:
        assert accounts.card(work, account_id=account).values["employees"] == 5


def test_a_change_tells_old_and_new_and_nothing_else(as_: As, make: Make, world: World) -> None:
    """ALL-3: what stays the same is no event."""
    account = make.account(team={world.anna: "machines"}, employees=5)
    with as_(world.anna) as work:
        accounts.change(work, account_id=account, changes={"employees": 6, "name": "徐工机械有限公司"})
        accounts.change(work, account_id=account, changes={"employees": 6})
    with as_(world.anna, readonly=True) as work:
        (line,) = events.story(work, kind="account", record_id=account)
    assert line.changes == {"employees": [5, 6]}


def test_a_moved_city_must_lie_in_its_province(as_: As, world: World) -> None:
    """CON-3."""
    with as_(world.anna) as work:
        account = accounts.create(work, values=entered())
    with pytest.raises(Invalid, match="南京市 does not lie in 安徽省"), as_(world.anna) as work:
        accounts.change(work, account_id=account, changes={"province_code": "340000"})
    with as_(world.anna) as work:
        accounts.change(work, account_id=account, changes={"province_code": "340000", "city_code": "340100"})


def test_no_company_stands_above_itself(as_: As, make: Make, world: World) -> None:
    top, middle, low = (make.account(name, team={world.anna: "machines"}) for name in ("甲公司", "乙公司", "丙公司"))
    elsewhere = make.account("丁公司", branch_id=world.hefei)
    with as_(world.anna) as work:
        accounts.change(work, account_id=middle, changes={"parent_id": top})
        accounts.change(work, account_id=low, changes={"parent_id": middle})
        assert accounts.card(work, account_id=low).shown["parent_id"] == "乙公司"
    for person, parent in ((world.anna, low), (world.anna, top), (world.anna, elsewhere), (world.adam, elsewhere)):
        with pytest.raises(Invalid, match="parent_id"), as_(person) as work:
            accounts.change(work, account_id=top, changes={"parent_id": parent})


def test_the_status_changes_by_its_own_service(as_: As, make: Make, world: World) -> None:
    """ACC-5."""
    account = make.account(team={world.anna: "machines"})
    with as_(world.anna) as work:
        accounts.set_status(work, account_id=account, status="customer")
        (line,) = events.story(work, kind="account", record_id=account)
        assert line.changes == {"status": ["prospect", "customer"]}
    with pytest.raises(Invalid), as_(world.anna) as work:
        accounts.set_status(work, account_id=account, status="enemy")
    with pytest.raises(Refused), as_(world.ben) as work:
        accounts.set_status(work, account_id=account, status="inactive")


def test_deleting_hides_once_nothing_is_open(as_: As, make: Make, world: World) -> None:
    """ALL-8: managers and administrators only, with a reason; gone from lists, pickers and by id."""
    account = make.account(team={world.anna: "machines"})
    visit = make.activity(account_id=account)
    with pytest.raises(Refused, match="1 activities"), as_(world.mia) as work:
        accounts.delete(work, account_id=account, reason="Doubled")
    with as_(world.anna) as work:
        activities.withdraw(work, activity_id=visit, reason="Not needed")
    with pytest.raises(Refused), as_(world.anna) as work:
        accounts.delete(work, account_id=account, reason="Doubled")
    with pytest.raises(Invalid, match="reason"), as_(world.mia) as work:
        accounts.delete(work, account_id=account, reason=" ")
    with pytest.raises(Invalid, match="reason"), as_(world.mia) as work:
        accounts.delete(work, account_id=account, reason="x" * 4001)
    with as_(world.mia) as work:
        accounts.delete(work, account_id=account, reason="Doubled")
    with as_(world.mia, readonly=True) as work:
        assert fetch(work, accounts.LIST, ListRequest()).total == 0
        assert accounts.picker(work, words="徐工") == []
        with pytest.raises(NotFound):
            accounts.card(work, account_id=account)


# --- team ------------------------------------------------------------------------------------------------------------


def test_a_line_has_one_person_who_makes_room_for_the_next(as_: As, make: Make, world: World) -> None:
    """customers.md: one person per product line, plus others; the class stays with the line."""
    account = make.account()
    with as_(world.mia) as work:
        accounts.staff(work, account_id=account, member=Member(world.anna, "machines", "A", 24))
        accounts.staff(work, account_id=account, member=Member(world.pia, "parts"))
        accounts.staff(work, account_id=account, member=Member(world.ben, "machines"))
        accounts.staff(work, account_id=account, member=Member(world.anna))
        accounts.staff(work, account_id=account, member=Member(world.anna))
    with as_(world.mia, readonly=True) as work:
        team = accounts.team(work, account_id=account)
        story = events.story(work, kind="account", record_id=account)
    assert [(row.name, row.line, row.grade) for row in team] == [
        ("Ben", "machines", "A"),
        ("Pia", "parts", None),
        ("Anna", None, None),
    ]
    assert story[2].changes == {"team.machines": ["Anna", "Ben"]}


@pytest.mark.parametrize(
    ("person", "line", "grade", "field"),
    [
        ("carl", "machines", None, "user_id"),
        ("adam", None, None, "user_id"),
        ("pia", "machines", None, "line"),
        ("anna", "rockets", None, "line"),
        ("anna", "machines", "E", "grade"),
    ],
)
def test_who_does_not_fit_the_team_is_refused(
    as_: As, make: Make, world: World, person: str, line: str | None, grade: str | None, field: str
) -> None:
    account = make.account()
    with pytest.raises(Invalid, match=field), as_(world.mia) as work:
        accounts.staff(work, account_id=account, member=Member(world.people[person], line, grade))


def test_only_managers_and_administrators_staff(as_: As, make: Make, world: World) -> None:
    """access.md: A."""
    account = make.account(team={world.anna: "machines"})
    for person, answer in ((world.anna, Refused), (world.eva, Refused), (world.ruth, Refused), (world.max, NotFound)):
        with pytest.raises(answer), as_(person) as work:
            accounts.staff(work, account_id=account, member=Member(world.ben, "machines"))
    with as_(world.adam) as work:
        accounts.staff(work, account_id=account, member=Member(world.ben, "machines"))


def test_the_team_sets_the_class_of_its_lines(as_: As, make: Make, world: World) -> None:
    """customers.md: class per product line with contacts per year."""
    account, other = make.account(team={world.anna: "machines"}), make.account(team={world.ben: "machines"})
    with as_(world.anna) as work:
        member = accounts.team(work, account_id=account)[0].id
        accounts.classify(work, account_id=account, member_id=member, grade="B", contacts_per_year=12)
        (row,) = accounts.team(work, account_id=account)
        assert (row.grade, row.contacts_per_year) == ("B", 12)
        foreign = accounts.team(work, account_id=other)[0].id
    with pytest.raises(NotFound), as_(world.anna) as work:
        accounts.classify(work, account_id=account, member_id=foreign, grade="B", contacts_per_year=12)
    with pytest.raises(Invalid), as_(world.anna) as work:
        accounts.classify(work, account_id=account, member_id=member, grade="B", contacts_per_year=400)


def test_open_work_of_colleagues_out_of_sight_holds_a_customer_too(as_: As, make: Make, world: World) -> None:
    """ALL-7, ALL-8: Sun leads the machines line; Pia's open parts visit stops her, without a number or a name."""
    account = make.account(team={world.anna: "machines"})
    visit = make.activity(world.pia, account_id=account)
    with as_(world.sun, readonly=True) as work:
        assert activities.timeline(work, account_id=account) == []
    with as_(world.sun) as work, pytest.raises(Refused) as refused:
        accounts.delete(work, account_id=account, reason="Doubled")
    assert str(refused.value) == "Colleagues still have open activities with this customer."
    with as_(world.pia) as work:
        activities.withdraw(work, activity_id=visit, reason="Not needed")
    with as_(world.sun) as work:
        accounts.delete(work, account_id=account, reason="Doubled")


def test_the_figures_of_a_customer_are_exact(as_: As, make: Make, world: World) -> None:
    """ALL-10: also beyond what the timeline shows; the last contact is the last one that ended."""
    account = make.account(team={world.anna: "machines"})
    for _ in range(55):
        make.activity(account_id=account)
    last = ended(make, account_id=account)
    with as_(world.anna, readonly=True) as work:
        found = activities.at_account(work, account_id=account)
        listed = fetch(work, activities.LIST, ListRequest(filters={"account": account, "view": "open"}))
    assert (found.open, found.last_id) == (55, last)
    assert listed.total == found.open
    with as_(world.carl, readonly=True) as work:
        assert activities.at_account(work, account_id=account) == activities.AtAccount(0, None, None)
