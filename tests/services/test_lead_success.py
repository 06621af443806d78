"""The success rate of leads: figures, their records, their reach (LEAD-7)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from db.models import CodeValue, LeadState
from services.core.errors import Refused
from services.core.listing import ListRequest, fetch
from services.core.work import Work, work_as_system
from services.lead_figures import counting as figures
from services.leads.listing import LIST
from services.reports import excel, lead_success
from services.reports.lead_success import SHAPE, Success
from services.reports.periods import Period
from services.reports.shape import Line, Question
from tests.factories import DAY, HOUR, NOW, SHANGHAI, As, World
from tests.services.converting import lead

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
CONVERTED = {"state": LeadState.CONVERTED, "converted_at": NOW}


def code(name: str, value: str, group: str | None = None) -> int:
    """The id of a value of a code list, which is written when it is not there."""
    with work_as_system("a test needs a code", at=NOW) as work:
        found = work.scalar(select(CodeValue).where(CodeValue.list == name, CodeValue.code == value))
        row: CodeValue = found or CodeValue(list=name, code=value, group=group, label_zh=value, label_en=value)
        work.also(row)
        work.flush()
        return row.id


def given_up() -> dict[str, Any]:
    """The state of a lead that was given up."""
    reason = code("disqualify_reason", "no_need")
    return {"state": LeadState.DISQUALIFIED, "disqualify_reason_id": reason, "disqualified_at": NOW}


@pytest.fixture
def leads(world: World) -> list[int]:
    """Anna: converted (contacted after 2 hours), given up (after 4), working; Ben: converted; Carl: converted; nobody's."""
    website, exhibition = code("lead_source", "website", "inbound"), code("lead_source", "exhibition")
    made = NOW - DAY
    return [
        lead(world, source_id=website, first_contact_at=made + 2 * HOUR, **CONVERTED),
        lead(world, source_id=exhibition, first_contact_at=made + 4 * HOUR, **given_up()),
        lead(world, source_id=website),
        lead(world, world.ben, line="parts", **CONVERTED),
        lead(world, world.carl, source_id=website, **CONVERTED),
        lead(world, owner_id=None, state=LeadState.NEW),
    ]


def ask(work: Work, by: str = "source", period: Period = NOVEMBER, **narrowed: Any) -> Success:
    return lead_success.success(work, question=Question(by, period, **narrowed))


def records(work: Work, address: Mapping[str, str]) -> set[int]:
    """The leads that the list shows under a figure's filter."""
    page = fetch(work, LIST, ListRequest(filters=dict(address)))
    assert page.total == len(page.rows)
    return {row["id"] for row in page.rows}


@pytest.mark.usefixtures("leads")
def test_rate_is_converted_of_decided(world: World, as_: As) -> None:
    """LEAD-7: converted / (converted + disqualified), open ones left out; the median of the time to the first contact."""
    with as_(world.anna, readonly=True) as work:
        total = ask(work).total
    assert (total.created, total.contacted, total.converted, total.disqualified, total.open) == (3, 2, 1, 1, 1)
    assert (total.decided, total.rate, total.hours) == (2, 50.0, 3.0)


@pytest.mark.usefixtures("leads")
@pytest.mark.parametrize(
    ("person", "created"),
    [("anna", 3), ("sun", 4), ("mia", 5), ("ruth", 5), ("carl", 1), ("hanna", 6), ("adam", 6), ("eva", 6), ("pia", 0)],
)
def test_whose_leads_count(world: World, as_: As, person: str, created: int) -> None:
    """access.md, ALL-7: a rep's own, those of the people led, the branch, all."""
    with as_(world.people[person], readonly=True) as work:
        found = ask(work)
        assert found.total.created == created == len(records(work, lead_success.drill(found.question, "created")))


@pytest.mark.walk
@pytest.mark.usefixtures("leads")
@pytest.mark.parametrize("by", SHAPE.bys)
@pytest.mark.parametrize("person", ["anna", "mia", "eva"])
def test_every_figure_opens_as_many_records_as_it_says(world: World, as_: As, by: str, person: str) -> None:
    """ALL-10: in every division, of every line, the total and each reason; the lines add up."""
    with as_(world.people[person], readonly=True) as work:
        found = ask(work, by)
        whole = Line(0, "", NOVEMBER, found.total)
        for line in (*found.lines, None):
            for name in figures.FIGURES:
                address = lead_success.drill(found.question, name, line)
                assert len(records(work, address)) == getattr((line or whole).figures, name), (by, line, name)
        for reason in found.reasons:
            address = lead_success.drill(found.question, "disqualified", reason_id=reason.id)
            assert len(records(work, address)) == reason.count == 1
        assert sum(line.figures.created for line in found.lines) == found.total.created


