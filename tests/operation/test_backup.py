"""Backup while running, restore to a new place of either kind, nothing lost and nothing changed (ADM-11)."""

import hashlib
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from db import archive, upgrade
from db.models import Activity, ResetCode, SignInSession, User
from db.protection import expected, triggers
from db.session import database_url, engine
from services import activities, attachments, backup, integrity
from services.attachments import store
from services.core.errors import Refused
from services.core.work import work_as_system
from tests import databases
from tests.conftest import As
from tests.factories import DAY, HOUR, NOW, Make, World
from tests.services.stories import PHOTO, live_through
from tests.stage import Stage, surroundings


@pytest.fixture
def ids(stage: Stage, world: World, as_: As, make: Make) -> dict[str, int]:
    return stage.once(live_through, world, as_, make)


@pytest.fixture
def saved(ids: dict[str, int], tmp_path: Path) -> Path:
    assert ids
    return save(tmp_path / "monday.zip")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and an empty database elsewhere."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    url = databases.sqlite_url(folder) if request.param == "sqlite" else databases.postgres_url()
    yield folder, url
    engine(url).dispose()
    if request.param == "postgresql":
        databases.drop(url)


@contextmanager
def elsewhere(folder: Path, url: str) -> Iterator[None]:
    """The installation lives in this folder and database, until the end of the block."""
    for left_behind in (engine(), engine(database_url())):
        left_behind.dispose()
    with surroundings(folder, url):
        yield


def save(target: Path) -> Path:
    with work_as_system("a test saves", at=NOW, readonly=True) as work:
        backup.write(work, target=target)
    return target


def everything(url: str | None = None) -> dict[str, list[bytes]]:
    with archive.snapshot(url) as connection:
        return {table.name: list(archive.dump(connection, table)) for table in archive.tables(connection)}


def test_everything_comes_back_in_either_database(
    world: World, saved: Path, new_place: tuple[Path, str], ids: dict[str, int], as_: As
) -> None:
    folder, url = new_place
    before = everything()
    with elsewhere(folder, url):
        backup.restore(saved)
        assert everything(url) == before
        with work_as_system("a test checks", at=NOW, readonly=True) as work:
            assert integrity.problems(work, deep=True) == []
        with as_(world.anna) as work:
            (file,) = attachments.list_of(work, activity_id=ids["ended"])
            assert attachments.open_(work, attachment_id=file.id).stream.read() == PHOTO


def test_work_goes_on_in_the_new_place(
    world: World, saved: Path, new_place: tuple[Path, str], ids: dict[str, int], as_: As
) -> None:
    """New numbers follow the old ones, and what must not change still cannot (ACT-9)."""
    folder, url = new_place
    with elsewhere(folder, url):
        backup.restore(saved)
        assert upgrade.is_current()
        with as_(world.anna) as work:
            values = {"type_id": world.codes["visit"], "planned_start": NOW, "planned_end": NOW + HOUR}
            assert activities.plan(work, values=values) > max(ids.values())
        with engine(url).connect() as connection:
            assert {name for name, _ in triggers(connection)} == expected(connection.dialect.name)
        with pytest.raises(DBAPIError, match="an ended activity cannot change"), engine(url).begin() as connection:
            connection.execute(update(Activity).where(Activity.id == ids["ended"]).values(learned="nothing"))


def test_what_is_written_meanwhile_does_not_tear_the_backup(
    world: World, ids: dict[str, int], tmp_path: Path, as_: As
) -> None:
    stop, values = (
        Signal(),
        {"type_id": world.codes["visit"], "planned_start": NOW + DAY, "planned_end": NOW + DAY + HOUR},
    )

    def keep_working() -> None:
        while not stop.is_set():
            with as_(world.mia) as work:
                activities.assign(work, values=values, owner_ids=[world.anna, world.ben])

    others = Thread(target=keep_working)
    others.start()
    try:
        saved = [save(tmp_path / f"{number}.zip") for number in range(3)]
    finally:
        stop.set()
        others.join()
    for number, file in enumerate(saved):
        place = tmp_path / f"place{number}"
        place.mkdir()
        with elsewhere(place, databases.sqlite_url(place)):
            backup.restore(file)
            with work_as_system("a test checks", at=NOW, readonly=True) as work:
                assert integrity.problems(work) == []


def test_signed_in_browsers_do_not_come_back(world: World, tmp_path: Path, new_place: tuple[Path, str]) -> None:
    """SIG-2: a session that ended after the backup stays ended."""
    with engine().begin() as connection:
        times = {"created_at": NOW, "last_seen_at": NOW, "expires_at": NOW + DAY}
        connection.execute(insert(SignInSession).values(token="t" * 64, user_id=world.anna, **times))
        connection.execute(insert(ResetCode).values(code="c" * 64, user_id=world.anna, expires_at=NOW + DAY))
    saved, (folder, url) = save(tmp_path / "monday.zip"), new_place
    with elsewhere(folder, url):
        backup.restore(saved)
        with engine(url).connect() as connection:
            for kind in (SignInSession, ResetCode):
                assert connection.scalar(select(func.count()).select_from(kind)) == 0


def test_a_place_with_data_is_left_alone(saved: Path, world: World) -> None:
    before = everything()
    with pytest.raises(Refused, match="new, empty place"):
        backup.restore(saved)
    assert everything() == before


