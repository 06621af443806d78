"""Lists: title with count, filter bar, table, pager; the address holds search, filters, sort and page (ALL-2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui import actions, cells, text
from pages.ui.components.table import TableResult, table, table_labels
from pages.ui.text import _
from services.core.configuration import Configuration
from services.core.errors import N_
from services.core.listing import Filter, ListRequest, ListSpec, Page, nearest_page

Choices = Mapping[str, Sequence[tuple[Any, str]]]
RESERVED = ("q", "sort", "page")
NO_MATCH = N_("Nothing here matches. Clear the filters or search for something else.")
LONGEST_NUMBER = 7
PAGER = 330  # px; by its own width it would show one number only


def request(spec: ListSpec, *, size: int = 50, **fixed: Any) -> ListRequest:
    """What the address asks of the list; unknown names are ignored, wrong numbers count as none."""
    asked = _kept(spec)
    sort = asked.get("sort", "")
    return ListRequest(
        search=asked.get("q", ""),
        filters={f.name: asked[f.name] for f in spec.filters if asked.get(f.name)} | fixed,
        sort=sort.lstrip("-") if sort.lstrip("-") in {c.name for c in spec.columns if c.sortable} else "",
        descending=sort.startswith("-"),
        page=page_asked(),
        size=size,
    )


def _kept(spec: ListSpec) -> dict[str, str]:
    """The address, or what it was: on the way back from a record Streamlit leaves the record's own words in it."""
    known, key = {*RESERVED, *(one.name for one in spec.filters)}, f"asked:{spec.name}"
    asked = st.query_params.to_dict()
    if asked and not known & asked.keys():
        st.query_params.from_dict(st.session_state.get(key, {}))
    st.session_state[key] = st.query_params.to_dict()
    return st.query_params.to_dict()


def filter_bar(spec: ListSpec, offer: Callable[[Sequence[Filter]], Choices]) -> None:
    """Search and the filters that matter; the rest behind “More”, read when it is opened."""
    first, more = [f for f in spec.filters if f.first and f.choices], [f for f in spec.filters if not f.first]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="filters"):
        _search()
        choices = offer(first)
        for one in first:
            _filter(spec, one.name, choices)
        opened = st.popover(_more_label(more), icon=":material/tune:", key=f"more:{spec.name}", on_change="rerun")
    if opened.open:
        with opened:
            _more(spec, more, offer(more))


def _more(spec: ListSpec, filters: Sequence[Filter], choices: Choices) -> None:
    for one in filters:
        if one.choices == "date" or choices.get(one.name):
            _filter(spec, one.name, choices)
    st.button(_("Clear all"), on_click=clear, key=f"clear:{spec.name}")


def _more_label(more: Sequence[Filter]) -> str:
    active = sum(1 for one in more if one.name in st.query_params)
    return f"{_('More')} ({active})" if active else _("More")


def _search() -> None:
    st.session_state["list:q"] = st.query_params.get("q", "")
    st.text_input(
        _("Search"), key="list:q", placeholder=_("Search: name, pinyin, initials"), label_visibility="collapsed", type="search",
        icon=":material/search:", on_change=_set, args=("q", "list:q"), width="stretch",
    )  # fmt: skip


def _filter(spec: ListSpec, name: str, choices: Choices) -> None:
    one, key = spec.filter(name), f"list:{name}"
    if one.choices == "date":
        st.date_input(
            _(one.label),
            key=key,
            value=st.query_params.get(name) or None,
            format="YYYY-MM-DD",
            on_change=_set,
            args=(name, key),
        )
        return
    labels = {str(value): label for value, label in choices[name]}
    present = st.query_params.get(name)
    st.session_state[key] = present if present in labels else None
    st.selectbox(
        _(one.label), list(labels), key=key, format_func=lambda v: labels.get(v, text.DASH),
        placeholder=_(one.label) if one.first else _("Choose"),
        label_visibility="collapsed" if one.first else "visible", index=None, on_change=_set, args=(name, key),
        width=150 if one.first else "stretch",
    )  # fmt: skip


