"""What each row of a file would come to: new, more about a known lead, a duplicate, or wrong and why (LEAD-3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from db.models import ProductLine
from db.models.import_job import Outcome
from services.core.access import needs
from services.core.configuration import configuration
from services.core.errors import N_, Said
from services.core.work import Work
from services.imports import known
from services.imports.matching import NAMED, cleaned, matched, money_factor
from services.imports.reading import Row, Sheet, read
from services.imports.values import Reason, Terms, folded, order, values


@dataclass(frozen=True, slots=True)
class Checked:
    """One row: what it would come to; for a wrong one the first column and reason, in ``why`` all of them in words.

    ``record`` is the lead that would be changed, or what has the number already, if the actor may see it.
    """

    row: int
    outcome: Outcome
    values: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None
    reason: Reason | None = None
    why: Sequence[tuple[str, Said]] = ()
    cells: Sequence[Any] = ()
    record: known.Known | None = None


@dataclass(frozen=True, slots=True)
class Checking:
    """The whole file; ``asks`` names the column whose dates can be read in two ways, and then nothing is judged yet."""

    header_row: int
    total: int
    rows: Sequence[Checked] = ()
    asks: str | None = None

    def count(self, outcome: Outcome) -> int:
        """How many rows would come to this."""
        return Counter(row.outcome for row in self.rows)[outcome]


@needs("lead.import")
def check(work: Work, *, name: str, content: bytes, day_first: bool | None = None) -> Checking:
    """What would become of each row, with the column and the reason of wrong ones; changes nothing (LEAD-3).

    Duplicates are rows whose number an earlier row has, or a lead, account or contact; of those out of the actor's
    sight it is said in which branch, and no more (ALL-7).
    """
    sheet = read(name, content)
    places = matched(sheet.header)
    if day_first is None and (day_first := day_order(sheet, places.get("wanted_by"))) is None:
        return Checking(sheet.header_row, len(sheet.rows), asks=NAMED["wanted_by"].zh)
    terms = terms_of(work, sheet.header, places, day_first=day_first)
    return Checking(sheet.header_row, len(sheet.rows), judged(work, sheet.rows, places, terms, {}))


def day_order(sheet: Sheet, place: int | None) -> bool | None:
    """Whether the day stands before the month in the dates of a column; None when they leave it in doubt."""
    return order([cleaned(cell_at(cells, place)) for _number, cells in sheet.rows])


def cell_at(cells: Sequence[Any], place: int | None) -> Any:
    """The cell in a column; rows may end before it."""
    return cells[place] if place is not None and place < len(cells) else None


def terms_of(
    work: Work, header: Sequence[str], places: Mapping[str, int], *, day_first: bool, line: str | None = None
) -> Terms:
    """What the cells of this file are understood by today."""
    lines = work.rows(select(ProductLine.code, ProductLine.label_zh, ProductLine.label_en))
    sources = configuration(work).choices("lead_source")
    return Terms(
        lines={folded(name): line.code for line in lines for name in line},
        sources={folded(name): s.id for s in sources for name in (s.code, s.label_zh, s.label_en)},
        day_first=day_first,
        budget_factor=money_factor(header[places["budget"]]) if "budget" in places else 1,
        line=line,
    )


def judged(
    work: Work, rows: Sequence[Row], places: Mapping[str, int], terms: Terms, seen: dict[str, int]
) -> list[Checked]:
    """What these rows come to; ``seen`` has the numbers of the rows before them, and of these afterwards."""
    found = [_alone(number, cells, places, terms) for number, cells in rows]
    phones = {phone_of(row.values) for row in found if row.outcome is Outcome.CREATE}
    there = known.in_sight(work, phones)
    elsewhere = known.out_of_sight(work, phones - there.keys())
    leads = known.fillable(work, {record.id for record in there.values() if record.kind == "lead"})
    return [_among(row, seen, there, elsewhere, leads) for row in found]


def phone_of(row: Mapping[str, Any]) -> str:
    """By what a row is recognised: the mobile, else the landline, which a company's people share."""
    return row.get("mobile") or row.get("landline") or ""


def _alone(number: int, cells: Sequence[Any], places: Mapping[str, int], terms: Terms) -> Checked:
    """A row by itself."""
    found, problems = values({name: cell_at(cells, place) for name, place in places.items()}, terms)
    if not problems:
        return Checked(number, Outcome.CREATE, found)
    first = problems[0]
    why = [(NAMED[problem.field].zh, problem.said) for problem in problems]
    told = [cleaned(cell) for cell in cells]
    return Checked(number, Outcome.WRONG, found, NAMED[first.field].zh, first.reason, why, told)


def _among(
    row: Checked,
    seen: dict[str, int],
    there: Mapping[str, known.Known],
    elsewhere: Mapping[str, Said],
    leads: Mapping[int, Any],
) -> Checked:
    """The row beside the others and what is known already."""
    if row.outcome is Outcome.WRONG:
        return row
    phone = phone_of(row.values)
    if (before := seen.setdefault(phone, row.row)) != row.row:
        return _double(row, Reason.IN_FILE, Said(IN_FILE, row=before))
    if phone in elsewhere:
        return _double(row, Reason.ELSEWHERE, elsewhere[phone])
    if (record := there.get(phone)) is None:
        return row
    lead = leads.get(record.id) if record.kind == "lead" else None
    if lead is not None and known.missing(lead, row.values):
        return replace(row, outcome=Outcome.UPDATE, record=record)
    return replace(_double(row, Reason.KNOWN, Said(KNOWN)), record=record)


def _double(row: Checked, reason: Reason, said: Said) -> Checked:
    column = NAMED["mobile" if row.values.get("mobile") else "landline"].zh
    return replace(row, outcome=Outcome.DUPLICATE, column=column, reason=reason, why=[(column, said)])


IN_FILE = N_("The same number stands in row {row}.")
KNOWN = N_("This number is known already.")
