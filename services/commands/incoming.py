"""Commands about files on their way in: the dry run of an import (LEAD-3)."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from db.models.import_job import Outcome as Coming
from services import imports
from services.commands.acting import acting
from services.commands.outcome import Command, Exit, Outcome
from services.core.errors import N_


def check_leads(given: Namespace) -> Outcome:
    """Say what each row of a file of leads would come to, with the rights of the person named by --as."""
    content = given.file.read_bytes()
    with acting(given, readonly=True) as work:
        found = imports.check(work, name=given.file.name, content=content, day_first=given.day_first)
    if found.asks:
        asks = f"day/month order of {found.asks}"
        return Outcome([ASKS.format(asks=asks)], {"rows": found.total, "asks": asks}, Exit.REFUSED)
    data = _data(found)
    wrong = [f"  {row['row']:>6}  {row['column']}: {row['reason']}" for row in data["wrong_rows"]]
    counts = "{rows} rows: {create} new, {duplicate} duplicate, {wrong} wrong.".format(**data)
    return Outcome([counts, *wrong], data)


def _data(found: imports.Checking) -> dict[str, Any]:
    rows = found.rows
    return {
        "header_row": found.header_row,
        "rows": found.total,
        **{outcome.value: found.count(outcome) for outcome in Coming},
        "duplicate_rows": [row.row for row in rows if row.outcome is Coming.DUPLICATE],
        "wrong_rows": [
            {"row": row.row, "column": row.column, "reason": row.reason} for row in rows if row.outcome is Coming.WRONG
        ],
    }


def _check_leads(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="an Excel or CSV file, such as leads.xlsx")
    parser.add_argument("--as", dest="login", metavar="LOGIN", required=True, help="with the rights of this user")
    parser.add_argument(
        "--dry-run", action="store_true", required=True, help="only say what would come; changes nothing"
    )
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", dest="day_first", action="store_true", default=None, help="01/02/2027 is 1 February"
    )
    order.add_argument(
        "--month-first", dest="day_first", action="store_false", default=None, help="01/02/2027 is 2 January"
    )


COMMANDS = (Command("import leads", "say what each row of a file would come to", check_leads, _check_leads),)
ASKS = N_("Dates can be read in two ways: {asks}. Please add --day-first or --month-first.")
