"""File names that are safe on every system and say what the file is."""

import re
import unicodedata
from collections.abc import Sequence

MOST_BYTES = 180
UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
NAMELESS = "file"


def safe_name(name: str, endings: Sequence[str]) -> str:
    """The name without path, control and steering characters, with an ending that fits the content."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in UNSAFE.sub("_", plain))
    plain = " ".join(plain.split()).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or ending.lower() not in endings:
        stem, ending = plain, endings[0]
    stem = _shortened(stem.strip(" .") or NAMELESS)
    return f"_{stem}.{ending}" if DEVICES.fullmatch(stem) else f"{stem}.{ending}"


def _shortened(stem: str) -> str:
    """At most as many bytes as every file system takes, cut between characters."""
    return stem.encode()[:MOST_BYTES].decode(errors="ignore").strip(" .")
