"""What a command is, and what it comes to: lines for people, data for machines, an exit code for scripts."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from services.core.errors import ServiceError


class Exit(IntEnum):
    """The exit codes, which scripts may rely on."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    PROBLEMS = 3
    NOT_NOW = 4


MEANINGS: Mapping[Exit, str] = {
    Exit.OK: "done",
    Exit.REFUSED: "refused or invalid; the sentence says why",
    Exit.USAGE: "the command was written wrongly",
    Exit.PROBLEMS: "the integrity check found problems",
    Exit.NOT_NOW: "not possible at the moment; trying again, or upgrading first, may help",
}


@dataclass(frozen=True)
class Outcome:
    """What a command has to say."""

    lines: Sequence[str]
    data: Mapping[str, Any] = field(default_factory=dict)
    code: Exit = Exit.OK


def no_arguments(_parser: ArgumentParser) -> None:
    """For commands that take none."""


@dataclass(frozen=True)
class Command:
    """One command: its words, what it does, its arguments; ``upgraded`` says that it needs a database in shape."""

    words: str
    help: str
    run: Callable[[Namespace], Outcome]
    arguments: Callable[[ArgumentParser], None] = no_arguments
    acting: bool = False
    upgraded: bool = True


class NotNow(ServiceError):
    """The command makes sense but cannot run at the moment."""
