"""The dry run of an import: what each row of the file would come to; it changes nothing (LEAD-3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from db.models import Account, Contact, Lead, ProductLine
from db.models.import_job import Outcome
from services.core.access import needs
from services.core.configuration import configuration
from services.core.work import Work
from services.imports.matching import NAMED, cleaned, matched, money_factor
from services.imports.reading import Sheet, read
from services.imports.values import Reason, Terms, Wrong, folded, order, values

PHONES = (Lead.mobile, Lead.landline, Account.phone, Account.phone2, Contact.mobile, Contact.landline)
ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """One row: what it would come to, and for a wrong one the column and the reason."""

    row: int
    outcome: Outcome
    values: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None
    reason: Reason | None = None


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
    """What would become of each row, with the column and the reason of wrong ones (LEAD-3).

    Duplicates are rows whose number an earlier row has, or a lead, account or contact that the actor may see (ALL-7).
    """
    sheet = read(name, content)
    places = matched(sheet.header)
    if day_first is None:
        day_first = order([cleaned(_cell(cells, places.get("wanted_by"))) for _number, cells in sheet.rows])
    if day_first is None:
        return Checking(sheet.header_row, len(sheet.rows), asks=NAMED["wanted_by"].zh)
    terms = _terms(work, sheet, places, day_first=day_first)
    rows = [_judged(number, cells, places, terms) for number, cells in sheet.rows]
    return Checking(sheet.header_row, len(rows), _without_doubles(work, rows))


def _cell(cells: Sequence[Any], place: int | None) -> Any:
    return cells[place] if place is not None and place < len(cells) else None


def _terms(work: Work, sheet: Sheet, places: Mapping[str, int], *, day_first: bool) -> Terms:
    lines = work.rows(select(ProductLine.code, ProductLine.label_zh, ProductLine.label_en))
    sources = configuration(work).choices("lead_source")
    budget = sheet.header[places["budget"]] if "budget" in places else ""
    return Terms(
        lines={folded(name): line.code for line in lines for name in line},
        sources={folded(name): s.id for s in sources for name in (s.code, s.label_zh, s.label_en)},
        day_first=day_first,
        budget_factor=money_factor(budget),
    )


def _judged(number: int, cells: Sequence[Any], places: Mapping[str, int], terms: Terms) -> Checked:
    try:
        found = values({name: _cell(cells, place) for name, place in places.items()}, terms)
    except Wrong as wrong:
        return Checked(number, Outcome.WRONG, column=NAMED[wrong.field].zh, reason=wrong.reason)
    return Checked(number, Outcome.CREATE, found)


def _phone(row: Checked) -> str:
    """By what a row is recognised: the mobile, else the landline, which a company's people share."""
    return row.values.get("mobile") or row.values.get("landline") or ""


def _without_doubles(work: Work, rows: Sequence[Checked]) -> list[Checked]:
    seen = _known(work, {_phone(row) for row in rows} - {""})
    result = []
    for row in rows:
        phone = _phone(row)
        double = phone in seen
        result.append(Checked(row.row, Outcome.DUPLICATE, row.values) if double else row)
        seen |= {phone} - {""}
    return result


def _known(work: Work, phones: Iterable[str]) -> set[str]:
    """Those of the numbers that the actor can find already."""
    asked = sorted(phones)
    return {
        found
        for start in range(0, len(asked), ASKED_AT_ONCE)
        for number in PHONES
        for found in work.scalars(
            select(number).where(number.in_(asked[start : start + ASKED_AT_ONCE]), _present(number))
        )
    }


def _present(number: Any) -> Any:
    return number.class_.deleted_at.is_(None)
