"""Two imports at the same moment (LEAD-3)."""

from db.models.import_job import Outcome
from services import imports
from services.imports import applying
from tests.factories import NOW, World, as_person
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
