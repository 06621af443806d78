"""Dependencies: pinned exactly, each with its reason, the same in all files; what is imported is named."""

import re
import sys

from packaging.requirements import Requirement

from tests.house.tree import CODE, ROOT, Recipe, imports, none_of, place, python_files

PIN = re.compile(r"^[A-Za-z0-9_.-]+(\[[a-z,]+\])?==[\w.]+$")
OURS = {"app", "pages", "services", "db", "tests"}
#: what is imported under another name than it is installed
CALLED = {"psycopg_binary": "psycopg"}
#: comes with Streamlit, which is built on it
COMES_ALONG = {"starlette", "click", "anyio"}


def lines(name: str) -> list[str]:
    return [
        line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


def direct(name: str) -> list[str]:
    return [line for line in lines(name) if not line.startswith("-r ")]


def names(requirements: list[str]) -> dict[str, str]:
    """Package -> version, by the name that all spellings share."""
    parsed = [Requirement(line.partition("#")[0]) for line in requirements]
    return {re.sub(r"[-_.]+", "-", one.name).lower(): str(one.specifier) for one in parsed}


def test_direct_dependencies_are_pinned_and_explained() -> None:
    wrong = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in direct(name)
        if not PIN.match(line.partition("#")[0].strip()) or len(line.partition("#")[2].split()) < 2
    ]
    none_of(wrong, "name==version   # what it is here for", Recipe.DEPENDENCY)


def test_the_lock_is_pinned_and_names_no_place() -> None:
    none_of([line for line in lines("requirements.lock") if not PIN.match(line)], "name==version", Recipe.DEPENDENCY)


def test_the_lock_has_what_is_asked_for() -> None:
    asked = names(direct("requirements.txt")) | names(direct("requirements-dev.txt"))
    locked = names(lines("requirements.lock"))
    none_of([name for name in asked if locked.get(name) != asked[name]], "requirements.lock differs", Recipe.DEPENDENCY)


def test_what_is_imported_is_asked_for() -> None:
    asked = {name.replace("-", "_") for name in names(direct("requirements.txt"))}
    found = [
        f"{place(file, line)} {module}"
        for file in python_files(*CODE)
        for line, module in imports(file)
        if (top := module.split(".")[0]) not in sys.stdlib_module_names | OURS | COMES_ALONG | asked
        if CALLED.get(top, top) not in asked
    ]
    none_of(found, "requirements.txt does not name what is imported", Recipe.DEPENDENCY)
