"""The drawer in which a record of any noun is entered or changed, drawn from its FIELDS (ALL-4, ALL-6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui import actions, doubles, forms, session
from pages.ui.text import _
from services.core.access import Actor
from services.core.errors import N_
from services.core.fields import Fields
from services.core.work import Work
from services.duplicates import Found


@dataclass(frozen=True)
class Noun:
    """What the drawer needs to know of a noun: its fields, how it is read, and the services that write it."""

    kind: str
    new: str
    fields: Fields
    read: Callable[[Work, int], tuple[Mapping[str, Any], int]]
    create: Callable[..., Any]
    change: Callable[..., Any]
    at_birth: Callable[[Actor], Fields] = lambda _actor: ()
    record: str = ""  # what kind of record is changed, if it is called otherwise
    title: str = N_("Edit")
    verb: str = N_("Save")
    done: str = N_("Saved.")
    explanation: str = ""
    beside: Fields = ()  # what is said along with the changes
    alike: Callable[[Work, Mapping[str, Any]], Found] | None = None


def ask_new(noun: Noun, **values: Any) -> None:
    """Have the drawer for a new record open at the next drawing; for callbacks."""
    actions.ask(_(noun.new), _create, noun, values, form=f"{noun.kind}-0")


def ask_change(noun: Noun, record_id: int) -> None:
    """Have the drawer of an existing record open at the next drawing; for callbacks."""
    actions.ask(_(noun.title), _change, noun, record_id, form=f"{noun.kind}-{record_id}")


def _create(noun: Noun, values: Mapping[str, Any]) -> None:
    birth = noun.at_birth(session.actor())
    form, fields = f"{noun.kind}-0", (*birth, *noun.fields)
    offered = _begin(form, fields, values)

    def act() -> bool:
        given = {name: value for name, value in forms.values(form, fields).items() if value not in (None, [])}
        return actions.perform(
            noun.create,
            values=given,
            needed={field.name: given.get(field.name) for field in fields if field.required} if birth else None,
            **({"duplicate_reason": doubles.given(form)} if noun.alike else {}),
            form=form,
            done=_("Saved."),
            then=lambda record_id: actions.go(noun.kind, id=record_id),
        )

    _draw(form, fields, offered, noun.alike)
    actions.submit(_("Save"), form=form, act=act)


def _change(noun: Noun, record_id: int) -> None:
    form = f"{noun.kind}-{record_id}"
    with session.reading() as work:
        values, version = noun.read(work, record_id)
    offered = _begin(form, (*noun.fields, *noun.beside), values)
    before, seen = forms.since(form, noun.fields, values, version)

    def act() -> bool:
        given = {f"{noun.record or noun.kind}_id": record_id, "changes": forms.changes(form, noun.fields, before)}
        said = {name: value or "" for name, value in forms.values(form, noun.beside).items()}
        return actions.perform(noun.change, form=form, done=_(noun.done), version=seen, **given, **said)

    if noun.explanation:
        st.caption(_(noun.explanation))
    _draw(form, noun.fields, offered)
    forms.draw(form, noun.beside, offered)
    actions.submit(_(noun.verb), form=form, act=act)


def _begin(form: str, fields: Fields, values: Mapping[str, Any]) -> forms.Options:
    with session.reading() as work:
        offered = forms.options(work, fields)
    forms.begin(form, fields, values)
    return offered


def _draw(
    form: str,
    fields: Fields,
    offered: forms.Options,
    alike: Callable[[Work, Mapping[str, Any]], Found] | None = None,
) -> None:
    """The few fields first, and what may exist already; the rest folds out, and is open when something in it is wrong."""
    first = [field for field in fields if field.first]
    more = [field for field in fields if not field.first]
    forms.draw(form, first, offered)
    if alike:
        with session.reading() as work:
            found = alike(work, forms.values(form, fields))
        doubles.panel(form, found)
    wrong = any(field.name in actions.problems(form) for field in more)
    if more:
        with st.expander(_("More"), expanded=wrong):
            forms.draw(form, more, offered)
