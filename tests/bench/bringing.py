"""The lines of an import: 10,000 leads from Excel against the leads that there are, dry and for good, with the memory it takes."""

import gc
import io
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import text

from db.session import engine
from services import imports
from services.core.work import work_as
from tests.bench.measure import Figure

ROWS = 10_000
HEADER = ("主题", "业务线", "公司名称", "联系人", "手机", "固定电话", "省份", "城市", "详细地址", "线索来源", "意向产品", "数量",
          "预算(万元)", "希望交机日期", "备注")  # fmt: skip
#: the same as plain SQL, as far as plain SQL goes: are the numbers known, and the rows in
KNOWN = "SELECT count(*) FROM leads WHERE mobile = :mobile AND deleted_at IS NULL"
STORED = """
INSERT INTO leads (topic, search_key, line, state, mobile, urgency, assignment_no, created_at, updated_at, version)
VALUES (:mobile, :mobile, 'machines', 'new', :mobile, 'normal', 0, '2026-11-25 00:00:00', '2026-11-25 00:00:00', 1)
"""


def file(count: int = ROWS, first: int = 13_300_000_000) -> bytes:
    """A workbook with so many good rows whose numbers begin at ``first``."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for number in range(count):
        sheet.append(
            ("20吨级挖掘机采购意向", "整机", f"临沂中诚东升{number}土石方工程有限公司", "孙鹏俊", first + number, "0539 83576296",
             "山东省", "临沂市", "滨河路448号", "展会", "20吨级挖掘机", 3, 161, "2027-01-02", "下周方便拜访")
        )  # fmt: skip
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def lines(person_id: int) -> tuple[list[Figure], str]:
    """Dry run and run of 10,000 rows in ms, and a sentence about the memory that they took."""
    content = file()
    gc.collect()
    gc.freeze()  # as the application does after its start, whose worker brings files in
    with _grown() as grown:
        dry = _seconds(lambda: _dry(person_id, content))
        job_id = _begun(person_id, content)
        wet = _seconds(lambda: _run(person_id, job_id))
    with work_as(person_id) as work:
        imports.undo(work, job_id=job_id)
    known, stored = _floor()
    said = f"i. import of {ROWS:,} leads: {grown[0]:.0f} MiB more than before (goal 150 MiB)"
    return [
        Figure("i. import 10,000 leads, dry run", 6000, dry, dry, floor=known),
        Figure("i. import 10,000 leads, check and run", 12_000, wet, wet, floor=known + stored),
    ], said


def _dry(person_id: int, content: bytes) -> None:
    with work_as(person_id, readonly=True) as work:
        imports.check(work, name="leads.xlsx", content=content)


def _begun(person_id: int, content: bytes) -> int:
    with work_as(person_id) as work:
        job_id = imports.upload(work, name="leads.xlsx", content=content)
        columns = imports.card(work, job_id=job_id).options["columns"]
        imports.match(work, job_id=job_id, columns=columns)
        return job_id


def _run(person_id: int, job_id: int) -> None:
    """Both parts that a worker does; between them somebody says yes."""
    imports.go(job_id)
    with work_as(person_id) as work:
        imports.start(work, job_id=job_id)
    imports.go(job_id)
    with work_as(person_id, readonly=True) as work:
        found = imports.card(work, job_id=job_id)
    if (found.state, found.done) != (imports.ImportState.DONE, ROWS):
        raise RuntimeError(f"not all came in: {found}")


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _floor() -> tuple[float, float]:
    """The same by hand on one open connection: asking for each number, and storing each row, given back at the end."""
    given: Sequence[dict[str, str]] = [{"mobile": str(13_200_000_000 + number)} for number in range(ROWS)]
    with engine().connect() as connection, connection.begin() as undone:
        known = _seconds(lambda: [connection.execute(text(KNOWN), one).scalar() for one in given])
        stored = _seconds(lambda: connection.execute(text(STORED), given))
        undone.rollback()
    return known, stored


@contextmanager
def _grown() -> Any:
    """How many MiB the highest mark of this process has risen within the block."""
    grown = [0.0]
    Path("/proc/self/clear_refs").write_text("5")  # the mark starts anew
    before = _mib("VmRSS:")
    yield grown
    grown[0] = max(_mib("VmHWM:") - before, 0.0)


def _mib(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
