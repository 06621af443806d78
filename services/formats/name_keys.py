"""What the names of one company have in common, however it is written (ACCT-2)."""

import re
import unicodedata
from functools import lru_cache

#: legal forms behind a Chinese name, longest first; a branch company (分公司) is a company of its own and keeps it
CHINESE_FORMS = re.compile(
    "(股份有限责任公司|有限责任公司|股份有限公司|有限公司|股份公司|总公司|(?<!分)公司|集团|控股|个体工商户|特殊普通合伙|有限合伙|普通合伙)$"
)
#: the same in letters, as words of their own or behind Chinese characters
FOREIGN_FORMS = re.compile(
    r"(?<![a-z])(co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh|group|holdings?|pte|pty)$"
)
LENGTH = 200


@lru_cache(maxsize=2048)
def name_key(name: str | None) -> str | None:
    """Letters and figures without legal form, brackets, spaces, width and case; None for no name at all."""
    rest = unicodedata.normalize("NFKC", name or "").casefold()
    while (shorter := _without_form(rest)) and shorter != rest:
        rest = shorter
    return _plain(rest)[:LENGTH] or None


def _without_form(text: str) -> str:
    """One legal form less at the end; empty when nothing would be left of the name."""
    end = re.sub(r"[\W_]+$", "", text)
    shorter = FOREIGN_FORMS.sub("", end)
    if shorter == end and not end.isascii():
        shorter = CHINESE_FORMS.sub("", _plain(end))
    return shorter if _plain(shorter) else ""


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
