"""What house tests look at: the files of this project as git would see them, read once."""

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("app.py", "pages", "services", "db")


class Recipe(StrEnum):
    """The sections of CONTRIBUTING.md that failures point to."""

    DEPENDENCY = "Add a dependency"
    FIELD = "Add a field"
    MODULE = "Add a module"
    PERMISSION = "Add a permission"
    SCREEN = "Add a screen"
    TEXT = "Add a text"
    DATABASE = "Ask the database"
    STYLE = "House style"


def none_of(found: Iterable[str], rule: str, recipe: Recipe) -> None:
    """Fails with every place that breaks the rule and the recipe that says how it is done here."""
    places = sorted(found)
    assert not places, f"{rule} (CONTRIBUTING.md, “{recipe}”):\n  " + "\n  ".join(places)


@cache
def python_files(*parts: str) -> tuple[Path, ...]:
    """All Python files under these folders (or these files), sorted; migrations are history and left out."""
    found: set[Path] = set()
    for part in parts:
        path = ROOT / part
        found |= set(path.rglob("*.py")) if path.is_dir() else {path} & set(path.parent.glob("*.py"))
    return tuple(sorted(file for file in found if "migrations/versions" not in file.as_posix()))


@cache
def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(text_of(file), filename=str(file))


def name_of(file: Path) -> str:
    """The path as people write it: pages/daily/home.py."""
    return file.relative_to(ROOT).as_posix()


def screens() -> tuple[Path, ...]:
    """The screens: files in the area folders of pages, without ui and routes."""
    inner = ("ui", "routes")
    return tuple(
        file
        for file in python_files("pages")
        if len(file.relative_to(ROOT).parts) > 2
        and file.relative_to(ROOT).parts[1] not in inner
        and file.name != "__init__.py"
    )


def nouns() -> tuple[Path, ...]:
    """The modules of services that are business nouns: everything outside core."""
    return tuple(file for file in python_files("services") if "core" not in file.relative_to(ROOT).parts)


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, as (line, dotted name); `from a import b` gives a.b."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def place(file: Path, line: int) -> str:
    return f"{name_of(file)}:{line}"


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute chain; calls inside the chain are written as ()."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return ""
