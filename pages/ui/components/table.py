"""The list table: rows that open by one click, sort, select and offer actions; cards on a narrow screen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import streamlit as st

Kind = Literal["text", "number", "money", "date", "badge", "person", "progress", "link", "flag", "phone"]
Tone = Literal["green", "blue", "amber", "red", "grey", "slate"]
Row = Mapping[str, Any]

LARGEST_FIRST: frozenset[Kind] = frozenset({"number", "money", "progress"})
SAFE_ADDRESS = re.compile(r"(/(?![/\\])|tel:|mailto:|https?://)", re.IGNORECASE)
Translate = Callable[[str], str]


def _source(*names: str) -> str:
    # Streamlit sends it along with every change of the data: indentation and comments stay at home.
    text = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"^(//.*\n|\s+)", "", text, flags=re.MULTILINE)


_mount = st.components.v2.component("crm_table", css=_source("table.css"), js=_source("table.js", "table_input.js"))


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its kind decides alignment, usual width (in rem) and look; `card=False` leaves it out on phones."""

    name: str
    label: str
    kind: Kind = "text"
    sortable: bool = True
    width: float | None = None
    card: bool = True


@dataclass(frozen=True, slots=True)
class TableLabels:
    """The words of a table in the reader's language; `table` names it for screen readers."""

    table: str
    select_all: str
    select_row: str
    actions: str


@dataclass(frozen=True, slots=True)
class TableResult:
    """What the person has chosen: only ids of rows that are shown now, in their order."""

    selected: list[int] = field(default_factory=list)


def table_labels(_: Translate, *, table: str) -> TableLabels:
    """The usual words around the name of a table that is translated already."""
    return TableLabels(
        table=table, select_all=_("Select all on this page"), select_row=_("Select"), actions=_("Actions")
    )


def table(
    columns: Sequence[TableColumn],
    rows: Sequence[Row],
    *,
    key: str,
    labels: TableLabels,
    scope: str = "",
    sort: tuple[str, bool] | None = None,
    selectable: bool = False,
    href: str | None = None,
    row_actions: Sequence[tuple[str, str]] = (),
    on_open: Callable[[int], None] | None = None,
    on_sort: Callable[[str, bool], None] | None = None,
    on_action: Callable[[str, int], None] | None = None,
    on_follow: Callable[[str, int], None] | None = None,
    empty: str = "",
) -> TableResult:
    """Draw the rows; callbacks run before the script and hear only of rows, columns and actions that were offered.

    With `on_follow` a click on a cell's link is told by column and row instead of leaving the page.

    `key` stays the same while `scope` names page and filters: another scope drops the selection without a flicker.
    """
    epoch = _epoch(key, scope)
    shown = _actions_by_id(rows, row_actions)
    selection = _selection(key, epoch, shown) if selectable else {}
    drawn = {
        "columns": [_column(column, on_sort is not None) for column in columns],
        "rows": [_row(row, columns, shown) for row in rows],
        "sort": sort,
        "scope": scope,
        "selection": selection | {"epoch": epoch} if selectable else None,
        "href": href,
        "opens": on_open is not None,
        "follows": on_follow is not None,
        "actions": row_actions,
        "empty": empty,
        "words": asdict(labels),
    }
    _mount(
        key=key,
        data=json.dumps(drawn, ensure_ascii=False).encode(),
        on_open_change=lambda: _opened(key, shown, on_open),
        on_sort_change=lambda: _sorted(key, columns, sort, on_sort),
        on_act_change=lambda: _acted(key, shown, on_action),
        on_follow_change=lambda: _followed(key, rows, on_follow),
    )
    return TableResult(selected=selection.get("ids", []))


def clear_selection(key: str) -> None:
    """Drop what is selected in this table: call it after a mass action, in the callback or before drawing."""
    scope, epoch = st.session_state.get(_epoch_key(key), ("", 0))
    st.session_state[_epoch_key(key)] = (scope, epoch + 1)


