"""Code lists and settings: one small question a Work, and a change is there for everybody at once (ADM-4, ADM-5)."""

import pytest

from db.models import CodeValue, Setting
from services.core.configuration import DEFAULTS, SETTINGS, changed, configuration
from services.core.work import work_as_system
from tests.factories import NOW, As, World
from tests.statements import counted


def choices(as_: As, world: World, group: str | None = None) -> list[str]:
    with as_(world.anna, readonly=True) as work:
        return [entry.code for entry in configuration(work).choices("activity_result", group=group)]


def test_results_belong_to_their_type_or_to_all(world: World, as_: As) -> None:
    """activities.md: result is a code list per type."""
    assert choices(as_, world, "visit") == ["interested", "met"]
    assert choices(as_, world, "call") == ["interested", "no_answer"]
    assert choices(as_, world) == ["interested", "met", "no_answer"]


def test_change_is_there_for_the_next_work_of_everybody(world: World, as_: As) -> None:
    """ADM-4: used by all screens at once."""
    assert "met" in choices(as_, world)
    with work_as_system("switch off", at=NOW) as work:
        work.get(CodeValue, world.codes["met"]).active = False
        changed(work)
    assert "met" not in choices(as_, world)
    with as_(world.anna, readonly=True) as work:
        assert configuration(work).label(world.codes["met"], "en") == "Met"
        assert configuration(work).label(world.codes["met"], "zh_CN") == "已见面"


def test_change_that_was_rolled_back_is_not_seen(world: World, as_: As) -> None:
    def change_and_fail() -> None:
        with work_as_system("switch off", at=NOW) as work:
            work.get(CodeValue, world.codes["met"]).active = False
            changed(work)
            assert "met" not in [c.code for c in configuration(work).choices("activity_result")]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with work_as_system("another change", at=NOW) as work:
        changed(work)
    assert "met" in choices(as_, world)


def test_setting_is_its_default_until_set(world: World, as_: As) -> None:
    with as_(world.anna, readonly=True) as work:
        assert configuration(work).setting("answer_days_urgent") == 1
    with work_as_system("set", at=NOW) as work:
        work.also(Setting(key="answer_days_urgent", value=2))
        changed(work)
    with as_(world.anna, readonly=True) as work:
        assert configuration(work).setting("answer_days_urgent") == 2


def test_unknown_setting_is_a_mistake_in_the_code(world: World, as_: As) -> None:
    with as_(world.anna, readonly=True) as work, pytest.raises(KeyError):
        configuration(work).setting("answer_days")


def test_the_customers_days_are_the_defaults() -> None:
    """ACT-5, ACT-6, ACT-7, SIG-5."""
    wanted = {"answer_days_urgent": 1, "answer_days_normal": 3, "untouched_days": 7, "reassign_days": 15}
    wanted |= {"session_hours": 12, "idle_minutes": 60}
    assert {key: DEFAULTS[key] for key in wanted} == wanted


def test_defaults_keep_their_own_limits() -> None:
    """ADM-5: each says what it does, its limits and default."""
    numbers = [spec for spec in SETTINGS if isinstance(spec.default, int)]
    assert [spec.key for spec in numbers if not spec.low <= spec.default <= spec.high] == []
    assert [spec.key for spec in SETTINGS if not spec.label or not spec.help] == []


def test_empty_code_has_no_label(world: World, as_: As) -> None:
    with as_(world.anna, readonly=True) as work:
        assert [configuration(work).label(code, "en") for code in (None, 0, 999_999)] == ["", "", ""]


def test_unchanged_configuration_costs_no_statement(world: World, as_: As) -> None:
    choices(as_, world)
    with as_(world.anna, readonly=True) as work:
        assert counted(lambda: [configuration(work) for _ in range(2)]) == 0
