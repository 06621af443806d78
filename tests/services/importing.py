"""What the tests of imports start from: files, and the way from a file to its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from db.models import CodeValue, ImportJob, ImportRow, Lead
from db.models.import_job import ImportState, Outcome
from services import attachments, imports, reference, regions
from services.core.configuration import changed
from services.core.work import work_as_system
from tests.factories import NOW, as_person

HEADER = "业务线,手机,联系人,公司名称,备注,希望交机日期"
LATER = timedelta(minutes=10)


def all_lists() -> None:
    """An installation with all lists and regions that are delivered."""
    with work_as_system("a test needs lists", at=NOW) as work:
        known = {tuple(row) for row in work.rows(select(CodeValue.list, CodeValue.code))}
        work.also(*(CodeValue(**row) for row in reference.shipped_codes() if (row["list"], row["code"]) not in known))
        regions.load(work)
        changed(work)


def text(*lines: str, header: str = HEADER) -> bytes:
    """A file of text with these rows."""
    return "\n".join([header, *lines]).encode()


def many(count: int, first: int = 13_800_000_000) -> bytes:
    """A file with so many good rows."""
    return text(
        *(f"整机,{first + number},王建国,徐州工程机械{number}有限公司,备注{number}," for number in range(count))
    )


def an_import(person_id: int, state: str) -> int:
    """An import of anybody's, also of who may not import any more, with one row that could be stored."""
    options = {
        "header_row": 1, "header": ["业务线", "手机"], "total": 1, "sample": [], "doubtful": [], "remembered": False,
        "columns": {"line": 0, "mobile": 1}, "line": None, "day_first": None,
    }  # fmt: skip
    begun = NOW if state in ("running", "done") else None
    with work_as_system("a test needs an import", at=NOW) as work:
        digest = attachments.put(work, content=text("整机,13801395136", header="业务线,手机"), media_type="text/csv")
        job = ImportJob(
            kind="lead", name="线索.csv", digest=digest, layout="x", options=options, by_id=person_id,
            state=ImportState(state), created_at=NOW, started_at=begun,
        )  # fmt: skip
        work.also(job)
        work.flush()
        values = {"line": "machines", "mobile": "13801395136"}
        work.also(ImportRow(job_id=job.id, number=2, outcome=Outcome.CREATE, cells=[], values=values, before={}))
        return job.id


def uploaded(person_id: int, content: bytes, *, name: str = "leads.csv", at: datetime = NOW) -> int:
    """An import with its columns matched as proposed, waiting for its check."""
    with as_person(person_id, at=at) as work:
        job_id = imports.upload(work, name=name, content=content)
        options = imports.card(work, job_id=job_id).options
        imports.match(work, job_id=job_id, columns=options["columns"], line=options["line"], day_first=True)
        return job_id


def checked(person_id: int, content: bytes, *, name: str = "leads.csv", at: datetime = NOW) -> int:
    """An import that waits for its start."""
    job_id = uploaded(person_id, content, name=name, at=at)
    imports.go(job_id, at=at)
    return job_id


def started(person_id: int, content: bytes, *, name: str = "leads.csv", at: datetime = NOW) -> int:
    """An import that a worker can begin with."""
    job_id = checked(person_id, content, name=name, at=at)
    with as_person(person_id, at=at) as work:
        imports.start(work, job_id=job_id)
    return job_id


def imported(person_id: int, content: bytes, *, name: str = "leads.csv", at: datetime = NOW) -> int:
    """An import that has run."""
    job_id = started(person_id, content, name=name, at=at)
    imports.go(job_id, at=at)
    return job_id


def state(job_id: int) -> ImportState:
    """Where an import stands."""
    return card(job_id).state


def outcomes(job_id: int) -> dict[str, int]:
    """How many rows came to what."""
    return {outcome.value: count for outcome, count in card(job_id).counts.items() if count}


def card(job_id: int) -> imports.Card:
    """What the screen shows of it, to the system."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return imports.card(work, job_id=job_id)


def leads() -> Sequence[Lead]:
    """All leads that are not hidden, in their order."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return work.scalars(select(Lead).where(Lead.deleted_at.is_(None)).order_by(Lead.id))


def rows(job_id: int) -> Sequence[ImportRow]:
    """The rows of an import."""
    with work_as_system("a test looks", at=NOW, readonly=True) as work:
        return work.scalars(select(ImportRow).where(ImportRow.job_id == job_id).order_by(ImportRow.number))
