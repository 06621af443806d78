"""The record picker: type a few letters, choose one record (or several) of very many; searching is the server's part."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages.ui.components.outbox import Sent, answered, listen, when
from pages.ui.components.timegrid import assets

LONGEST = 100  # letters of a search
MOST = 200  # records in one picker, and offered ids that are remembered
Translate = Callable[[str], str]

_mount = st.components.v2.component("crm_picker", css=assets("picker.css"), js=assets("outbox.js", "picker.js"))


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
        "answered": answered(key),
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
        on_said_change=listen(
            key,
            search=when(_searched, on_search),
            choose=when(lambda sent: _chosen(sent, known, multiple), on_choose),
            create=when(_named, on_create or _nothing),
        ),
    )


def _nothing(_words: str) -> None:
    """Where nothing can be made new it is not offered."""


def _offered(key: str, options: Sequence[PickerOption]) -> set[int]:
    """What was offered lately: a click can come from the list before the one that is drawn now."""
    before: list[int] = st.session_state.get(f"{key}.offered", [])
    now = [option.id for option in options]
    lately = [*now, *(number for number in before if number not in now)][:MOST]
    st.session_state[f"{key}.offered"] = lately
    return set(lately)


def _searched(sent: Sent) -> tuple[str] | None:
    words = sent.get("words")
    return (words[:LONGEST],) if isinstance(words, str) else None


def _named(sent: Sent) -> tuple[str] | None:
    """The name of a record to be made: without it there is nothing to make."""
    words = sent.get("words")
    name = " ".join(words.split())[:LONGEST] if isinstance(words, str) else ""
    return (name,) if name else None


def _chosen(sent: Sent, known: set[int], multiple: bool) -> tuple[list[int]] | None:
    ids = sent_ids(sent.get("ids"), known, most=MOST if multiple else 1)
    return None if ids is None else (ids,)


def sent_ids(value: Any, known: set[int], *, most: int) -> list[int] | None:
    """Ids sent by a browser if they are few enough, all different and all known, else None."""
    if not isinstance(value, list) or len(value) > most:
        return None
    ids = [number for number in value if type(number) is int and number in known]
    return ids if len(ids) == len(value) == len(set(ids)) else None
