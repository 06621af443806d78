"""kill -9 in the middle of upgrade, backup and restore: all of it or nothing, and the next try succeeds (ADM-10, ADM-11)."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from db import upgrade
from db.protection import expected, triggers
from db.session import engine
from db.upgrade import MIGRATIONS
from services import attachments, backup, integrity
from services.core.errors import Refused
from services.core.work import work_as_system
from tests.conftest import As
from tests.factories import HOUR, NOW, Make, World
from tests.faults.killing import PATIENCE, Place, is_empty, killed, knowing, rows_of, time_of
from tests.services.stories import PHOTO, live_through

#: kills of each command and database; `KILLS=200 pytest tests/faults/test_killed_commands.py` is the long run
KILLS = int(os.environ.get("KILLS", "8"))
CUSTOMERS, FILES, SIZE = 400, 60, 200_000
#: what the next version of the program may bring: whole tables made anew, and every row changed
LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", "HEAD", None, None


def upgrade() -> None:
    for table in ("accounts", "contacts", "activities", "events"):
        with op.batch_alter_table(table, recreate="auto" if op.get_bind().dialect.name == "postgresql" else "always") as batch:
            batch.add_column(sa.Column("later", sa.String(40)))
        op.execute(f"UPDATE {table} SET later = 'x'")
    op.create_table("later_things", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def saved(world: World, as_: As, make: Make, tmp_path: Path) -> Path:
    """A backup of some weeks of work, with customers and photos enough for a kill to come in the middle of them."""
    ids = live_through(world, as_, make)
    for number in range(CUSTOMERS):
        make.contact(make.account(f"Customer {number}", team={world.anna: "machines"}), "王建国")
    for number in range(FILES):
        with as_(world.anna) as work:
            data = PHOTO + f"{number:03}".encode() * (SIZE // 3)
            attachments.add(work, name=f"{number}.png", data=data, account_id=ids["account"])
    with work_as_system("a test saves", at=NOW, readonly=True) as work:
        backup.write(work, target=tmp_path / "saved.zip")
    return tmp_path / "saved.zip"


@pytest.fixture
def place(saved: Path, tmp_path: Path, kind: str) -> Iterator[Place]:
    """An installation with these data, at rest."""
    made = Place.empty(tmp_path / "place", kind)
    assert made.run("restore", saved) == 0
    yield made
    made.away()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a program that is one version ahead."""
    folder = shutil.copytree(upgrade.MIGRATIONS, tmp_path / "migrations")
    (folder / "versions" / "later.py").write_text(LATER.replace("HEAD", upgrade.head()), encoding="utf-8")
    return folder


def moments(whole: float) -> list[float]:
    """Spread over the whole way, the very beginning and the end as well."""
    return [whole * (number + 0.5) / KILLS for number in range(KILLS)]


@pytest.mark.timeout(900)
def test_a_killed_upgrade_changed_nothing_or_everything(place: Place, newer: Path, tmp_path: Path) -> None:
    """The database is in its old shape or its new one, protected in either, and the next upgrade brings it there."""
    assert place.run("upgrade") == 0
    before, interrupted = rows_of(place), 0
    first = place.copy(tmp_path / "measured", newer)
    whole = time_of(first, ["upgrade"])
    first.away()
    for number, after in enumerate(moments(whole)):
        one = place.copy(tmp_path / f"upgrade{number}", newer)
        interrupted += killed(one, ["upgrade"], after=after)
        with one.entered(), engine(one.url).connect() as connection:
            check_shape(connection)
        assert one.run("upgrade") == 0
        assert {name: without_later(rows) for name, rows in rows_of(one).items() if name in before} == before
        assert one.run("check", "--deep") == 0
        one.away()
    assert interrupted


def without_later(rows: list[bytes]) -> list[bytes]:
    """As they were before the column came, which stands last."""
    return [row.removesuffix(b',"later"]\n').removesuffix(b',"x"]\n').removesuffix(b"]\n") + b"]\n" for row in rows]


def check_shape(connection: Connection) -> None:
    """One version or the other, never something between."""
    new = upgrade.revision(connection) == "later"
    with knowing(MIGRATIONS):
        assert upgrade.revision(connection) in (upgrade.head(), "later")
    seen = inspect(connection)
    for table in ("accounts", "contacts", "activities", "events"):
        assert ("later" in {column["name"] for column in seen.get_columns(table)}) == new
    assert ("later_things" in seen.get_table_names()) == new
    assert not [name for name in seen.get_table_names() if name.startswith("_alembic_tmp")]
    assert {name for name, _ in triggers(connection)} == expected(connection.dialect.name)


@pytest.mark.timeout(900)
def test_a_killed_backup_is_none(place: Place, tmp_path: Path) -> None:
    """What stands under the name is whole; what does not is refused; the database goes on as if nothing had been."""
    before, interrupted = without_story(rows_of(place)), 0
    whole = time_of(place, ["backup", tmp_path / "measured.zip"])
    for number, after in enumerate(moments(whole)):
        target = tmp_path / f"{number}.zip"
        interrupted += killed(place, ["backup", target], after=after)
        for left in tmp_path.glob(f"{number}.zip*"):
            check_file(place, left, is_whole=left == target)
        assert without_story(rows_of(place)) == before
        assert target.exists() or place.run("backup", target) == 0
        assert place.run("check", "--backup", target) == 0
        assert not list(tmp_path.glob("*.part"))
        target.unlink()
    assert interrupted
    assert place.run("check", "--deep") == 0


def check_file(place: Place, file: Path, *, is_whole: bool) -> None:
    """The name says it: a file that is not finished does not pass for one that is, unless every byte is there."""
    assert file.stat().st_mode & 0o077 == 0
    try:
        found = backup.verify(file)
    except Refused:
        assert not is_whole
    else:
        assert len(found.files) == FILES + 1


def without_story(rows: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
    """A finished backup leaves a line in the audit trail, and nothing else."""
    return {name: found for name, found in rows.items() if name != "events"}


@pytest.mark.timeout(900)
def test_a_killed_restore_left_nothing_or_everything(saved: Path, kind: str, tmp_path: Path) -> None:
    """The place is as empty as before, not taken for an installation, and filled by the next try; or it is whole."""
    target = Place.empty(tmp_path / "measured", kind)
    whole = time_of(target, ["restore", saved])
    wanted, interrupted = rows_of(target), 0
    target.away()
    for number, after in enumerate(moments(whole)):
        one = Place.empty(tmp_path / f"restore{number}", kind)
        interrupted += killed(one, ["restore", saved], after=after)
        if is_empty(one):
            assert one.run("check") != 0
            assert one.run("restore", saved) == 0
        assert rows_of(one) == wanted
        assert one.run("check", "--deep") == 0
        with one.entered(), work_as_system("work goes on", at=NOW + HOUR) as work:
            assert integrity.problems(work) == []
        one.away()
    assert interrupted


def test_what_fails_by_itself_was_not_killed(tmp_path: Path) -> None:
    """Or the tests above could be content with commands that never began their work."""
    with pytest.raises(AssertionError, match="failed by itself"):
        killed(Place.empty(tmp_path / "empty", "sqlite"), ["check"], after=PATIENCE)
