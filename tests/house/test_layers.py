"""app -> pages -> services -> db: who may import whom, beyond what import-linter sees in `make check`."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import CODE, Recipe, functions, imports, name_of, none_of, parsed, place, python_files, screens

FRAMEWORK = ("streamlit", "streamlit_authenticator")


def importing(files: tuple[Path, ...], *packages: str) -> list[str]:
    """The places in these files where one of these packages is imported."""
    return [
        f"{place(file, line)} imports {name}"
        for file in files
        for line, name in imports(file)
        if name.split(".")[0] in packages
    ]


def test_services_and_storage_do_not_know_streamlit() -> None:
    found = importing(python_files("services", "db"), *FRAMEWORK)
    none_of(found, "streamlit is imported in app.py and pages/ only", Recipe.MODULE)


def test_pages_ask_services_and_never_the_database() -> None:
    found = importing(python_files("app.py", "pages"), "sqlalchemy", "db", "psycopg", "sqlite3", "alembic")
    none_of(found, "pages read and write through services", Recipe.DATABASE)


def test_nobody_imports_a_screen_or_the_application() -> None:
    modules = {name_of(file).removesuffix(".py").replace("/", ".") for file in screens()} | {"app", "pages.main"}
    found = [
        f"{place(file, line)} imports {name}"
        for file in python_files(*CODE)
        for line, name in imports(file)
        if name in modules or name.rpartition(".")[0] in modules
    ]
    none_of(found, "a screen is run, not imported: what two screens share belongs to pages/ui", Recipe.SCREEN)


def test_nobody_imports_from_tests() -> None:
    none_of(importing(python_files(*CODE), "tests"), "tests know the code, not the other way", Recipe.MODULE)


def test_imports_stand_at_the_top() -> None:
    found = [place(file, line) for file in python_files(*CODE, "tests") for line in hidden_imports(file)]
    none_of(found, "imports stand at the top of the file", Recipe.STYLE)


def test_imports_are_absolute() -> None:
    found = [
        place(file, node.lineno)
        for file in python_files(*CODE, "tests")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    none_of(found, "imports name the whole path", Recipe.STYLE)


def hidden_imports(file: Path) -> Iterator[int]:
    for function in functions(file):
        yield from (node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
