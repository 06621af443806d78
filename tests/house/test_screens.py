"""Screens: thin, in both languages, with nothing loaded from elsewhere and nothing cached that depends on who asks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, Recipe, dotted, name_of, none_of, parsed, place, python_files, screens, text_of

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
ADDRESS = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+""")
WEB = ("*.py", "*.js", "*.css", "*.html")
LONGEST_SCREEN = 120
#: functions that may be cached: what they give is the same for everybody
CACHED: set[str] = set()
#: widgets in which something is typed or chosen
INPUTS = {
    "text_input", "text_area", "number_input", "date_input", "datetime_input", "checkbox", "selectbox", "multiselect",
    "segmented_control", "pills", "radio",
}  # fmt: skip
#: modules that are data in two languages, and the one that writes dates and amounts the way each language does
BILINGUAL = re.compile(
    r"^services/(demo|data|formats|reference|regions|imports/(matching|values))\b|^pages/ui/text\.py$"
)
#: a language is called by its own name, so that whoever reads it finds it
LANGUAGE_NAMES = {"中文", "简体中文"}


def test_no_screen_asks_for_a_role() -> None:
    found = [
        place(file, node.lineno)
        for file in python_files("app.py", "pages")
        for node in ast.walk(parsed(file))
        if decides_by_role(node)
    ]
    none_of(found, "ask for the permission (actor.may, work.reaches), never for the role", Recipe.PERMISSION)


def test_nothing_that_depends_on_who_asks_is_cached() -> None:
    found = [
        f"{place(file, node.lineno)} {node.attr}"
        for file in python_files("app.py", "pages")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"}
        if name_of(file) not in CACHED
    ]
    none_of(found, "everybody shares these caches and everybody can clear them", Recipe.SCREEN)


def test_downloads_are_routes() -> None:
    found = [
        place(file, node.lineno)
        for file in python_files("pages")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".download_button")
    ]
    none_of(found, "a download is a route that checks the session and the row", Recipe.SCREEN)


def test_fields_that_are_filled_in_are_told_again() -> None:
    found = [
        place(file, node.lineno)
        for file in python_files("pages")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and dotted(node.func).removeprefix("st.") in INPUTS
        if "key_of(" in ast.unparse(node) or name_of(file) == "pages/ui/forms.py"
        if "KEPT" not in ast.unparse(node)
    ]
    none_of(found, "an answer that is overtaken is thrown away: pass **forms.KEPT", Recipe.SCREEN)


def test_screens_leave_errors_to_perform() -> None:
    found = [
        place(file, node.lineno) for file in screens() for node in ast.walk(parsed(file)) if isinstance(node, ast.Try)
    ]
    none_of(found, "perform() explains errors in one place", Recipe.SCREEN)


def test_screens_are_short() -> None:
    found = [name_of(file) for file in screens() if text_of(file).count("\n") > LONGEST_SCREEN]
    none_of(found, f"about 60 lines a screen, at most {LONGEST_SCREEN}: parts go to pages/ui", Recipe.SCREEN)


def test_every_screen_is_in_the_navigation() -> None:
    table = ROOT / "pages/ui/navigation.py"
    if not table.exists():
        return
    named = {text.removeprefix("pages/").removesuffix(".py").replace(".", "/") for _, text in literals(table)}
    missing = [name_of(file) for file in screens() if spoken(file) not in named]
    none_of(missing, "pages/ui/navigation.py lists every screen", Recipe.SCREEN)


def test_words_are_in_the_catalogue() -> None:
    found = [
        f"{place(file, line)} {text!r}"
        for file in python_files("app.py", "pages", "services")
        if not BILINGUAL.search(name_of(file))
        for line, text in literals(file)
        if CHINESE.search(text) and text not in LANGUAGE_NAMES
    ]
    none_of(found, "write English in _(...) and Chinese in messages.po", Recipe.TEXT)


def test_nothing_is_loaded_from_elsewhere() -> None:
    files = [file for pattern in WEB for file in (ROOT / "pages").rglob(pattern)]
    found = [
        f"{place(file, number)} {address[0]}"
        for file in files
        for number, line in enumerate(text_of(file).splitlines(), 1)
        if (address := ADDRESS.search(line))
    ]
    none_of(found, "fonts, scripts and pictures come with the application", Recipe.SCREEN)


def decides_by_role(node: ast.AST) -> bool:
    """Whether something is compared with, or chosen by, a role."""
    if isinstance(node, ast.Compare):
        return any(is_role(part) for part in (node.left, *node.comparators))
    if isinstance(node, ast.If | ast.IfExp | ast.Match):
        return is_role(node.subject if isinstance(node, ast.Match) else node.test)
    return False


def is_role(node: ast.AST) -> bool:
    name = dotted(node)
    return name == "role" or name.endswith(".role") or name.startswith("Role.")


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """Every text in a file that is not a docstring."""
    texts = {id(node.value) for node in ast.walk(parsed(file)) if isinstance(node, ast.Expr)}
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            yield node.lineno, node.value


def spoken(file: Path) -> str:
    """The screen as the navigation calls it: daily/home."""
    return name_of(file).removeprefix("pages/").removesuffix(".py")
