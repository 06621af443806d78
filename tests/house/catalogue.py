"""The Chinese catalogue against the texts in the code: `python -m tests.house.catalogue` brings it up to date."""

import ast
import fcntl
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.house.tree import CODE, ROOT, name_of, python_files

FILE = ROOT / "services/locale/zh_CN/LC_MESSAGES/messages.po"
MARKS = ("_", "N_")
HEADER = """\
# The Chinese words of the screens, messages and errors. `make translate` adds what is new and takes out what is gone.
#"""


def in_code() -> Catalog:
    """Every text for people in the code, with the files it stands in."""
    catalogue = Catalog(locale="zh_CN", fuzzy=False)
    for file in python_files(*CODE):
        for message in _marked_in(file):
            catalogue.add(message, locations=[(name_of(file), 1)])
    return catalogue


def _marked_in(file: Path) -> Iterator[str]:
    """The marked texts of a file, also those inside of f-strings, which Babel's own extraction does not see."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MARKS and isinstance(node.args[0].value, str):
                yield node.args[0].value


def stored(file: Path = FILE) -> Catalog:
    """The catalogue as it is in the tree; an empty one if there is none."""
    if not file.exists():
        return Catalog(
            locale="zh_CN",
            project="Dealer CRM",
            version="1",
            header_comment=HEADER,
            msgid_bugs_address="-",
            last_translator="-",
            language_team="-",
            fuzzy=False,
        )
    with file.open("rb") as lines:
        return read_po(lines, locale="zh_CN")


def texts(catalogue: Catalog) -> Iterator[Message]:
    """The entries of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def bring_up_to_date(file: Path = FILE) -> Catalog:
    """Adds what is new and takes out what is gone, keeping the rest; two at once wait for each other."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with (file.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        catalogue = stored(file)
        catalogue.update(in_code(), no_fuzzy_matching=True, update_creation_date=False)
        written = BytesIO()
        write_po(written, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
        fresh = file.with_suffix(".new")
        fresh.write_bytes(written.getvalue())
        fresh.replace(file)
    return catalogue


if __name__ == "__main__":
    entries = list(texts(bring_up_to_date()))
    empty = sum(not entry.string for entry in entries)
    print(f"{name_of(FILE)}: {len(entries)} texts, {empty} without translation")
