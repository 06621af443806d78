"""The operators' command line: what it says, to people and to machines, and with which exit code (ADM-10)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from db.models import Activity, Channel, Event, Notice, Role, User
from db.session import database_url, engine
from services import __main__ as command_line
from services import demo, passwords, sign_in
from services.commands.outcome import MEANINGS, Exit
from services.core.work import work_as_system
from tests import databases
from tests.conftest import As
from tests.factories import DAY, NOW, Make, World
from tests.services.stories import live_through
from tests.stage import surroundings

Said = pytest.CaptureFixture[str]


@pytest.fixture
def said(capsys: Said) -> Said:
    """What was printed."""
    return capsys


def run(*words: object) -> int:
    return command_line.main([str(word) for word in words])


def answer(said: Said, *words: object) -> dict[str, Any]:
    """What a command says to machines."""
    said.readouterr()
    code = run(*words, "--json")
    found: dict[str, Any] = json.loads(said.readouterr().out)
    assert found["exit"] == code
    return found


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Path]:
    """An installation of which nothing exists yet."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    on_server = os.environ.get("TEST_DB") == "postgresql"
    url = databases.postgres_url() if on_server else databases.sqlite_url(folder)
    with surroundings(folder, url):
        yield folder
    if on_server:
        databases.drop(url)


def last_event() -> Any:
    with work_as_system("a test looks", readonly=True) as work:
        columns = (Event.action, Event.kind, Event.actor_id, Event.channel, Event.note)
        return work.row(select(*columns).order_by(Event.id.desc()))


def test_help_names_every_command_and_exit_code(said: Said) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--help")
    text = said.readouterr().out
    assert ended.value.code == 0
    for command in command_line.COMMANDS:
        assert command.words.split()[0] in text
    for code, meaning in MEANINGS.items():
        assert f"{code.value}  {meaning}" in text


@pytest.mark.parametrize("command", command_line.COMMANDS, ids=lambda command: command.words)
def test_every_command_has_help_and_speaks_to_machines(said: Said, command: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*command.words.split(), "--help")
    text = said.readouterr().out
    assert ended.value.code == 0
    assert command.help.split(";")[0].split()[0] in text
    assert "--json" in text


@pytest.mark.parametrize(
    "words", [(), ("fly",), ("user",), ("tick", "--at", "soon"), ("export", "a.xlsx"), ("demo", "--size", "huge")]
)
def test_wrong_use_is_told_apart(words: tuple[str, ...], said: Said) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == Exit.USAGE
    assert "usage:" in said.readouterr().err


def test_it_runs_as_a_module() -> None:
    ended = subprocess.run([sys.executable, "-m", "services", "--help"], capture_output=True, text=True, check=True)
    assert "exit codes:" in ended.stdout


def test_nothing_works_before_the_upgrade(nowhere: Path, said: Said) -> None:
    for words in (("check",), ("user", "list"), ("first-admin",), ("tick",), ("backup", nowhere / "b.zip"), ("demo",)):
        assert run(*words) == Exit.NOT_NOW
        assert "python -m services upgrade" in said.readouterr().err


def test_from_nothing_to_the_first_sign_in(nowhere: Path, said: Said) -> None:
    assert answer(said, "upgrade")["added"] > 3000
    assert answer(said, "upgrade")["added"] == 0
    first = answer(said, "first-admin")
    with work_as_system("a test looks", readonly=True) as work:
        person = work.row(select(User).where(User.login == first["login"]))[0]
    assert person.role is Role.DATA_ADMINISTRATOR
    assert person.must_change_password
    assert passwords.matches(first["password"], person.password_hash)
    assert answer(said, "first-admin") == {"exit": 0, "created": False}
    assert answer(said, "check")["problems"] == []