def _set(name: str, key: str) -> None:
    _address({name: str(st.session_state.get(key) or ""), "page": ""})


def clear() -> None:
    """Drop search and filters from the address."""
    _address(dict.fromkeys((n for n in st.query_params if n != "sort"), ""))


def _address(changes: Mapping[str, str]) -> None:
    kept = {**st.query_params.to_dict(), **changes}
    st.query_params.from_dict({name: value for name, value in kept.items() if value})


def parts(name: str, words: Mapping[str, str], chosen: str, *, label: str, control: Any = st.segmented_control) -> None:
    """The parts of a screen of which one is shown; the address names it by ``name``, and another one begins unfiltered."""
    key = f"part:{name}"
    st.session_state[key] = chosen
    control(
        label, list(words), format_func=words.get, key=key, label_visibility="collapsed", on_change=_show_part,
        args=(name, key, chosen),
    )  # fmt: skip


def _show_part(name: str, key: str, chosen: str) -> None:
    st.query_params.from_dict({name: st.session_state[key] or chosen})


def draw(
    spec: ListSpec,
    page: Page,
    asked: ListRequest,
    known: Configuration,
    *,
    to: str | None,
    selectable: bool = False,
    none_yet: str = "",
    row_actions: Sequence[tuple[str, str]] = (),
    on_action: Callable[[str, int], None] | None = None,
    on_follow: Callable[[str, int], None] | None = None,
    hide: Sequence[str] = (),
) -> TableResult:
    """The table of one page and its pager; a click on a row opens ``/to?id=…`` if there is such a screen.

    ``none_yet`` is said where nothing is filtered and nothing is there.
    """
    columns = [column for column in spec.columns if column.shown and column.name not in hide]
    sort = (asked.sort, asked.descending) if asked.sort else (spec.sort, spec.descending)
    narrowed = bool(asked.search or asked.filters)
    chosen = table(
        [cells.heading(column) for column in columns],
        [cells.of(columns, row, known) for row in page.rows],
        key=f"table:{spec.name}",
        labels=table_labels(_, table=_(spec.name.capitalize())),
        scope=f"{asked.search}|{sorted(asked.filters.items())}|{sort}|{page.page}",
        sort=sort,
        selectable=selectable,
        href=f"/{to}?id={{id}}" if to else None,
        on_open=actions.opener(to) if to else None,
        on_sort=lambda name, down: _address({"sort": f"-{name}" if down else name, "page": ""}),
        row_actions=row_actions,
        on_action=on_action,
        on_follow=on_follow,
        empty=(none_yet if not narrowed else "") or _(NO_MATCH),
    )
    if not page.rows and narrowed:
        st.button(_("Clear all"), icon=":material/filter_alt_off:", on_click=clear, key=f"clear-empty:{spec.name}")
    pager(page)
    return chosen


def page_asked(name: str = "page") -> int:
    """Which page the address asks for; where several are on one screen each has a name of its own."""
    given = st.query_params.get(name, "1")
    return int(given) if given.isdecimal() and len(given) < LONGEST_NUMBER else 1


def page_of(total: int, size: int, name: str = "page") -> Page:
    """The page that the address asks for of so many rows, or the last one there is."""
    return Page([], total, nearest_page(page_asked(name), total=total, size=size), size)


def pager(page: Page, name: str = "page", *, to_top: bool = False) -> None:
    """Which rows are shown, and the way to the others; ``to_top`` where no table shows them from its own top."""
    if page.pages < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        first = (page.page - 1) * page.size + 1
        st.caption(f"{first:,}–{min(first + page.size - 1, page.total):,} / {page.total:,}")
        key = f"list:{name}:{page.page}/{page.pages}"
        st.pagination(page.pages, default=page.page, key=key, on_change=_turn, args=(name, key, to_top), width=PAGER)


def _turn(name: str, key: str, to_top: bool) -> None:
    _address({name: str(st.session_state[key])})
    st.session_state["_turned"] = st.session_state.get("_turned", 0) + to_top
