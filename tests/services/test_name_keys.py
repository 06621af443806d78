"""Names are compared without what does not tell companies apart (ACCT-2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from db import renewing
from db.models import Account, Lead, NameTrace
from db.session import engine
from services import accounts, conversion, duplicates, formats, leads
from services.core.work import work_as_system
from services.formats.name_keys import LENGTH
from tests.factories import NOW, As, Make, World
from tests.services.converting import lead

ALIKE = [
    ("徐工(安徽)机械有限公司", "徐工(安徽)机械有限公司", "徐工安徽机械有限责任公司", "徐工 安徽 机械股份有限公司", "徐工[安徽]机械"),
    ("三一集团有限公司", "三一(集团)有限公司", "三一集团", "三一股份有限公司", "三一"),
    ("CATERPILLAR Co., Ltd.", "Caterpillar Company Limited", "caterpillar inc.", "Caterpillar", "Caterpillar"),
    ("徐工机械Co.,Ltd", "徐工机械 CO LTD", "徐工机械公司"),
    ("顺达土石方工程部(个体工商户)", "顺达土石方工程部"),
]  # fmt: skip
APART = [
    ("徐工机械有限公司", "徐工重型机械有限公司"),
    ("安徽建工集团有限公司", "安徽建工集团第二工程有限公司"),
    ("安徽路桥有限公司", "安徽路桥有限公司合肥分公司"),
    ("Marco Ltd", "Mar Co., Ltd"),
    ("公司", "集团"),
]


@pytest.mark.parametrize("names", ALIKE)
def test_one_company_has_one_key(names: tuple[str, ...]) -> None:
    """ACCT-2: legal form, brackets and their form, spaces, width and case do not count."""
    assert len({formats.name_key(name) for name in names}) == 1


@pytest.mark.parametrize("names", APART)
def test_other_companies_keep_keys_of_their_own(names: tuple[str, str]) -> None:
    """ACCT-2: what tells companies apart stays, and something always stays."""
    first, second = (formats.name_key(name) for name in names)
    assert first
    assert second
    assert first != second


@given(st.text(max_size=300))
def test_whatever_was_typed_has_a_key_that_fits(name: str) -> None:
    """ACCT-2: letters and figures alone, or none at all."""
    key = formats.name_key(name)
    assert key is None or (len(key) <= LENGTH and key.isalnum())


def test_keys_are_written_with_the_names(world: World, as_: As) -> None:
    """ACCT-2: on creating and on changing, for accounts and leads."""
    with as_(world.anna) as work:
        account_id = accounts.create(work, values={"name": "徐工(安徽)机械有限公司"})
        lead_id = leads.create(
            work, values={"line": "machines", "mobile": "13801395136", "company": "大地土方有限公司"}
        )
    assert keys(Account, account_id) == "徐工安徽机械"
    assert keys(Lead, lead_id) == "大地土方"
    with as_(world.anna) as work:
        accounts.change(work, account_id=account_id, changes={"name": "徐工重型有限公司"})
        leads.change(work, lead_id=lead_id, changes={"company": None})
    assert (keys(Account, account_id), keys(Lead, lead_id)) == ("徐工重型", None)


def test_an_upgrade_fills_the_keys_of_old_rows(world: World, make: Make) -> None:
    """ACCT-2: rows of an older version are compared like new ones; their versions stay."""
    account_id, lead_id = make.account("三一集团有限公司"), make.lead(company="大地土方有限公司")
    with engine().begin() as connection:
        connection.execute(update(Account).values(name_key=None))
        connection.execute(update(Lead).values(name_key="大地土方有限公司"))
    assert duplicates.renew_keys() == 2
    assert (keys(Account, account_id), keys(Lead, lead_id)) == ("三一", "大地土方")
    assert duplicates.renew_keys() == 0


def test_an_upgrade_lays_the_traces_of_old_rows(world: World, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACCT-3: portion by portion, however many there are; who has no name leaves none."""
    monkeypatch.setattr(renewing, "CHUNK", 2)
    ids = [make.lead(company=f"大地土方{number}号有限公司") for number in "一二三四五"] + [make.lead()]
    with engine().begin() as connection:
        connection.execute(delete(NameTrace))
    assert duplicates.renew_keys() == 5
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert sorted(set(work.scalars(select(NameTrace.record_id)))) == ids[:5]
    assert duplicates.renew_keys() == 0


def test_conversion_shows_the_customer_without_its_suffix(world: World, make: Make, as_: As) -> None:
    """LEAD-5, ACCT-2: a lead of 大地土方(集团)公司 finds 大地土方有限公司."""
    account_id = make.account("大地土方有限公司", team={world.anna: "machines"})
    lead_id = lead(world, company="大地土方(集团)公司", mobile="13700000001")
    with as_(world.anna) as work:
        found = conversion.preview(work, lead_id=lead_id).account.matches
    assert [(one.id, one.why.message) for one in found] == [(account_id, "same name")]


def keys(model: type[Account | Lead], record_id: int) -> str | None:
    with work_as_system("look", at=NOW, readonly=True) as work:
        found: str | None = work.scalar(select(model.name_key).where(model.id == record_id))
        return found
