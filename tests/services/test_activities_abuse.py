"""Hostile arguments: whoever sends whatever, the answer is in words and the database stays sound (quality.md, "Abuse")."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services import activities, attachments, integrity
from services.activities.planning import Repeat
from services.core.errors import ServiceError
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, Make, as_person
from tests.stage import Stage
from tests.stories import feedback, plan_values

PEOPLE = ("anna", "sun", "mia", "ruth", "hanna", "adam", "eva", "carl")
#: the first ids of the database are in use
ids = st.one_of(st.integers(0, 12), st.sampled_from([-1, 2**31 - 1, 2**31, 2**63, 10**20]))
some_ids = st.lists(ids, max_size=3)
EVIL = [
    "",
    "   ",
    "\x00",
    "'; DROP TABLE activities;--",
    "<script>alert(1)</script>",
    "=1+1",
    "%_\\",
    "{subject}",
    "\u202eabc",
    "👷" * 60,
]
texts = st.one_of(st.sampled_from(EVIL), st.text(max_size=300), st.just("长" * 10_000))
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    NOW.replace(tzinfo=None),
]
moments = st.one_of(st.sampled_from([*MOMENTS, NOW, NOW - HOUR, NOW + DAY]), st.datetimes(timezones=st.just(UTC)))
days = st.one_of(st.dates(), texts)
anything = st.one_of(ids, texts, moments, st.none(), st.floats(), st.booleans(), st.dates())
NAMES = [field.name for field in (*activities.FIELDS, *activities.FEEDBACK)]
names = st.sampled_from([*NAMES, "state", "owner_id", "seal", "version", "id", "__class__", "x"])
some_values = st.dictionaries(names, anything, max_size=4)

CALLS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "plan": {"values": some_values, "contact_ids": some_ids, "participant_ids": some_ids, "follows_id": ids},
    "plan_many": {
        "values": some_values,
        "account_ids": some_ids,
        "repeat": st.builds(Repeat, st.integers(-2, 300), st.integers(-9, 10**6), st.integers(-9, 10**6)),
    },
    "assign": {"values": some_values, "owner_ids": some_ids, "contact_ids": some_ids},
    "change": {"activity_id": ids, "changes": some_values, "version": st.integers(-1, 3), "contact_ids": some_ids},
    "reschedule": {"activity_id": ids, "planned_start": moments, "planned_end": moments},
    "start": {"activity_id": ids, "started_at": moments, "check_in": texts},
    "end": {"activity_id": ids, "feedback": some_values, "started_at": moments, "ended_at": moments},
    "finish": {
        "activity_id": ids,
        "feedback": some_values,
        "files": st.lists(st.tuples(texts, st.binary(max_size=40)), max_size=2),
        "follow_up": st.booleans(),
    },
    "accept": {"activity_id": ids},
    "decline": {"activity_id": ids, "reason": texts},
    "insist": {"activity_id": ids, "comment": texts},
    "reassign": {"activity_id": ids, "to_user_id": ids, "reason": texts},
    "delegate_many": {"activity_ids": some_ids, "to_user_id": ids, "reason": texts},
    "withdraw": {"activity_id": ids, "reason": texts},
    "cancel": {"activity_id": ids, "reason": texts},
    "review": {"activity_id": ids, "mark": st.integers(-1, 7), "comment": texts},
    "card": {"activity_id": ids},
    "follow_up_values": {"activity_id": ids},
}
calls = st.sampled_from(sorted(CALLS)).flatmap(
    lambda name: st.tuples(st.just(name), st.fixed_dictionaries(CALLS[name]))
)
attacks = st.lists(st.tuples(st.sampled_from(PEOPLE), calls), min_size=5, max_size=15)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("abuse")


@settings(max_examples=settings().max_examples // 2, phases=[Phase.generate])
@given(attacks=attacks)
def test_every_answer_is_in_words(stage: Stage, folder: Path, attacks: list[Any]) -> None:
    with stage.fresh(folder):
        people = _begin(stage)
        for person, (name, arguments) in attacks:
            given_values = {**arguments}
            if "values" in given_values:
                given_values["values"] = plan_values(stage.world) | given_values["values"]
            if "feedback" in given_values:
                given_values["feedback"] = feedback(stage.world) | given_values["feedback"]
            _call(people[person], name, given_values)
        with work_as_system("check", at=NOW + DAY) as work:
            assert integrity.problems(work) == []


def _begin(stage: Stage) -> dict[str, int]:
    """Anna has one activity in each state, made by the services; Carl has one."""
    make, world = Make(stage.world), stage.world
    account_id = make.account(team={world.anna: "machines"})
    contact_id = make.contact(account_id)
    values = plan_values(world, account_id=account_id)
    with as_person(world.anna) as work:
        activities.plan(work, values=values, contact_ids=[contact_id], participant_ids=[world.ben])
        activities.finish(work, activity_id=activities.plan(work, values=values), feedback=feedback(world))
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
    return world.people


def _call(person: int, name: str, arguments: dict[str, Any]) -> None:
    with answered(), as_person(person, at=NOW + 7 * HOUR) as work:
        getattr(activities, name)(work, **arguments)


@contextmanager
def answered() -> Iterator[None]:
    """Service errors are answers that can be put into words; anything else fails the test."""
    try:
        yield
    except ServiceError as error:
        error.text(str)


requests = st.builds(
    ListRequest,
    search=texts,
    filters=st.dictionaries(
        st.sampled_from([*(f.name for f in activities.LIST.filters), "seal"]), anything, max_size=3
    ),
    sort=st.sampled_from(["", "subject", "seal", "owner", "planned_start", "x"]),
    descending=st.booleans(),
    page=st.one_of(st.integers(-5, 5), st.just(10**20)),
    size=st.integers(1, 500),
)


@settings(max_examples=settings().max_examples * 2)
@given(request_=requests, person=st.sampled_from(PEOPLE))
def test_every_list_request_is_answered(stage: Stage, folder: Path, request_: ListRequest, person: str) -> None:
    """ALL-9, ACC-2: what stands in an address may be anything."""
    with stage.fresh(folder), answered(), as_person(stage.world.people[person], readonly=True) as work:
        assert fetch(work, activities.LIST, request_).total == 0


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
