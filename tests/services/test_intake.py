"""LEAD-9: what a website's form sends becomes a lead under the rules of imports, or says field by field why not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from db.models import Channel, Event, IntakeCall, Lead, LeadState, Notice
from services import intake, organisation
from services.core.errors import Invalid, Refused
from services.core.settings import settings
from services.core.work import Work, work_as_system
from tests.factories import NOW, As, Make, World
from tests.looking import stored
from tests.races import meanwhile, race

FORM = {
    "姓名": "王建国",
    "手机": "+86 138-0139-5136",
    "城市": "南京市",
    "意向产品": "HY215",
    "备注": "想看样机",
    "utm": "x",
}


def handed_in(given: dict[str, object] = FORM) -> int:
    with work_as_system("a website", at=NOW, channel=intake.FROM_FORMS) as work:
        return intake.hand_in(work, site="官网", given=given)


def called(site: str, at: datetime = NOW) -> bool:
    """Whether one more call of this website is taken."""
    try:
        with work_as_system("a website", at=at, channel=intake.FROM_FORMS) as work:
            intake.check_pace(work, site=site)
    except Refused:
        return False
    return True


def told(work: Work, lead_id: int) -> list[tuple[str, str | None]]:
    return [
        (event.action, event.note)
        for event in work.scalars(
            select(Event).where(Event.record_id == lead_id, Event.kind == "lead").order_by(Event.id)
        )
    ]


class TestTaking:
    def test_it_waits_in_the_branch_of_its_region(self, world: World) -> None:
        lead = stored(Lead, handed_in())
        assert (lead.person, lead.mobile, lead.model, lead.notes) == ("王建国", "13801395136", "HY215", "想看样机")
        assert (lead.state, lead.owner_id, lead.branch_id) == (LeadState.NEW, None, world.nanjing)
        assert (lead.line, lead.source_id) == ("machines", world.codes["website"])

    def test_its_story_says_through_which_website(self, world: World) -> None:
        lead_id = handed_in()
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert told(work, lead_id)[-1] == ("handed_in", "官网")
            assert set(work.scalars(select(Event.channel).where(Event.record_id == lead_id))) == {Channel.IMPORT}

    def test_what_the_form_says_of_line_and_source_counts(self, world: World) -> None:
        lead = stored(Lead, handed_in({"Mobile": "13801395136", "Product line": "parts", "Source": "展会"}))
        assert (lead.line, lead.source_id) == ("parts", world.codes["exhibition"])

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"姓名": "王建国"}, {"mobile"}),
            ({"手机": "12345"}, {"手机"}),
            ({"手机": "13801395136", "姓名": "王总", "邮箱": "x"}, {"姓名", "邮箱"}),
            ({"手机": "13801395136", "详细地址": "中山Rd. 18号"}, {"详细地址"}),
        ],
    )
    def test_what_cannot_be_taken_is_named_as_the_form_names_it(
        self, world: World, given: dict[str, object], wrong: set[str]
    ) -> None:
        """CON-1 to CON-3 hold here too, and nothing is stored."""
        with pytest.raises(Invalid) as refused:
            handed_in(given)
        assert set(refused.value.fields) == wrong
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert work.scalar(select(Lead.id)) is None


class TestAskingAgain:
    def test_a_namesake_of_a_customer_is_taken_and_not_told_of(self, world: World, make: Make) -> None:
        """ALL-7: same company, other number: a website learns nothing about who is known, and no interest is lost."""
        make.account("徐工机械有限公司", phone="025 85868466")
        make.lead(world.carl, company="徐工机械", mobile="13911111111")
        lead = stored(Lead, handed_in(FORM | {"公司": "徐工机械"}))
        assert (lead.company, lead.duplicate_reason) == ("徐工机械", "官网")
        assert stored(Lead, handed_in(FORM | {"手机": "13922222222"})).duplicate_reason is None

    def test_an_open_lead_is_told_of_and_not_doubled(self, world: World, make: Make) -> None:
        lead_id = make.lead(world.anna, mobile="13801395136")
        assert handed_in() == lead_id
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert told(work, lead_id) == [("asked_again", "官网 · 想看样机")]
            assert [(row.user_id, row.kind) for row in work.scalars(select(Notice))] == [
                (world.anna, "lead_asked_again")
            ]

    def test_a_double_click_brings_one(self, world: World) -> None:
        """LEAD-9, ALL-5: two at the same moment, of which neither sees the other."""
        opened = work_as_system("a website", at=NOW, channel=intake.FROM_FORMS)
        meanwhile(opened, lambda work: intake.hand_in(work, site="官网", given=FORM), handed_in)
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert len(work.scalars(select(Lead.id))) == 1

    @pytest.mark.parametrize("known_as", ["account", "lead"])
    def test_who_is_a_customer_or_was_given_up_is_a_new_lead(self, world: World, make: Make, known_as: str) -> None:
        """ACCT-3: the reason for the second one is the website through which they asked."""
        if known_as == "account":
            make.account(phone="13801395136")
        else:
            gone = {"disqualify_reason_id": world.codes["no_need"], "disqualified_at": NOW, "assigned_at": NOW}
            make.lead(world.anna, mobile="13801395136", state="disqualified", **gone)
        lead = stored(Lead, handed_in())
        assert (lead.state, lead.duplicate_reason) == (LeadState.NEW, "官网")


class TestKeys:
    def test_only_a_long_key_that_was_set_opens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INTAKE_KEYS", f"官网:{'k' * 24} weak:short broken")
        settings.cache_clear()
        assert intake.site_of("k" * 24) == "官网"
        assert [intake.site_of(key) for key in ("", "short", "k" * 23, "钥匙", "broken")] == [None] * 5
        settings.cache_clear()

    def test_a_website_that_sends_too_much_waits_a_minute(self, world: World) -> None:
        minute = timedelta(minutes=1)
        assert [called("a", at=NOW + n * minute / 60) for n in range(31)] == [True] * 30 + [False]
        assert called("b")
        assert not called("a", at=NOW + minute * 59 / 60)
        assert called("a", at=NOW + minute)
        assert not called("a", at=NOW + minute)
        with work_as_system("look", readonly=True) as work:
            assert work.scalar(select(func.count()).select_from(IntakeCall).where(IntakeCall.site == "a")) == 30

    def test_how_much_is_a_setting(self, world: World, as_: As) -> None:
        with as_(world.adam) as work:
            organisation.change_settings(work, changes={"intake_per_minute": 2})
        assert [called("官网") for _ in "123"] == [True, True, False]

    def test_all_processes_together_hold_it(self, world: World, as_: As) -> None:
        """LEAD-9: several at the same moment are counted one after the other."""
        with as_(world.adam) as work:
            organisation.change_settings(work, changes={"intake_per_minute": 3})
        taken = race(*(lambda: called("官网") for _ in range(6)))
        assert sorted(taken) == [False] * 3 + [True] * 3
