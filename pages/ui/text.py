"""Words, dates and numbers in the reader's language."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from services import activities
from services.core.errors import Said
from services.core.moments import local
from services.core.settings import settings
from services.core.text import translator

DASH = "–"
MARKUP = frozenset(r"\`*_{}[]()#+-.!|<>~$:^=&")
#: what Markdown makes links of although every mark in it is escaped, and the invisible joiner that prevents it
AUTOLINK, JOINER = re.compile(r"(?<=@)|(?<=://)|(?<=[Ww]{3})(?=\\\.)"), "\u2060"
WEEKDAYS = {"zh_CN": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def language() -> str:
    """The language of the person (or, before sign-in, of the page)."""
    return str(st.session_state.get("_language", "zh_CN"))


def _(message: str) -> str:
    """A msgid in the reader's language."""
    return translator(language())(message)


def worded(said: Said) -> str:
    """A service's sentence in the reader's language."""
    return said.text(_)


def plain(text: str | None) -> str:
    """Text from a person, safe inside labels and Markdown: nothing in it is taken for markup or made a link."""
    return AUTOLINK.sub(JOINER, "".join(f"\\{c}" if c in MARKUP else c for c in text or ""))


def lines(text: str | None) -> str:
    """The same for a text of several lines, which stay lines; an empty one does not end the paragraph it stands in."""
    return "  \n".join(plain(line) for line in (text or "").splitlines() if line.strip())


def weekday(day: date) -> str:
    """“周一” or “Mon”."""
    return _weekday(day.weekday(), language())


def _weekday(number: int, spoken: str) -> str:
    return f"周{WEEKDAYS[spoken][number]}" if spoken == "zh_CN" else WEEKDAYS[spoken][number]


def weekdays() -> list[str]:
    """Monday to Sunday, short."""
    return [_weekday(number, language()) for number in range(7)]


def day(value: date | None) -> str:
    """“11-23 周一”; with the year when it is another one than this."""
    return DASH if value is None else _day(value, datetime.now(settings().zone).year, language())


@lru_cache(maxsize=2048)
def _day(value: date, this_year: int, spoken: str) -> str:
    """Lists show the same few days again and again."""
    year = "" if value.year == this_year else f"{value.year}-"
    return f"{year}{value:%m-%d} {_weekday(value.weekday(), spoken)}"


def moment(value: datetime | None) -> str:
    """“11-23 周一 14:30” on the organisation's clock."""
    if value is None:
        return DASH
    there = wall(value)
    return f"{day(there.date())} {there:%H:%M}"


def clock(value: datetime | None) -> str:
    """“14:30” on the organisation's clock."""
    return DASH if value is None else f"{wall(value):%H:%M}"


def full(value: datetime | None) -> str:
    """The whole moment, for hovering."""
    return "" if value is None else f"{wall(value):%Y-%m-%d %H:%M:%S}"


def zone() -> ZoneInfo:
    """The organisation's zone."""
    return settings().zone


def wall(value: datetime) -> datetime:
    """The moment on the organisation's clock, without a zone: what inputs and calendars show."""
    return local(value, settings().zone).replace(tzinfo=None)


def instant(value: datetime) -> datetime:
    """The moment that a wall-clock time of the organisation means."""
    return value.replace(tzinfo=settings().zone)


def number(value: float | None) -> str:
    """“1,234”."""
    return DASH if value is None else f"{value:,}"


def money(value: Decimal | None) -> str:
    """“12.5 万元” from ten thousand yuan on, else “1,234.50 元”; in English “CNY 125,000”."""
    if value is None:
        return DASH
    if language() != "zh_CN":
        return f"CNY {value:,.0f}" if value == int(value) else f"CNY {value:,.2f}"
    return f"{value / 10000:,.10g} 万元" if value >= 10000 else f"{value:,.2f} 元"


def branch_name(row: Mapping[str, Any] | Any) -> str:
    """The branch's name in the reader's language, from a row with both."""
    return in_language(row.name, row.name_en)


def in_language(chinese: str | None, english: str | None) -> str:
    """Of a name that is kept in both languages the reader's one."""
    return (english if language() == "en" else chinese) or ""


def state(value: activities.ActivityState) -> str:
    """The word of an activity's state."""
    return _(activities.STATES[value])


def label(row: Any) -> str:
    """The label of a row that has both languages."""
    return str(row.label_en if language() == "en" else row.label_zh)


def period(view: str, first: date) -> str:
    """What a calendar shows: “2026年11月 第48周” or “November 2026, week 48”."""
    week = first.isocalendar().week
    if language() == "zh_CN":
        month = f"{first.year}年{first.month}月"
        return {"day": f"{month}{first.day}日", "week": f"{month} 第{week}周"}.get(view, month)
    month = f"{first:%B %Y}"
    return {"day": f"{first.day} {month}", "week": f"{month}, week {week}"}.get(view, month)
