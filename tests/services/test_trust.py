"""CON-7: the trust score in its three parts, and the inbox of what cannot be right, is incomplete or stale."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import Account, BranchRegion, Contact
from services import accounts, contacts, data_inbox, organisation, trust
from services.core.errors import NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import DAY, NOW, As, Make, World
from tests.statements import counted

FULL = {
    "kind_id": 1, "phone": "025 83123456", "phone2": None, "city_code": "320100", "street": "中山路1号", "credit_code": "x",
    "industry_id": 1,
    "updated_at": NOW, "checked_at": NOW,
}  # fmt: skip
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"updated_at": NOW - 400 * DAY}


def scored(values: dict[str, Any], kind: str = "account") -> trust.Trust:
    return trust.score(kind, values, now=NOW, stale_days=365, checked_days=180)


class TestScore:
    """Pure."""

    def test_its_ends(self) -> None:
        assert (scored(FULL).score, scored(FULL).missing) == (100, ())
        assert scored(EMPTY).score == 0
        assert scored(EMPTY).missing == ("Kind", "Phone", "City", "Street", "Credit code", "Industry")

    @pytest.mark.parametrize(("days", "fresh"), [(0, 30), (91, 30), (228, 15), (365, 0), (9999, 0)])
    def test_freshness_fades(self, days: int, fresh: int) -> None:
        assert scored(FULL | {"updated_at": NOW - days * DAY, "checked_at": None}).fresh == fresh

    @pytest.mark.parametrize(("days", "checked"), [(0, 30), (180, 30), (270, 15), (360, 0)])
    def test_a_check_fades(self, days: int, checked: int) -> None:
        assert scored(FULL | {"checked_at": NOW - days * DAY}).checked == checked

    def test_a_check_makes_fresh(self) -> None:
        """What was looked at lately is as good as what was changed lately."""
        assert scored(FULL | {"updated_at": NOW - 400 * DAY}).fresh == 30
        assert scored(FULL | {"updated_at": NOW - 400 * DAY, "checked_at": NOW - 228 * DAY}).fresh == 15

    def test_one_phone_is_enough(self) -> None:
        one, two = scored(FULL | {"phone": None, "phone2": "x"}), scored(FULL | {"phone2": "x"})
        assert one.complete == two.complete == 40
        assert scored(FULL | {"phone": None}).missing == ("Phone",)

    @given(
        filled=st.sets(st.sampled_from(sorted(FULL))),
        changed=st.integers(-5, 3000),
        checked=st.none() | st.integers(-5, 3000),
    )
    def test_always_between_0_and_100(self, filled: set[str], changed: int, checked: int | None) -> None:
        values = {name: FULL[name] if name in filled else None for name in FULL}
        values["updated_at"] = NOW - timedelta(days=changed)
        values["checked_at"] = None if checked is None else NOW - timedelta(days=checked)
        before = scored(values)
        assert 0 <= before.score <= 100
        assert scored(values | {"checked_at": NOW}).score >= before.score


class TestWho:
    def test_who_keeps_the_record_sees_the_score(self, world: World, make: Make, as_: As) -> None:
        """Reps see the score of what they own, on the page and in the list; colleagues and executives do not."""
        account_id = make.account(team={world.anna: "machines"})
        contact_id = make.contact(account_id)
        for person, seen in (
            (world.anna, True),
            (world.ben, False),
            (world.mia, True),
            (world.adam, True),
            (world.eva, False),
        ):
            with as_(person, readonly=True) as work:
                assert (trust.of(work, kind="account", record_id=account_id) is not None) == seen
                assert (trust.of(work, kind="contact", record_id=contact_id) is not None) == seen
                for spec in (accounts.LIST, contacts.LIST):
                    row = fetch(work, spec, ListRequest()).rows[0]
                    assert (row["trust"] is not None) == seen

    def test_the_list_and_the_page_agree(self, world: World, make: Make, as_: As) -> None:
        account_id = make.account(
            team={world.anna: "machines", world.pia: "parts"}, city_code="320100", checked_at=NOW - 200 * DAY
        )
        with as_(world.anna, readonly=True) as work:
            page = trust.of(work, kind="account", record_id=account_id)
            statements = counted(lambda: fetch(work, accounts.LIST, ListRequest()))
            row = fetch(work, accounts.LIST, ListRequest()).rows[0]
        assert page is not None
        assert (row["trust"], row["team"]) == (page.score, "Anna, Pia")
        assert statements <= 4

    def test_checked_today(self, world: World, make: Make, as_: As) -> None:
        """By who may change it; the event stands in the history."""
        account_id = make.account(team={world.anna: "machines"}, updated_at=NOW - 300 * DAY)
        contact_id = make.contact(account_id)
        with as_(world.anna, readonly=True) as work:
            before = trust.of(work, kind="account", record_id=account_id)
        with as_(world.ben) as work, pytest.raises(Refused):
            trust.check_account(work, account_id=account_id)
        with as_(world.anna) as work:
            trust.check_account(work, account_id=account_id)
            trust.check_contact(work, contact_id=contact_id)
        with as_(world.anna, readonly=True) as work:
            after = trust.of(work, kind="account", record_id=account_id)
        assert before is not None
        assert after is not None
        assert (after.checked, after.score > before.score) == (30, True)

    def test_the_limits_are_settings(self, world: World, make: Make, as_: As) -> None:
        """ADM-5."""
        account_id = make.account(team={world.anna: "machines"}, updated_at=NOW - 60 * DAY)
        with as_(world.adam) as work:
            organisation.change_settings(work, changes={"stale_days": 30})
        with as_(world.anna, readonly=True) as work:
            found = trust.of(work, kind="account", record_id=account_id)
        assert found is not None
        assert found.fresh == 0


class TestInbox:
    def found(self, as_: As, person: int, section: str, **asked: Any) -> set[int]:
        with as_(person, readonly=True) as work:
            page = data_inbox.page(work, section=section, request=ListRequest(**asked))
            assert data_inbox.counts(work)[section] == page.total or asked
            return {row["id"] for row in page.rows}

    @pytest.mark.parametrize(
        ("section", "wrong", "right"),
        [
            ("no_team", {"team": {}}, {}),
            ("account_incomplete", {"phone": None}, {}),
            ("account_incomplete", {"kind_id": None}, {}),
            ("account_stale", {"updated_at": NOW - 366 * DAY}, {"updated_at": NOW - 366 * DAY, "checked_at": NOW}),
            ("region", {"city_code": "340100"}, {"city_code": "340100", "checked_at": NOW}),
            ("region", {"city_code": None, "province_code": "340000"}, {"city_code": None, "province_code": "320000"}),
        ],
    )
    def test_customers(self, world: World, make: Make, as_: As, section: str, wrong: Any, right: Any) -> None:
        """Each section finds what is wrong and leaves alone what is right."""
        sound = {
            "team": {world.anna: "machines"}, "phone": "025 83123456", "city_code": "320100",
            "kind_id": world.codes["earthworks"],
        }  # fmt: skip
        with work_as_system("Hefei covers Anhui", at=NOW) as work:
            work.also(BranchRegion(region_code="340000", branch_id=world.hefei))
        bad, _good = make.account("A", **sound | wrong), make.account("B", **sound | right)
        make.account("C", **sound | wrong, deleted_at=NOW)
        assert self.found(as_, world.adam, section) == {bad}
        assert self.found(as_, world.adam, section, filters={"branch": world.hefei}) == set()

    def test_contacts(self, world: World, make: Make, as_: As) -> None:
        account_id = make.account()
        silent = make.contact(account_id, "甲")
        unborn = make.contact(account_id, "乙", mobile="13801395136", birthday=NOW.date() + timedelta(days=1))
        ancient = make.contact(account_id, "丙", landline="025 83123456", birthday=date(1900, 1, 1))
        twice = make.contact(account_id, "丁", mobile="13801395136", birthday=date(1980, 1, 1))
        stale = make.contact(account_id, "戊", mobile="13801395137", updated_at=NOW - 366 * DAY)
        make.contact(account_id, "己", mobile="13801395137", deleted_at=NOW)
        make.contact(make.account("Hefei's", branch_id=world.hefei), "庚", mobile="13801395137")
        assert self.found(as_, world.adam, "contact_incomplete") == {silent}
        assert self.found(as_, world.adam, "birthday") == {unborn, ancient}
        assert self.found(as_, world.adam, "shared_mobile") == {unborn, twice}
        assert self.found(as_, world.adam, "contact_stale") == {stale}

    def test_a_check_accepts_what_is_odd(self, world: World, make: Make, as_: As) -> None:
        """Two who share a telephone: whoever looked has said that it is right, until the check is no longer valid."""
        account_id = make.account()
        both = {make.contact(account_id, name, mobile="13801395136") for name in ("甲", "乙")}
        assert self.found(as_, world.adam, "shared_mobile") == both
        with as_(world.adam) as work:
            for one in both:
                trust.check_contact(work, contact_id=one)
        assert self.found(as_, world.adam, "shared_mobile") == set()

    def test_repairs_take_it_out(self, world: World, make: Make, as_: As) -> None:
        account_id = make.account(phone="025 83123456", city_code="320100")
        assert (
            self.found(as_, world.adam, "no_team") == self.found(as_, world.adam, "account_incomplete") == {account_id}
        )
        with as_(world.adam) as work:
            accounts.staff(work, account_id=account_id, member=accounts.Member(world.anna, "machines"))
            accounts.change(work, account_id=account_id, changes={"kind_id": world.codes["earthworks"]})
        assert self.found(as_, world.adam, "no_team") == self.found(as_, world.adam, "account_incomplete") == set()

    def test_one_name_of_several_customers(self, world: World, make: Make, as_: As) -> None:
        """ACCT-2, ALL-8: compared by the key, and with what is still there; each branch keeps its own record of a customer."""
        same = {make.account(name) for name in ("大地机械有限公司", "大地机械公司")}
        make.account("大地机械", branch_id=world.hefei)
        make.account("永盛机械", branch_id=world.hefei)
        make.account("Other")
        make.account("永盛机械有限公司")
        make.account("永盛机械公司", deleted_at=NOW)
        assert self.found(as_, world.adam, "same_name") == same

    def test_the_data_administrator_alone(self, world: World, as_: As) -> None:
        for person in (world.anna, world.mia, world.hanna, world.eva):
            with pytest.raises(Refused):
                self.found(as_, person, "birthday")
        with pytest.raises(NotFound):
            self.found(as_, world.adam, "nothing")

    def test_counting_stops_somewhere(self, world: World, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(data_inbox, "MOST", 3)
        with work_as_system("many", at=NOW) as work:
            rows = [Account(name=str(n), branch_id=world.nanjing, created_at=NOW, updated_at=NOW) for n in range(9)]
            work.also(*rows)
            work.also(*(Contact(name="x", branch_id=world.nanjing, created_at=NOW, updated_at=NOW) for _ in range(2)))
        with as_(world.adam, readonly=True) as work:
            counts = data_inbox.counts(work)
        assert (counts["no_team"], counts["contact_incomplete"]) == (4, 2)
