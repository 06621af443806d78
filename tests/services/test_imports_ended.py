"""What whoever brought a file hears at its end, and what remains of an old import (LEAD-3)."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Blob, Event, Role, User
from db.models.import_job import ImportState
from services import imports, notices, organisation
from services.attachments import store
from services.core.errors import NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from services.time_rules import housekeeping
from tests.factories import DAY, NOW, Make, World, as_person
from tests.looking import told
from tests.services import importing
from tests.services.importing import checked, imported, many, started, state, text


class TestTelling:
    """LEAD-3: an import goes on while its person is elsewhere; its end is told with counts and opens it."""

    def test_that_it_is_done(self, lists: World) -> None:
        lines = ["整机,13801395136,王建国,公司,x,", "整机,13801395136,王建国,公司,x,", "整机,123,王建国,公司,x,"]
        job_id = checked(lists.ruth, text(*lines))
        assert told() == []
        with as_person(lists.ruth) as work:
            imports.start(work, job_id=job_id)
        imports.go(job_id, at=NOW)
        imports.go(job_id, at=NOW)
        assert told() == [(lists.ruth, "import_done")]
        with as_person(lists.ruth, readonly=True) as work:
            (line,) = notices.inbox(work)
        assert (line.title, line.record_kind, line.record_id) == ("Imported: leads.csv", "import_job", job_id)
        assert line.body == "New leads: 1. Added to known leads: 0. Duplicates: 1. Wrong: 1."

    def test_that_it_broke_off_and_what_was_stored_until_then(self, lists: World) -> None:
        job_id = started(lists.ruth, many(4))
        with as_person(lists.ruth) as work:
            imports.run(work, job_id=job_id, most=3)
        with work_as_system("the store loses rights", at=NOW) as work:
            work.get(User, lists.ruth).role = Role.REP
        imports.go(job_id, at=NOW)
        assert (state(job_id), told()) == (ImportState.FAILED, [(lists.ruth, "import_failed")])
        with as_person(lists.ruth, readonly=True) as work:
            assert notices.inbox(work)[0].body.startswith("New leads: 3. ")

    def test_that_somebody_else_cancelled_it(self, lists: World) -> None:
        for person, expected in ((lists.ruth, []), (lists.adam, [(lists.ruth, "import_cancelled")])):
            job_id = started(lists.ruth, many(2))
            with as_person(person) as work:
                imports.cancel(work, job_id=job_id)
            assert told() == expected
            with as_person(lists.adam, readonly=True) as work:
                of_it = select(Event.actor_id).where(Event.kind == "import_job", Event.record_id == job_id)
                assert [who for (who,) in work.rows(of_it.where(Event.action == "cancelled"))] == [person]

    def test_the_stand_in_can_open_it_and_nobody_else(self, lists: World, make: Make) -> None:
        """ADM-1: who stands in is told for whom, and sees the import as long as that lasts."""
        stand_in = make.user("Rita", role=Role.MARKETING)
        make.absence(lists.ruth, stand_in_id=stand_in)
        job_id = imported(lists.ruth, many(1))
        with as_person(stand_in, readonly=True) as work:
            (line,) = notices.inbox(work)
            assert (line.title, line.record_id) == ("For Ruth: Imported: leads.csv", job_id)
            assert imports.card(work, job_id=job_id).by == "Ruth"
        with as_person(lists.hanna, readonly=True) as work, pytest.raises(NotFound):
            imports.card(work, job_id=job_id)


class TestClearing:
    """LEAD-3: the rows of a file hold people's data, and are not kept for ever."""

    def test_file_and_rows_go_and_counts_and_story_stay(self, lists: World, tmp_path: Path) -> None:
        lines = ["整机,13801395136,王建国,公司,x,", "整机,123,王建国,公司,x,"]
        job_id = imported(lists.ruth, text(*lines))
        before = importing.card(job_id)
        assert imports.clear_old(NOW + 89 * DAY) == 0
        assert importing.card(job_id) == before
        (digest,) = files()
        housekeeping.sweep(NOW + 91 * DAY)
        assert not store.holds(digest)
        assert imports.clear_old(NOW + 92 * DAY) == 0
        card = importing.card(job_id)
        assert (card.counts, card.state, card.cleared_at) == (before.counts, ImportState.DONE, NOW + 91 * DAY)
        assert (card.options["sample"], importing.rows(job_id), files()) == ([], [], [])
        with as_person(lists.ruth, readonly=True) as work:
            assert imports.told(work, job_id=job_id)["create"] == 1
        with work_as_system("look", readonly=True) as work:
            story = (Event.kind == "import_job", Event.record_id == job_id)
            assert set(work.scalars(select(Event.action).where(*story))) >= {"uploaded", "imported", "cleared"}
        assert len(importing.leads()) == 1
        for verb in (imports.undo, imports.start, partial(imports.wrong_rows, path=tmp_path / "x.xlsx")):
            with pytest.raises(Refused, match="so old"), as_person(lists.ruth) as work:
                verb(work, job_id=job_id)

    def test_how_long_is_a_setting(self, lists: World) -> None:
        with as_person(lists.adam) as work:
            organisation.change_settings(work, changes={"import_days": 30})
        job_id = imported(lists.ruth, many(2))
        with as_person(lists.ruth, at=NOW + 29 * DAY) as work:
            assert imports.undo(work, job_id=job_id) == 2
        assert imports.clear_old(NOW + 31 * DAY) == 0
        assert imports.clear_old(NOW + 60 * DAY) == 1
        assert state(job_id) is ImportState.UNDONE

    def test_what_nobody_went_on_with(self, lists: World) -> None:
        """It counts as cancelled, and cannot be gone on with."""
        job_id = checked(lists.ruth, many(2))
        assert imports.clear_old(NOW + 91 * DAY) == 1
        assert (state(job_id), importing.card(job_id).has_begun, files()) == (ImportState.CANCELLED, False, [])
        with pytest.raises(Refused, match="so old"), as_person(lists.ruth) as work:
            imports.match(work, job_id=job_id, columns={"line": 0, "mobile": 1})

    def test_not_what_is_at_work(self, lists: World) -> None:
        job_id = started(lists.ruth, many(2))
        assert imports.clear_old(NOW + 91 * DAY) == 0
        imports.go(job_id, at=NOW + 91 * DAY)
        assert (state(job_id), len(importing.leads())) == (ImportState.DONE, 2)

    def test_a_content_that_is_used_elsewhere_stays(self, lists: World) -> None:
        job_id = imported(lists.ruth, many(2))
        with as_person(lists.ruth, at=NOW + 80 * DAY) as work:
            again = imports.upload(work, name="again.csv", content=many(2))
        assert imports.clear_old(NOW + 91 * DAY) == 1
        assert importing.card(job_id).cleared_at is not None
        assert len(files()) == 1
        importing.card(again)


def files() -> list[str]:
    """The digests of all contents that are kept."""
    with work_as_system("look", readonly=True) as work:
        return list(work.scalars(select(Blob.digest)))


def test_the_list_counts_what_the_rows_came_to(lists: World) -> None:
    """ADM-7: import jobs with their counts; nothing is said of one that has not been checked."""
    checked(lists.adam, text("整机,13801395136", "整机,13801395136", "整机,123"))
    with as_person(lists.adam) as work:
        imports.upload(work, name="b.csv", content=many(1))
        found = fetch(work, imports.LIST, ListRequest(sort="name", descending=True)).rows
    counts = [[row[name] for name in ("create", "update", "duplicate", "wrong")] for row in found]
    assert counts == [[1, 0, 1, 1], [None] * 4]


def test_the_list_still_counts_what_was_cleared(lists: World) -> None:
    """ADM-7."""
    imported(lists.adam, many(2))
    imports.clear_old(NOW + 91 * DAY)
    with as_person(lists.adam, readonly=True) as work:
        (row,) = fetch(work, imports.LIST, ListRequest()).rows
    assert (row["create"], row["wrong"]) == (2, 0)
