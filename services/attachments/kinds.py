"""What a file is, by its content: the kinds that may be attached, and no others (ACT-12)."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

import filetype

from services.core.errors import N_
from services.core.fields import wrong

LARGEST = 25 * 1024 * 1024
#: media type → the endings that a name of that kind may have, the usual one first
KINDS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe"), "image/png": ("png",), "image/gif": ("gif",), "image/webp": ("webp",),
    "image/bmp": ("bmp",), "image/tiff": ("tif", "tiff"), "image/heic": ("heic", "heif"), "image/avif": ("avif",),
    "application/pdf": ("pdf",),
    "application/msword": ("doc", "wps"), "application/vnd.ms-excel": ("xls", "et"),
    "application/vnd.ms-powerpoint": ("ppt", "dps"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",), "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "text/plain": ("txt",), "text/csv": ("csv",),
    "audio/mpeg": ("mp3",), "audio/mp4": ("m4a",), "audio/aac": ("aac",), "audio/amr": ("amr",), "audio/x-wav": ("wav",),
    "audio/ogg": ("ogg", "opus"), "video/mp4": ("mp4", "m4v", "m4a"), "video/quicktime": ("mov",),
    "video/3gpp": ("3gp",), "video/webm": ("webm",),
}  # fmt: skip
TEXTS = {"txt": "text/plain", "csv": "text/csv"}
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
#: streams in the older office files, by which Word, Excel and PowerPoint tell their own
OLE_STREAMS = {
    "application/msword": ("WordDocument",),
    "application/vnd.ms-excel": ("Workbook", "Book"),
    "application/vnd.ms-powerpoint": ("PowerPoint Document",),
}
OFFICE_FOLDERS = {
    "word/": "wordprocessingml.document",
    "xl/": "spreadsheetml.sheet",
    "ppt/": "presentationml.presentation",
}
#: brands in the first box of what cameras and recorders of phones write; any other brand is a film
BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic", b"avif": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
MARKUP = re.compile(r"\s*(<\?|<!|<[a-z]|#!|@echo|%!ps|\{\\rtf)", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def kind_of(name: str, data: bytes) -> str:
    """The media type of a file; Invalid when it is empty, too large, or nothing that may be attached."""
    if not data:
        raise wrong(EMPTY)
    if len(data) > LARGEST:
        raise wrong(TOO_LARGE, most=LARGEST // 1024 // 1024)
    found = _text(name, data) or _office(data) or _recorded(data) or filetype.guess_mime(data)
    if found not in KINDS:
        raise wrong(NOT_ATTACHABLE)
    return str(found)


def _text(name: str, data: bytes) -> str | None:
    """Plain text and tables: by their ending, and only if they read as text that is no markup and no script."""
    kind = TEXTS.get(name.rpartition(".")[2].lower())
    text = _decoded(data) if kind else None
    if text is None or CONTROL.search(text) or MARKUP.match(text.lstrip("\ufeff")):
        return None
    return kind


def _decoded(data: bytes) -> str | None:
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _office(data: bytes) -> str | None:
    if data.startswith(OLE):
        return _ole(data)
    return _zipped(data) if data.startswith(ZIP) else None


def _recorded(data: bytes) -> str | None:
    if data[4:8] != b"ftyp":
        return None
    brand = data[8:12]
    return BRANDS.get(brand, "video/3gpp" if brand.startswith((b"3gp", b"3g2")) else "video/mp4")


def _ole(data: bytes) -> str:
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise wrong(MACROS)
    for kind, streams in OLE_STREAMS.items():
        if any(stream.encode("utf-16-le") in data for stream in streams):
            return kind
    raise wrong(NOT_ATTACHABLE)


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.namelist()
            declared = _declared(archive) if "mimetype" in members else ""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        raise wrong(NOT_ATTACHABLE) from None
    if any(member.lower().endswith("vbaproject.bin") for member in members):
        raise wrong(MACROS)
    if "[Content_Types].xml" in members:
        for folder, kind in OFFICE_FOLDERS.items():
            if any(member.startswith(folder) for member in members):
                return f"application/vnd.openxmlformats-officedocument.{kind}"
    if declared in KINDS:
        return declared
    raise wrong(NOT_ATTACHABLE)


def _declared(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says it is."""
    with archive.open("mimetype") as member:
        return member.read(100).decode("ascii", "replace").strip()


EMPTY = N_("The file is empty.")
TOO_LARGE = N_("A file has at most {most} MB.")
NOT_ATTACHABLE = N_(
    "Photos, PDF, office documents, plain text, audio and video can be attached; this file is none of them."
)
MACROS = N_("This document contains macros; please save it without them.")
