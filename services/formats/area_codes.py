"""Long-distance area codes of mainland China and country codes of the world: what a phone number can begin with."""

#: area codes of eight-digit networks with three digits, then those with four, by province from north to south
_THREE = "010 020 021 022 023 024 025 027 028 029"
_FOUR = """
0310-0319 0335 0349-0359 0370-0377 0379 0391-0396 0398 0411 0412 0415-0419 0421 0427 0429 0431-0439 0451-0459 0464
0467-0479 0482 0483 0510-0519 0523 0527 0530-0539 0543 0546 0550-0559 0561-0564 0566 0570-0580 0591-0599 0631-0633
0635 0660 0662 0663 0668 0691 0692 0701 0710-0719 0722 0724 0728 0730 0731 0734-0739 0743-0746 0750-0760 0762 0763
0766 0768-0779 0790-0799 0812 0813 0816-0818 0825-0827 0830-0839 0851 0854-0859 0870-0879 0883 0886-0888 0891-0898
0901-0903 0906 0908 0909 0911-0917 0919 0930-0939 0941 0943 0951-0955 0970-0977 0979 0990-0999
"""
#: country codes of one and two digits, and the first two digits of those with three
_ONE_DIGIT = "1 7"
_TWO_DIGITS = "20 27 30 31 32 33 34 36 39 40-41 43-49 51-58 60-66 81 82 84 90-95 98"
_THREE_DIGITS = "21-26 29 35 37 38 42 50 59 67-69 80 85 87 88 96 97 99"


def _expanded(ranges: str) -> frozenset[str]:
    found = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found |= {f"{number:0{len(first)}d}" for number in range(int(first), int(last or first) + 1)}
    return frozenset(found)


AREAS = _expanded(_THREE) | _expanded(_FOUR)
_SHORT_COUNTRIES = _expanded(_ONE_DIGIT) | _expanded(_TWO_DIGITS)
_LONG_COUNTRIES = _expanded(_THREE_DIGITS)


def area_of(digits: str) -> str:
    """The area code that these digits begin with; empty when they begin with none."""
    return next((digits[:length] for length in (3, 4) if digits[:length] in AREAS), "")


def country_of(digits: str) -> str:
    """The country code that these digits begin with; empty when they begin with none."""
    if found := next((digits[:length] for length in (1, 2) if digits[:length] in _SHORT_COUNTRIES), ""):
        return found
    return digits[:3] if digits[:2] in _LONG_COUNTRIES and len(digits) > 3 else ""
