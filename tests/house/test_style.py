"""House style that linters do not check: no loose ends, no check switched off without a reason."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import CODE, ROOT, Recipe, name_of, none_of, place, python_files, text_of

LOOSE_ENDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
#: what switches a check off, and the reason behind it: `
SWITCH = re.compile(r"#\s*(?P<switch>noqa(:\s*[A-Z]+\d+)?|type:\s*ignore(\[[\w, -]+\])?|pragma: no cover)(?P<rest>.*)")
NAMED = re.compile(r"[\[:]")
REASON = re.compile(r"\w+\W+\w+")
#: skipping a whole test hides it; a parameter set that does not apply is left out instead
SKIPPED = re.compile(r"pytest\.(skip|xfail|importorskip)|mark\.(skip|xfail|skipif)")


def lines_with(pattern: re.Pattern[str], files: tuple[Path, ...]) -> Iterator[tuple[Path, int, str]]:
    for file in files:
        for number, line in enumerate(text_of(file).splitlines(), 1):
            if pattern.search(line):
                yield file, number, line.strip()


def everything_but_this() -> tuple[Path, ...]:
    return tuple(file for file in python_files(*CODE, "tests") if file != Path(__file__))


def test_no_loose_ends() -> None:
    found = [place(file, number) for file, number, _ in lines_with(LOOSE_ENDS, everything_but_this())]
    none_of(found, "finish it, or write an issue", Recipe.STYLE)


def test_a_check_is_switched_off_with_a_reason() -> None:
    found = [problem for file in everything_but_this() for problem in silent_switches(file)]
    none_of(found, "name the check and say why, once a file: `# type: ignore[x] # reason`", Recipe.STYLE)


def silent_switches(file: Path) -> Iterator[str]:
    """Switches that name no check, or have no reason at their first use in the file."""
    explained: set[str] = set()
    for number, line in enumerate(text_of(file).splitlines(), 1):
        for found in SWITCH.finditer(line):
            switch = found["switch"]
            if REASON.search(found["rest"]):
                explained.add(switch)
            if switch not in explained or not NAMED.search(switch):
                yield f"{place(file, number)} {switch}"


def test_no_test_is_skipped() -> None:
    found = [place(file, number) for file, number, _ in lines_with(SKIPPED, everything_but_this())]
    none_of(found, "a test that cannot run here does not exist here", Recipe.STYLE)


def test_recipes_that_failures_name_exist() -> None:
    guide = ROOT / "CONTRIBUTING.md"
    if guide.exists():
        headings = set(re.findall(r"^#+ (.+)$", guide.read_text(encoding="utf-8"), re.MULTILINE))
        none_of({*Recipe} - headings, f"{name_of(guide)} lacks sections", Recipe.STYLE)
