"""Passwords: how they are hashed and compared, and which are too easy to guess (SIG-1, SIG-3, SIG-4)."""

import base64
import hashlib
import string
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import bcrypt

from services.core.errors import N_, Said
from services.core.text import folded, search_key

SHORTEST, FEWEST_DIFFERENT = 10, 5
COMMON = Path(__file__).parent / "data/common_passwords.txt"
DECORATION = string.digits + string.punctuation + " "
#: compared with when nobody has the name, so that this takes as long: the hash of 32 random bytes that were thrown away
NOBODY = "$2b$12$UmbMCgTMma9nbFyZtEhVweN3xXH72WZMZeTLLctsUwGSYQlAhoR5W"


def hashed(password: str, *, rounds: int = 12) -> str:
    """The bcrypt hash to store; long and Chinese passwords count in full, beyond bcrypt's own 72 bytes."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(rounds)).decode()


def matches(password: str, stored: str) -> bool:
    """Whether this password has that hash; takes about the same time whatever the answer."""
    return bcrypt.checkpw(_prepared(password), stored.encode())


def _prepared(password: str) -> bytes:
    """A form of fixed length; the sign-in form drops blanks around a password, so they never count."""
    plain = unicodedata.normalize("NFKC", password).strip()
    return base64.b64encode(hashlib.sha256(plain.encode()).digest())


def weakness(password: str, *, names: Iterable[str | None]) -> Said | None:
    """What is wrong with a new password, if anything; ``names`` are what the person is called."""
    plain = folded(password)
    if len(plain) < SHORTEST:
        return Said(TOO_SHORT, count=SHORTEST)
    core = plain.strip(DECORATION)
    if len(set(plain)) < FEWEST_DIFFERENT or plain in _common() or core in _common():
        return Said(TOO_COMMON)
    if any(_is_name(plain, core, name) for name in names if name):
        return Said(LIKE_NAME)
    return None


def _is_name(plain: str, core: str, name: str) -> bool:
    """Whether a password is a name or number of the person, its pinyin or initials, with or without decoration."""
    forms = set(search_key(name).split()) | {folded(name), folded(name).replace(" ", "")}
    return bool({plain, core} & forms)


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


TOO_SHORT = N_("A password needs at least {count} characters.")
TOO_COMMON = N_("This password is among those that are tried first. Please choose another one.")
LIKE_NAME = N_("A password must not be your name, sign-in name or telephone number.")
