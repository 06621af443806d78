"""The integrity check finds nothing in what the services wrote, and every kind of damage done past them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from db.models import (
    Account,
    Activity,
    ActivityHolding,
    ActivityReview,
    ActivityState,
    Blob,
    BranchRegion,
    CodeValue,
    Contact,
    ContactAccount,
    DisputeState,
    Event,
    ImportJob,
    ImportRow,
    Lead,
    LeadDispute,
    LeadState,
    Merge,
    Notice,
    Role,
    User,
)
from db.models.import_job import ImportState, Outcome
from db.protection import protect, unprotect
from db.session import engine
from services import integrity, leads, users
from services.attachments import store
from services.core.errors import Refused
from services.core.work import work_as_system
from tests.conftest import As
from tests.factories import DAY, NOW, Make, World
from tests.services.stories import live_through
from tests.stage import Stage

Damage = Callable[[Connection, World, dict[str, int]], Any]


@pytest.fixture
def ids(stage: Stage, world: World, as_: As, make: Make) -> dict[str, int]:
    return stage.once(live_through, world, as_, make)


def broken(*, deep: bool = False) -> list[integrity.Problem]:
    with work_as_system("a test checks", at=NOW, readonly=True) as work:
        return integrity.problems(work, deep=deep)


def damage(act: Callable[[Connection], Any]) -> None:
    """Past the services, and past the triggers."""
    with engine().begin() as connection:
        unprotect(connection)
        act(connection)
        protect(connection)


def lose_a_file(*_: Any) -> None:
    _overwrite(b"")


def change_a_file(*_: Any) -> None:
    (digest,) = store.sizes()
    _overwrite(bytes(store.sizes()[digest]))


def _overwrite(content: bytes) -> None:
    (digest,) = store.sizes()
    store.keep(digest, content)


def drop_a_trigger(connection: Connection, _world: World, _ids: dict[str, int]) -> None:
    on = " ON events" if connection.dialect.name == "postgresql" else ""
    connection.execute(text(f"DROP TRIGGER keep_events_update{on}"))


def change(model: Any, name: str, **values: Any) -> Damage:
    return lambda connection, _world, ids: connection.execute(
        update(model).where(model.id == ids[name]).values(**values)
    )


def of_activity(model: Any, name: str, **values: Any) -> Damage:
    return lambda connection, _world, ids: connection.execute(
        update(model).where(model.activity_id == ids[name]).values(**values)
    )


def remove_events(action: str) -> Damage:
    return lambda connection, _world, _ids: connection.execute(delete(Event).where(Event.action == action))


def decline_again(connection: Connection, _world: World, ids: dict[str, int]) -> None:
    again = {"kind": "activity", "action": "declined", "channel": "screen", "at": NOW, "changes": {}}
    connection.execute(insert(Event).values(record_id=ids["declined"], **again))


def review_early(connection: Connection, world: World, ids: dict[str, int]) -> None:
    review = {"reviewer_id": world.mia, "mark": 3, "comment": "", "created_at": NOW}
    connection.execute(insert(ActivityReview).values(activity_id=ids["planned"], **review))


def make_a_circle(connection: Connection, world: World, _ids: dict[str, int]) -> None:
    connection.execute(update(User).where(User.id == world.mia).values(superior_id=world.anna))


def own_a_parent(connection: Connection, _world: World, ids: dict[str, int]) -> None:
    more = {"branch_id": 1, "created_at": NOW, "updated_at": NOW, "version": 1, "status": "prospect", "search_key": "x"}
    connection.execute(insert(Account).values(id=900, name="x", parent_id=ids["account"], **more))
    connection.execute(update(Account).where(Account.id == ids["account"]).values(parent_id=900))


def forget_the_moves(connection: Connection, world: World, ids: dict[str, int]) -> None:
    more = {
        "kind": "account",
        "kept": 900,
        "kept_version": 1,
        "before": {},
        "moved": [],
        "at": NOW,
        "by_id": world.adam,
    }
    connection.execute(insert(Merge).values(gone=ids["account"], **more))


def lose_administrators(connection: Connection, _world: World, _ids: dict[str, int]) -> None:
    connection.execute(update(User).where(User.role == Role.DATA_ADMINISTRATOR).values(active=False))


def move_owner(connection: Connection, world: World, _ids: dict[str, int]) -> None:
    connection.execute(update(User).where(User.id == world.anna).values(branch_id=world.hefei))


def move_account(connection: Connection, world: World, ids: dict[str, int]) -> None:
    connection.execute(update(Account).where(Account.id == ids["account"]).values(branch_id=world.hefei))


def let_owner_go(connection: Connection, world: World, _ids: dict[str, int]) -> None:
    connection.execute(update(User).where(User.id == world.anna).values(active=False))


def mistake_the_list(connection: Connection, world: World, ids: dict[str, int]) -> None:
    connection.execute(update(Activity).where(Activity.id == ids["planned"]).values(purpose_id=world.codes["owner"]))


def mistake_the_result(connection: Connection, world: World, ids: dict[str, int]) -> None:
    connection.execute(update(Activity).where(Activity.id == ids["ended"]).values(result_id=world.codes["no_answer"]))


def group_for_nothing(connection: Connection, world: World, _ids: dict[str, int]) -> None:
    connection.execute(update(CodeValue).where(CodeValue.id == world.codes["met"]).values(group="teleport"))


def cover_a_district(connection: Connection, world: World, _ids: dict[str, int]) -> None:
    connection.execute(insert(BranchRegion).values(region_code="320106", branch_id=world.nanjing))


def import_twice(connection: Connection, world: World, ids: dict[str, int]) -> None:
    """Two rows of one file that say they made the same lead."""
    job = {"kind": "lead", "name": "x", "layout": "x", "options": {}, "state": ImportState.DONE, "done": 2}
    digest = connection.execute(select(Blob.digest)).scalar_one()
    made = connection.execute(insert(ImportJob).values(**job, digest=digest, by_id=world.adam, created_at=NOW))
    row = {"outcome": Outcome.CREATE, "cells": [], "values": {}, "before": {}, "kind": "lead", "version": 1}
    keys = [{"job_id": made.inserted_primary_key[0], "number": number} for number in (2, 3)]
    connection.execute(insert(ImportRow).values(**row, record_id=ids["lead_new"], applied_at=NOW), keys)


def dispute_another_assignment(connection: Connection, world: World, ids: dict[str, int]) -> None:
    """An undecided one about an assignment that the lead never had."""
    about = {"lead_id": ids["lead_working"], "assignment_no": 99, "owner_id": world.anna, "branch_id": world.nanjing}
    said = {"opened_by_id": world.ben, "opened_at": NOW, "reason": "x", "subject": "x", "search_key": "x"}
    connection.execute(insert(LeadDispute).values(**about, **said, state=DisputeState.OPEN))


DAMAGES: dict[str, Damage] = {
    "ended completely": change(Activity, "ended", ended_at=NOW + DAY),
    "sealed": change(Activity, "ended", learned="nothing"),
    "held by its owner": of_activity(ActivityHolding, "planned", until_at=NOW),
    "held without gaps": of_activity(ActivityHolding, "planned", since_at=NOW),
    "declined once": decline_again,
    "state has its event": remove_events("cancelled"),
    "told of its assignment": lambda connection, _world, _ids: connection.execute(delete(Notice)),
    "of its owner's branch": move_owner,
    "owner is active": let_owner_go,
    "held by who is there": let_owner_go,
    "regards its own branch": move_account,
    "reviewed when ended": review_early,
    "result fits the type": mistake_the_result,
    "found by its subject": change(Activity, "planned", search_key="x"),
    "one main customer": lambda connection, _world, _ids: connection.execute(update(ContactAccount).values(main=False)),
    "credit code is right": change(Account, "account", credit_code="91320000MA1ABCDEF0"),
    "chains end": own_a_parent,
    "found by its names": change(Contact, "contact", mobile="13951880000"),
    "compared by its name": change(Account, "account", name_key="x"),
    "lead is of its owner's branch": move_owner,
    "lead says when": change(Lead, "lead_working", first_contact_at=NOW - 90 * DAY),
    "converted once": change(Lead, "lead_converted", state=LeadState.WORKING),
    "written as typed": change(Contact, "contact", mobile="138-0139-5136"),
    "imported once": import_twice,
    "found by its words": change(Lead, "lead_new", topic="x"),
    "disputed with its owner": dispute_another_assignment,
    "nothing hangs on what was merged": forget_the_moves,
    "superiors end": make_a_circle,
    "somebody administers": lose_administrators,
    "codes are of their list": mistake_the_list,
    "groups exist": group_for_nothing,
    "branches cover provinces and cities": cover_a_district,
    "files are there": lose_a_file,
    "files are unchanged": change_a_file,
}


def test_what_the_services_wrote_is_sound(ids: dict[str, int]) -> None:
    assert broken(deep=True) == []


def test_whoever_had_a_deleted_lead_may_move(world: World, make: Make, as_: As) -> None:
    """ACC-6, ALL-8: it does not hold them back, and coming back it is assigned anew."""
    lead_id = make.lead(world.carl)
    with as_(world.max) as work:
        leads.delete(work, lead_id=lead_id, reason="Twice")
    with as_(world.adam) as work:
        users.change(work, user_id=world.carl, changes={"branch_id": world.nanjing, "superior_id": world.mia})
    assert "lead is of its owner's branch" not in {problem.rule for problem in broken()}


def test_nothing_open_is_with_who_has_left(world: World, make: Make) -> None:
    """ADM-6: leads and places on teams; not what is closed, deleted, or waits in a queue."""
    lead_id, account_id = make.lead(world.ben), make.account(team={world.ben: "machines"})
    make.lead(world.ben, state="disqualified", disqualify_reason_id=world.codes["no_need"], disqualified_at=NOW)
    make.lead(world.ben, deleted_at=NOW)
    make.lead()
    make.account("无人负责有限公司")
    make.account("已删除有限公司", team={world.ben: None}, deleted_at=NOW)

    def found() -> list[tuple[str, str]]:
        return [(one.record, one.text) for one in broken() if one.rule == "held by who is there"]

    assert found() == []
    damage(lambda connection: connection.execute(update(User).where(User.id == world.ben).values(active=False)))
    gone = "is with Ben, who has left"
    assert found() == [(f"lead {lead_id}", gone), (f"account {account_id}", gone)]


@pytest.mark.parametrize("rule", DAMAGES)
def test_damage_is_found(world: World, ids: dict[str, int], rule: str) -> None:
    damage(lambda connection: DAMAGES[rule](connection, world, ids))
    assert rule in {problem.rule for problem in broken(deep=True)}


def test_missing_triggers_are_found(world: World, ids: dict[str, int]) -> None:
    with engine().begin() as connection:
        drop_a_trigger(connection, world, ids)
    found = [problem for problem in broken() if problem.rule == "database is sound"]
    assert [problem.text for problem in found] == ["the trigger keep_events_update is missing or switched off"]


def test_every_rule_is_tried_here() -> None:
    assert {rule.name for rule in integrity.RULES} == DAMAGES.keys() | {"database is sound"}


def test_a_problem_names_the_record(ids: dict[str, int], world: World) -> None:
    damage(lambda connection: DAMAGES["sealed"](connection, world, ids))
    assert [problem.record for problem in broken()] == [f"activity {ids['ended']}"]


def test_a_holder_too_many_or_another_one_is_found(ids: dict[str, int], world: World) -> None:
    damage(lambda connection: of_activity(ActivityHolding, "planned", user_id=world.ben)(connection, world, ids))
    assert [problem.text for problem in broken()] == ["not held by its owner"]


def test_a_gap_between_two_holders_is_found(ids: dict[str, int], world: World) -> None:
    def leave_gap(connection: Connection) -> None:
        held = (ActivityHolding.activity_id == ids["moved"], ActivityHolding.until_at.is_(None))
        connection.execute(update(ActivityHolding).where(*held).values(since_at=NOW))

    damage(leave_gap)
    assert [(problem.rule, problem.record) for problem in broken()] == [
        ("held without gaps", f"activity {ids['moved']}")
    ]


def test_a_state_that_no_event_led_to_is_found(ids: dict[str, int], world: World) -> None:
    reopened = change(Activity, "cancelled", state=ActivityState.PLANNED)
    damage(lambda connection: reopened(connection, world, ids))
    assert [problem.text for problem in broken()] == ["planned, but its last event is: cancelled"]


def test_each_rule_tells_a_limited_number(world: World, make: Make, ids: dict[str, int]) -> None:
    with engine().begin() as connection:
        rows = [
            {"code": f"x{n}", "list": "activity_result", "group": "none", "label_zh": "x", "label_en": "x"}
            for n in range(150)
        ]
        connection.execute(insert(CodeValue).values(position=0, active=True), rows)
    assert len(broken()) == integrity.MOST


@pytest.mark.parametrize("person", ["anna", "mia", "eva"])
def test_only_the_data_administrator_checks(world: World, as_: As, person: str) -> None:
    with as_(world.people[person], readonly=True) as work, pytest.raises(Refused):
        integrity.problems(work)


def test_later_than_now_is_counted_from_the_moment_of_the_check(ids: dict[str, int]) -> None:
    with work_as_system("a test checks", at=NOW - timedelta(days=30), readonly=True) as work:
        found = integrity.problems(work)
    assert {problem.rule for problem in found} == {"ended completely"}
