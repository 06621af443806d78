"""Contacts: entering, changing, where they work, lists and pickers (CON-1 to CON-3, ALL-4, ALL-7, access.md)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Contact
from services import contacts
from services.core import events
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.listing import ListRequest, fetch
from services.core.work import Work
from tests.conftest import As
from tests.factories import NOW, Make, World
from tests.statements import counted

TODAY = NOW.date()


@pytest.fixture
def account(make: Make, world: World) -> int:
    return make.account(team={world.anna: "machines", world.pia: "parts"})


# --- entering and changing -------------------------------------------------------------------------------------------


def test_a_rep_enters_a_contact_who_deals_with_the_own_line(as_: As, world: World, account: int) -> None:
    """CON-1, CON-2: stored in form; lines not given are the rep's; the account becomes the main one."""
    values = {"name": "王 建国", "mobile": "+86 138-0139-5136", "responsibility_id": world.codes["fleet"], "sex": "m"}
    with as_(world.anna) as work:
        contact = contacts.create(work, account_id=account, values=values, role="合伙人", since=TODAY)
    with as_(world.anna, readonly=True) as work:
        card = contacts.card(work, contact_id=contact)
        (line,) = events.story(work, kind="contact", record_id=contact)
    assert (card.name, card.values["mobile"], card.values["lines"]) == ("王建国", "13801395136", ["machines"])
    assert (card.shown["responsibility_id"], card.shown["sex"]) == ("Fleet manager", "male")
    assert [(a.id, a.main, a.role, a.since, a.until) for a in card.accounts] == [(account, True, "合伙人", TODAY, None)]
    assert (card.allowed, card.read_only, card.branch_id) == ({"change", "attach", "request"}, None, world.nanjing)
    assert (line.action, line.changes["lines"], line.changes["mobile"]) == (
        "created",
        [[], ["machines"]],
        [None, "13801395136"],
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "王经理"}, "name"),
        ({"mobile": "010 85868466"}, "mobile"),
        ({"landline": "13801395136"}, "landline"),
        ({"fax": "85868466"}, "fax"),
        ({"email": "x"}, "email"),
        ({"sex": "x"}, "sex"),
        ({"birthday": "2026-11-24"}, "birthday"),
        ({"birthday": "1899-01-01"}, "birthday"),
        ({"city_code": "320100", "province_code": "340000"}, "city_code"),
        ({"street": "京朝阳区1号"}, "street"),
        ({"lines": ["rockets"]}, "lines"),
        ({"lines": "machines"}, "lines"),
        ({"responsibility_id": 10**8}, "responsibility_id"),
        ({"reports_to_id": 10**8}, "reports_to_id"),
        ({"branch_id": 2}, "branch_id"),
        ({"search_key": "x"}, "search_key"),
    ],
)
def test_wrong_values_are_refused_beside_their_field(
    as_: As, world: World, account: int, values: dict[str, Any], field: str
) -> None:
    """ALL-6, ACC-5, CON-1 to CON-3."""
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        contacts.create(work, account_id=account, values={"name": "王建国"} | values)
    assert field in refused.value.fields
    with as_(world.adam, readonly=True) as work:
        assert not work.rows(select(Contact.id))


def test_who_enters_contacts_and_where(as_: As, make: Make, world: World, account: int) -> None:
    """access.md; ALL-7: not at a customer of another branch, which does not exist for the rep."""
    for person in (world.anna, world.ben):
        with as_(person) as work:
            contacts.create(work, account_id=account, values={"name": "王建国"}, duplicate_reason="Father and son")
    for person in (world.sun, world.mia, world.ruth, world.adam, world.eva):
        with pytest.raises(Refused), as_(person) as work:
            contacts.create(work, account_id=account, values={"name": "王建国"})
    for wanted in (make.account(branch_id=world.hefei), 10**8, 0):
        with pytest.raises(NotFound), as_(world.anna) as work:
            contacts.create(work, account_id=wanted, values={"name": "王建国"})