def test_demo_loads_once_and_says_who_can_sign_in(nowhere: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    report = demo.Report(True, "abcd-efgh", [demo.SignIn("anna", "Anna", Role.REP, "machines", "南京")], {"users": 1})
    asked: list[Any] = []
    monkeypatch.setattr(demo, "load", lambda **given: asked.append(given) or report)
    run("upgrade")
    assert run("demo", "--size", "large", "--seed", 7) == Exit.OK
    assert asked == [{"size": "large", "seed": 7, "at": None}]
    told = said.readouterr().out
    assert "anna" in told
    assert "abcd-efgh" in told


def test_users_are_added_with_a_one_time_password(world: World, said: Said) -> None:
    words = (
        "user",
        "add",
        "li.wei",
        "--name",
        "李伟",
        "--role",
        "rep",
        "--branch",
        "nj",
        "--superior",
        "sun",
        "--line",
        "parts",
    )
    made = answer(said, *words)
    with work_as_system("a test looks", readonly=True) as work:
        person = work.get(User, made["id"])
    assert (person.branch_id, person.superior_id, person.must_change_password) == (world.nanjing, world.sun, True)
    assert passwords.matches(made["password"], person.password_hash)
    assert last_event().channel is Channel.COMMAND


def test_wrong_users_are_refused_field_by_field(world: World, said: Said) -> None:
    refused = answer(said, "user", "add", "X", "--name", "X", "--role", "rep")
    assert refused["exit"] == Exit.REFUSED
    assert "login" in refused["fields"]
    assert (
        run("user", "add", "xu", "--name", "徐", "--role", "rep", "--branch", "ZZ", "--line", "parts") == Exit.REFUSED
    )
    assert "no branch with the code “ZZ”" in said.readouterr().err


def test_users_are_disabled_enabled_and_listed(world: World, said: Said) -> None:
    assert run("user", "disable", "ruth") == Exit.OK
    assert "ruth" not in [user["login"] for user in answer(said, "user", "list")["users"]]
    everybody = {user["login"]: user["active"] for user in answer(said, "user", "list", "--all")["users"]}
    assert everybody["ruth"] is False
    assert run("user", "enable", "ruth") == Exit.OK
    assert "ruth" in [user["login"] for user in answer(said, "user", "list")["users"]]


def test_a_reset_gives_a_code(world: World, said: Said) -> None:
    code = answer(said, "user", "reset", "anna")["code"]
    with work_as_system("a test looks", readonly=True) as work:
        assert sign_in.prove_code(work, code=code, new="a good long sentence").user_id == world.anna
    assert run("user", "reset", "nobody") == Exit.REFUSED
    assert "no user with the sign-in name “nobody”" in said.readouterr().err


def test_as_somebody_means_with_their_rights(world: World, said: Said) -> None:
    assert run("user", "disable", "ruth", "--as", "mia") == Exit.REFUSED
    assert "does not allow" in said.readouterr().err
    assert run("user", "disable", "ruth", "--as", "adam") == Exit.OK
    assert last_event().actor_id == world.adam
    assert run("user", "list", "--as", "ruth") == Exit.REFUSED
    assert "“ruth” is inactive" in said.readouterr().err


def test_tick_runs_the_rules_for_a_given_moment(world: World, make: Make, said: Said) -> None:
    activity_id = make.activity(state="assigned", assigned_at=NOW)
    done = answer(said, "tick", "--at", (NOW + 5 * DAY).isoformat())
    assert done["failed"] == 0
    with work_as_system("a test looks", readonly=True) as work:
        told = work.scalars(select(Notice.kind).where(Notice.record_id == activity_id))
    assert told, "the superior hears of an unanswered assignment (ACT-5)"


def test_export_has_the_rights_of_the_named_person(
    world: World, as_: As, make: Make, said: Said, tmp_path: Path
) -> None:
    live_through(world, as_, make)
    counts = {}
    for login in ("anna", "carl", "eva"):
        file = tmp_path / f"{login}.xlsx"
        counts[login] = answer(said, "export", file, "--as", login)["rows"]
        assert load_workbook(file, read_only=True).worksheets[0].max_row == counts[login] + 1
    with work_as_system("a test looks", readonly=True) as work:
        everything = work.scalar(select(func.count()).select_from(Activity))
    assert counts["carl"] == 0
    assert 0 < counts["anna"] < counts["eva"] == everything
    event = last_event()
    assert (event.action, event.actor_id, event.channel) == ("exported", world.eva, Channel.COMMAND)


def test_export_filters_as_the_list_does(world: World, as_: As, make: Make, said: Said, tmp_path: Path) -> None:
    live_through(world, as_, make)
    file = tmp_path / "ended.xlsx"
    assert answer(said, "export", file, "--as", "anna", "--filter", "state=ended")["rows"] == 1
    assert run("export", tmp_path / "x.xlsx", "--as", "anna", "--filter", "salary=1") == Exit.REFUSED
    assert run("export", file, "--as", "anna") == Exit.REFUSED
    assert "never overwrites" in said.readouterr().err
    assert sorted(found.name for found in tmp_path.glob("*.xlsx*")) == ["ended.xlsx"]


def test_check_says_what_is_wrong(world: World, as_: As, make: Make, said: Said) -> None:
    ids = live_through(world, as_, make)
    assert run("check") == Exit.OK
    with engine().begin() as connection:
        connection.execute(update(Activity).where(Activity.id == ids["planned"]).values(search_key="x"))
    said.readouterr()
    found = answer(said, "check", "--deep")
    assert found["exit"] == Exit.PROBLEMS
    assert [problem["record"] for problem in found["problems"]] == [f"activity {ids['planned']}"]


def test_backup_and_restore(world: World, as_: As, make: Make, said: Said, tmp_path: Path) -> None:
    live_through(world, as_, make)
    file, place = tmp_path / "monday.zip", tmp_path / "new"
    saved = answer(said, "backup", file)
    assert saved["files"] == 1
    assert (last_event().action, last_event().note) == ("backup", "monday.zip")
    assert run("backup", file) == Exit.REFUSED
    assert run("restore", file) == Exit.REFUSED
    assert "new, empty place" in said.readouterr().err
    assert answer(said, "check", "--backup", file)["rows"] == saved["rows"]
    place.mkdir()
    for used in (engine(), engine(database_url())):
        used.dispose()
    with surroundings(place, databases.sqlite_url(place)):
        restored = answer(said, "restore", file)
    assert (restored["exit"], restored["problems"], restored["rows"]) == (Exit.OK, [], saved["rows"])


def test_what_is_no_backup_is_refused(nowhere: Path, said: Said) -> None:
    for name in ("missing.zip", "empty.zip"):
        (nowhere / "empty.zip").touch()
        assert run("restore", nowhere / name) in (Exit.REFUSED, Exit.NOT_NOW)
        assert "Traceback" not in said.readouterr().err


def test_a_database_that_is_away_is_said_so(said: Said, tmp_path: Path) -> None:
    with surroundings(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nothing"):
        assert run("check") == Exit.NOT_NOW
    assert "cannot be reached" in said.readouterr().err
