"""Phone numbers in the one form in which they are stored and shown (CON-2)."""

import re
import unicodedata

from services.core.errors import N_, Invalid
from services.core.fields import wrong
from services.formats.area_codes import area_of, country_of

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣ー－﹘~"), "-")
MOBILE = re.compile(r"1[3-9]\d{9}")
SERVICE = re.compile(r"([48]00)([1-9]\d{6})")
EXTENSION = re.compile(r"(?:转|分机|ext\.?|extension|x|#)[\s:]*(\d{1,6})$", re.IGNORECASE)
TWO_NUMBERS_BETWEEN = re.compile(r"[/,;、|\n]|\bor\b|或")
SHORTENED = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
ALLOWED = re.compile(r"[\d\s()\[\].+\-]*")
NUMBER = re.compile(r"[+(]*\d[\d()+.-]*")
DOMESTIC_PREFIX = re.compile(r"^(\+|00)\s*86")


def mobile(value: str) -> str:
    """A mobile number as 11 bare digits, or a foreign number in international form."""
    plain = _plain(value)
    if foreign := _foreign(plain):
        return foreign
    if (found := _mobile(plain)) is None:
        count = len(digits(_domestic(plain)))
        raise wrong(NOT_A_MOBILE, digits=count) if count else wrong(NO_DIGITS)
    return found


def landline(value: str) -> str:
    """A landline or fax number as area code, space, number, with `-` before an extension; or in international form."""
    plain = _plain(value)
    if foreign := _foreign(plain):
        return foreign
    if _mobile(plain):
        raise wrong(IS_A_MOBILE)
    return _landline(plain)


def phone(value: str) -> str:
    """A number of either kind, in the form of its kind."""
    plain = _plain(value)
    return _foreign(plain) or _mobile(plain) or _landline(plain)


def searched(words: str) -> str:
    """Search words in which numbers stand as search keys have them: digits without separators."""
    return " ".join(digits(word) if NUMBER.fullmatch(word) else word for word in words.split())


def digits(number: str | None) -> str:
    """The digits alone, by which a number is found; empty for none."""
    return re.sub(r"\D", "", number or "")


def _plain(value: str) -> str:
    """Half-width, one kind of dash and blank, without invisible characters; refused when it cannot be one number."""
    text = str(value)
    text = (text if text.isascii() else _half_width(text)).translate(DASHES).strip(" \t\n'`\"")
    if SHORTENED.fullmatch(text):
        raise wrong(SPREADSHEET)
    if TWO_NUMBERS_BETWEEN.search(text) or len(set(_whole_mobiles(text))) > 1:
        raise wrong(ONE_NUMBER)
    text = re.sub(r"\.0$", "", text)
    if not ALLOWED.fullmatch(EXTENSION.sub("", text)) or "+" in text.lstrip("([")[1:]:
        raise wrong(ONLY_DIGITS)
    return text


def _half_width(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def _whole_mobiles(text: str) -> list[str]:
    return re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)


def _domestic(plain: str) -> str:
    """Without the country code of China, however it was written."""
    text = plain.lstrip("([")
    if DOMESTIC_PREFIX.match(text):
        return DOMESTIC_PREFIX.sub("", text).lstrip(" )]-.")
    bare = digits(text)
    if bare.startswith("86") and len(bare) > 11 and (MOBILE.match(bare, 2) or area_of(_with_zero(bare[2:]))):
        return re.sub(r"^8\D*6[\s)\]\-.]*", "", text)
    return plain


def _mobile(plain: str) -> str | None:
    if EXTENSION.search(plain):
        return None
    bare = digits(_domestic(plain))
    bare = bare[1:] if bare.startswith("01") and len(bare) == 12 else bare
    return bare if MOBILE.fullmatch(bare) else None


def _foreign(plain: str) -> str | None:
    text = plain.lstrip("([")
    international = re.match(r"(\+|00)\s*(?!0)", text)
    if international is None or DOMESTIC_PREFIX.match(text):
        return None
    bare = digits(re.sub(r"\(\s*0\s*\)", "", text[international.end() :]))
    country = country_of(bare)
    if not country:
        raise wrong(NO_COUNTRY)
    number = bare[len(country) :]
    if not 5 <= len(number) <= 15 - len(country):
        raise wrong(FOREIGN_LENGTH)
    return f"+{country} {number}"


def _landline(plain: str) -> str:
    extension = EXTENSION.search(plain)
    if extension:
        return f"{_bare_landline(plain[: extension.start()])}-{extension[1]}"
    return _grouped(plain) or _bare_landline(plain)


def _grouped(plain: str) -> str | None:
    """A number whose extension stands behind a hyphen, read by its groups."""
    head, hyphen, last = plain.rpartition("-")
    if not hyphen or not re.fullmatch(r"\s*\d{1,6}\s*", last):
        return None
    try:
        bare = _bare_landline(head)
    except Invalid:
        return None
    return f"{bare}-{last.strip()}"


def _bare_landline(plain: str) -> str:
    text = _domestic(plain)
    bare = digits(text)
    if service := SERVICE.fullmatch(bare):
        return f"{service[1]} {service[2]}"
    if not bare:
        raise wrong(NO_DIGITS)
    if text != plain:
        bare = _with_zero(bare)
    if not bare.startswith("0"):
        raise wrong(NO_AREA if len(bare) in (7, 8) else NOT_A_NUMBER)
    return _split(bare)


def _with_zero(bare: str) -> str:
    return bare if bare.startswith("0") else f"0{bare}"


def _split(bare: str) -> str:
    area = area_of(bare)
    if not area:
        raise wrong(UNKNOWN_AREA, area=bare[: 3 if bare[1:2] in "12" else 4])
    number = bare[len(area) :]
    lengths = (8,) if len(area) == 3 else (7, 8)
    if len(number) not in lengths or number[0] in "01":
        raise wrong(WRONG_LENGTH, area=area, length=" / ".join(map(str, lengths)))
    return f"{area} {number}"


NO_DIGITS = N_("A phone number is needed, such as 13801395136 or 010 85868466.")
NOT_A_MOBILE = N_("A mobile number has 11 digits and begins with 13 to 19, such as 13801395136; here are {digits}.")
IS_A_MOBILE = N_("This is a mobile number; a landline has an area code, such as 010 85868466.")
ONLY_DIGITS = N_("A phone number has only digits, such as 13801395136 or 010 85868466; an extension follows “-”.")
ONE_NUMBER = N_("Only one number fits here; please put the second one into another field.")
SPREADSHEET = N_("A spreadsheet has shortened this number; please enter all its digits.")
NO_AREA = N_("The area code is missing, such as 010 in 010 85868466.")
UNKNOWN_AREA = N_("There is no area code {area}; a landline is written like 010 85868466.")
WRONG_LENGTH = N_("Behind the area code {area}, a number has {length} digits and does not begin with 0 or 1.")
NOT_A_NUMBER = N_("This is neither a mobile number (13801395136) nor a landline with area code (010 85868466).")
NO_COUNTRY = N_("There is no such country code; foreign numbers are written like +49 8912345678.")
FOREIGN_LENGTH = N_("A foreign number has at most 15 digits with its country code, such as +49 8912345678.")
