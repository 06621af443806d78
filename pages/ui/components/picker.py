"""The record picker: type a few letters, choose one record (or several) of very many; searching is the server's part."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages.ui.components.timegrid import assets, sent_number

LONGEST = 100  # letters of a search
MOST = 200  # records in one picker, and offered ids that are remembered
Translate = Callable[[str], str]

_mount = st.components.v2.component("crm_picker", css=assets("picker.css"), js=assets("picker.js"))


@dataclass(frozen=True, slots=True)
class PickerOption:
    """A record that can be chosen: its name, and quietly what tells it from others of that name."""

    id: int
    text: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class PickerLabels:
    """The words of a picker in the reader's language; `{words}` stands for what was typed, `{count}` for how many."""

    remove: str
    searching: str
    found: str
    nothing: str
    none: str
    unchosen: str
    help: str


def picker_labels(_: Translate) -> PickerLabels:
    """The usual words."""
    return PickerLabels(
        remove=_("Remove"),
        searching=_("Searching …"),
        found=_("{count} to choose from"),
        nothing=_("Nothing found for “{words}”. Try fewer letters."),
        none=_("Type to search."),
        unchosen=_("Nothing chosen yet: please pick from the list."),
        help=_("Help"),
    )


def picker(
    label: str,
    *,
    key: str,
    words: str | None,
    options: Sequence[PickerOption],
    chosen: Sequence[PickerOption],
    on_search: Callable[[str], object],
    on_choose: Callable[[list[int]], object],
    labels: PickerLabels,
    on_create: Callable[[str], object] | None = None,
    create_label: str = "",
    multiple: bool = False,
    placeholder: str = "",
    hint: str = "",
) -> None:
    """Draw the picker; callbacks run before the script, and `on_choose` hears only of ids that were offered or chosen.

    `options` answer the search for `words`, which is None as long as nobody has opened the list: then nothing need be
    read. A label that ends with `*` marks a field that must be filled.
    """
    known = _offered(key, options) | {option.id for option in chosen}
    drawn = {
        "label": label.removesuffix("*").strip(),
        "required": label.endswith("*"),
        "words": words,
        "options": [asdict(option) for option in options],
        "chosen": [asdict(option) for option in chosen],
        "answered": st.session_state.get(_answered_key(key), 0),
        "multiple": multiple,
        "most": MOST if multiple else 1,
        "longest": LONGEST,
        "placeholder": placeholder,
        "hint": hint,
        "create": create_label if on_create else "",
        "says": asdict(labels),
    }
    _mount(
        key=key,
        data=json.dumps(drawn, ensure_ascii=False).encode(),
        on_search_change=lambda: _searched(key, on_search),
        on_choose_change=lambda: _chose(key, known, multiple, on_choose),
        on_create_change=lambda: _created(key, on_create),
    )


def _answered_key(key: str) -> str:
    return f"{key}.answered"


def _offered(key: str, options: Sequence[PickerOption]) -> set[int]:
    """What was offered lately: a click can come from the list before the one that is drawn now."""
    before: list[int] = st.session_state.get(f"{key}.offered", [])
    now = [option.id for option in options]
    lately = [*now, *(number for number in before if number not in now)][:MOST]
    st.session_state[f"{key}.offered"] = lately
    return set(lately)


def _heard(key: str, event: str) -> object:
    state = st.session_state.get(key)
    return state.get(event) if isinstance(state, Mapping) else None


def _words(value: object) -> str | None:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else None


def _searched(key: str, on_search: Callable[[str], object]) -> None:
    said = _heard(key, "search")
    if isinstance(said, str):
        on_search(said[:LONGEST])


def _chose(key: str, known: set[int], multiple: bool, on_choose: Callable[[list[int]], object]) -> None:
    said = _heard(key, "choose")
    if not isinstance(said, dict):
        return
    ids = sent_ids(said.get("ids"), known, most=MOST if multiple else 1)
    if ids is not None:
        on_choose(ids)
    st.session_state[_answered_key(key)] = sent_number(said.get("message")) or 0


def sent_ids(value: Any, known: set[int], *, most: int) -> list[int] | None:
    """Ids sent by a browser if they are few enough, all different and all known, else None."""
    if not isinstance(value, list) or len(value) > most:
        return None
    ids = [number for number in value if type(number) is int and number in known]
    return ids if len(ids) == len(value) == len(set(ids)) else None


def _created(key: str, on_create: Callable[[str], object] | None) -> None:
    words = _words(_heard(key, "create"))
    if on_create and words:
        on_create(words)
