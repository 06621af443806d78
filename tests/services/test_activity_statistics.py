"""Activity statistics: counted by local dates, within the reader's reach, each figure equal to the list it opens (ACT-18)."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Activity, ActivityReview, ActivityState, UserLine
from services import activities
from services.activities.figures import FIGURES
from services.core.errors import Refused
from services.core.listing import ListRequest, fetch
from services.core.moments import local
from services.core.work import Work, work_as_system
from services.reports.activity_statistics import SHAPE, Figures, Statistics, drill, people, statistics
from services.reports.periods import PRESETS, Period
from services.reports.shape import Line, Question
from tests.factories import DAY, HOUR, NOW, SHANGHAI, As, Make, World

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
COUNTS = ("planned", "ended", "on_time", "overdue", "declined", "cancelled", "reviewed")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def store(world: World, **values: Any) -> int:
    """An activity as it is stored, in any state; Anna's, of today, unless said otherwise."""
    return store_all(world, [values])[0]


def store_all(world: World, given: Sequence[dict[str, Any]]) -> list[int]:
    """Several of them in one transaction; ``mark`` stands for a review by Mia."""
    with work_as_system("a test needs figures", at=NOW) as work:
        rows = [Activity(**complete(world, {k: v for k, v in one.items() if k != "mark"})) for one in given]
        work.also(*rows)
        work.flush()
        marked = [(row.id, one["mark"]) for row, one in zip(rows, given, strict=True) if one.get("mark")]
        work.also(*(ActivityReview(activity_id=n, reviewer_id=world.mia, mark=m, created_at=NOW) for n, m in marked))
        return [row.id for row in rows]


def complete(world: World, values: dict[str, Any]) -> dict[str, Any]:
    owner = values.get("owner_id", world.anna)
    start = values.get("planned_start", NOW)
    return {
        "owner_id": owner, "branch_id": world.hefei if owner in (world.carl, world.max) else world.nanjing,
        "state": ActivityState.PLANNED, "type_id": world.codes["visit"], "subject": "Visit", "planned_start": start,
        "planned_end": start + HOUR, "due_at": start + HOUR, "created_at": NOW, "updated_at": NOW,
    } | values  # fmt: skip


def ended(world: World, ended_at: datetime, **values: Any) -> dict[str, Any]:
    """An ended activity that took an hour."""
    feedback = {"result_id": world.codes["interested"], "learned": "x", "seal": "0" * 64}
    times = {"planned_start": ended_at - HOUR, "due_at": ended_at, "started_at": ended_at - HOUR, "ended_at": ended_at}
    return {"state": ActivityState.ENDED} | feedback | times | values


def end(world: World, ended_at: datetime, **values: Any) -> int:
    return store(world, **ended(world, ended_at, **values))


def answer(as_: As, person: int, by: str = "rep", period: Period = NOVEMBER, **more: Any) -> Statistics:
    with as_(person, readonly=True) as work:
        return statistics(work, question=Question(by, period, **more), compare=True)


def shown(found: Statistics, figure: str) -> dict[str, int]:
    return {line.label: getattr(line.figures, figure) for line in found.lines if getattr(line.figures, figure)}


def listed(work: Work, filters: dict[str, str]) -> int:
    return fetch(work, activities.LIST, ListRequest(filters=filters)).total


def drawn(world: World, rng: random.Random, customers: Sequence[int]) -> dict[str, Any]:
    """A random activity whose moments lie close to midnight and the ends of weeks and months."""
    start = at(f"{date(2026, 10, 28) + timedelta(days=rng.randrange(40))} 00:00")
    start += timedelta(minutes=rng.choice([-1, 0, 1, 600, 1439]))
    owner = rng.choice([world.anna, world.ben, world.pia, world.carl, world.mia])
    known = {
        "owner_id": owner, "type_id": world.codes[rng.choice(["visit", "call"])], "due_at": start + rng.choice([HOUR, DAY]),
        "purpose_id": rng.choice([None, world.codes["needs"]]),
        "account_id": None if owner == world.carl else rng.choice([None, *customers]),
    }  # fmt: skip
    return known | in_state(world, rng, rng.choice(list(ActivityState)), start)


