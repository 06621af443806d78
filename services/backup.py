"""Backup while running, restore to a new place: rows and attachments in one file, from and into either database (ADM-11).

The file is a zip archive: `manifest.json` names what is in it with digests, `tables/*.jsonl` hold the rows,
`files/*` the attachments by their digest. Signed-in browsers are not in it: everybody signs in again.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import IntegrityError

from db import archive, planning, upgrade
from services.attachments import store
from services.core.errors import N_, Refused
from services.core.work import Work

FORMAT = "dealer-crm-backup-1"
MANIFEST = "manifest.json"
MEMBER = re.compile(r"tables/[a-z_]+\.jsonl|files/[0-9a-f]{64}")
PIECE = 1 << 20
#: what reading a damaged member may end in, depending on which of its bytes are wrong
BROKEN = (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError)
UNREADABLE = (*BROKEN, KeyError, OSError)


@dataclass(frozen=True)
class Part:
    """One member of a backup: how many rows it has (or that it is one file), its size and digest."""

    rows: int
    size: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; ``missing`` are attachments that the store had lost already."""

    format: str
    made_at: str
    revision: str
    parts: Mapping[str, Part]
    missing: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(part.rows for name, part in self.parts.items() if name.startswith("tables/"))

    @property
    def files(self) -> list[str]:
        """The digests of the attachments."""
        return [name.removeprefix("files/") for name in self.parts if name.startswith("files/")]


def write(work: Work, *, target: Path) -> Manifest:
    """Write everything as it is at one moment into a new file, while others go on working.

    The file appears under its name only when it is complete; it is for its owner's eyes only.
    """
    if target.exists():
        raise Refused(EXISTS, file=target.name)
    unfinished = target.with_name(target.name + ".part")
    unfinished.touch(mode=0o600)
    try:
        with ZipFile(unfinished, "w", allowZip64=True) as zipped:
            manifest = _written(zipped, made_at=work.now.isoformat())
            zipped.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1), ZIP_DEFLATED)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _written(zipped: ZipFile, *, made_at: str) -> Manifest:
    parts: dict[str, Part] = {}
    missing: list[str] = []
    with archive.snapshot() as connection:
        revision, tables = upgrade.revision(connection) or "", archive.tables(connection)
        for table in tables:
            name = f"tables/{table.name}.jsonl"
            parts[name] = _put(zipped, name, archive.dump(connection, table), ZIP_DEFLATED, rows=True)
        digests = _digests(connection, tables)
    for digest in digests:
        try:
            with store.fetch(digest) as content:
                parts[f"files/{digest}"] = _put(zipped, f"files/{digest}", _pieces(content), ZIP_STORED)
        except Refused:
            missing.append(digest)
    return Manifest(FORMAT, made_at, revision, parts, missing)


def _digests(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """The attachments of this moment; contents never change, so they can be copied after it."""
    blobs = next(table for table in tables if table.name == "blobs")
    return list(connection.scalars(select(blobs.columns["digest"]).order_by(blobs.columns["digest"])))


def _put(zipped: ZipFile, name: str, pieces: Iterable[bytes], method: int, *, rows: bool = False) -> Part:
    """One member, piece by piece; a table's first line names its columns and is no row."""
    digest, size, count = hashlib.sha256(), 0, 0
    member = ZipInfo(name)
    member.compress_type = method
    with zipped.open(member, "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece)
            digest.update(piece)
            size, count = size + len(piece), count + 1
    return Part(rows=count - 1 if rows else 1, size=size, digest=digest.hexdigest())


def _pieces(stream: Any) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def verify(source: Path) -> Manifest:
    """What a backup holds; Refused unless every part of it is there and unchanged."""
    with _opened(source) as zipped:
        manifest = _manifest(zipped)
        damaged = [name for name, part in manifest.parts.items() if _digest(zipped, name) != part.digest]
    if damaged:
        raise Refused(DAMAGED, part=damaged[0])
    return manifest


def _opened(source: Path) -> ZipFile:
    try:
        return ZipFile(source)
    except BROKEN:
        raise Refused(NO_BACKUP, file=source.name) from None


def _manifest(zipped: ZipFile) -> Manifest:
    try:
        given = json.loads(zipped.read(MANIFEST))
        parts = {name: Part(**part) for name, part in given.pop("parts").items()}
        manifest = Manifest(parts=parts, **given)
    except (*UNREADABLE, TypeError, AttributeError):
        raise Refused(NO_BACKUP, file=Path(zipped.filename or "").name) from None
    strange = [name for name in parts if not MEMBER.fullmatch(name)]
    if manifest.format != FORMAT or strange:
        raise Refused(NO_BACKUP, file=Path(zipped.filename or "").name)
    return manifest


def _digest(zipped: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with zipped.open(name) as member:
            for piece in _pieces(member):
                digest.update(piece)
    except UNREADABLE:
        return ""
    return digest.hexdigest()


def restore(source: Path) -> Manifest:
    """Bring a backup to a new place: an empty database and the attachment store that the environment names.

    All rows come or none; a backup of an older version is brought up to date.
    """
    manifest = verify(source)
    if not upgrade.knows(manifest.revision):
        raise Refused(TOO_NEW)
    try:
        with _opened(source) as zipped, upgrade.migrating() as connection:
            _fill(zipped, connection, manifest)
    except (upgrade.BrokenReferences, IntegrityError) as error:
        raise Refused(TORN) from error
    planning.learn()
    return manifest


def _fill(zipped: ZipFile, connection: Connection, manifest: Manifest) -> None:
    if not upgrade.is_empty(connection):
        raise Refused(NOT_EMPTY)
    upgrade.move(connection, manifest.revision)
    _load(zipped, connection, manifest)
    upgrade.move(connection, "head")
    for digest in manifest.files:
        store.keep(digest, zipped.read(f"files/{digest}"))


def _load(zipped: ZipFile, connection: Connection, manifest: Manifest) -> None:
    tables = archive.tables(connection)
    with archive.filling(connection, tables):
        for table in tables:
            name = f"tables/{table.name}.jsonl"
            if name in manifest.parts:
                with zipped.open(name) as lines:
                    archive.load(connection, table, lines)


EXISTS = N_("{file} exists already. A backup never overwrites anything.")
NO_BACKUP = N_("{file} is not a complete backup.")
DAMAGED = N_("The backup is damaged: {part}")
TORN = N_("The backup does not fit together: rows refer to rows that are missing. Nothing was restored.")
TOO_NEW = N_("This backup was made by a newer version of the program.")
NOT_EMPTY = N_("There are data in this place already. A backup is restored to a new, empty place only.")
