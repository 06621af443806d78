"""Commands about the database as a whole: upgrade, check, backup, restore."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from alembic.util import CommandError

from db import planning
from db import upgrade as database
from db.models import Channel
from services import backup, duplicates, integrity, reference
from services.backup import Manifest
from services.commands.outcome import Command, Exit, Outcome
from services.core import events
from services.core.errors import N_, Refused
from services.core.work import work_as_system
from services.integrity import Problem


def upgrade(_given: Namespace) -> Outcome:
    """Create the database, or bring it to the version of this program, with the data that every installation needs."""
    moves = not database.is_current()
    try:
        database.upgrade()
    except CommandError as error:
        raise Refused(TOO_NEW) from error
    if moves:  # what the planner knew of rebuilt tables is gone
        planning.learn()
    with work_as_system("upgrade", channel=Channel.COMMAND) as work:
        added = reference.load(work)
    keys = duplicates.renew_keys()
    told = f"The database is at revision {database.head()}; {added} rows of reference data came in, {keys} keys were renewed."
    return Outcome([told], {"revision": database.head(), "added": added, "keys": keys})


def check(given: Namespace) -> Outcome:
    """Check every invariant of the data, or whether a backup is whole."""
    if given.backup:
        return _whole(backup.verify(given.backup), "is whole")
    return _sound(_problems(deep=given.deep))


def _problems(*, deep: bool) -> list[Problem]:
    with work_as_system("check", channel=Channel.COMMAND, readonly=True) as work:
        return integrity.problems(work, deep=deep)


def _sound(found: Sequence[Problem]) -> Outcome:
    lines = [f"{problem.rule}: {problem.record} {problem.text}" for problem in found]
    rules = len(integrity.RULES)
    summary = f"{len(found)} problems" if found else f"No problems; {rules} rules hold."
    data = {"rules": rules, "problems": [asdict(problem) for problem in found]}
    return Outcome([*lines, summary], data, Exit.PROBLEMS if found else Exit.OK)


def write_backup(given: Namespace) -> Outcome:
    """Write a backup, look whether it can be read back, and note in the audit trail that data were taken out."""
    with work_as_system("backup", channel=Channel.COMMAND, readonly=True) as work:
        backup.write(work, target=given.file)
    manifest = backup.verify(given.file)
    with work_as_system("backup", channel=Channel.COMMAND) as work:
        events.note_access(work, "backup", kind="database", note=given.file.name)
    return _whole(manifest, "was written and reads back")


def restore(given: Namespace) -> Outcome:
    """Restore a backup to the empty place that the environment names, and check what has come."""
    manifest = backup.restore(given.file)
    restored, found = _whole(manifest, "was restored"), _sound(_problems(deep=True))
    lines, data = [*restored.lines, *found.lines], {**restored.data, **found.data}
    return Outcome(lines, data, found.code or restored.code)


def _whole(manifest: Manifest, what: str) -> Outcome:
    lines = [f"The backup of {manifest.made_at} {what}: {manifest.rows} rows, {len(manifest.files)} files."]
    lines += [f"The store had lost the file {digest} already." for digest in manifest.missing]
    data = {"made_at": manifest.made_at, "revision": manifest.revision, "rows": manifest.rows}
    data |= {"files": len(manifest.files), "missing": manifest.missing}
    return Outcome(lines, data, Exit.PROBLEMS if manifest.missing else Exit.OK)


def _check(parser: ArgumentParser) -> None:
    parser.add_argument("--deep", action="store_true", help="also read every attachment and compare its digest")
    parser.add_argument("--backup", type=Path, metavar="FILE", help="check whether this backup is whole, instead")


def _file(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


COMMANDS = (
    Command("upgrade", "create the database or bring it up to date; may be run at any time", upgrade, upgraded=False),
    Command("check", "check every invariant of the data", check, _check),
    Command("backup", "write everything, attachments too, into one file; while running", write_backup, _file),
    Command("restore", "bring a backup to a new, empty place", restore, _file, upgraded=False),
)
TOO_NEW = N_("This database belongs to a newer version of the program.")
