"""Commands that fill the system, let it work, and take data out: demo, tick, export."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from services import accounts, activities, contacts, demo, exports, leads, worker
from services.commands.acting import acting
from services.commands.outcome import Command, Exit, Outcome
from services.core.errors import N_, Refused
from services.core.listing import ListRequest, ListSpec
from services.core.settings import settings

LISTS: Mapping[str, ListSpec] = {
    spec.name: spec for spec in (activities.LIST, accounts.LIST, contacts.LIST, leads.LIST)
}


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
    return Outcome([told], asdict(done), code)


def load_demo(given: Namespace) -> Outcome:
    """Fill an empty database with a dealer group, and say who can sign in (SIG-6)."""
    report = demo.load(size=given.size, seed=given.seed, at=given.at)
    counts = ", ".join(f"{count:,} {name}" for name, count in report.counts.items())
    first = (
        f"Demo data came in: {counts}." if report.loaded else f"There are data already; nothing was changed: {counts}."
    )
    people = [f"  {p.login:18} {p.role:20} {p.line or '':10} {p.branch or 'head office'}" for p in report.people]
    password = [f"All of them sign in with the password {report.password}"] if report.password else []
    return Outcome([first, *people, *password], asdict(report))


def export(given: Namespace) -> Outcome:
    """Write a list into an Excel file, with the rights of the person named by --as, and note it in the audit trail."""
    if given.file.exists():
        raise Refused(EXISTS, file=given.file.name)
    request = ListRequest(search=given.search, filters=dict(given.filter))
    unfinished = given.file.with_name(given.file.name + ".part")
    try:
        with acting(given, readonly=True) as work:
            exported = exports.of_list(work, spec=LISTS[given.list], request=request, path=unfinished)
        with acting(given) as work:
            exports.note(work, exported=exported)
        unfinished.rename(given.file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Outcome(
        [f"{exported.rows} rows were written to {given.file}."], {"rows": exported.rows, "file": str(given.file)}
    )


def condition(text: str) -> tuple[str, str]:
    """A filter as it stands in the address of a list: name=value."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ArgumentTypeError(f"not of the form name=value: {text}")
    return name, value


def _at(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--at", type=moment, metavar="MOMENT", help="as if it were this moment, such as 2026-11-23T08:00"
    )


def _demo(parser: ArgumentParser) -> None:
    parser.add_argument("--size", choices=list(demo.SIZES), default="small", help="how much (default: small)")
    parser.add_argument("--seed", type=int, default=1, help="the same number makes the same data (default: 1)")
    _at(parser)


def _export(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the Excel file to write, such as activities.xlsx")
    parser.add_argument("--as", dest="login", metavar="LOGIN", required=True, help="with the rights of this user")
    parser.add_argument("--list", choices=list(LISTS), default="activities", help="which list (default: activities)")
    parser.add_argument("--search", default="", metavar="WORDS", help="only what is found by these words")
    parser.add_argument(
        "--filter", type=condition, action="append", default=[], metavar="NAME=VALUE", help="as in the list's address"
    )


COMMANDS = (
    Command("demo", "fill an empty database with demo data; says who can sign in", load_demo, _demo),
    Command("tick", "run the time rules that are due, once, and deliver messages", tick, _at),
    Command("export", "write a list into an Excel file, with a user's rights", export, _export),
)
EXISTS = N_("{file} exists already. An export never overwrites anything.")
