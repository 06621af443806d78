"""The few charts used everywhere: bars with their figures beside them, in the colour of what they mean."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.look import BADGES, Tone
from pages.ui.text import _

MOST_BARS, MOST_LABELLED = 15, 16
THICK, NAME_WIDTH = 26, 150
#: the framework's own tools on a chart speak English only, and lie over what stands above it
STYLE = '<style>.stElementContainer:has([data-testid="stVegaLiteChart"]) [data-testid="stElementToolbar"]{display:none}</style>'


@dataclass(frozen=True)
class Bar:
    """One bar: the number of what it stands for, its name on the axis and in full, its length, and the figure in words."""

    key: int
    label: str
    name: str
    value: float
    words: str


def bars(
    bars: Sequence[Bar],
    *,
    title: str,
    tone: Tone,
    key: str,
    in_time: bool = False,
    pick: Callable[[int], None] | None = None,
) -> None:
    """Bars from zero; lying, longest first, or standing, in the order of time.

    A click on one calls ``pick`` with its number; without it there is nothing to click, and nothing looks as if there were.
    """
    shown = list(bars) if in_time else sorted(bars, key=lambda bar: -bar.value)[:MOST_BARS]
    if len(shown) < len(bars):
        title = _("{title} (the {count} largest)").format(title=title, count=len(shown))
    frame = pd.DataFrame([asdict(bar) for bar in shown])
    base = alt.Chart(frame, title=alt.TitleParams(title, anchor="start", fontSize=14))
    drawn = (_standing if in_time else _lying)(base, tone, clickable=pick is not None)
    heard: Any = partial(_picked, key, {bar.key for bar in shown}, pick) if pick else "ignore"
    st.html(STYLE)
    st.altair_chart(
        drawn, width="stretch", height=300 if in_time else THICK * len(shown) + 56, key=key, alt=title,
        on_select=heard,
    )  # fmt: skip


def _lying(base: alt.Chart, tone: Tone, *, clickable: bool) -> alt.LayerChart:
    names = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=NAME_WIDTH, labelColor=ink(), ticks=False, domain=False),
    )
    lengths = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domainMin=0, nice=True))
    marks = _marks(base.encode(y=names, x=lengths), tone, clickable=clickable)
    return marks + base.mark_text(align="left", dx=5, color=ink()).encode(y=names, x=lengths, text="words:N")


def _standing(base: alt.Chart, tone: Tone, *, clickable: bool) -> alt.LayerChart:
    count = len(base.data)
    places = alt.X(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelAngle=0 if count <= 6 else -40, labelColor=ink(), labelOverlap=True, ticks=False),
    )
    heights = alt.Y(
        "value:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1, labelColor=ink()), scale=alt.Scale(domainMin=0)
    )
    marks = _marks(base.encode(x=places, y=heights), tone, clickable=clickable)
    if count > MOST_LABELLED:
        return alt.layer(marks)
    return marks + base.mark_text(dy=-8, color=ink()).encode(x=places, y=heights, text="words:N")


def _marks(base: alt.Chart, tone: Tone, *, clickable: bool) -> alt.Chart:
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=" ", format=",")]
    clicked = [alt.selection_point(name="bar", fields=["key"], on="click")] if clickable else []
    pointer = {"cursor": "pointer"} if clickable else {}
    drawn = base.mark_bar(color=colour(tone), cornerRadiusEnd=2, **pointer)
    return drawn.encode(tooltip=tips).add_params(*clicked)


def _picked(key: str, offered: set[int], pick: Callable[[int], None]) -> None:
    chosen = st.session_state[key]["selection"].get("bar") or []
    numbers = [one.get("key") for one in chosen if isinstance(one, dict)]
    if numbers and type(numbers[0]) is int and numbers[0] in offered:
        pick(numbers[0])


def colour(tone: Tone) -> str:
    """The colour of a meaning in the theme that the browser shows."""
    return _themed(f"{BADGES[tone]}Color")


def ink() -> str:
    """The colour of text in that theme."""
    return _themed("textColor")


def _themed(name: str) -> str:
    mode = "dark" if st.context.theme.type == "dark" else "light"
    return str(st.get_option(f"theme.{mode}.{name}"))