@pytest.mark.usefixtures("leads")
def test_narrowing(world: World, as_: As) -> None:
    """LEAD-7: one branch, one product line, one rep; figures and their records alike."""
    narrowings = (({"branch_id": world.hefei}, 1), ({"line": "parts"}, 1), ({"owner_id": world.anna}, 3))
    with as_(world.eva, readonly=True) as work:
        for narrowed, count in narrowings:
            found = ask(work, **narrowed)
            assert found.total.created == count == len(records(work, lead_success.drill(found.question, "created")))


def test_cohorts_begin_at_midnight_of_the_organisation(world: World, as_: As) -> None:
    """LEAD-7: by the month in which the lead came in, whenever it was converted."""
    lead(world, created_at=datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI), **CONVERTED)
    lead(world, created_at=datetime(2026, 11, 1, 0, 0, tzinfo=SHANGHAI), **CONVERTED)
    with as_(world.anna, readonly=True) as work:
        found = ask(work, "month", Period(date(2026, 9, 1), NOVEMBER.last))
    assert [(line.label, line.figures.converted) for line in found.lines] == [
        ("2026-09", 0), ("2026-10", 1), ("2026-11", 1),
    ]  # fmt: skip
    with as_(world.anna, readonly=True) as work:
        october = ask(work, "month", Period(date(2026, 10, 1), date(2026, 10, 31)))
        assert october.total.created == 1 == len(records(work, lead_success.drill(october.question, "created")))


def test_deleted_leads_do_not_count(world: World, as_: As) -> None:
    """ALL-8."""
    lead(world, deleted_at=NOW)
    with as_(world.anna, readonly=True) as work:
        assert ask(work).total.created == 0


@pytest.mark.parametrize("value", ["won:2026-11-01:2026-11-30", "created:x:y", "created:2026-11-01:2026-11-30:owner-x",
                                   "created:2026-11-01:2026-11-30:mobile-1", "created"])  # fmt: skip
def test_addresses_that_mean_nothing(world: World, as_: As, value: str) -> None:
    """ACC-2, ALL-9: a list filter takes what a figure gives, and nothing else."""
    with as_(world.eva, readonly=True) as work, pytest.raises(ValueError, match=r"."):
        figures.counted(work, value)


def test_questions_that_mean_nothing_are_refused() -> None:
    """ALL-9: exports say no, screens fall back."""
    with pytest.raises(Refused):
        SHAPE.asked({"by": "mobile"}, today=NOW.date())
    assert SHAPE.understood({"by": "mobile"}, today=NOW.date()).by == "source"


def test_what_makes_sense_of_an_address_is_kept() -> None:
    """ALL-9: a wrong part alone falls away; a product line that would mean more in a figure's address is wrong."""
    with pytest.raises(Refused):
        SHAPE.asked({"line": "parts:owner-1"}, today=NOW.date())
    given = {"by": "month", "line": "parts:owner-1", "period": "this_year"}
    kept = SHAPE.understood(given, today=NOW.date())
    assert kept == Question("month", Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert SHAPE.meant(given, today=NOW.date()) == {"by": "month", "period": "this_year"}
    assert SHAPE.meant({"period": "whenever", "from": "2026-13-01"}, today=NOW.date()) == {}


@pytest.mark.parametrize(("minutes", "said"), [([], None), ([3], 3), ([2, 600], 301), ([-5], 0)])
def test_few_first_contacts(world: World, as_: As, minutes: list[int], said: int | None) -> None:
    """LEAD-7: the middle of none, of one, of two; never before the lead came in."""
    for wait in minutes:
        lead(world, first_contact_at=NOW - DAY + timedelta(minutes=wait))
    with as_(world.anna, readonly=True) as work:
        assert ask(work).total.minutes == said


@pytest.mark.usefixtures("leads")
def test_the_workbook_has_the_same_figures(world: World, as_: As, tmp_path: Path) -> None:
    """EXP-1: a row for each line, the total, each reason."""
    with as_(world.anna) as work:
        exported = excel.leads(work, question=Question("source", NOVEMBER), path=tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        ("Website", 2, 1, 1, 0, 1, 1, 100, 2), ("Exhibition", 1, 1, 0, 1, 1, 0, 0, 4), ("Total", 3, 2, 1, 1, 2, 1, 50, 3),
        ("Disqualified: No need", None, None, None, 1, None, None, None, None),
    ]  # fmt: skip
    assert exported.rows == 4
