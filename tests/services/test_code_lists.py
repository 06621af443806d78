"""Code lists: added, renamed, ordered, switched off, never deleted while used (ADM-4)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from db.base import Model
from db.models import Activity, CodeValue, Event
from services import code_lists, reference
from services.core.configuration import configuration
from services.core.errors import Invalid, NotFound, Refused, Stale
from services.core.listing import ListRequest, fetch
from services.core.work import Work, work_as_system
from tests.conftest import As
from tests.factories import Make, World


def labels(work: Work, list_name: str, language: str = "en") -> list[str]:
    return [code.label(language) for code in configuration(work).choices(list_name)]


def add(work: Work, label: str = "Video call", zh: str = "视频通话", **more: Any) -> int:
    return code_lists.add(work, **{"list_name": "activity_type", "label_zh": zh, "label_en": label} | more)


def test_added_value_can_be_chosen_at_once_in_both_languages(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        add(work)
    with as_(world.anna) as work:
        assert labels(work, "activity_type")[-1] == "Video call"
        assert labels(work, "activity_type", "zh_CN")[-1] == "视频通话"
        assert configuration(work).code("activity_type", "video_call").active


@pytest.mark.parametrize("person", ["anna", "mia", "eva", "hanna"])
def test_only_the_data_administrator_keeps_lists(world: World, as_: As, person: str) -> None:
    value = world.codes["meeting"]
    calls: list[Callable[[Work], object]] = [
        add,
        lambda work: code_lists.rename(work, value_id=value, label_zh="会", label_en="Meet"),
        lambda work: code_lists.order(work, list_name="activity_type", value_ids=[]),
        lambda work: code_lists.switch(work, value_id=value, active=False),
        lambda work: code_lists.remove(work, value_id=value),
        lambda work: code_lists.entries(work, list_name="activity_type"),
        code_lists.counts,
    ]
    with as_(world.people[person]) as work:
        for call in calls:
            with pytest.raises(Refused):
                call(work)


def test_labels_are_needed_in_both_languages(world: World, as_: As) -> None:
    with as_(world.adam) as work, pytest.raises(Invalid) as wrong:
        add(work, label="  ", zh="")
    assert {"label_zh", "label_en"} <= wrong.value.fields.keys()


@pytest.mark.parametrize("code", ["visit", "Visit!", "访问"])
def test_a_code_is_plain_and_its_own(world: World, as_: As, code: str) -> None:
    with as_(world.adam) as work, pytest.raises(Invalid) as wrong:
        add(work, code=code)
    assert wrong.value.fields.keys() == {"code"}


def test_two_values_offered_together_are_not_called_the_same(world: World, as_: As) -> None:
    with as_(world.adam) as work, pytest.raises(Invalid) as wrong:
        add(work, label="Visit", code="visit_2")
    assert wrong.value.fields.keys() == {"label_en"}


def test_results_may_belong_to_one_type_only(world: World, as_: As) -> None:
    result = {"list_name": "activity_result", "group": "visit"}
    with as_(world.adam) as work:
        add(work, label="Contract signed", zh="签约", **result)
        choices = configuration(work).choices
        assert "contract_signed" in [code.code for code in choices("activity_result", group="visit")]
        assert "contract_signed" not in [code.code for code in choices("activity_result", group="call")]


@pytest.mark.parametrize("given", [{"list_name": "activity_result", "group": "no_type"}, {"group": "visit"}])
def test_a_group_is_a_value_of_the_grouping_list(world: World, as_: As, given: dict[str, str]) -> None:
    with as_(world.adam) as work, pytest.raises(Invalid) as wrong:
        add(work, **given)
    assert wrong.value.fields.keys() == {"group"}


def test_every_source_of_leads_belongs_to_a_group(world: World, as_: As) -> None:
    """LEAD-2: without a group neither a rule nor a report by group would know of it; with one it is kept."""
    source = {"list_name": "lead_source", "label": "Short videos", "zh": "短视频"}
    with as_(world.adam) as work, pytest.raises(Invalid) as wrong:
        add(work, **source)
    assert wrong.value.fields.keys() == {"group"}
    with as_(world.adam) as work:
        add(work, "Online", "线上", list_name="lead_source_group")
        assert add(work, **source, group="online")


def test_renaming_shows_in_what_was_recorded_before(world: World, as_: As, make: Make) -> None:
    make.activity()
    with as_(world.adam) as work:
        code_lists.rename(work, value_id=world.codes["visit"], label_zh="上门拜访", label_en="Call in person")
    with as_(world.anna) as work:
        type_id = work.scalar(select(Activity.type_id))
        assert configuration(work).label(type_id, "zh_CN") == "上门拜访"


def test_the_second_of_two_who_rename_is_told(world: World, as_: As) -> None:
    """ALL-4"""
    visit = world.codes["visit"]
    with as_(world.adam, readonly=True) as work:
        version = code_lists.entry(work, value_id=visit).version
    with as_(world.adam) as work:
        code_lists.rename(work, value_id=visit, label_zh="上门拜访", label_en="Call in person", version=version)
    with pytest.raises(Stale), as_(world.adam) as work:
        code_lists.rename(work, value_id=visit, label_zh="走访", label_en="Visit", version=version)
    with as_(world.adam, readonly=True) as work:
        assert code_lists.entry(work, value_id=visit).label_zh == "上门拜访"


def test_order_is_the_order_of_choice(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        ids = [row.id for row in code_lists.entries(work, list_name="activity_type")]
        before = labels(work, "activity_type")
        code_lists.order(work, list_name="activity_type", value_ids=ids[::-1])
        assert labels(work, "activity_type") == before[::-1]


def test_order_names_every_value_once(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        ids = [row.id for row in code_lists.entries(work, list_name="activity_type")]
        for wrong in (ids[1:], [*ids, ids[0]], [*ids[1:], world.codes["owner"]]):
            with pytest.raises(Refused):
                code_lists.order(work, list_name="activity_type", value_ids=wrong)


def test_switched_off_value_is_not_offered_but_still_read(world: World, as_: As, make: Make) -> None:
    activity_id = make.activity()
    with as_(world.adam) as work:
        code_lists.switch(work, value_id=world.codes["visit"], active=False)
    with as_(world.anna) as work:
        assert "Visit" not in labels(work, "activity_type")
        assert configuration(work).label(work.get(Activity, activity_id).type_id, "en") == "Visit"


def test_the_last_value_stays_on(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        mobile = configuration(work).choices("contact_way")
        for value in mobile[1:]:
            code_lists.switch(work, value_id=value.id, active=False)
        with pytest.raises(Refused):
            code_lists.switch(work, value_id=mobile[0].id, active=False)


def test_used_value_is_never_deleted(world: World, as_: As, make: Make) -> None:
    make.activity()
    with as_(world.adam) as work:
        for used in ("visit", "call"):  # by an activity; by the results that are for calls only
            with pytest.raises(Refused, match="in use"):
                code_lists.remove(work, value_id=world.codes[used])


def test_unused_value_is_deleted_and_its_code_free_again(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        value_id = add(work)
        code_lists.remove(work, value_id=value_id)
    with as_(world.adam) as work:
        assert "Video call" not in labels(work, "activity_type")
        add(work)


def test_entries_tell_how_often_each_value_is_used(world: World, as_: As, make: Make) -> None:
    make.activity()
    make.activity()
    with as_(world.adam) as work:
        uses = {row.code: row.uses for row in code_lists.entries(work, list_name="activity_type")}
    assert uses["visit"] == 2
    assert uses["meeting"] == 0


def test_unknown_list_and_value_are_not_found(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        with pytest.raises(NotFound):
            code_lists.entries(work, list_name="passwords")
        with pytest.raises(NotFound):
            code_lists.rename(work, value_id=10**6, label_zh="甲", label_en="A")


def test_every_change_is_in_the_audit_trail(world: World, as_: As) -> None:
    """ALL-3"""
    with as_(world.adam) as work:
        value_id = add(work)
        code_lists.rename(work, value_id=value_id, label_zh="视频会议", label_en="Video meeting")
        code_lists.switch(work, value_id=value_id, active=False)
        code_lists.remove(work, value_id=value_id)
        trail = work.rows(select(Event.action, Event.actor_id).where(Event.kind == "code_value").order_by(Event.id))
    assert [row.action for row in trail] == ["added", "renamed", "switched_off", "removed"]
    assert {row.actor_id for row in trail} == {world.adam}


def test_the_screen_lists_values_by_list(world: World, as_: As) -> None:
    with as_(world.adam) as work:
        page = fetch(work, code_lists.LIST, ListRequest(filters={"list": "responsibility"}, search="own"))
    assert [row["code"] for row in page.rows] == ["owner"]


def test_lists_know_every_place_that_uses_them() -> None:
    """A value in use cannot be missed: each column that refers to a code value stands in LISTS."""
    known = {
        f"{column.class_.__tablename__}.{column.key}" for one in code_lists.LISTS.values() for column in one.used_in
    }
    referring = {
        f"{table.name}.{key.parent.name}"
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "code_values"
    }
    assert known == referring


def test_delivered_lists_are_the_known_ones_with_both_labels() -> None:
    rows = list(reference.shipped_codes())
    assert {row["list"] for row in rows} == code_lists.LISTS.keys()
    assert all(row["label_zh"] and row["label_en"] for row in rows)
    types = {row["code"] for row in rows if row["list"] == "activity_type"}
    groups = {row["group"] for row in rows if row["list"] == "activity_result"}
    assert groups == types | {None}, "each type has results of its own, and some are for all"


def test_delivered_values_do_not_come_back_once_an_administrator_removed_them(world: World, as_: As) -> None:
    with work_as_system("an upgrade") as work:
        for value in work.scalars(select(CodeValue).where(CodeValue.list == "industry")):
            work.drop(value)
    with work_as_system("an upgrade") as work:
        assert reference.load(work) > 0
    with as_(world.adam) as work:
        other = configuration(work).code("industry", "other")
        code_lists.remove(work, value_id=other.id)
    with work_as_system("the next upgrade") as work:
        assert reference.load(work) == 0