def test_a_change_tells_old_and_new_lines_too(as_: As, make: Make, world: World, account: int) -> None:
    """ALL-3, ALL-4."""
    contact = make.contact(account, mobile="13801395136")
    with as_(world.anna) as work:
        contacts.change(
            work, contact_id=contact, changes={"lines": ["parts", "machines"], "mobile": "13801395136"}, version=1
        )
    with as_(world.anna, readonly=True) as work:
        (line,) = events.story(work, kind="contact", record_id=contact)
        assert line.changes == {"lines": [["machines"], ["machines", "parts"]]}
        assert contacts.card(work, contact_id=contact).version == 2
    with pytest.raises(Stale), as_(world.anna) as work:
        contacts.change(work, contact_id=contact, changes={"mobile": "13901395136"}, version=1)
    with as_(world.anna) as work:
        contacts.change(work, contact_id=contact, changes={"mobile": "13801395136"}, version=2)
        assert len(events.story(work, kind="contact", record_id=contact)) == 1


def test_nobody_reports_to_themselves(as_: As, make: Make, world: World, account: int) -> None:
    boss, worker = make.contact(account, "王建国"), make.contact(account, "李娜")
    foreign = make.contact(make.account(branch_id=world.hefei), "赵强")
    with as_(world.anna) as work:
        contacts.change(work, contact_id=worker, changes={"reports_to_id": boss})
        assert contacts.card(work, contact_id=worker).shown["reports_to_id"] == "王建国"
    for superior in (worker, boss, foreign):
        with pytest.raises(Invalid, match="reports_to_id"), as_(world.anna) as work:
            contacts.change(work, contact_id=boss, changes={"reports_to_id": superior})


# --- where they work -------------------------------------------------------------------------------------------------


def workplaces(work: Work, contact: int) -> list[tuple[int, bool, date | None]]:
    return [(a.id, a.main, a.until) for a in contacts.card(work, contact_id=contact).accounts]


def test_a_contact_works_at_several_accounts_of_which_one_is_main(
    as_: As, make: Make, world: World, account: int
) -> None:
    contact, other = make.contact(account), make.account("乙公司", team={world.anna: "machines"})
    with as_(world.anna) as work:
        contacts.tie(work, contact_id=contact, account_id=other, role="顾问")
        assert workplaces(work, contact) == [(account, True, None), (other, False, None)]
        contacts.tie(work, contact_id=contact, account_id=other, main=True)
        assert workplaces(work, contact) == [(other, True, None), (account, False, None)]
        contacts.untie(work, contact_id=contact, account_id=other)
        assert workplaces(work, contact) == [(account, True, None), (other, False, TODAY)]
        contacts.tie(work, contact_id=contact, account_id=other)
        assert workplaces(work, contact) == [(account, True, None), (other, False, None)]
        story = [line.action for line in events.story(work, kind="contact", record_id=contact)]
    assert story == ["joined", "left", "joined", "joined"]


def test_the_last_account_stays_the_main_one_in_memory(as_: As, make: Make, world: World, account: int) -> None:
    contact = make.contact(account)
    with as_(world.anna) as work:
        contacts.untie(work, contact_id=contact, account_id=account, until=TODAY - timedelta(days=3))
    with as_(world.mia, readonly=True) as work:
        assert workplaces(work, contact) == [(account, True, TODAY - timedelta(days=3))]


def test_ties_that_cannot_be_are_refused(as_: As, make: Make, world: World, account: int) -> None:
    contact, tomorrow = make.contact(account), TODAY + timedelta(days=1)
    elsewhere = make.account(branch_id=world.hefei)
    with pytest.raises(NotFound), as_(world.anna) as work:
        contacts.tie(work, contact_id=contact, account_id=elsewhere)
    with pytest.raises(Invalid, match="account_id"), as_(world.adam) as work:
        contacts.tie(work, contact_id=contact, account_id=elsewhere)
    with pytest.raises(Invalid, match="since"), as_(world.anna) as work:
        contacts.tie(work, contact_id=contact, account_id=account, since=tomorrow)
    with pytest.raises(Invalid, match="role"), as_(world.anna) as work:
        contacts.tie(work, contact_id=contact, account_id=account, role="x" * 61)
    with pytest.raises(Invalid, match="until"), as_(world.anna) as work:
        contacts.untie(work, contact_id=contact, account_id=account, until=tomorrow)
    with pytest.raises(NotFound), as_(world.anna) as work:
        contacts.untie(work, contact_id=contact, account_id=10**8)
    with as_(world.anna) as work:
        contacts.untie(work, contact_id=contact, account_id=account)
    with pytest.raises(Refused), as_(world.anna) as work:
        contacts.untie(work, contact_id=contact, account_id=account)


# --- reading ---------------------------------------------------------------------------------------------------------