def _epoch_key(key: str) -> str:
    return f"{key}.selection_epoch"


def _epoch(key: str, scope: str) -> int:
    held, epoch = st.session_state.get(_epoch_key(key), (scope, 0))
    if held != scope:
        epoch += 1
    st.session_state[_epoch_key(key)] = (scope, epoch)
    return int(epoch)


def _actions_by_id(rows: Sequence[Row], offered: Sequence[tuple[str, str]]) -> dict[int, list[str]]:
    names = [name for name, _label in offered]
    return {int(row["id"]): [name for name in names if name in row.get("actions", names)] for row in rows}


def _column(column: TableColumn, sorts: bool) -> dict[str, Any]:
    sortable = column.sortable and sorts
    drawn = {"name": column.name, "label": column.label, "kind": column.kind}
    return drawn | {"sortable": sortable, "width": column.width, "card": column.card}


def _row(row: Row, columns: Sequence[TableColumn], shown: Mapping[int, list[str]]) -> dict[str, Any]:
    number = int(row["id"])
    return {"id": number, "cells": [_cell(row.get(column.name)) for column in columns], "actions": shown[number]}


def _cell(value: Any) -> str | dict[str, Any]:
    if value is None or value is False:
        return ""
    if value is True:
        return "✓"
    if isinstance(value, (str, int)):
        return str(value)
    if not isinstance(value, Mapping):
        raise TypeError(f"a table cell is a text ready to show, not {type(value).__name__}")
    cell = {name: part for name, part in value.items() if part not in (None, "")}
    if not SAFE_ADDRESS.match(str(cell.get("href", ""))):
        cell.pop("href", None)
    return cell if "text" in cell else ""


def _heard(key: str, name: str) -> Any:
    return (st.session_state.get(key) or {}).get(name)


def _known(value: Any, shown: Mapping[int, list[str]]) -> bool:
    return type(value) is int and value in shown


def _selection(key: str, epoch: int, shown: Mapping[int, list[str]]) -> dict[str, Any]:
    said = _heard(key, "selected")
    if not isinstance(said, dict) or said.get("epoch") != epoch or not isinstance(said.get("ids"), list):
        return {"turn": 0, "ids": []}
    chosen = {number for number in said["ids"] if _known(number, shown)}
    turn = said.get("turn")
    return {"turn": turn if type(turn) is int else 0, "ids": [number for number in shown if number in chosen]}


def _opened(key: str, shown: Mapping[int, list[str]], on_open: Callable[[int], None] | None) -> None:
    number = _heard(key, "open")
    if on_open and _known(number, shown):
        on_open(number)


def _sorted(
    key: str,
    columns: Sequence[TableColumn],
    sort: tuple[str, bool] | None,
    on_sort: Callable[[str, bool], None] | None,
) -> None:
    name = _heard(key, "sort")
    column = next((column for column in columns if column.sortable and column.name == name), None)
    if on_sort and column:
        turned = sort is not None and sort[0] == name
        on_sort(column.name, not sort[1] if sort and turned else column.kind in LARGEST_FIRST)


def _acted(key: str, shown: Mapping[int, list[str]], on_action: Callable[[str, int], None] | None) -> None:
    said = _heard(key, "act")
    if not on_action or not isinstance(said, dict) or not _known(said.get("id"), shown):
        return
    if said.get("action") in shown[said["id"]]:
        on_action(said["action"], said["id"])


def _followed(key: str, rows: Sequence[Row], on_follow: Callable[[str, int], None] | None) -> None:
    said = _heard(key, "follow")
    if not on_follow or not isinstance(said, dict):
        return
    for row in rows:
        cell = row.get(str(said.get("column")))
        if type(said.get("id")) is int and row["id"] == said["id"] and isinstance(cell, Mapping) and cell.get("href"):
            on_follow(said["column"], said["id"])
