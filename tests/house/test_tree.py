"""The tree is the architecture: what lies where, how it is called, how long it may be."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Recipe, functions, name_of, none_of, parsed, place, python_files, text_of

TOP = {"app.py"}
PAGES = {"main.py", "__init__.py"}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|base_?classes|stuff|tools)(_|$)")
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_APP = 60, 400, 60
EVERYTHING = ("app.py", "pages", "services", "db", "tests")


def test_pages_holds_only_folders_and_the_entry_script() -> None:
    """A fresh process publishes each file directly in the entry script's pages folder without asking who is there."""
    found = [name_of(file) for file in (ROOT / "pages").glob("*.*") if file.is_file() and file.name not in PAGES]
    none_of(found, "only main.py lies directly in pages/, screens one folder down", Recipe.SCREEN)


def test_no_pages_folder_lies_beside_the_entry_script() -> None:
    assert not (ROOT / "pages/pages").exists(), "Streamlit would publish everything in pages/pages without signing in"


def test_only_the_application_lies_at_the_top() -> None:
    none_of({file.name for file in ROOT.glob("*.py")} - TOP, "only app.py lies at the top", Recipe.MODULE)


def test_every_folder_with_code_is_a_package() -> None:
    folders = {file.parent for file in python_files("pages", "services", "db", "tests")}
    missing = [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()]
    none_of(missing, "import-linter sees packages only: an __init__.py is missing in", Recipe.MODULE)


def test_names_say_what_is_inside() -> None:
    found = [
        name_of(file) for file in python_files(*EVERYTHING) if VAGUE.search(file.stem) or VAGUE.search(file.parent.name)
    ]
    none_of(found, "a file is named after its noun or its purpose", Recipe.STYLE)


def test_files_are_short() -> None:
    found = [
        f"{name_of(file)}: {lines(file)} lines" for file in python_files(*EVERYTHING) if lines(file) > LONGEST_FILE
    ]
    none_of(found, f"at most {LONGEST_FILE} lines a file: make it a package with the same public names", Recipe.STYLE)
    if (ROOT / "app.py").exists():
        assert lines(ROOT / "app.py") <= LONGEST_APP, f"app.py has at most {LONGEST_APP} lines"


def test_functions_are_short() -> None:
    found = [
        f"{place(file, node.lineno)} {node.name}: {length} lines"
        for file in python_files(*EVERYTHING)
        for node in functions(file)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    none_of(found, f"about 8 lines a function, at most {LONGEST_FUNCTION}", Recipe.STYLE)


@pytest.mark.parametrize("part", ["pages", "services", "db", "tests/house"])
def test_these_tests_look_at_code(part: str) -> None:
    """A rule that looks at nothing holds always."""
    assert len(python_files(part)) > 1
    assert any(parsed(file).body for file in python_files(part))


def lines(file: Path) -> int:
    return text_of(file).count("\n")
