"""Where the bytes lie: one file per content, named by its SHA-256; a local folder or any store that fsspec knows."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import fsspec
from sqlalchemy import select

from db.models import Blob
from services.core.errors import N_, Refused
from services.core.settings import settings
from services.core.work import Work

#: what nobody refers to may belong to an upload that is still under way
GRACE = timedelta(days=1)
INCOMING = "incoming"


def put(work: Work, *, content: bytes, media_type: str) -> str:
    """Store a content once, and give its digest.

    First the file, then its row: what breaks off in between leaves a file that nothing refers to.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = work.scalar(select(Blob.digest).where(Blob.digest == digest)) is not None
    if not known or not holds(digest):  # what the store has lost comes back with the next upload
        keep(digest, content)
    if not known:
        work.also_once(Blob(digest=digest, size=len(content), media_type=media_type, created_at=work.now))
    return digest


def keep(digest: str, data: bytes) -> None:
    """Put a content under its digest, whole or not at all; anything broken off stays aside until the next sweep."""
    files, root = _store()
    path, aside = _path(root, digest), f"{root}/{INCOMING}/{uuid.uuid4().hex}"
    for place in (path, aside):
        files.makedirs(place.rpartition("/")[0], exist_ok=True)
    with files.open(aside, "wb") as target:
        target.write(data)
    files.mv(aside, path)


def holds(digest: str) -> bool:
    """Whether the content lies in the store."""
    files, root = _store()
    return bool(files.exists(_path(root, digest)))


def fetch(digest: str) -> BinaryIO:
    """The content as a stream of bytes; Refused when the store has lost it."""
    files, root = _store()
    try:
        stream: BinaryIO = files.open(_path(root, digest), "rb")
    except FileNotFoundError:
        raise Refused(LOST) from None
    return stream


def sizes() -> dict[str, int]:
    """What lies in the store: digest → number of bytes."""
    files, root = _store()
    found = files.find(root, detail=True) if files.exists(root) else {}
    return {path.rpartition("/")[2]: int(info["size"]) for path, info in found.items()}


def sweep(work: Work) -> int:
    """Remove what broken-off uploads left behind more than a day ago; returns how many files. For the system's own Work."""
    files, root = _store()
    wanted = set(work.scalars(select(Blob.digest)))
    orphans = [path for path in _all(files, root) if path.rpartition("/")[2] not in wanted]
    removed = [path for path in orphans if _changed(files, path) < work.now - GRACE]
    for path in removed:
        files.rm_file(path)
    return len(removed)


def _store() -> tuple[Any, str]:
    files, root = fsspec.core.url_to_fs(settings().attachments_url)
    return files, root.rstrip("/")


def _path(root: str, digest: str) -> str:
    return f"{root}/{digest[:2]}/{digest}"


def _all(files: Any, root: str) -> list[str]:
    return list(files.find(root)) if files.exists(root) else []


def _changed(files: Any, path: str) -> datetime:
    changed: datetime = files.modified(path)
    return changed


LOST = N_("The content of this file is missing; please tell the data administrator.")
