"""Company names, credit codes (GB 32100), postal codes, e-mail and web addresses in their stored form."""

import re
import unicodedata

from services.core.errors import N_
from services.core.fields import wrong

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
#: letters that the code does not use, and the digit that was probably meant
LOOK_ALIKE = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,24}"
)
POSTAL = re.compile(r"[0-8]\d{5}")
WEBSITE = re.compile(r"(?:(https?)://)?((?:[\w-]+\.)+[^\W\d_]{2,24})(:\d{1,5})?(/[^\s<>\"'`]*)?", re.I)


def _plain(value: str) -> str:
    text = unicodedata.normalize("NFKC", str(value))
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def company_name(value: str) -> str:
    """A customer's name as in the letterhead: blanks tidied, at least two characters, one of them a letter."""
    text = " ".join("".join(c for c in str(value) if unicodedata.category(c) not in ("Cf", "Cc")).split())
    if len(text) < 2 or not any(unicodedata.category(c)[0] == "L" for c in text):
        raise wrong(NO_NAME)
    return text


def credit_code(value: str) -> str:
    """A unified social credit code whose length, alphabet and check digit are right (ACCT-2)."""
    text = re.sub(r"[\s-]", "", _plain(value)).upper()
    if strange := next((c for c in text if c not in ALPHABET), ""):
        meant = LOOK_ALIKE.get(strange)
        raise wrong(NOT_THAT_LETTER, letter=strange, meant=meant) if meant else wrong(NOT_IN_CODE, letter=strange)
    if len(text) != LENGTH:
        raise wrong(CODE_LENGTH, length=LENGTH, found=len(text))
    if text[-1] != check_digit(text[:-1]):
        raise wrong(CHECK_DIGIT)
    return text


def check_digit(first: str) -> str:
    """The last character that belongs to the first 17 (GB 32100-2015: weights 3^i modulo 31)."""
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first))
    return ALPHABET[-total % 31]


def postal_code(value: str) -> str:
    """A postal code of six digits."""
    text = "".join(_plain(value).split())
    if not POSTAL.fullmatch(text):
        raise wrong(POSTAL_CODE)
    return text


def email(value: str) -> str:
    """One e-mail address, its domain in small letters."""
    text = _plain(value).removeprefix("mailto:")
    if not EMAIL.fullmatch(text) or re.search(r"@-|-\.|\.-", text):
        raise wrong(EMAIL_ADDRESS)
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def website(value: str) -> str:
    """A web address that begins with http:// or https://."""
    found = WEBSITE.fullmatch(_plain(value))
    if found is None:
        raise wrong(WEB_ADDRESS)
    scheme, host, port, path = found.groups()
    return f"{(scheme or 'https').lower()}://{host.lower()}{port or ''}{path or ''}"


NO_NAME = N_("Please enter the full name, as in the letterhead.")
NOT_THAT_LETTER = N_("A credit code has no letter {letter}; {meant} is probably meant.")
NOT_IN_CODE = N_("“{letter}” does not occur in a credit code; it has digits and capital letters.")
CODE_LENGTH = N_("A credit code has {length} characters; this one has {found}.")
CHECK_DIGIT = N_("The check digit does not fit; please compare the credit code with the business licence.")
POSTAL_CODE = N_("A postal code has six digits, such as 221004.")
EMAIL_ADDRESS = N_("One e-mail address is needed, such as name@company.cn.")
WEB_ADDRESS = N_("A web address is needed, such as https://www.company.cn.")
