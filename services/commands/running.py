"""Commands that let the system work: tick."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime

from services import worker
from services.commands.outcome import Command, Exit, Outcome
from services.core.settings import settings


def moment(text: str) -> datetime:
    """A moment in ISO form; without a zone it is the organisation's."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"not a moment in ISO form, such as 2026-11-23T08:00: {text}") from None
    return given if given.tzinfo else given.replace(tzinfo=settings().zone)


def tick(given: Namespace) -> Outcome:
    """Run every time rule that is due, missed runs in order, and deliver the outbox (ADM-9)."""
    done = worker.tick(at=given.at)
    told = f"{done.runs} runs of time rules, {done.failed} of them failed; {done.sent} messages sent."
    code = Exit.NOT_NOW if done.failed else Exit.OK
    return Outcome([told], {"runs": done.runs, "failed": done.failed, "sent": done.sent}, code)


def _at(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--at", type=moment, metavar="MOMENT", help="as if it were this moment, such as 2026-11-23T08:00"
    )


COMMANDS = (Command("tick", "run the time rules that are due, once, and deliver messages", tick, _at),)
