"""Files on records: who may, what may, stored once, nothing half (ACT-12, ACC-7)."""

import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from db.models import Attachment, Blob
from services import accounts, attachments
from services.attachments.kinds import KINDS, LARGEST, kind_of
from services.attachments.names import safe_name
from services.core import events
from services.core.errors import Invalid, NotFound, Refused
from services.core.settings import settings
from services.core.work import Work, work_as_system
from tests.conftest import As
from tests.factories import NOW, Make, World

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(64)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
PDF = b"%PDF-1.7\n" + bytes(64)
OPEN_XML, ODF = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def zipped(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in ([first] if first else []) + [(name, b"<x/>") for name in names]:
            archive.writestr(name, content)
    return held.getvalue()


def streamed(*names: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le") for name in names)


GOOD = {
    "photo.jpg": (JPEG, "image/jpeg"), "IMG.PNG": (PNG, "image/png"), "a.heic": (HEIC, "image/heic"), "x.pdf": (PDF, "application/pdf"),
    "会议.docx": (zipped("[Content_Types].xml", "word/document.xml"), f"{OPEN_XML}.wordprocessingml.document"),
    "a.xlsx": (zipped("xl/workbook.xml", "[Content_Types].xml"), f"{OPEN_XML}.spreadsheetml.sheet"),
    "a.odt": (zipped(first=("mimetype", f"{ODF}.text".encode())), f"{ODF}.text"),
    "old.doc": (streamed("WordDocument"), "application/msword"), "old.xls": (streamed("Workbook"), "application/vnd.ms-excel"),
    "notes.txt": ("下周再来\n".encode("gb18030"), "text/plain"), "b.csv": ("\ufeffa,b\n1,2".encode("utf-16"), "text/csv"),
    "bm.txt": (b"BM is how this begins", "text/plain"), "v.amr": (b"#!AMR\n" + bytes(40), "audio/amr"),
    "v.m4a": (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + bytes(40), "audio/mp4"),
    "v.mp4": (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41" + bytes(40), "video/mp4"),
    "v.3gp": (b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00" + bytes(40), "video/3gpp"),
}  # fmt: skip
BAD = {
    "page.html": b"<!DOCTYPE html><script>alert(1)</script>", "page.txt": b"\n <html><body>", "notes.csv": b"<svg onload=alert(1)>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "tool.exe": b"MZ\x90\x00" + bytes(64), "tool.txt": b"MZ\x90\x00" + bytes(64),
    "script.sh": b"#!/bin/sh\nrm -rf /", "script.txt": b"#!/bin/sh\nrm -rf /", "code.js": b"alert(1)", "run.bat": b"@echo off",
    "elf.pdf": b"\x7fELF" + bytes(64), "a.zip": zipped("a.txt"), "broken.docx": b"PK\x03\x04 and no more", "unknown.bin": bytes(range(256)),
    "macro.docm": zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "macro.xls": streamed("Workbook", "_VBA_PROJECT"),
    "setup.msi": OLE, "empty.txt": b"", "page.xml": b"<?xml version='1.0'?><a/>", "large.jpg": JPEG + bytes(LARGEST),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_belongs_to_the_work_may_be_attached(name: str) -> None:
    """ACT-12."""
    data, kind = GOOD[name]
    assert kind_of(name, data) == kind
    assert kind_of(f"wrongly named {name}.txt" if "text" not in kind else name, data) == kind


@pytest.mark.parametrize("name", BAD)
def test_what_could_run_or_is_unknown_may_not(name: str) -> None:
    """ACT-12: by content; the name alone convinces nobody."""
    for given_name in (name, f"{name}.jpg", f"{name}.pdf"):
        with pytest.raises(Invalid):
            kind_of(given_name, BAD[name])


@pytest.mark.parametrize(
    ("given_name", "kept"),
    {
        "photo.JPG": "photo.JPG", "../../etc/passwd": "passwd.jpg", "C:\\temp\\a.jpg": "a.jpg", "a\x00b\n.jpg": "a_b_.jpg",
        "\u202egpj.exe": "gpj.exe.jpg", "": "file.jpg", "...": "file.jpg", ".jpg": "jpg.jpg", "con.jpg": "_con.jpg",
        "工地 照片.jpeg": "工地 照片.jpeg", "a<b>.jpg": "a_b_.jpg", "a.jpg/": "file.jpg", "x.html": "x.html.jpg",
    }.items(),
)  # fmt: skip
def test_names_are_made_safe(given_name: str, kept: str) -> None:
    """ACT-12."""
    assert safe_name(given_name, KINDS["image/jpeg"]) == kept


@given(st.text(max_size=400))
def test_no_name_escapes(name: str) -> None:
    """ACT-12: whatever it is called, it is one plain file name that fits the database and every disk."""
    kept = safe_name(name, ("jpg", "jpeg"))
    assert Path(kept).name == kept
    assert kept.lower().endswith((".jpg", ".jpeg"))
    assert len(kept.encode()) <= 200
    assert safe_name(kept, ("jpg", "jpeg")) == kept


@pytest.fixture
def account(make: Make, world: World) -> int:
    return make.account(team={world.anna: "machines"})


def files_kept() -> list[Path]:
    return [file for file in Path(settings().attachments_url.removeprefix("file://")).rglob("*") if file.is_file()]


def rows(work: Work) -> tuple[int, int]:
    return work.scalar(select(func.count()).select_from(Attachment)), work.scalar(
        select(func.count()).select_from(Blob)
    )


def test_a_file_comes_back_as_it_was(as_: As, world: World, account: int) -> None:
    """ACT-12."""
    with as_(world.anna) as work:
        file_id = attachments.add(work, account_id=account, name="工地.jpg", data=BytesIO(JPEG))
    with as_(world.ben, readonly=True) as work:
        (row,) = attachments.list_of(work, account_id=account)
        opened = attachments.open_(work, attachment_id=file_id)
        with opened.stream as stream:
            assert stream.read() == JPEG
    assert (row.id, row.name, row.media_type, row.size, row.created_by) == (
        file_id,
        "工地.jpg",
        "image/jpeg",
        len(JPEG),
        "Anna",
    )
    assert (opened.name, opened.media_type, opened.size) == ("工地.jpg", "image/jpeg", len(JPEG))


def test_equal_content_is_stored_once(as_: As, make: Make, world: World, account: int) -> None:
    """ACT-12."""
    visit = make.activity(account_id=account)
    with as_(world.anna) as work:
        attachments.add_many(work, activity_id=visit, files=[("a.jpg", JPEG), ("b.jpg", JPEG), ("c.png", PNG)])
        attachments.add(work, account_id=account, name="again.jpg", data=JPEG)
    with work_as_system("a test counts") as work:
        assert rows(work) == (4, 2)
    assert len(files_kept()) == 2


def test_only_those_with_the_right_attach(as_: As, make: Make, world: World, account: int) -> None:
    """ACC-7: team for accounts, direct business for contacts, taking part for activities."""
    contact, visit = make.contact(account), make.activity(account_id=account)
    for where in ({"account_id": account}, {"contact_id": contact}, {"activity_id": visit}):
        for person in (world.anna, world.mia):
            with as_(person) as work:
                attachments.add(work, name="a.jpg", data=JPEG, **where)
        for person, answer in ((world.ruth, Refused), (world.carl, NotFound), (world.eva, Refused)):
            with pytest.raises((Refused, NotFound) if "activity_id" in where else answer), as_(person) as work:
                attachments.add(work, name="a.jpg", data=JPEG, **where)


def test_who_cannot_read_the_record_cannot_read_its_files(as_: As, make: Make, world: World, account: int) -> None:
    """ACC-7, ACC-2: the same answer for hidden and missing; also after the record was deleted."""
    with as_(world.anna) as work:
        file_id = attachments.add(work, account_id=account, name="a.jpg", data=JPEG)
    for person, wanted in ((world.carl, file_id), (world.anna, file_id + 1)):
        with pytest.raises(NotFound) as refused, as_(person, readonly=True) as work:
            attachments.open_(work, attachment_id=wanted)
        assert str(refused.value) == str(NotFound())
    with pytest.raises(NotFound), as_(world.carl, readonly=True) as work:
        attachments.list_of(work, account_id=account)
    with as_(world.mia) as work:
        accounts.delete(work, account_id=account, reason="Doubled")
    for person in (world.anna, world.adam):
        with pytest.raises(NotFound), as_(person, readonly=True) as work:
            attachments.open_(work, attachment_id=file_id)


def test_a_file_hangs_on_exactly_one_record(as_: As, make: Make, world: World, account: int) -> None:
    with pytest.raises(NotFound), as_(world.anna) as work:
        attachments.add(work, name="a.jpg", data=JPEG)
    contact = make.contact(account)
    with pytest.raises(NotFound), as_(world.anna) as work:
        attachments.add(work, name="a.jpg", data=JPEG, account_id=account, contact_id=contact)


def test_nothing_is_added_to_a_closed_activity(as_: As, make: Make, world: World, account: int) -> None:
    """ACT-9."""
    closed = make.activity(account_id=account, state="cancelled")
    with pytest.raises(Refused, match="follow-up"), as_(world.anna) as work:
        attachments.add(work, activity_id=closed, name="a.jpg", data=JPEG)


def test_attaching_is_told_in_the_story(as_: As, world: World, account: int) -> None:
    """ALL-3."""
    with as_(world.anna) as work:
        attachments.add(work, account_id=account, name="a.jpg", data=JPEG)
    with as_(world.anna, readonly=True) as work:
        (line,) = events.story(work, kind="account", record_id=account)
        assert (line.action, line.changes, line.actor) == ("attached", {"file": [None, "a.jpg"]}, "Anna")


def test_an_upload_that_breaks_off_leaves_nothing_but_an_orphan(as_: As, world: World, account: int) -> None:
    """ACT-12: the sweep removes it, not before a day has passed, and never what is in use."""
    with as_(world.anna) as work:
        attachments.add(work, account_id=account, name="a.jpg", data=JPEG)
    with pytest.raises(Invalid), as_(world.anna) as work:
        attachments.add_many(work, account_id=account, files=[("b.png", PNG), ("c.exe", BAD["tool.exe"])])
    assert len(files_kept()) == 2
    with work_as_system("a test sweeps", at=NOW) as work:
        assert rows(work) == (1, 1)
        assert attachments.sweep(work) == 0
    with work_as_system("a test sweeps", at=NOW + timedelta(days=3650)) as work:
        assert attachments.sweep(work) == 1
        assert attachments.sweep(work) == 0
    with as_(world.anna) as work:
        attachments.add(work, account_id=account, name="b.png", data=PNG)
    assert len(files_kept()) == 2


KILLED = """
import os, signal, sys
from services import attachments
from services.core.work import work_as
with work_as(int(sys.argv[1])) as work:
    attachments.add(work, account_id=int(sys.argv[2]), name="a.jpg", data=bytes.fromhex(sys.argv[3]))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_being_killed_between_file_and_row_does_no_harm(as_: As, world: World, account: int) -> None:
    """ACT-12: the next upload of the same content works, and is stored once."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", KILLED, str(world.anna), str(account), JPEG.hex()]
    assert subprocess.run(command, env=environment, check=False, timeout=60).returncode == -signal.SIGKILL
    assert len(files_kept()) == 1
    with as_(world.anna) as work:
        assert rows(work) == (0, 0)
        attachments.add(work, account_id=account, name="a.jpg", data=JPEG)
    assert len(files_kept()) == 1


def test_a_lost_content_is_said_so(as_: As, world: World, account: int) -> None:
    with as_(world.anna) as work:
        file_id = attachments.add(work, account_id=account, name="a.jpg", data=JPEG)
    for file in files_kept():
        file.unlink()
    with pytest.raises(Refused, match="missing"), as_(world.anna, readonly=True) as work:
        attachments.open_(work, attachment_id=file_id)


def test_a_lost_content_comes_back_with_the_next_upload(as_: As, world: World, account: int) -> None:
    """ACT-12."""
    with as_(world.anna) as work:
        file_id = attachments.add(work, account_id=account, name="a.jpg", data=JPEG)
    for file in files_kept():
        file.unlink()
    with as_(world.anna) as work:
        attachments.add(work, account_id=account, name="again.jpg", data=JPEG)
    with as_(world.anna, readonly=True) as work:
        assert attachments.open_(work, attachment_id=file_id).stream.read() == JPEG


def test_two_who_attach_the_same_at_once_both_succeed(as_: As, world: World, account: int) -> None:
    """ACT-12: stored once, also when nobody was first."""
    together = Barrier(2)

    def attach(person: int) -> int:
        together.wait(10)
        with as_(person) as work:
            return attachments.add(work, account_id=account, name="a.jpg", data=JPEG)

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(attach, (world.anna, world.mia)))) == 2
    with work_as_system("a test counts") as work:
        assert rows(work) == (2, 1)
