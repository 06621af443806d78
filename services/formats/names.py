"""Names of people, as on the identity card or business card (CON-1)."""

import re
import unicodedata

from services.core.errors import N_
from services.core.fields import wrong

HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U000323af"
DOTS = dict.fromkeys(map(ord, "•‧∙●・･⋅"), "·")
APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ′`´"), "'")
CHINESE = re.compile(f"[{HAN}]+(·[{HAN}]+)*")
HAS_HAN = re.compile(f"[{HAN}]")
BETWEEN_HAN = re.compile(f"(?<=[{HAN}·]) +(?=[{HAN}·])")
SHORTEST, LONGEST = 2, 15

#: said behind (or before) a name; longer ones first, so that all of the title is named
TITLES = (
    "副总经理|总工程师|总经理|工程师|董事长|老板娘|业务员|销售员|采购员|驾驶员|经理|先生|女士|小姐|师傅|老板|主任|老师"
    "|会计|书记|司机|机手|同志|教授|博士|太太|夫人|总监|主管|秘书|助理|代表|顾问|律师|医生|大夫|工头|总工|老总|出纳|财务|采购"
)
HEADS_OF = "厂队班组站科处局所矿院校会部镇村乡县市店董社"
CHINESE_TITLE = re.compile(f"({TITLES}|(?<=.)[{HEADS_OF}]长|总)$")
TITLE_BEFORE = re.compile(f"^({TITLES})(?=.)")
#: behind a surname alone these are forms of address; behind two characters they may be part of a name
SHORT_TITLE = re.compile(f"^[{HAN}]([工哥姐董叔姨嫂])$")
FOREIGN_TITLES = re.compile(
    "(mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|herr|frau|eng|manager|director|engineer|ceo|president)[.]?",
    re.IGNORECASE,
)
FOREIGN_MARKS = " -'."


def person_name(value: str) -> str:
    """A person's name without title, digits or symbols."""
    text = unicodedata.normalize("NFKC", str(value)).translate(DOTS).translate(APOSTROPHES)
    text = BETWEEN_HAN.sub("", " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split()))
    if strange := next((c for c in text if not _belongs(c)), ""):
        raise wrong(NOT_IN_NAMES, character=strange)
    return _chinese(text) if HAS_HAN.search(text) else _foreign(text)


def _belongs(character: str) -> bool:
    return character in f"{FOREIGN_MARKS}·〇" or unicodedata.category(character)[0] in "LM"


def _chinese(text: str) -> str:
    if any(unicodedata.category(c)[0] in "LM" and not HAS_HAN.match(c) for c in text) or " " in text:
        raise wrong(MIXED)
    text = text.replace(".", "·")
    if not CHINESE.fullmatch(text):
        raise wrong(DOT_INSIDE)
    if title := CHINESE_TITLE.search(text) or TITLE_BEFORE.match(text) or SHORT_TITLE.match(text):
        raise wrong(TITLE, title=title[1])
    if not SHORTEST <= len(text) <= LONGEST:
        raise wrong(CHINESE_LENGTH, least=SHORTEST, most=LONGEST)
    return text


def _foreign(text: str) -> str:
    words = text.split()
    for end in (words[:1], words[-1:]):
        if end and FOREIGN_TITLES.fullmatch(end[0]):
            raise wrong(TITLE, title=end[0])
    if "·" in text or sum(unicodedata.category(c)[0] == "L" for c in text) < SHORTEST:
        raise wrong(TOO_SHORT)
    if text[0] in FOREIGN_MARKS or re.search(r"[-'.]{2}|[-']$", text):
        raise wrong(MARKS_INSIDE)
    return text


NOT_IN_NAMES = N_("“{character}” does not belong in a name; please enter it as on the identity card.")
MIXED = N_("Please enter the name either in Chinese characters or in letters, as on the identity card.")
DOT_INSIDE = N_("In a Chinese name only “·” is allowed, between two parts, such as 阿卜杜拉·买买提.")
TITLE = N_("“{title}” is a title; please enter the name alone, as on the identity card.")
CHINESE_LENGTH = N_("A Chinese name has {least} to {most} characters, with the surname.")
TOO_SHORT = N_("A name has at least two letters, such as Li Na.")
MARKS_INSIDE = N_("Hyphen, apostrophe and full stop stand inside a name, such as Jean-Luc O'Neil.")
