"""The operators' command line: `python -m services --help` (ADM-10)."""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from db.upgrade import is_current
from services.commands import database, incoming, people, running
from services.commands.outcome import MEANINGS, Command, Exit, NotNow, Outcome
from services.core.errors import N_, Busy, Invalid, ServiceError
from services.health import NOT_UPGRADED

COMMANDS: tuple[Command, ...] = (*database.COMMANDS, *people.COMMANDS, *running.COMMANDS, *incoming.COMMANDS)
CODES = "exit codes:\n" + "\n".join(f"  {code.value}  {meaning}" for code, meaning in MEANINGS.items())
PLACES = (
    "environment:\n"
    "  DATA_DIR      folder of database, attachments and secrets (default: data)\n"
    "  DATABASE_URL  PostgreSQL instead of SQLite in DATA_DIR\n"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and say what came of it; returns the exit code."""
    given = parser().parse_args(arguments)
    try:
        outcome = run(given)
    except Invalid as error:
        fields = {name: said.text(str) for name, said in error.fields.items()}
        outcome = failed(
            "\n".join(f"{name}: {said}" for name, said in fields.items()), Exit.REFUSED, {"fields": fields}
        )
    except (Busy, NotNow) as error:
        outcome = failed(str(error), Exit.NOT_NOW)
    except ServiceError as error:
        outcome = failed(str(error), Exit.REFUSED)
    except OperationalError as error:
        outcome = failed(NO_DATABASE.format(reason=str(error.orig).strip()), Exit.NOT_NOW)
    except DBAPIError as error:
        outcome = failed(REFUSED_BY_DATABASE.format(reason=str(error.orig).strip()), Exit.REFUSED)
    except OSError as error:
        outcome = failed(str(error), Exit.NOT_NOW)
    say(outcome, as_json=given.json)
    return outcome.code


def run(given: Namespace) -> Outcome:
    """The command on a database that is in shape for it."""
    if given.command.upgraded and not is_current():
        raise NotNow(NOT_UPGRADED)
    outcome: Outcome = given.command.run(given)
    return outcome


def failed(sentence: str, code: Exit, more: dict[str, Any] | None = None) -> Outcome:
    """The outcome of a command that could not do its work."""
    return Outcome([sentence], {"error": sentence, **(more or {})}, code)


def say(outcome: Outcome, *, as_json: bool) -> None:
    """Results to standard output, failures to standard error; with --json one object to standard output."""
    if as_json:
        print(json.dumps({"exit": outcome.code, **outcome.data}, ensure_ascii=False, default=str))
        return
    stream = sys.stderr if "error" in outcome.data else sys.stdout
    for line in outcome.lines:
        print(line, file=stream)


def parser() -> ArgumentParser:
    """What can be typed."""
    top = ArgumentParser(
        prog="python -m services",
        description="Dealer CRM for operators.",
        epilog=f"{PLACES}\n{CODES}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    choices = top.add_subparsers(metavar="COMMAND", required=True)
    for first, those in groupby(COMMANDS, key=lambda command: command.words.split()[0]):
        group = list(those)
        if " " not in group[0].words:
            _add(choices, first, group[0])
            continue
        inner = choices.add_parser(first, help=f"{', '.join(command.words.split()[1] for command in group)}")
        further = inner.add_subparsers(metavar="COMMAND", required=True)
        for command in group:
            _add(further, command.words.split()[1], command)
    return top


def _add(choices: Any, name: str, command: Command) -> None:
    one = choices.add_parser(
        name, help=command.help, description=command.help, epilog=CODES, formatter_class=RawDescriptionHelpFormatter
    )
    command.arguments(one)
    one.add_argument("--json", action="store_true", help="answer with one JSON object")
    if command.acting:
        one.add_argument("--as", dest="login", metavar="LOGIN", help="act as this user, with that user's rights")
    one.set_defaults(command=command)


REFUSED_BY_DATABASE = N_("The database refuses this: {reason}")
NO_DATABASE = N_("The database cannot be reached: {reason}")

if __name__ == "__main__":
    sys.exit(main())
