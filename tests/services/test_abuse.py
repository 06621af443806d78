"""Hostile arguments: whoever sends whatever to whichever service, the answer is in words and the data stay sound (quality.md).

`ABUSE_MINUTES=10 pytest -s tests/services/test_abuse.py -k every_answer` is the long run; it tells what came of it.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services import (
    absences,
    accounts,
    activities,
    assignment,
    attachments,
    contact_requests,
    contacts,
    disputes,
    handover,
    imports,
    integrity,
    leads,
)
from services.core.errors import ServiceError
from services.core.listing import ListRequest, ListSpec, fetch
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, Make, as_person
from tests.services.hostile import anything, arguments, sound, texts
from tests.services.test_permissions import all_services, service
from tests.stage import Stage
from tests.stories import feedback, plan_values

pytestmark = pytest.mark.walk

MINUTES, ROUNDS = float(os.environ.get("ABUSE_MINUTES", "0")), settings().max_examples // 2
PEOPLE = ("anna", "ben", "sun", "mia", "ruth", "hanna", "adam", "eva", "carl", "max")
#: not called: what talks to a gateway outside, and what only reads and is asked anything elsewhere
LEFT_OUT = {
    "delivery.test_channel",
    "integrity.problems",
    "reports.activity_statistics.statistics",
    "reports.excel.statistics",
    "reports.lead_success.success",
    "reports.excel.leads",
    "imports.wrong_rows",
}
#: guarded row by row, not by role
ROW_BY_ROW = {"attachments.add", "attachments.add_many"}
LISTS = {
    spec.name: spec
    for spec in (
        activities.LIST, accounts.LIST, contacts.LIST, leads.LIST, disputes.LIST, contact_requests.LIST, handover.LIST,
        imports.LIST,
    )
}  # fmt: skip

Attack = tuple[str, tuple[str, dict[str, Any]]]
#: what the long run tells: service → how many attempts had which answer
answers: dict[str, Counter[str]] = {}


def attacks() -> st.SearchStrategy[list[Attack]]:
    """Some people, each with a service and what they send to it; all services alike often."""
    names = sorted((all_services() | ROW_BY_ROW) - LEFT_OUT)
    calls = {name: arguments(name, service(name)) for name in names}
    call = st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), calls[name]))
    return st.lists(st.tuples(st.sampled_from(PEOPLE), call), min_size=10, max_size=25)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("abuse")


@pytest.mark.timeout(0 if MINUTES else 300)
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_every_answer_is_in_words(stage: Stage, folder: Path) -> None:
    """Every guarded service, random people: no accident, and after each round every invariant holds."""
    begun = time.monotonic()
    number = rounds(stage, folder, number=0)
    while time.monotonic() < begun + 60 * MINUTES:
        number = rounds(stage, folder, number=number)
    if MINUTES:
        sys.stdout.write(told(number))


def told(number: int) -> str:
    """What came of the long run: how much was tried, and how each service answered."""
    calls = sum(counted.total() for counted in answers.values())
    each = (
        f"  {name:28} " + ", ".join(f"{count} {answer}" for answer, count in counted.most_common())
        for name, counted in sorted(answers.items())
    )
    return "\n".join([f"\n{number} rounds, {calls} calls", *each, ""])


def rounds(stage: Stage, folder: Path, *, number: int) -> int:
    """Some rounds, drawn from the number of those before them; how many there were then."""

    @seed(number)
    @settings(max_examples=ROUNDS, phases=[Phase.generate], derandomize=False, suppress_health_check=list(HealthCheck))
    @given(sent=attacks())
    def one_round(sent: list[Attack]) -> None:
        with stage.fresh(folder):
            people, fitting = _begin(stage), sound(stage.world)
            for person, (name, arguments_) in sent:
                _call(people[person], name, _over(fitting.get(name, {}), arguments_))
            with work_as_system("check", at=NOW + DAY) as work:
                assert integrity.problems(work) == []

    one_round()
    return number + ROUNDS


def _over(fitting: Mapping[str, Any], arguments_: dict[str, Any]) -> dict[str, Any]:
    """Hostile values stand among those that fit, so that the rest of the service is reached."""
    return {
        name: {**fitting, **value} if name in ("values", "feedback") else value for name, value in arguments_.items()
    }


def _begin(stage: Stage) -> dict[str, int]:
    """Anna has one activity in each state, made by the services, with a customer, a contact and a file; Carl has his own."""
    make, world = Make(stage.world), stage.world
    account_id = make.account(team={world.anna: "machines"})
    contact_id = make.contact(account_id)
    make.contact(make.account("合肥土方有限公司", branch_id=world.hefei, team={world.carl: "machines"}))
    values = plan_values(world, account_id=account_id)
    with as_person(world.anna) as work:
        activities.plan(work, values=values, contact_ids=[contact_id], participant_ids=[world.ben])
        activities.finish(work, activity_id=activities.plan(work, values=values), feedback=feedback(world))
        attachments.add(work, name="notes.txt", data=b"Two excavators", account_id=account_id)
    with as_person(world.mia) as work:
        _, declined, begun, cancelled = (
            activities.assign(work, values=values, owner_ids=[world.anna])[0] for _ in range(4)
        )
    with as_person(world.anna) as work:
        activities.decline(work, activity_id=declined, reason="Ill")
        activities.start(work, activity_id=begun)
    with as_person(world.mia) as work:
        activities.cancel(work, activity_id=cancelled, reason="Closed")
    with as_person(world.carl) as work:
        activities.plan(work, values=plan_values(world))
    _begin_decisions(stage, contact_id)
    return world.people


def _begin_decisions(stage: Stage, contact_id: int) -> None:
    """Leads of two branches and of nobody, two of them claimed; what was asked of a contact; who is away; what is planned."""
    world, later = stage.world, NOW.date() + timedelta(days=9)
    for person, mobile in ((world.anna, "13911110001"), (world.carl, "13911110002"), (world.ruth, "13911110003")):
        with as_person(person) as work:
            leads.create(work, values={"line": "machines", "mobile": mobile})
    for person, mobile in ((world.ben, "13911110001"), (world.anna, "13911110002")):
        with as_person(person) as work:
            disputes.claim(work, sought=mobile, reason="He called me first")
    with as_person(world.ben) as work:
        contact_requests.ask_deletion(work, contact_id=contact_id, reason_id=world.codes["retired"], remark="x")
    with as_person(world.pia) as work:
        contact_requests.propose(work, contact_id=contact_id, changes={"job_title": "队长"})
        absences.enter(work, user_id=world.pia, values={"first_day": later, "last_day": later})
    with as_person(world.mia) as work:
        today = {"first_day": NOW.date(), "last_day": NOW.date(), "stand_in_id": world.sun}
        absences.enter(work, user_id=world.mia, values=today)
        assignment.add(work, values={"name": "Machines", "rep_ids": [world.anna]})
        shares = [handover.Share(world.ben)]
        handover.make(work, from_user_id=world.anna, shares=shares, reason="Anna leaves", on_day=later)


def _call(person: int, name: str, arguments_: dict[str, Any]) -> None:
    counted = answers.setdefault(name, Counter())
    try:
        with as_person(person, at=NOW + 7 * HOUR) as work:
            service(name)(work, **arguments_)
        counted["done"] += 1
    except ServiceError as error:
        error.text(str)
        counted[type(error).__name__] += 1
    except Exception as error:
        error.add_note(f"{name} was sent {str(arguments_)[:2000]}")
        raise


@contextmanager
def answered() -> Iterator[None]:
    """Service errors are answers that can be put into words; anything else fails the test."""
    try:
        yield
    except ServiceError as error:
        error.text(str)


def requests(spec: ListSpec) -> st.SearchStrategy[ListRequest]:
    """What may stand in the address of a list."""
    return st.builds(
        ListRequest,
        search=texts,
        filters=st.dictionaries(st.sampled_from([*(f.name for f in spec.filters), "seal"]), anything, max_size=3),
        sort=st.sampled_from(["", *(column.name for column in spec.columns), "seal", "x"]),
        descending=st.booleans(),
        page=st.one_of(st.integers(-5, 5), st.just(10**20)),
        size=st.integers(1, 500),
    )


@pytest.mark.parametrize("name", LISTS)
def test_every_list_request_is_answered(stage: Stage, folder: Path, name: str) -> None:
    """ALL-9, ACC-2: what stands in an address may be anything."""

    @given(request_=requests(LISTS[name]), person=st.sampled_from(PEOPLE))
    def one_request(request_: ListRequest, person: str) -> None:
        with answered(), as_person(stage.world.people[person], readonly=True) as work:
            assert fetch(work, LISTS[name], request_).total == 0

    with stage.fresh(folder):
        one_request()


@given(name=texts, data=st.binary(max_size=300))
def test_every_file_is_kept_or_refused(stage: Stage, folder: Path, name: str, data: bytes) -> None:
    """ACT-12: names with paths, markup, nothing; contents of any kind."""
    with stage.fresh(folder):
        activity_id = Make(stage.world).activity(stage.world.anna)
        with answered(), as_person(stage.world.anna) as work:
            attachments.add(work, name=name, data=data, activity_id=activity_id)
            (kept,) = attachments.list_of(work, activity_id=activity_id)
            assert not set("/\\\x00") & set(kept.name)
            assert kept.size == len(data)


@given(first=st.dates(), span=st.timedeltas(timedelta(-400), timedelta(400)))
def test_any_calendar_window_is_answered(stage: Stage, folder: Path, first: date, span: timedelta) -> None:
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    with stage.fresh(folder), as_person(stage.world.anna, readonly=True) as work:
        try:
            until = begin + span
        except OverflowError:
            return
        assert list(activities.plan_of(work, owner_ids=[stage.world.anna], begin=begin, until=until)) == []
