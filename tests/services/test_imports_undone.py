"""An import taken back as a whole, or not at all once somebody has worked on what it made (LEAD-3)."""

import pytest

from db.models import Lead
from db.models.import_job import ImportState
from services import disputes, imports, leads
from services.core.errors import Refused
from tests.factories import HOUR, NOW, Make, World, as_person
from tests.looking import stored
from tests.services import importing
from tests.services.converting import attach
from tests.services.disputing import PHONE
from tests.services.importing import imported, many, outcomes, started, state, text


def test_undone_as_a_whole(lists: World, make: Make) -> None:
    """LEAD-3: what was made is hidden, what was filled is empty again; once."""
    known = make.lead(mobile="13801395136", person="王建国")
    job_id = imported(lists.adam, text("整机,13801395136,王建国,公司,x,", "整机,13801395137,李雷,公司,x,"))
    assert importing.card(job_id).undoable
    with as_person(lists.adam) as work:
        assert imports.undo(work, job_id=job_id) == 2
    assert [(lead.id, lead.notes, lead.company) for lead in importing.leads()] == [(known, None, None)]
    assert state(job_id) is ImportState.UNDONE
    with pytest.raises(Refused), as_person(lists.adam) as work:
        imports.undo(work, job_id=job_id)


def test_undone_files_can_come_in_again(lists: World) -> None:
    """LEAD-3, ALL-8: hidden leads are no duplicates."""
    job_id = imported(lists.adam, many(3))
    with as_person(lists.adam) as work:
        imports.undo(work, job_id=job_id)
    assert outcomes(imported(lists.adam, many(3))) == {"create": 3}


@pytest.mark.parametrize("change", ["changed", "assigned", "deleted"])
def test_not_undone_once_somebody_worked_on_it(lists: World, change: str) -> None:
    """LEAD-3: refused with how many of how many, and nothing is hidden."""
    job_id = imported(lists.adam, many(3))
    lead = importing.leads()[1]
    with as_person(lists.adam) as work:
        if change == "changed":
            leads.change(work, lead_id=lead.id, changes={"notes": "已联系"}, version=lead.version)
        elif change == "assigned":
            leads.assign_to(work, lead_ids=[lead.id], to_user_id=lists.anna)
        else:
            leads.delete(work, lead_id=lead.id, reason="x")
    with pytest.raises(Refused, match="1 of 3"), as_person(lists.adam) as work:
        imports.undo(work, job_id=job_id)
    assert len(importing.leads()) == (2 if change == "deleted" else 3)
    assert not importing.card(job_id).undoable


def test_not_undone_over_a_file_that_hangs_on_it(lists: World) -> None:
    """LEAD-3: a colleague who attached something has worked on the lead."""
    job_id = imported(lists.adam, many(2))
    attach(importing.leads()[0].id, lists.mia)
    with pytest.raises(Refused, match="1 of 2"), as_person(lists.adam) as work:
        imports.undo(work, job_id=job_id)
    assert len(importing.leads()) == 2


def test_not_undone_over_a_visit_that_the_importer_does_not_see(lists: World, make: Make) -> None:
    """LEAD-3, ALL-7: who brought the file hears that somebody works on a lead, and nothing of who."""
    job_id = imported(lists.ruth, many(2))
    make.activity(owner_id=lists.mia, lead_id=importing.leads()[0].id)
    with pytest.raises(Refused, match="1 of 2"), as_person(lists.ruth) as work:
        imports.undo(work, job_id=job_id)
    assert len(importing.leads()) == 2
    with as_person(lists.ruth, readonly=True) as work:
        assert not imports.card(work, job_id=job_id).undoable


def test_not_undone_over_a_dispute(lists: World, make: Make) -> None:
    """LEAD-3, ASG-4: somebody claims a lead that the file told more about; what they quarrel over stays as it is."""
    lead_id = make.lead(lists.anna, mobile=PHONE, person="王建国", assigned_at=NOW)
    job_id = imported(lists.adam, text(f"整机,{PHONE},王建国,公司,x,"))
    assert outcomes(job_id) == {"update": 1}
    with as_person(lists.ben, at=NOW + HOUR) as work:
        disputes.claim(work, sought=PHONE, reason="He called me first")
    with pytest.raises(Refused, match="1 of 1"), as_person(lists.adam) as work:
        imports.undo(work, job_id=job_id)
    assert stored(Lead, lead_id).notes == "x"


def test_not_undone_while_it_runs(lists: World) -> None:
    """LEAD-3: as a whole means that there is a whole."""
    job_id = started(lists.adam, many(3))
    with as_person(lists.adam) as work:
        imports.run(work, job_id=job_id, most=1)
    with pytest.raises(Refused, match="nothing that could be undone"), as_person(lists.adam) as work:
        imports.undo(work, job_id=job_id)
    assert (state(job_id), len(importing.leads())) == (ImportState.RUNNING, 1)
