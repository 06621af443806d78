"""Both languages say the same: the Chinese catalogue is complete, up to date and keeps the placeholders."""

import re
from functools import cache
from string import Formatter

from babel.messages.catalog import Message

from pages.ui.records import ACTIONS
from tests.house import catalogue
from tests.house.tree import ROOT, Recipe, none_of

#: called the same in both languages
NAMES = {"Dealer CRM", "English", "Excel"}
#: the action of an event that a service writes
RECORDED = re.compile(r'events\.record\(\s*work, [\w.]+, "(\w+)"')
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def entries() -> dict[str, Message]:
    return {str(message.id): message for message in catalogue.texts(catalogue.stored())}


@cache
def in_code() -> dict[str, Message]:
    return {str(message.id): message for message in catalogue.texts(catalogue.in_code())}


def test_the_catalogue_has_every_text_of_the_code() -> None:
    missing = [f"{where(message)}: {text}" for text, message in in_code().items() if text not in entries()]
    none_of(missing, "`make translate`, then fill in the Chinese", Recipe.TEXT)


def test_the_catalogue_has_nothing_else() -> None:
    none_of(entries().keys() - in_code().keys(), "no longer in the code: `make translate`", Recipe.TEXT)


def test_every_text_is_translated() -> None:
    empty = [f"{where(message)}: {text}" for text, message in entries().items() if not message.string or message.fuzzy]
    none_of(empty, "messages.po lacks the Chinese", Recipe.TEXT)


def test_translations_keep_the_placeholders() -> None:
    wrong = [
        text for text, message in entries().items() if message.string and fields(text) != fields(str(message.string))
    ]
    none_of(wrong, "the Chinese has other placeholders than the English", Recipe.TEXT)


def test_no_translation_is_only_a_copy() -> None:
    words = {text: message for text, message in entries().items() if re.search(r"[a-z]{3}", text)}
    same = [text for text, message in words.items() if message.string == text and text not in NAMES]
    none_of(same, "still English", Recipe.TEXT)


def test_every_line_of_a_story_has_words() -> None:
    """ALL-1, screens.md: what services record is told in the reader's language, and never by its name in the code."""
    recorded = {name for file in ROOT.glob("services/**/*.py") for name in RECORDED.findall(file.read_text())}
    assert recorded > {"created", "converted"}
    none_of(sorted(recorded - ACTIONS.keys()), "no words in pages/ui/records.py", Recipe.TEXT)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None} | set(PLACEHOLDER.findall(text))


def where(message: Message) -> str:
    return ", ".join(sorted({file for file, _line in message.locations}))
