"""What tests stand on: a fresh database each, on SQLite or, with TEST_DB=postgresql, on PostgreSQL."""

import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.factories import As, Make, World, as_person
from tests.stage import Stage

hypothesis_settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True, database=None)
hypothesis_settings.register_profile(
    "long", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """What is imported by now stays; to go through all of it again and again took an eighth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The template that each test's database is copied from, made once a session and process; in memory if it can be."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="crm-tests-", dir=memory if memory.is_dir() else None) as folder:
        yield Stage.set_up(Path(folder))


@pytest.fixture(scope="session", autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the developer's own data, also if it forgot to ask for a database."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATA_DIR", str(tmp_path_factory.mktemp("nobody")))
        environment.delenv("DATABASE_URL", raising=False)
        yield


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    """A fresh database with the people of tests/factories.py; what the code reads from the environment points to it."""
    with stage.fresh(tmp_path):
        yield stage.world


@pytest.fixture
def make(world: World) -> Make:
    """Writes rows for a story."""
    return Make(world)


@pytest.fixture
def as_(world: World) -> As:
    """`with as_(world.anna) as work:` - Anna's Work, at NOW unless told otherwise."""

    return as_person
