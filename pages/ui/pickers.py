"""Choosing records: one or several, found by name, pinyin or phone among what the person may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui import session, text
from pages.ui.components.picker import PickerOption, picker, picker_labels
from pages.ui.text import _
from services import accounts, contacts, leads, organisation, users
from services.core.errors import N_
from services.core.text import folded, search_key
from services.core.work import Work

PEOPLE = 50  # a branch fits in
Narrow = Mapping[str, Any]
Create = Callable[[str], object]


@dataclass(frozen=True)
class Source:
    """How records of one kind are found, best suggestions first when nothing is typed, and how chosen ones are named."""

    prompt: str
    find: Callable[[Work, str, Narrow], list[PickerOption]]
    named: Callable[[Work, Sequence[int]], list[PickerOption]]
    create: str = ""


def one(
    label: str, *, key: str, kind: str, hint: str | None = None, create: Create | None = None, **narrow: Any
) -> int | None:
    """Choose one record; its id stands in ``st.session_state[key]``. Returns it if the person may see it, else None.

    ``create`` is offered with the words typed so far; a callback that makes the record and puts its id there.
    """
    held: int | None = st.session_state.setdefault(key, None)

    def choose(ids: list[int]) -> None:
        st.session_state[key] = ids[0] if ids else None
        st.session_state.pop(_words_key(key), None)

    chosen = _draw(label, key, kind, [held] if held else [], choose, narrow, hint=hint, create=create)
    return chosen[0] if chosen else None


def many(label: str, *, key: str, kind: str, hint: str | None = None, **narrow: Any) -> list[int]:
    """Choose several records; their ids stand in ``st.session_state[key]``, those that the person may not see left out."""
    held: list[int] = st.session_state.setdefault(key, [])

    def choose(ids: list[int]) -> None:
        st.session_state[key] = ids
        st.session_state[_words_key(key)] = ""

    st.session_state[key] = _draw(label, key, kind, held, choose, narrow, hint=hint, multiple=True)
    return list(st.session_state[key])


def _words_key(key: str) -> str:
    return f"{key}?"


def _draw(
    label: str,
    key: str,
    kind: str,
    held: Sequence[int],
    choose: Callable[[list[int]], None],
    narrow: Narrow,
    *,
    hint: str | None,
    create: Create | None = None,
    multiple: bool = False,
) -> list[int]:
    source, words = SOURCES[kind], st.session_state.get(_words_key(key))
    chosen, options = _read(source, held, words, narrow)

    def search(typed: str) -> None:
        st.session_state[_words_key(key)] = typed

    # not “form:…”, which would be taken for a field
    picker(
        label, key=f"picker:{key}", words=words, options=options, chosen=chosen, on_search=search, on_choose=choose,
        on_create=create, create_label=_(source.create) if source.create else "", labels=picker_labels(_),
        multiple=multiple, placeholder=_(source.prompt), hint=hint or "",
    )  # fmt: skip
    return [option.id for option in chosen]


def _read(
    source: Source, held: Sequence[int], words: str | None, narrow: Narrow
) -> tuple[list[PickerOption], list[PickerOption]]:
    """What is chosen, and what is offered once the list was opened; most forms open with neither and read nothing."""
    if not held and words is None:
        return [], []
    with session.reading() as work:
        named = {option.id: option for option in source.named(work, held)} if held else {}
        found = source.find(work, words, narrow) if words is not None else []
    return [named[number] for number in dict.fromkeys(held) if number in named], found


def _option(row: Mapping[str, Any], *quiet: str | None) -> PickerOption:
    return PickerOption(row["id"], row["name"], " · ".join(part for part in quiet if part))


def _account(row: Mapping[str, Any]) -> PickerOption:
    return _option(row, row["city"], row["phone"])


def _contact(row: Mapping[str, Any]) -> PickerOption:
    return _option(row, row["job_title"], row["account"], row["mobile"])


def _lead(row: Any) -> PickerOption:
    return PickerOption(row.id, row.topic, " · ".join(part for part in (row.person, row.phone) if part))


def _contacts(work: Work, words: str, narrow: Narrow) -> list[PickerOption]:
    return [_contact(row) for row in contacts.picker(work, words=words, **narrow)]


def _people(work: Work, rows: Sequence[Any]) -> list[PickerOption]:
    """With the role; for the head office, which sees all branches, also with the branch."""
    places = {} if work.actor.branch_id else {b.id: text.branch_name(b) for b in organisation.branches(work)}
    return [_option(row._mapping, _(users.ROLES[row.role]), places.get(row.branch_id)) for row in rows]


def _colleagues(work: Work, words: str, narrow: Narrow) -> list[PickerOption]:
    return _people(work, users.colleagues(work, words=words, limit=PEOPLE, **narrow))


def _branches(work: Work, words: str) -> list[PickerOption]:
    wanted = folded(words).split()
    known = ((row, search_key(row.name, row.name_en, row.code)) for row in organisation.branches(work) if row.active)
    return [_branch(row) for row, written in known if all(word in written for word in wanted)]


def _branch(row: Any) -> PickerOption:
    return PickerOption(row.id, text.branch_name(row), row.code)


SOURCES: Mapping[str, Source] = {
    "account": Source(
        N_("Find by name, pinyin or phone"),
        lambda work, words, _narrow: [_account(row) for row in accounts.picker(work, words=words)],
        lambda work, ids: [_account(row) for row in accounts.picker(work, ids=ids, limit=len(ids))],
        N_("New customer “{words}”"),
    ),
    "contact": Source(
        N_("Find by name, pinyin, phone or customer"),
        _contacts,
        lambda work, ids: [_contact(row) for row in contacts.picker(work, ids=ids, limit=len(ids))],
        N_("New contact “{words}”"),
    ),
    "lead": Source(
        N_("Find by topic, company, person or phone"),
        lambda work, words, _narrow: [_lead(row) for row in leads.picker(work, words=words)],
        lambda work, ids: [_lead(row) for row in leads.picker(work, ids=ids, limit=len(ids))],
    ),
    "user": Source(
        N_("Find by name or pinyin"),
        _colleagues,
        lambda work, ids: _people(work, users.named(work, ids=ids)),
    ),
    "branch": Source(
        N_("Find by name or pinyin"),
        lambda work, words, _narrow: _branches(work, words),
        lambda work, ids: [_branch(row) for row in organisation.branches(work) if row.id in ids],
    ),
}


def named(work: Work, kind: str, record_id: int | None) -> str:
    """The name of one record, as the picker of its kind shows it; nothing for none."""
    found = SOURCES[kind].named(work, [record_id]) if record_id else []
    return found[0].text if found else ""