def test_a_backup_overwrites_nothing_and_is_for_its_owner_only(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert not list(saved.parent.glob("*.part"))
    before = saved.read_bytes()
    with pytest.raises(Refused, match="exists already"):
        save(saved)
    assert saved.read_bytes() == before


def test_files_that_the_store_lost_are_named(ids: dict[str, int], tmp_path: Path) -> None:
    (digest,) = store.sizes()
    files, root = store._store()
    files.rm_file(store._path(root, digest))
    with work_as_system("a test saves", at=NOW, readonly=True) as work:
        assert backup.write(work, target=tmp_path / "monday.zip").missing == [digest]
    assert backup.verify(tmp_path / "monday.zip").missing == [digest]


def rewritten(source: Path, **members: bytes | None) -> Path:
    """A copy of a backup in which members have another content, or none."""
    target = source.with_name("rewritten.zip")
    changed = {
        name.replace("__", "/").replace("_jsonl", ".jsonl").replace("_json", ".json"): data
        for name, data in members.items()
    }
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            data = changed.get(name, old.read(name)) if name in changed else old.read(name)
            if data is not None:
                new.writestr(name, data)
    return target


def manifest_with(source: Path, **values: object) -> bytes:
    with ZipFile(source) as zipped:
        return json.dumps({**json.loads(zipped.read("manifest.json")), **values}).encode()


def test_a_changed_or_missing_part_is_noticed_before_anything_is_restored(
    saved: Path, new_place: tuple[Path, str]
) -> None:
    folder, url = new_place
    for content in (b'["id","login"]\n[1,"mallory"]\n', None):
        with elsewhere(folder, url), pytest.raises(Refused, match=r"damaged: tables/users\.jsonl"):
            backup.restore(rewritten(saved, tables__users_jsonl=content))
    with elsewhere(folder, url), engine(url).connect() as connection:
        assert upgrade.is_empty(connection)


def test_bytes_that_flipped_are_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 3] ^= 0xFF
    saved.write_bytes(content)
    with pytest.raises(Refused):
        backup.verify(saved)


def test_no_flipped_byte_is_an_accident(saved: Path) -> None:
    """ADM-11: wherever it is, the backup is refused in words, or every part of it is still as it was."""
    content, whole = saved.read_bytes(), backup.verify(saved)
    for place in range(0, len(content), max(1, len(content) // 400)):
        saved.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with suppress(Refused):
            assert backup.verify(saved) == whole


@pytest.mark.parametrize("length", [0, 10, 3000])
def test_half_a_file_is_no_backup(saved: Path, length: int) -> None:
    saved.write_bytes(saved.read_bytes()[:length])
    with pytest.raises(Refused, match="not a complete backup"):
        backup.verify(saved)


def test_strange_manifests_are_no_backup(saved: Path) -> None:
    part = {"rows": 1, "size": 1, "digest": "0"}
    for manifest in (
        b"{}", b"[]", b"nonsense", None,
        manifest_with(saved, format="another"),
        manifest_with(saved, parts={"../../etc/passwd": part}),
        manifest_with(saved, parts={"files/short": part}),
        manifest_with(saved, surprise=1),
    ):  # fmt: skip
        with pytest.raises(Refused, match="not a complete backup"):
            backup.verify(rewritten(saved, manifest_json=manifest))


def test_a_backup_of_a_newer_version_is_refused(saved: Path, new_place: tuple[Path, str]) -> None:
    folder, url = new_place
    newer = rewritten(saved, manifest_json=manifest_with(saved, revision="from_the_future"))
    with elsewhere(folder, url), pytest.raises(Refused, match="newer version"):
        backup.restore(newer)


def test_a_restore_that_breaks_off_leaves_an_empty_place(
    saved: Path, new_place: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = new_place

    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(store, "keep", full_disk)
    with elsewhere(folder, url):
        with pytest.raises(OSError, match="No space"):
            backup.restore(saved)
        with engine(url).connect() as connection:
            assert upgrade.is_empty(connection)
        monkeypatch.undo()
    with elsewhere(folder, url):
        backup.restore(saved)


def test_rows_that_refer_to_nothing_are_not_restored(world: World, tmp_path: Path, new_place: tuple[Path, str]) -> None:
    saved, (folder, url) = save(tmp_path / "monday.zip"), new_place
    with ZipFile(saved) as zipped:
        lines = zipped.read("tables/users.jsonl").splitlines(keepends=True)
        manifest = json.loads(zipped.read("manifest.json"))
    torn = b"".join(line for line in lines if b'"mia"' not in line)
    manifest["parts"]["tables/users.jsonl"]["digest"] = hashlib.sha256(torn).hexdigest()
    broken = rewritten(saved, tables__users_jsonl=torn, manifest_json=json.dumps(manifest).encode())
    with elsewhere(folder, url):
        with pytest.raises(Refused, match="does not fit together"):
            backup.restore(broken)
        with engine(url).connect() as connection:
            assert upgrade.is_empty(connection)


def test_two_backups_of_the_same_data_hold_the_same(saved: Path, tmp_path: Path) -> None:
    again = save(tmp_path / "again.zip")
    assert backup.verify(saved) == backup.verify(again)


def test_later_people_are_not_in_an_earlier_backup(world: World, saved: Path, make: Make) -> None:
    make.user("Zoe")
    with ZipFile(saved) as zipped:
        assert b'"zoe"' not in zipped.read("tables/users.jsonl")
    with engine().begin() as connection:
        connection.execute(delete(User).where(User.login == "zoe"))