def in_state(world: World, rng: random.Random, state: ActivityState, start: datetime) -> dict[str, Any]:
    moment = start + timedelta(hours=rng.randrange(60))
    planned = {"state": state, "planned_start": start, "planned_end": start + HOUR}
    of_state: dict[ActivityState, dict[str, Any]] = {
        ActivityState.ASSIGNED: {"assigned_at": start - DAY, "declined_at": rng.choice([None, moment])},
        ActivityState.DECLINED: {"declined_at": moment, "decline_reason": "x"},
        ActivityState.CANCELLED: {"cancelled_at": moment, "cancel_reason": "x"},
    }
    if state is ActivityState.ENDED:
        due = {"due_at": moment + rng.choice([-HOUR, HOUR])}
        return ended(world, moment, mark=rng.choice([None, 3, 5])) | due
    return planned | of_state.get(state, {})


@pytest.fixture
def many(world: World, make: Make) -> World:
    """300 activities of five people around the ends of October and November."""
    rng = random.Random(7)
    customers = [make.account(f"Customer {n}", team={world.ben: "machines"}) for n in range(3)]
    store_all(world, [drawn(world, rng, customers) for _number in range(300)])
    return world


VIEWERS = ["anna", "ben", "sun", "mia", "max", "adam", "eva", "ruth"]


@pytest.mark.walk
@pytest.mark.parametrize("viewer", VIEWERS)
def test_parts_add_up_and_each_figure_opens_its_records(many: World, as_: As, viewer: str) -> None:
    """ACT-18, ALL-10: the sum of the lines is the total, and the list behind every figure has as many records."""
    with as_(many.people[viewer], readonly=True) as work:
        totals = {by: statistics(work, question=Question(by, NOVEMBER)) for by in SHAPE.bys}
        assert len({found.total for found in totals.values()}) == 1
        for found in totals.values():
            assert sum((line.figures for line in found.lines), Figures()) == found.total
            for line, name in cells(found):
                held = line.figures if line else found.total
                assert listed(work, drill(found.question, name, line)) == getattr(held, name), (name, line)


def cells(found: Statistics) -> Iterator[tuple[Line | None, str]]:
    for line in (None, *found.lines[:3]):
        yield from ((line, name) for name in COUNTS)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_totals_are_those_of_a_plain_count(many: World, as_: As, viewer: str) -> None:
    """ACT-18: by hand, over what the person's reports reach, on the organisation's calendar."""
    with work_as_system("count by hand", at=NOW) as work:
        rows = work.rows(select(*(getattr(Activity, c.key) for c in Activity.__mapper__.columns)))
        reviewed = set(work.scalars(select(ActivityReview.activity_id)))
    reached = set(reaching(many)[viewer])
    mine = [row for row in rows if row.owner_id in reached]
    open_states = {"planned", "assigned", "declined", "in_progress"}
    by_hand = {
        "planned": [row for row in mine if inside(row.planned_start)],
        "ended": [row for row in mine if row.state == "ended" and inside(row.ended_at)],
        "on_time": [row for row in mine if row.state == "ended" and inside(row.ended_at) and row.ended_at <= row.due_at],
        "overdue": [row for row in mine if row.state in open_states and row.due_at < NOW and inside(row.due_at)],
        "declined": [row for row in mine if inside(row.declined_at)],
        "cancelled": [row for row in mine if inside(row.cancelled_at)],
        "reviewed": [row for row in mine if row.id in reviewed and inside(row.ended_at)],
    }  # fmt: skip
    total = answer(as_, many.people[viewer]).total
    assert {name: len(those) for name, those in by_hand.items()} == {name: getattr(total, name) for name in COUNTS}


def inside(moment: datetime | None) -> bool:
    return moment is not None and local(moment, SHANGHAI).strftime("%Y-%m") == "2026-11"


def reaching(world: World) -> dict[str, list[int]]:
    """Whose figures each person sees (access.md, "report")."""
    nanjing = [world.anna, world.ben, world.pia, world.sun, world.mia]
    everybody = [*nanjing, world.carl, world.max]
    return {
        "anna": [world.anna], "ben": [world.ben], "ruth": [world.ruth], "sun": [world.sun, world.anna, world.ben],
        "mia": nanjing, "max": [world.carl, world.max], "adam": everybody, "eva": everybody,
    }  # fmt: skip


def test_a_rep_sees_own_figures_although_the_list_shows_more(world: World, make: Make, as_: As) -> None:
    """ACT-16: Ben may read what Anna does at his customer, but it does not count as his."""
    account_id = make.account(team={world.ben: "machines"})
    store(world, account_id=account_id)
    assert answer(as_, world.ben).total == Figures()
    with as_(world.ben, readonly=True) as work:
        assert fetch(work, activities.LIST, ListRequest()).total == 1
    assert shown(answer(as_, world.anna), "planned") == {"Anna": 1}


