"""The theme names options this Streamlit knows, and every colour can be read where it stands (WCAG AA)."""

import tomllib
from typing import Any

import pytest
from streamlit import config as streamlit_config

from tests.house.tree import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
MEANINGS = ("green", "blue", "orange", "yellow", "red", "gray", "violet")
TEXT, GRAPHIC = 4.5, 3.0
SECTIONS = [("light",), ("light", "sidebar"), ("dark",), ("dark", "sidebar")]


def section_of(path: tuple[str, ...]) -> dict[str, Any]:
    """The colours in force in a part of the screen: a sidebar inherits what it does not set."""
    colours: dict[str, Any] = {}
    node = CONFIG["theme"]
    for step in path:
        node = node[step]
        colours |= {name: value for name, value in node.items() if not isinstance(value, dict)}
    return colours


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def options(node: dict[str, Any], prefix: str) -> list[str]:
    """Full names of all options set below a section."""
    names: list[str] = []
    for name, value in node.items():
        full = f"{prefix}.{name}"
        names += options(value, full) if isinstance(value, dict) else [full]
    return names


def test_every_option_exists_in_this_streamlit() -> None:
    known = set(streamlit_config._config_options_template)
    unknown = [name for part in CONFIG for name in options(CONFIG[part], part) if name not in known]
    assert not unknown, f".streamlit/config.toml sets options that Streamlit does not know: {unknown}"


@pytest.mark.parametrize("path", SECTIONS, ids=".".join)
def test_texts_can_be_read(path: tuple[str, ...]) -> None:
    colours = section_of(path)
    pairs = [
        ("textColor", "backgroundColor"),
        ("textColor", "secondaryBackgroundColor"),
        ("linkColor", "backgroundColor"),
    ]
    pairs += [(f"{name}TextColor", f"{name}BackgroundColor") for name in MEANINGS]
    pairs += [(f"{name}TextColor", "backgroundColor") for name in MEANINGS]
    colours["white"] = "#FFFFFF"  # the label of a primary button
    pairs += [("white", "primaryColor")]
    weak = [f"{a} on {b}" for a, b in pairs if contrast(colours[a], colours[b]) < TEXT]
    assert not weak, f"[theme.{'.'.join(path)}] under {TEXT}:1: {weak}"


@pytest.mark.parametrize("path", SECTIONS, ids=".".join)
def test_marks_and_charts_can_be_seen(path: tuple[str, ...]) -> None:
    colours = section_of(path)
    marks = [colours["primaryColor"], *(colours[f"{name}Color"] for name in MEANINGS)]
    marks += [] if "sidebar" in path else colours["chartCategoricalColors"]
    weak = [mark for mark in marks if contrast(mark, colours["backgroundColor"]) < GRAPHIC]
    assert not weak, f"[theme.{'.'.join(path)}] under {GRAPHIC}:1: {weak}"


def test_charts_have_at_most_six_colours() -> None:
    assert all(len(section_of((mode,))["chartCategoricalColors"]) <= 6 for mode in ("light", "dark"))


def test_sidebar_is_darker_than_the_page() -> None:
    for mode in ("light", "dark"):
        page, sidebar = (section_of(path)["backgroundColor"] for path in ((mode,), (mode, "sidebar")))
        assert luminance(sidebar) < luminance(page), f"the sidebar of the {mode} theme is not darker than its page"