def listed(work: Work, search: str = "", **filters: Any) -> list[str]:
    return [row["name"] for row in fetch(work, contacts.LIST, ListRequest(search=search, filters=filters)).rows]


def test_a_contact_is_found_by_name_pinyin_phone_and_customer(as_: As, make: Make, world: World, account: int) -> None:
    """ALL-2, ALL-7."""
    with as_(world.anna) as work:
        values = {"name": "王建国", "mobile": "13801395136", "landline": "025 83456789", "email": "Wang@XCMG.com"}
        contacts.create(work, account_id=account, values=values)
    make.contact(make.account("乙公司"), "李娜")
    with as_(world.ben, readonly=True) as work:
        for words in (
            "王",
            "wangjianguo",
            "wjg",
            "138-0139",
            "+8613801395136"[3:],
            "025-83456789",
            "wang@xcmg.com",
            "xgjx",
            "徐工",
        ):
            assert listed(work, words) == ["王建国"], words
            assert [row["name"] for row in contacts.picker(work, words=words)] == ["王建国"], words
        assert not listed(work, "%")
    with as_(world.carl, readonly=True) as work:
        assert not listed(work, "王")
        assert not contacts.picker(work, words="徐工")


def test_filters_of_the_list(as_: As, make: Make, world: World, account: int) -> None:
    """ALL-2; hostile values find nothing and break nothing."""
    make.contact(account, "王建国", lines=("parts",), responsibility_id=world.codes["owner"])
    other = make.account("乙公司", city_code="320100", province_code="320000")
    make.contact(other, "李娜")
    with as_(world.anna, readonly=True) as work:
        assert listed(work, mine="1") == listed(work, line="parts") == listed(work, account=account) == ["王建国"]
        assert listed(work, mine="0") == listed(work, city="320100") == listed(work, province="320000") == ["李娜"]
        assert listed(work, responsibility=world.codes["owner"]) == ["王建国"]
        assert listed(work, branch=world.hefei) == []
        for name in ("line", "city", "province"):
            assert listed(work, **{name: "9" * 30 + ",';--"}) == []
        for name in ("account", "responsibility", "branch", "search_key"):
            with pytest.raises(Refused):
                listed(work, **{name: "9" * 30 + ",';--"})
        (row,) = fetch(work, contacts.LIST, ListRequest(search="王")).rows
        assert (row["account"], row["account_id"], row["lines"]) == ("徐工机械有限公司", account, "parts")


def test_pickers_offer_who_is_at_the_account_now(as_: As, make: Make, world: World, account: int) -> None:
    contact, other = make.contact(account), make.account("乙公司", team={world.anna: "machines"})
    make.contact(other, "李娜")
    with as_(world.anna) as work:
        assert [row["name"] for row in contacts.picker(work, account_id=account)] == ["王建国"]
        contacts.tie(work, contact_id=contact, account_id=other)
        contacts.untie(work, contact_id=contact, account_id=account)
        assert contacts.picker(work, account_id=account) == []
        assert {row["name"] for row in contacts.picker(work, account_id=other)} == {"李娜", "王建国"}
        assert {row["account"] for row in contacts.picker(work)} == {"乙公司"}


def test_hidden_and_missing_are_the_same(as_: As, make: Make, world: World) -> None:
    """ACC-2, ALL-7."""
    hidden = make.contact(make.account(branch_id=world.hefei))
    told = set()
    for wanted in (hidden, hidden + 1000):
        with pytest.raises(NotFound) as refused, as_(world.anna, readonly=True) as work:
            contacts.card(work, contact_id=wanted)
        told.add(str(refused.value))
        with pytest.raises(NotFound), as_(world.anna, readonly=True) as work:
            contacts.why_read_only(work, contact_id=wanted)
        with pytest.raises(NotFound), as_(world.anna) as work:
            contacts.change(work, contact_id=wanted, changes={"notes": "x"})
    assert len(told) == 1


def test_reading_costs_few_statements(as_: As, make: Make, world: World, account: int) -> None:
    """quality.md."""
    contact = make.contact(account)
    for number in range(4):
        make.contact(make.account(f"第{number}公司"))
    with as_(world.anna, readonly=True) as work:
        contacts.card(work, contact_id=contact)
        assert counted(lambda: fetch(work, contacts.LIST, ListRequest())) <= 4
        assert counted(lambda: contacts.picker(work, words="公司")) == 1
        assert counted(lambda: contacts.card(work, contact_id=contact)) <= 3