def test_a_manager_sees_the_branch_by_rep_also_who_did_nothing(world: World, as_: As) -> None:
    """ACT-18: idle reps have their line; another branch has none, and asking for it gives nothing."""
    store(world)
    store(world, owner_id=world.carl)
    found = answer(as_, world.mia)
    assert [line.label for line in found.lines] == ["Anna", "Ben", "Pia", "Sun"]
    assert shown(found, "planned") == {"Anna": 1}
    assert answer(as_, world.mia, branch_id=world.hefei).total == Figures()
    assert answer(as_, world.mia, owner_id=world.carl).total == Figures()
    assert shown(answer(as_, world.eva, branch_id=world.hefei), "planned") == {"Carl": 1}


def test_a_sales_manager_sees_those_led(world: World, as_: As) -> None:
    """ACT-18: Sun leads Anna and Ben; Pia reports to Mia."""
    for owner in (world.anna, world.pia, world.sun):
        store(world, owner_id=owner)
    assert shown(answer(as_, world.sun), "planned") == {"Anna": 1, "Sun": 1}
    with as_(world.sun, readonly=True) as work:
        assert [person.name for person in people(work)] == ["Anna", "Ben", "Sun"]


def test_line_and_person_narrow_the_question(world: World, as_: As) -> None:
    """REP-3: every report filters by product line and rep."""
    for owner in (world.anna, world.ben, world.pia):
        store(world, owner_id=owner)
    assert shown(answer(as_, world.mia, line="parts"), "planned") == {"Pia": 1}
    assert shown(answer(as_, world.mia, owner_id=world.ben), "planned") == {"Ben": 1}
    assert answer(as_, world.mia, line="parts", owner_id=world.ben).total == Figures()
    with as_(world.mia, readonly=True) as work:
        assert work.scalars(select(UserLine.line).where(UserLine.user_id == world.pia)) == ["parts"]


@pytest.mark.parametrize(
    ("moment", "month", "week"),
    [
        ("2026-10-31 23:59", "2026-10", "2026-10-26 – 11-01"),
        ("2026-11-01 00:00", "2026-11", "2026-10-26 – 11-01"),
        ("2026-11-01 07:59", "2026-11", "2026-10-26 – 11-01"),  # still October in UTC
        ("2026-11-01 23:59", "2026-11", "2026-10-26 – 11-01"),
        ("2026-11-02 00:00", "2026-11", "2026-11-02 – 11-08"),
        ("2024-02-29 23:30", "2024-02", "2024-02-26 – 03-03"),
    ],
)
def test_days_weeks_and_months_are_those_of_the_organisation(
    world: World, as_: As, moment: str, month: str, week: str
) -> None:
    """ACT-18: on midnight and at the month's end, on both databases."""
    end(world, at(moment))
    year = Period(date(int(moment[:4]), 1, 1), date(int(moment[:4]), 12, 31))
    assert shown(answer(as_, world.anna, "month", year), "ended") == {month: 1}
    assert shown(answer(as_, world.anna, "week", year), "ended") == {week: 1}
    day = Period(date.fromisoformat(moment[:10]), date.fromisoformat(moment[:10]))
    assert answer(as_, world.anna, "rep", day).total.ended == 1


def test_parts_of_time_are_cut_to_the_period_and_complete(world: World, as_: As) -> None:
    """ACT-18: November 2026 begins on a Sunday; weeks without anything stay, so that a chart has no holes."""
    labels = [line.label for line in answer(as_, world.anna, "week").lines]
    assert labels[0] == "2026-11-01 – 11-01"
    assert labels[-1] == "2026-11-30 – 11-30"
    assert len(labels) == 6


def test_marks_and_hours(world: World, as_: As) -> None:
    """ACT-15, ACT-18: the average of all marks of what ended in the period; hours from start to end."""
    end(world, at("2026-11-02 12:00"), mark=5)
    end(world, at("2026-11-03 12:00"), mark=2, started_at=at("2026-11-03 09:30"))
    end(world, at("2026-11-04 12:00"))
    end(world, at("2026-10-30 12:00"), mark=1)
    total = answer(as_, world.anna).total
    assert (total.mark, total.reviewed, total.reviews, total.hours, total.ended) == (3.5, 2, 2, 4.5, 3)
    assert Figures().mark is None


