"""Reading accounts: the list, its filters and search, pickers, contacts; with few statements (ACCT-1, ALL-2, ALL-7)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import AccountMember, AccountStatus
from services import accounts, activities
from services.core.errors import NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.work import Work, work_as_system
from tests.conftest import As
from tests.factories import DAY, HOUR, NOW, Make, World
from tests.statements import counted

CODE = "91110000802100433B"


def listed(work: Work, search: str = "", **filters: Any) -> list[str]:
    return [row["name"] for row in fetch(work, accounts.LIST, ListRequest(search=search, filters=filters)).rows]


def test_a_customer_is_found_by_name_pinyin_initials_phone_and_code(as_: As, world: World) -> None:
    """ALL-2."""
    with as_(world.anna) as work:
        values = {
            "name": "徐工机械（南京）有限公司",
            "short_name": "徐工",
            "phone": "025 83456789",
            "credit_code": CODE,
        }
        accounts.create(work, values=values)
        accounts.create(work, values={"name": "Other company"})
    with as_(world.ben, readonly=True) as work:
        for words in (
            "徐工",
            "xugong",
            "xgjx",
            "XGJX",
            "025-83456789",
            "025 83456789",
            "83456789",
            "０２５",
            "802100433b",
            "机械 徐工",
        ):
            assert listed(work, words) == ["徐工机械（南京）有限公司"], words
            assert [row["name"] for row in accounts.picker(work, words=words)] == ["徐工机械（南京）有限公司"], words
        for words in ("%", "_", "徐工 other", "x'; --", "\\"):
            assert listed(work, words) == []
    with as_(world.carl, readonly=True) as work:
        assert not listed(work, "徐工")
        assert not accounts.picker(work, words="徐工")


def test_filters_of_the_list(as_: As, make: Make, world: World) -> None:
    """ALL-2; hostile values find nothing or are refused, and break nothing."""
    mine = make.account("甲公司", team={world.anna: "machines"}, city_code="320100", status=AccountStatus.CUSTOMER)
    make.account("乙公司", team={world.pia: "parts"}, kind_id=world.codes["rental"], province_code="320000")
    with as_(world.mia) as work:
        member = accounts.team(work, account_id=mine)[0].id
        accounts.classify(work, account_id=mine, member_id=member, grade="A", contacts_per_year=24)
    with as_(world.anna, readonly=True) as work:
        assert listed(work, mine="1") == listed(work, status="customer") == listed(work, city="320100") == ["甲公司"]
        assert (
            listed(work, mine="0")
            == listed(work, kind=world.codes["rental"])
            == listed(work, line="parts")
            == ["乙公司"]
        )
        assert listed(work, member=world.pia) == listed(work, province=["320000"]) == ["乙公司"]
        assert listed(work, grade="A,B") == ["甲公司"]
        assert listed(work, branch=world.nanjing) == ["乙公司", "甲公司"]
        for name in ("city", "province", "grade", "line"):
            assert listed(work, **{name: "9" * 30 + ",';--,None"}) == []
        for name in ("status", "kind", "member", "branch", "silent_since", "search_key"):
            with pytest.raises(Refused):
                listed(work, **{name: "9" * 30 + ",';--,None"})
        with pytest.raises(Refused):
            fetch(work, accounts.LIST, ListRequest(sort="last_contact"))


def test_the_list_shows_team_class_place_and_last_contact(as_: As, make: Make, world: World) -> None:
    account = make.account(
        team={world.anna: "machines", world.pia: "parts"}, city_code="320100", province_code="320000"
    )
    visit = make.activity(account_id=account, planned_start=NOW - DAY, planned_end=NOW - DAY + HOUR)
    with as_(world.anna) as work:
        feedback = {"result_id": world.codes["interested"], "learned": "They need two"}
        activities.end(work, activity_id=visit, feedback=feedback)
    with as_(world.anna, readonly=True) as work:
        (row,) = fetch(work, accounts.LIST, ListRequest()).rows
        assert set(row["team"].split(", ")) == {"Anna", "Pia"}
        assert (row["city"], row["last_contact"]) == ("南京市", NOW - DAY + HOUR)
        assert listed(work, silent_since="2026-11-23") == ["徐工机械有限公司"]
        assert listed(work, silent_since="2026-11-22") == []
    with as_(world.ruth, readonly=True) as work:
        (row,) = fetch(work, accounts.LIST, ListRequest()).rows
        assert row["last_contact"] is None, "ALL-7: what Ruth may not read is not counted for her"


def test_the_list_names_everybody_on_a_team_once(as_: As, make: Make, world: World) -> None:
    """ACCT-1: also who looks after two product lines, or the whole customer besides."""
    account = make.account(team={world.anna: "machines", world.ben: "parts"})
    with work_as_system("more of the team", at=NOW) as work:
        for line in ("service", None):
            work.also(AccountMember(account_id=account, user_id=world.ben, line=line))
    with as_(world.anna, readonly=True) as work:
        (row,) = fetch(work, accounts.LIST, ListRequest()).rows
    assert row["team"] == "Anna, Ben"


def test_own_customers_come_first_in_pickers(as_: As, make: Make, world: World) -> None:
    make.account("一号公司")
    make.account("二号公司", team={world.anna: "machines"})
    with as_(world.anna, readonly=True) as work:
        assert [row["name"] for row in accounts.picker(work)] == ["二号公司", "一号公司"]
        assert [row["name"] for row in accounts.picker(work, limit=1)] == ["二号公司"]


def test_hidden_and_missing_are_the_same(as_: As, make: Make, world: World) -> None:
    """ACC-2, ALL-7."""
    account = make.account(branch_id=world.hefei)
    with as_(world.anna, readonly=True) as work:
        told = []
        for wanted in (account, account + 1000):
            with pytest.raises(NotFound) as refused:
                accounts.card(work, account_id=wanted)
            told.append(str(refused.value))
            assert list(accounts.team(work, account_id=wanted)) == []
            assert list(accounts.contacts_of(work, account_id=wanted)) == []
        assert told[0] == told[1]
        assert not work.rows(select(AccountMember.id))


def test_contacts_of_an_account_put_present_and_main_ones_first(as_: As, make: Make, world: World) -> None:
    """ACCT-1."""
    account = make.account(team={world.anna: "machines"})
    make.contact(account, "王建国", lines=("machines", "parts"), mobile="13801395136")
    make.contact(account, "李娜", lines=())
    with as_(world.anna, readonly=True) as work:
        rows = accounts.contacts_of(work, account_id=account)
    assert [(row.name, row.main, row.until) for row in rows] == [("李娜", True, None), ("王建国", True, None)]
    assert set(rows[1].lines.split(",")) == {"machines", "parts"}
    assert rows[0].lines is None


def test_reading_costs_few_statements(as_: As, make: Make, world: World) -> None:
    """quality.md: lists in two, pickers in one, the record's head in a handful, however much there is."""
    account = make.account(team={world.anna: "machines"})
    for number in range(5):
        make.contact(make.account(f"第{number}公司", team={world.anna: "machines"}))
    with as_(world.anna, readonly=True) as work:
        accounts.card(work, account_id=account)
        assert counted(lambda: fetch(work, accounts.LIST, ListRequest())) <= 4
        assert counted(lambda: accounts.picker(work, words="公司")) == 1
        assert counted(lambda: accounts.card(work, account_id=account)) <= 3
        assert counted(lambda: accounts.contacts_of(work, account_id=account)) == 1


def test_a_day_is_counted_in_the_zone_of_the_organisation(as_: As, make: Make, world: World) -> None:
    """README: an end at 00:30 in Shanghai belongs to that day, though it is the day before in UTC."""
    account = make.account(team={world.anna: "machines"})
    midnight = NOW.replace(hour=0) - DAY
    visit = make.activity(account_id=account, planned_start=midnight, planned_end=midnight + timedelta(minutes=30))
    with as_(world.anna) as work:
        activities.end(work, activity_id=visit, feedback={"result_id": world.codes["interested"], "learned": "Late"})
    with as_(world.anna, readonly=True) as work:
        assert listed(work, silent_since=midnight.date().isoformat()) == []
        assert listed(work, silent_since=NOW.date().isoformat()) == ["徐工机械有限公司"]
