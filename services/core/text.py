"""Words for people: gettext catalogues, search keys, and the organisation's clock."""

import gettext
import unicodedata
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pypinyin import lazy_pinyin
from pypinyin.seg.simpleseg import seg

from services.core.errors import Translate

LANGUAGES = ("zh_CN", "en")
#: marks what has no pinyin; it never stands in a text that was entered
AS_WRITTEN = "\0"
LOCALE = Path(__file__).parents[1] / "locale"


@cache
def translator(language: str) -> Translate:
    """The translate function of a language; English is the language of the msgids."""
    source = LOCALE / language / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return _unchanged
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled).gettext


def _unchanged(message: str) -> str:
    return message


def search_key(*texts: str | None) -> str:
    """Everything a person may type to find these texts: the text, its pinyin and its initials, in small letters (ALL-2)."""
    parts = [folded(text) for text in texts if text]
    return " ".join(dict.fromkeys(form for part in parts for form in _forms(part)))


def folded(text: str) -> str:
    """Small letters, half-width forms, no invisible characters: what searches compare."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())


@lru_cache(maxsize=4096)
def _forms(part: str) -> tuple[str, ...]:
    if part.isascii():
        return (part,)
    said = [syllable for word in seg(part) for syllable in _said(word)]
    whole = "".join(piece.removeprefix(AS_WRITTEN) for piece in said)
    initials = (piece[1:] if piece.startswith(AS_WRITTEN) else piece[:1] for piece in said)
    return part, whole, "".join(initials)


@lru_cache(maxsize=8192)
def _said(word: str) -> tuple[str, ...]:
    """One syllable a character, the rest as it stands; names are made of few words that come again and again."""
    return tuple(lazy_pinyin([word], errors=lambda run: AS_WRITTEN + run))