def test_late_ones_are_ended_but_not_on_time(world: World, as_: As) -> None:
    end(world, at("2026-11-02 12:00"), due_at=at("2026-11-02 12:00"))
    end(world, at("2026-11-02 12:01"), due_at=at("2026-11-02 12:00"))
    total = answer(as_, world.anna).total
    assert (total.ended, total.on_time) == (2, 1)


def test_the_period_before_is_beside_it(world: World, as_: As) -> None:
    """REP-2: with comparison period; before November comes the whole of October."""
    end(world, at("2026-10-01 00:00"))
    end(world, at("2026-11-05 12:00"))
    found = answer(as_, world.anna)
    assert (found.total.ended, found.before.ended) == (1, 1)
    assert answer(as_, world.anna, period=Period(date(2026, 11, 2), date(2026, 11, 8))).before.ended == 0


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-11-01", "2026-11-30", "2026-10-01 – 2026-10-31"),
        ("2026-01-01", "2026-03-31", "2025-10-01 – 2025-12-31"),
        ("2026-11-16", "2026-11-22", "2026-11-09 – 2026-11-15"),
        ("2024-02-29", "2024-02-29", "2024-02-28 – 2024-02-28"),
    ],
)
def test_what_a_period_is_compared_with(first: str, last: str, before: str) -> None:
    assert str(Period(date.fromisoformat(first), date.fromisoformat(last)).before) == before


def test_presets_count_from_the_organisations_today() -> None:
    periods = {name: str(period(date(2026, 11, 1))) for name, (_label, period) in PRESETS.items()}
    assert periods == {
        "this_week": "2026-10-26 – 2026-11-01",
        "last_week": "2026-10-19 – 2026-10-25",
        "this_month": "2026-11-01 – 2026-11-30",
        "last_month": "2026-10-01 – 2026-10-31",
        "this_year": "2026-01-01 – 2026-12-31",
        "twelve_months": "2025-12-01 – 2026-11-30",
    }


@pytest.mark.parametrize(
    "given",
    [
        {"by": "salary"}, {"nonsense": "1"}, {"period": "yesterday"}, {"from": "x"}, {"from": "2026-02-30"}, {"branch": "-1"},
        {"owner": "1e3"}, {"from": "2026-11-02", "to": "2026-11-01"}, {"from": "1900-01-01", "to": "2999-01-01"},
        {"owner": "99999999999999999999"}, {"branch": "１"},
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_and_on_screens_left_aside(given: dict[str, str]) -> None:
    """ACC-2: an export is never of something else than what was asked for; a screen still opens."""
    with pytest.raises(Refused):
        SHAPE.asked(given, today=NOW.date())
    assert SHAPE.understood(given, today=NOW.date()).period.days > 0


def test_an_address_says_the_question() -> None:
    given = {"by": "week", "from": "2026-12-01", "to": "2026-12-31", "branch": "2", "owner": "3", "line": "parts"}
    question = SHAPE.asked(given, today=NOW.date())
    assert question == Question("week", Period(date(2026, 12, 1), date(2026, 12, 31)), 2, "parts", 3)
    assert SHAPE.understood(given, today=NOW.date()) == question
    assert SHAPE.asked({}, today=NOW.date()) == Question("rep", NOVEMBER)


def test_labels_are_in_the_readers_language(world: World, as_: As) -> None:
    """ALL-1: code labels by the actor's language; none for those without a value."""
    store(world, purpose_id=world.codes["needs"])
    store(world)
    assert shown(answer(as_, world.anna, "purpose"), "planned") == {"Needs": 1, "not given": 1}
    assert shown(answer(as_, world.eva, "branch"), "planned") == {"Nanjing": 2}


def test_every_figure_has_words() -> None:
    assert set(COUNTS) == set(FIGURES)
    assert {one.name for one in fields(Figures)} >= set(FIGURES)
    assert all(one.label and one.formula for one in FIGURES.values())


@pytest.mark.parametrize("value", ["ended", "salary:2026-11-01:2026-11-30", "ended:x:y", "ended:2026-11-01", ":::", ""])
def test_a_crafted_figure_is_refused(world: World, as_: As, value: str) -> None:
    """ACC-2: the list takes no figure that it does not know."""
    with as_(world.anna, readonly=True) as work:
        if value:
            with pytest.raises(Refused):
                listed(work, {"figure": value})
        else:
            assert listed(work, {"figure": value}) == 0
