"""Commands about files on their way in: an import and its dry run; no worker is needed (LEAD-3, ADM-10)."""

import hashlib
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

from db.models.import_job import ImportState
from db.models.import_job import Outcome as Coming
from services import imports
from services.commands.acting import acting
from services.commands.outcome import Command, Exit, NotNow, Outcome
from services.core.errors import N_, Refused

#: for how long a command waits for a worker that is at the same import: ten minutes, with a look every half second
LOOKS, PAUSE = 1200, 0.5


def import_leads(given: Namespace) -> Outcome:
    """Import a file of leads, or with --dry-run only say what each row would come to, as the person named by --as."""
    content = given.file.read_bytes()
    return _dry_run(given, content) if given.dry_run else _run(given, content)


def _dry_run(given: Namespace, content: bytes) -> Outcome:
    with acting(given, readonly=True) as work:
        found = imports.check(work, name=given.file.name, content=content, day_first=given.day_first)
    return _asks(found.total, found.asks) if found.asks else _said(_data(found), WOULD)


def _run(given: Namespace, content: bytes) -> Outcome:
    """To its end in this process; the same command again goes on with what was broken off."""
    job_id = _begun(given, content)
    if isinstance(job_id, Outcome):
        return job_id
    _work_at(given, job_id)
    with acting(given) as work:
        state = imports.card(work, job_id=job_id).state
        found = imports.told(work, job_id=job_id)
        if state is ImportState.CHECKED and (found["create"] or found["update"]):
            imports.start(work, job_id=job_id)
    _work_at(given, job_id)
    with acting(given, readonly=True) as work:
        card, found = imports.card(work, job_id=job_id), imports.told(work, job_id=job_id)
    if card.state in (ImportState.CHECKING, ImportState.RUNNING):
        raise NotNow(AT_IT, job=job_id)
    if card.state is ImportState.FAILED:
        raise Refused(FAILED, job=job_id, why=" ".join(said.text(str) for _column, said in card.error))
    return _said(found, DONE)


def _work_at(given: Namespace, job_id: int) -> None:
    """Until it waits for somebody; when a worker is at it already, until that has done it, or has died."""
    for _look in range(LOOKS):
        imports.go(job_id)
        with acting(given, readonly=True) as work:
            if imports.card(work, job_id=job_id).state not in (ImportState.CHECKING, ImportState.RUNNING):
                return
        Event().wait(PAUSE)


def _begun(given: Namespace, content: bytes) -> int | Outcome:
    """The number of the import, matched and on its way; or the question that has to be answered first."""
    with acting(given, readonly=True) as work:
        looked = imports.look(work, name=given.file.name, content=content)
    with acting(given) as work:
        found = imports.unfinished(work, digest=hashlib.sha256(content).hexdigest())
        if found is not None:
            return found
        job_id = imports.upload(work, name=given.file.name, content=content, looked=looked)
        options = imports.card(work, job_id=job_id).options
        columns = options["columns"]
        if given.day_first is None and columns.get("wanted_by") in options["doubtful"]:
            imports.cancel(work, job_id=job_id)
            return _asks(options["total"], imports.NAMED["wanted_by"].zh)
        imports.match(work, job_id=job_id, columns=columns, line=options["line"], day_first=given.day_first)
        return job_id


def _asks(total: int, column: str) -> Outcome:
    asks = f"day/month order of {column}"
    return Outcome([ASKS.format(asks=asks)], {"rows": total, "asks": asks}, Exit.REFUSED)


def _said(data: Mapping[str, Any], counts: str) -> Outcome:
    wrong = [f"  {row['row']:>6}  {row['column']}: {row['reason']}" for row in data["wrong_rows"]]
    return Outcome([counts.format(**data), *wrong], data)


def _data(found: imports.Checking) -> dict[str, Any]:
    def of(outcome: Coming) -> list[imports.Checked]:
        return [row for row in found.rows if row.outcome is outcome]

    return {
        "header_row": found.header_row,
        "rows": found.total,
        **{outcome.value: found.count(outcome) for outcome in Coming},
        "update_rows": [row.row for row in of(Coming.UPDATE)],
        "duplicate_rows": [row.row for row in of(Coming.DUPLICATE)],
        "wrong_rows": [{"row": row.row, "column": row.column, "reason": row.reason} for row in of(Coming.WRONG)],
    }


def _import_leads(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="an Excel or CSV file, such as leads.xlsx")
    parser.add_argument("--as", dest="login", metavar="LOGIN", required=True, help="with the rights of this user")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come; changes nothing")
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", dest="day_first", action="store_true", default=None, help="01/02/2027 is 1 February"
    )
    order.add_argument(
        "--month-first", dest="day_first", action="store_false", default=None, help="01/02/2027 is 2 January"
    )


COMMANDS = (Command("import leads", "import a file of leads", import_leads, _import_leads),)
WOULD = "{rows} rows: {create} new, {update} adding to known leads, {duplicate} duplicate, {wrong} wrong."
DONE = "{rows} rows: {create} imported, {update} added to known leads, {duplicate} duplicate, {wrong} wrong."
ASKS = N_("Dates can be read in two ways: {asks}. Please add --day-first or --month-first.")
AT_IT = N_("Somebody else is at import {job} at this moment. The same command again goes on with it.")
FAILED = N_("Import {job} broke off: {why}")
