"""A form drawn from FIELDS; it gives back what was typed, marks what is wrong, and loses nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from pages.ui import actions, codes, pickers, session, text, typed
from pages.ui.text import _
from services import drafts, organisation, regions
from services.core.configuration import configuration
from services.core.errors import N_
from services.core.fields import Field, Kind
from services.core.work import Work

Options = Mapping[str, Sequence[tuple[Any, str]]]


def options(work: Work, fields: Sequence[Field]) -> dict[str, list[tuple[Any, str]]]:
    """What the choosing fields offer, as (value, label) in the reader's language."""
    known = configuration(work)
    found: dict[str, list[tuple[Any, str]]] = {}
    for field in fields:
        if field.kind is Kind.CODE:
            found[field.name] = codes.offered(known, field.source)
        elif field.kind is Kind.CHOICE:
            found[field.name] = [(value, _(label)) for value, label in (field.options or {}).items()]
        elif field.source == "branch":
            found[field.name] = [(branch.id, text.branch_name(branch)) for branch in organisation.branches(work)]
        elif field.kind in (Kind.LINE, Kind.LINES):
            found[field.name] = [(line.code, text.label(line)) for line in organisation.product_lines(work)]
    return found


def begin(form: str, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
    """Fill a form that opens: with what was rescued when a session ended (SIG-5), else with ``values``."""
    if st.session_state.get(f"form:{form}:open"):
        return
    actions.forget(form)
    rescued = _rescued(form)
    for field in fields:
        st.session_state[key_of(form, field.name)] = rescued.get(field.name, _shown(field, values.get(field.name)))
    st.session_state[f"form:{form}:open"] = True


def _rescued(form: str) -> dict[str, Any]:
    waiting: list[str] = st.session_state.get("_drafts", [])
    if form not in waiting:
        return {}
    waiting.remove(form)
    with session.writing() as work:
        return drafts.take(work, form=form)


def since(form: str, fields: Sequence[Field], now: Mapping[str, Any], version: int) -> tuple[Mapping[str, Any], int]:
    """Values and version that the open form was filled from; says so when somebody changed the record since (ALL-4).

    After that the newer version counts: saving again is then knowingly on top of it, with the own changes only; fields
    that were not touched show what the other person entered.
    """
    key = f"form:{form}:known"
    before, seen = st.session_state.setdefault(key, (dict(now), version))
    if seen != version:
        moved = [f for f in fields if before.get(f.name) != now.get(f.name)]
        touched = changes(form, fields, before)
        for field in moved:
            if field.name not in touched:
                _turn(form, field.name, version)
                put(form, field.name, _shown(field, now.get(field.name)))
        st.session_state[f"form:{form}:moved"] = _(", ").join(dict.fromkeys(_(field.label) for field in moved))
        st.session_state[key] = ({**before, **now}, version)
    if (names := st.session_state.get(f"form:{form}:moved")) is not None:
        said = _("Somebody else changed this in the meantime: {fields}. What you typed is still here.")
        st.warning(said.format(fields=text.plain(names)) if names else _(MOVED))
    return before, seen


def _turn(form: str, name: str, version: int) -> None:
    turned = f"form:{form}:turned"
    st.session_state[turned] = {**st.session_state.get(turned, {}), name: version}


def known_version(form: str) -> int:
    """The version of the record that the person has last been told of by `since`; for callbacks."""
    return int(st.session_state[f"form:{form}:known"][1])


def draw(form: str, fields: Sequence[Field], offered: Options) -> None:
    """Draw the fields one below the other, each with what is wrong about it."""
    for field in fields:
        one(form, field, offered)


def one(form: str, field: Field, offered: Options) -> None:
    """Draw one field."""
    label = f"{_(field.label)} *" if field.required else _(field.label)
    key, hint = key_of(form, field.name), _(field.help) if field.help else None
    if field.kind in TYPED:
        typed.into(key, field.limit)
    WIDGETS[field.kind](label, key, hint, field, offered)
    problem(form, field.name)


def problem(form: str, name: str) -> None:
    """What is wrong about a field, below it."""
    if found := actions.problems(form).get(name):
        st.markdown(f":red[:material/error: {text.plain(found)}]")


def values(form: str, fields: Sequence[Field]) -> dict[str, Any]:
    """What stands in the form now, in the services' types; for callbacks."""
    held = [(field, key_of(form, field.name)) for field in fields]
    return {field.name: _meant(field, st.session_state[key]) for field, key in held if key in st.session_state}


def changes(form: str, fields: Sequence[Field], before: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from ``before`` as the form showed it: all that an edit sends."""
    shown = {field.name: _meant(field, _shown(field, before.get(field.name))) for field in fields}
    return {name: value for name, value in values(form, fields).items() if value != shown[name]}


def put(form: str, name: str, value: Any) -> None:
    """Set a field from a callback, such as a chip that stands for a date."""
    st.session_state[key_of(form, name)] = value


def key_of(form: str, name: str) -> str:
    """Under which key the widget of a field keeps its value.

    A field that came to show what somebody else entered is another widget from then on: what the browser still sends of
    the old one stood there before anybody could read that, and must not undo it (ALL-4).
    """
    turn = st.session_state.get(f"form:{form}:turned", {}).get(name)
    return f"form:{form}:{name}{session.TURN}{turn}" if turn else f"form:{form}:{name}"


def _shown(field: Field, value: Any) -> Any:
    if isinstance(value, datetime):
        return text.wall(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # an amount is typed as text
    if value is None:
        return {Kind.FLAG: False, Kind.LINES: []}.get(field.kind, "" if field.kind in TYPED else None)
    return value


def _meant(field: Field, value: Any) -> Any:
    if field.kind is Kind.MOMENT and isinstance(value, datetime):
        return text.instant(value)
    return None if value == "" else value


def _labels(field: Field, offered: Options) -> tuple[list[Any], Callable[[Any], str]]:
    pairs = dict(offered.get(field.name, ()))
    return list(pairs), lambda value: pairs.get(value, text.DASH)


# What is pasted into a box with a limit of its own is dropped without a word when it is too long: services say the limit.
def _text(label: str, key: str, hint: str | None, _field: Field, _offered: Options) -> None:
    st.text_input(label, key=key, help=hint, **KEPT)


def _phone(label: str, key: str, hint: str | None, field: Field, _offered: Options) -> None:
    example = "138 0000 0000" if field.name == "mobile" else "025 8400 0000"
    st.text_input(label, key=key, help=hint, type="phone", placeholder=example, **KEPT)


def _long(label: str, key: str, hint: str | None, _field: Field, _offered: Options) -> None:
    st.text_area(label, key=key, help=hint, height=110, **KEPT)


def _integer(label: str, key: str, hint: str | None, _field: Field, _offered: Options) -> None:
    # without limits of its own, as a number beyond them would stay in the browser, and saving would look as if it counted
    st.number_input(label, key=key, help=hint, step=1, value=None, **KEPT)


def _date(label: str, key: str, hint: str | None, _field: Field, _offered: Options) -> None:
    st.date_input(label, key=key, help=hint, value=None, format="YYYY-MM-DD", **KEPT)


def _moment(label: str, key: str, hint: str | None, _field: Field, _offered: Options) -> None:
    st.datetime_input(label, key=key, help=hint, value=None, format="YYYY-MM-DD", **KEPT)


def _flag(label: str, key: str, hint: str | None, _field: Field, _offered: Options) -> None:
    st.checkbox(label, key=key, help=hint, **KEPT)


def _code(label: str, key: str, hint: str | None, field: Field, offered: Options) -> None:
    ids, label_of = _labels(field, offered)
    if st.session_state.get(key) not in ids:
        st.session_state[key] = None
    st.selectbox(label, ids, key=key, help=hint, format_func=label_of, placeholder=_("Choose"), index=None, **KEPT)


def _region(label: str, key: str, hint: str | None, field: Field, offered: Options) -> None:
    """Provinces, then the cities of the chosen one, then its districts."""
    above = {"city_code": "province_code", "district_code": "city_code"}.get(field.name)
    form = key.removeprefix("form:").rpartition(":")[0]
    parent = st.session_state.get(key_of(form, above)) if above else None
    places = regions.children(parent) if parent or not above else ()
    _code(label, key, hint, field, {**offered, field.name: [(place.code, place.name) for place in places]})


def _choice(label: str, key: str, hint: str | None, field: Field, offered: Options) -> None:
    names, label_of = _labels(field, offered)
    st.segmented_control(label, names, key=key, help=hint, format_func=label_of, **KEPT)


def _lines(label: str, key: str, hint: str | None, field: Field, offered: Options) -> None:
    names, label_of = _labels(field, offered)
    st.pills(label, names, key=key, help=hint, format_func=label_of, selection_mode="multi", **KEPT)


def _record(label: str, key: str, hint: str | None, field: Field, offered: Options) -> None:
    if field.name in offered:
        _code(label, key, hint, field, offered)
    else:
        pickers.one(label, key=key, kind=field.source, hint=hint)


MOVED = N_("Somebody else did something with this in the meantime. What you typed is still here.")
TYPED = (Kind.TEXT, Kind.LONG, Kind.PHONE)
#: for widgets whose value we set: it is told to the browser again until it is known there, also if an answer gets lost
KEPT: Mapping[str, Any] = {"persist_state": "page"}
WIDGETS: Mapping[Kind, Callable[[str, str, str | None, Field, Options], None]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _phone,
    Kind.LONG: _long,
    Kind.INTEGER: _integer,
    Kind.MONEY: _text,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.FLAG: _flag,
    Kind.CODE: _code,
    Kind.CHOICE: _choice,
    Kind.LINE: _choice,
    Kind.REGION: _region,
    Kind.RECORD: _record,
    Kind.LINES: _lines,
}
