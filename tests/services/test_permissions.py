"""ACC-1: every cell of the permission matrix, through the real services."""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import services
from services import accounts, activities, contacts, leads
from services.core.access import NEEDED
from services.core.errors import Invalid, NotFound, Refused
from services.core.settings import settings
from tests.factories import Make, World, as_person
from tests.permission_matrix import ACTORS, EXPORTS, MATRIX
from tests.services.attempts import ATTEMPTS, Scene
from tests.services.exporting import taken_out


class UndoneError(Exception):
    """Ends an attempt without a trace."""


@pytest.fixture
def sms_channel(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message can only be tried again where there is a channel."""
    monkeypatch.setenv("SMS_CHANNELS", "json://127.0.0.1:1")
    settings.cache_clear()


def service(name: str) -> Any:
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(f"services.{module}"), function)


def all_services() -> set[str]:
    """Every guarded service of every module, also of those that nothing has imported yet."""
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {public(name) for name in NEEDED}


def public(name: str) -> str:
    """The name that callers use: `activities.plan`, whichever file of the package it stands in."""
    noun, _, function = name.removeprefix("services.").replace(".", " ", 1).partition(" ")
    verb = function.rpartition(".")[2]
    package = importlib.import_module(f"services.{noun}")
    inside = getattr(package, verb, None)
    same = getattr(inside, "__module__", "") + "." + verb == name
    return f"{noun}.{verb}" if same else name.removeprefix("services.")


def allowed(name: str, person: int, given: dict[str, Any], *, anyhow: bool) -> bool:
    """Whether the person may; nothing stays done. Input is only looked at behind the guard: wrong input is a yes."""
    try:
        with as_person(person) as work:
            service(name)(work, **given)
            raise UndoneError
    except UndoneError:
        return True
    except Invalid:
        return anyhow
    except (Refused, NotFound):
        return False


def places(name: str, role: str) -> dict[str, str]:
    """Where a service is tried by a role: place → whose record."""
    named = {place for one in ACTORS for place in MATRIX[name].of(one)}
    if named == {"any"}:
        return {"any": ACTORS[role][0]}
    if name == "accounts.create":
        return {"branch": "branch", "other": "carl"} if ACTORS[role][1].get("branch") else {"other": "carl"}
    if name in ("activities.plan", "activities.plan_many"):
        return {"own": ACTORS[role][0]}
    return ACTORS[role][1]


def test_every_guarded_service_is_in_the_matrix() -> None:
    """ACC-1: whoever adds a service says who may."""
    assert all_services() == set(MATRIX) == set(ATTEMPTS)


@pytest.mark.parametrize("name", MATRIX)
@pytest.mark.usefixtures("sms_channel")
def test_who_may(world: World, make: Make, tmp_path: Path, name: str) -> None:
    scene = Scene(world, make, tmp_path)
    given: dict[str, dict[str, Any]] = {}
    found, wanted = {}, {}
    for role, (person, _) in ACTORS.items():
        for place, whose in places(name, role).items():
            if whose not in given:
                given[whose] = ATTEMPTS[name](scene, whose)
            found[role, place] = allowed(name, world.people[person], given[whose], anyhow=place == "any")
            wanted[role, place] = place in MATRIX[name].of(role)
    differing = {cell: may for cell, may in found.items() if may != wanted[cell]}
    assert differing == {}


LISTS = {spec.name: spec for spec in (activities.LIST, accounts.LIST, contacts.LIST, leads.LIST)}
RECORDS: dict[str, Callable[[Scene, str], int]] = {
    "activities": lambda scene, owner: scene.activity(owner, "planned"),
    "accounts": lambda scene, owner: scene.account(owner),
    "contacts": lambda scene, owner: scene.contact(owner)[0],
    "leads": lambda scene, owner: scene.make.lead(scene.world.people[owner]),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_whose_records_an_export_takes_out(world: World, make: Make, tmp_path: Path, name: str) -> None:
    """EXP-1, ACC-1: each role gets the rows of its cell and no others, whatever it may read."""
    scene = Scene(world, make, tmp_path)
    people = {whose for _, places in ACTORS.values() for whose in places.values()}
    records = {whose: RECORDS[name](scene, whose) for whose in sorted(people)}
    for role, (person, seen_from_there) in ACTORS.items():
        with as_person(world.people[person], readonly=True) as work:
            taken = taken_out(work, LISTS[name], tmp_path / f"{role}.xlsx")
        for place, whose in seen_from_there.items():
            assert (records[whose] in taken) == (place in EXPORTS[name].of(role)), (role, place)
