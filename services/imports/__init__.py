"""Leads from Excel and CSV: what a file holds, what each of its rows would come to, and the import itself (LEAD-3)."""

from db.models.import_job import ImportState, Outcome
from services.imports.applying import run
from services.imports.checking import Checked, Checking, check
from services.imports.clearing import clear_old
from services.imports.jobs import Look, cancel, look, match, start, upload
from services.imports.listing import LIST, OUTCOMES, PAGE, STATES, Card, Line, card, names, rows, told, unfinished
from services.imports.matching import COLUMNS, NAMED
from services.imports.reading import LARGEST, MOST_ROWS, read
from services.imports.returning import wrong_rows
from services.imports.running import go, work_off
from services.imports.undoing import undo

__all__ = [
    "COLUMNS",
    "LARGEST",
    "LIST",
    "MOST_ROWS",
    "NAMED",
    "OUTCOMES",
    "PAGE",
    "STATES",
    "Card",
    "Checked",
    "Checking",
    "ImportState",
    "Line",
    "Look",
    "Outcome",
    "cancel",
    "card",
    "check",
    "clear_old",
    "go",
    "look",
    "match",
    "names",
    "read",
    "rows",
    "run",
    "start",
    "told",
    "undo",
    "unfinished",
    "upload",
    "work_off",
    "wrong_rows",
]
