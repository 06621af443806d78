"""Demo data: believable, within the rules, the same for the same seed, and never over somebody's own data (ADM-10)."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.models import (
    Account,
    Activity,
    ActivityHolding,
    ActivityState,
    Attachment,
    Channel,
    Lead,
    NameTrace,
    Notice,
    Role,
    User,
)
from db.upgrade import upgrade
from services import activities, contact_requests, demo, disputes, formats, integrity, passwords, reference
from services.core.work import work_as, work_as_system
from services.demo.feedback import FOR, PURPOSES, TYPES
from services.demo.history import Scale
from services.demo.words import table
from tests import databases
from tests.factories import NOW, World
from tests.stage import ON_POSTGRESQL, surroundings

#: as the small size, with fewer customers and days
TINY = Scale(customers=6, days_back=6, days_ahead=3, told=True)
LATER = NOW + timedelta(minutes=1)
#: what the guide tells people to look for
LOOKED_FOR = (
    "破碎锤不打", "二期设备需求", "按揭资料补签", "全部设备登记", "竞品台数统计", "寄售柜盘点", "HY370用机回访", "年末走访", "二手机报价",
)  # fmt: skip
Load = Callable[..., demo.Report]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Loads demo data into a new database, which the environment points to until the next one."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setitem(demo.SIZES, "small", TINY)
        entered: list[Any] = []

        def load(seed: int = 1, at: datetime = NOW) -> demo.Report:
            while entered:
                entered.pop().__exit__(None, None, None)
            folder = tmp_path_factory.mktemp("demo")
            here = surroundings(folder, databases.postgres_url() if ON_POSTGRESQL else databases.sqlite_url(folder))
            here.__enter__()
            entered.append(here)
            upgrade()
            with work_as_system("tests upgrade", at=NOW, channel=Channel.COMMAND) as work:
                reference.load(work)
            return demo.load(seed=seed, at=at)

        yield load
        while entered:
            entered.pop().__exit__(None, None, None)


@pytest.fixture(scope="module")
def report(load: Load) -> demo.Report:
    return load()


def rows(statement: Any) -> Sequence[Any]:
    with work_as_system("a test looks", at=LATER, readonly=True) as work:
        return work.rows(statement)


def state_of(subject: str) -> Any:
    found = rows(
        select(Activity.id, Activity.state, Activity.queue_reason, Activity.owner_id).where(Activity.subject == subject)
    )
    assert len(found) == 1, subject
    return found[0]


def test_data_of_ones_own_are_left_alone(world: World) -> None:
    report = demo.load(at=NOW)
    assert not report.loaded
    assert report.people == []
    assert report.counts["users"] == len(world.people)


def test_everything_obeys_the_rules(report: demo.Report) -> None:
    with work_as_system("a test checks", at=LATER, readonly=True) as work:
        assert integrity.problems(work, deep=True) == []


def test_whatever_has_a_name_is_found_by_similar_ones(report: demo.Report) -> None:
    """ACCT-3: customers and leads of the demo leave the traces that entered ones do."""
    left = {(row.kind, row.record_id) for row in rows(select(NameTrace.kind, NameTrace.record_id).distinct())}
    named = {("account", row.id) for row in rows(select(Account.id, Account.name)) if formats.traces(row.name)}
    named |= {("lead", row.id) for row in rows(select(Lead.id, Lead.company)) if formats.traces(row.company)}
    assert named
    assert named - left == set()


def test_the_report_names_a_person_for_each_role_of_each_branch(report: demo.Report) -> None:
    by_branch = Counter(person.branch for person in report.people)
    assert len(by_branch) == 7
    assert by_branch[None] == 3
    assert {count for branch, count in by_branch.items() if branch} == {6}
    assert {person.role for person in report.people} == set(Role)
    assert asdict(report)["counts"]["users"] == report.counts["users"] > 90


def test_everybody_signs_in_with_the_password_that_is_told(report: demo.Report) -> None:
    """SIG-6: demo people are marked, have one password, and need not choose another."""
    people = rows(select(User.password_hash, User.demo, User.must_change_password))
    assert len({person.password_hash for person in people}) == 1
    assert all(person.demo and not person.must_change_password for person in people)
    assert report.password
    assert passwords.matches(report.password, people[0].password_hash)
    assert passwords.weakness(report.password, names=[]) is None


def test_loading_again_changes_nothing(report: demo.Report) -> None:
    again = demo.load(at=LATER)
    assert not again.loaded
    assert again.password is None
    assert again.counts == report.counts
    assert again.people == report.people


def test_there_is_a_past_a_present_and_a_future(report: demo.Report) -> None:
    found = rows(select(Activity.state, Activity.planned_start, Activity.due_at, Activity.ended_at))
    past = [row for row in found if row.planned_start < NOW - timedelta(days=1)]
    states = Counter(row.state for row in past)
    assert states[ActivityState.ENDED] / len(past) > 0.85
    assert all(row.planned_start < NOW for row in found if row.state is ActivityState.ENDED)
    assert any(row.due_at < NOW for row in found if row.state is ActivityState.PLANNED), "nothing is overdue"
    assert sum(row.planned_start > NOW + timedelta(days=1) for row in found) > 50
    assert sum(row.state is ActivityState.IN_PROGRESS for row in found) > 10


def test_the_first_rep_has_a_full_day(report: demo.Report) -> None:
    rep = next(person for person in report.people if person.role is Role.REP)
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        rep_id = work.scalar(select(User.id).where(User.login == rep.login))
    with work_as(rep_id, at=NOW, readonly=True) as work:
        states = Counter(row.state for row in activities.today(work))
    assert states[ActivityState.ENDED] >= 3
    assert states[ActivityState.IN_PROGRESS] == 1
    assert states[ActivityState.ASSIGNED] >= 1
    assert states[ActivityState.PLANNED] >= 3


def test_every_branch_manager_has_something_to_approve(report: demo.Report) -> None:
    """CON-5, CON-6, ASG-4: deletions, changes, disputes of one and of two branches, and something decided."""
    managers = [person.login for person in report.people if person.role is Role.BRANCH_MANAGER]
    for manager_id in [row.id for row in rows(select(User.id).where(User.login.in_(managers)))]:
        with work_as(manager_id, at=LATER, readonly=True) as work:
            waiting = contact_requests.entries(work, view="waiting")
            assert {entry.kind.value for entry in waiting} == {"delete", "change"}
            states = {entry.state.value for entry in disputes.entries(work, view="waiting")}
            assert states == {"open", "proposed"}
            assert contact_requests.entries(work, view="decided")
            assert disputes.entries(work, view="decided")


def test_managers_have_something_to_decide(report: demo.Report) -> None:
    assert state_of("石臼湖矿业二期设备需求").state is ActivityState.DECLINED
    assert state_of("石臼湖矿业投诉：破碎锤不打").state is ActivityState.ASSIGNED
    assert state_of("沐阳土石方全部设备登记").state is ActivityState.ASSIGNED
    queued = state_of("云台建设配件寄售柜盘点")
    assert queued.queue_reason
    assert rows(select(User.role).where(User.id == queued.owner_id))[0].role is Role.BRANCH_MANAGER
    handed = state_of("云台建设HY370用机回访")
    assert len(rows(select(ActivityHolding.id).where(ActivityHolding.activity_id == handed.id))) == 3


def test_files_and_notices_are_there(report: demo.Report) -> None:
    assert {row.name for row in rows(select(Attachment.name))} >= {
        "试机现场1.png",
        "HY215报价单.pdf",
        "油耗记录.txt",
        "谈判要点.txt",
    }
    unread = Counter(row.read_at is None for row in rows(select(Notice.read_at)))
    assert unread[True] > 20
    assert unread[False] > unread[True]


def test_the_guide_names_people_and_activities_that_exist(report: demo.Report) -> None:
    guide = (Path(__file__).parents[2] / "docs/demo.md").read_text(encoding="utf-8")
    logins = {row.login for row in rows(select(User.login))}
    named = set(re.findall(r"^\| `([a-z0-9]+)` \|", guide, re.MULTILINE))
    assert named
    assert named <= logins
    subjects = "|".join(row.subject for row in rows(select(Activity.subject)))
    missing = [words for words in LOOKED_FOR if words not in subjects or words not in guide]
    assert missing == []


def test_the_same_seed_makes_the_same_data(load: Load, report: demo.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    told = select(
        Account.name, Account.phone, Activity.subject, Activity.learned, Activity.planned_start, Activity.owner_id
    )
    told = told.select_from(Activity).join(Account, Account.id == Activity.account_id).order_by(Activity.id)
    first, people = rows(told), report.people
    monkeypatch.setenv("DEMO_PASSWORD", "Bagger-fahren-macht-Spass")
    again = load()
    assert again.password == "Bagger-fahren-macht-Spass"
    assert again.people == people
    assert rows(told) == first


def test_another_seed_makes_other_data_and_each_load_a_password_of_its_own(load: Load, report: demo.Report) -> None:
    other = load(seed=2)
    assert [person.login for person in other.people] != [person.login for person in report.people]
    assert other.password != report.password


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 21, 20, 10, tzinfo=UTC),
        datetime(2028, 2, 29, 16, 1, tzinfo=UTC),
    ],
)
def test_it_can_be_any_moment(load: Load, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nights, Sundays, the last of February, the first minute of a day."""
    monkeypatch.setitem(demo.SIZES, "small", replace(TINY, customers=3, days_back=2, days_ahead=1))
    load(at=moment)
    with work_as_system("a test checks", at=moment + timedelta(minutes=1), readonly=True) as work:
        assert integrity.problems(work) == []


def test_every_sentence_has_a_result_of_its_type() -> None:
    codes = codes_of("activity_result")
    for row in table("feedback.csv"):
        for kind in row["types"].split("|"):
            assert kind in codes_of("activity_type")
            assert any(codes[result] in ("", kind) for result in row["result"].split("|")), row


def test_every_address_is_written_out() -> None:
    """CON-3"""
    for row in table("streets.csv"):
        assert formats.street(f"{row['street']}18号") == f"{row['street']}18号"


def test_every_aim_has_a_sentence() -> None:
    for line, purposes in PURPOSES.items():
        for purpose in purposes:
            for kind in (kind for kind in TYPES[line] if purpose in FOR.get(kind, (purpose,))):
                assert any(fits(row, kind, purpose) for row in table("feedback.csv")), (line, purpose, kind)


def codes_of(name: str) -> dict[str, str]:
    """Code → group of one list as every installation has it."""
    with (Path(reference.__file__).parent / "data/code_lists.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["group"] for row in csv.DictReader(lines) if row["list"] == name}


def fits(row: Mapping[str, str], kind: str, purpose: str) -> bool:
    return kind in row["types"].split("|") and bool({purpose, "*"} & set(row["purposes"].split("|")))
