"""Two imports at the same moment (LEAD-3)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from db.models import Lead
from db.models.import_job import Outcome
from services import imports
from services.core.work import Work
from services.imports import applying, jobs
from tests.factories import NOW, Make, World, as_person
from tests.races import meanwhile
from tests.services import importing
from tests.services.importing import rows, started, text


def test_the_same_number_in_two_files(lists: World) -> None:
    """LEAD-3: two files that run at the same moment bring it once; in the other it is a duplicate."""
    one = started(lists.adam, text("整机,13801395136,王建国,,,"), name="one.csv")
    other = started(lists.adam, text("整机,13801395136,李明,,,"), name="other.csv")
    meanwhile(as_person(lists.adam), lambda work: applying.run(work, job_id=one), lambda: imports.go(other, at=NOW))
    assert [lead.person for lead in importing.leads()] == ["王建国"]
    assert [row.outcome for row in rows(other)] == [Outcome.DUPLICATE]


def test_a_file_is_read_before_anybody_has_to_wait(lists: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """LEAD-3: on SQLite nobody else writes while a file is kept, and reading a large one takes longer than they wait."""
    content = text("整机,13801395136,王建国,,,02/03/2026")
    with as_person(lists.ruth, readonly=True) as work:
        looked = imports.look(work, name="leads.csv", content=content)
    assert (looked.total, looked.doubtful) == (1, [5])
    with as_person(lists.ruth) as work:
        read_there = imports.upload(work, name="leads.csv", content=content)
    monkeypatch.delattr(jobs, "read")
    with as_person(lists.ruth) as work:
        job_id = imports.upload(work, name="leads.csv", content=content, looked=looked)
        assert imports.card(work, job_id=job_id).options == imports.card(work, job_id=read_there).options


@pytest.mark.parametrize("undone", [False, True])
def test_leads_are_locked_in_the_order_of_everybody(lists: World, make: Make, undone: bool) -> None:
    """docs/decisions/0011: a file tells more about two leads, or that is taken back, while somebody gives out both."""
    first, second = (make.lead(mobile=f"1380139513{n}", person="王建国") for n in (6, 7))
    job_id = started(lists.adam, text("整机,13801395137,王建国,乙公司,,", "整机,13801395136,王建国,甲公司,,"))
    if undone:
        imports.go(job_id, at=NOW)

    @contextmanager
    def giving_out() -> Iterator[Work]:
        with as_person(lists.mia) as work:
            work.load(Lead, first, to="lead.assign")
            yield work
            work.load(Lead, second, to="lead.assign")

    def act() -> int:
        with as_person(lists.adam) as work:
            return imports.undo(work, job_id=job_id) if undone else applying.run(work, job_id=job_id)

    assert meanwhile(giving_out(), lambda _work: None, act) == 2
