"""Fields: what is typed is put into its stored form or refused beside the field (ALL-6, ACC-5)."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import fields
from services.core.errors import Invalid
from services.core.fields import Field, Kind

FIELDS = (
    Field("name", "Name", required=True, limit=20),
    Field("notes", "Notes", Kind.LONG, limit=4000),
    Field("hours", "Hours", Kind.INTEGER),
    Field("price", "Price", Kind.MONEY),
    Field("day", "Day", Kind.DATE),
    Field("start", "Start", Kind.MOMENT),
    Field("priority", "Priority", Kind.CHOICE, options={"urgent": "urgent", "normal": "normal"}),
    Field("quiet", "Quiet", Kind.FLAG),
    Field("lines", "Lines", Kind.LINES),
    Field("code", "Code", check=lambda value: value.upper()),
)
MOMENT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def record(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**({field.name: None for field in FIELDS} | {"name": "Anna", "owner_id": 1} | values))


def wrong_fields(changes: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as error:
        fields.apply(record(), FIELDS, changes)
    return set(error.value.fields)


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("name", "  Bring the offer \u200b", "Bring the offer"),
        ("name", "a\x00b\x1b", "ab"),
        ("notes", "one\ntwo", "one\ntwo"),
        ("notes", "   ", None),
        ("notes", "x" * 4000, "x" * 4000),
        ("hours", "1200", 1200),
        ("hours", 0, 0),
        ("price", "125,000.50", Decimal("125000.50")),
        ("day", "2028-02-29", date(2028, 2, 29)),
        ("day", date(2099, 12, 31), date(2099, 12, 31)),
        ("start", MOMENT, MOMENT),
        ("priority", "urgent", "urgent"),
        ("quiet", None, False),
        ("quiet", True, True),
        ("code", "xg", "XG"),
    ],
)
def test_value_is_put_into_its_stored_form(name: str, typed: Any, stored: Any) -> None:
    assert fields.checked(FIELDS, {name: typed}) == {name: stored}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", "x" * 21),
        ("name", ""),
        ("name", " \t\u200b "),
        ("name", None),
        ("notes", "x" * 4001),
        ("notes", "客" * 10_000),
        ("hours", "1200.5"),
        ("hours", -1),
        ("hours", 10**10),
        ("hours", "many"),
        ("price", "1.005"),
        ("price", "-1"),
        ("price", "NaN"),
        ("price", "Infinity"),
        ("price", "1e400"),
        ("day", "2026-02-29"),
        ("day", "1900-01-01"),
        ("day", "2999-12-31"),
        ("day", "tomorrow"),
        ("start", "2026-11-23 10:00"),
        ("start", datetime(2026, 11, 23)),  # noqa: DTZ001 - a moment without a zone is the wrong input here
        ("start", datetime(1900, 1, 1, tzinfo=UTC)),
        ("start", datetime(2999, 1, 1, tzinfo=UTC)),
        ("priority", "whenever"),
        ("priority", ["urgent"]),
        ("lines", 2.5),
        ("lines", "machines"),
        ("lines", [["machines"]]),
        ("owner_id", 7),
        ("nothing", 1),
    ],
)
def test_wrong_value_is_refused_beside_its_field(name: str, typed: Any) -> None:
    """ALL-6; `owner_id` is no field: it changes only through the service made for it (ACC-5)."""
    assert wrong_fields({name: typed}) == {name}


def test_all_wrong_fields_are_named_at_once() -> None:
    """ALL-6: nobody corrects one field to hear of the next."""
    assert wrong_fields({"hours": "x", "price": "y", "owner_id": 7, "notes": "fine"}) == {"hours", "price", "owner_id"}


def test_refused_change_leaves_the_record_alone() -> None:
    kept = record()
    with pytest.raises(Invalid):
        fields.apply(kept, FIELDS, {"notes": "new", "hours": "x"})
    assert kept.notes is None


def test_apply_tells_what_differs() -> None:
    """ALL-3: old and new of what changed, and nothing of what did not."""
    changed = fields.apply(record(hours=5), FIELDS, {"name": "Anna", "hours": "6"})
    assert changed == {"hours": (5, 6)}


def test_new_record_names_what_it_lacks() -> None:
    with pytest.raises(Invalid) as error:
        fields.complete(FIELDS, {"notes": "x", "name": ""})
    assert set(error.value.fields) == {"name"}


@pytest.mark.parametrize("ask", [fields.complete, fields.filled])
def test_what_is_missing_and_what_is_wrong_are_named_together(ask: Any) -> None:
    """ALL-6: a new record without its name and with letters for a number hears of both."""
    with pytest.raises(Invalid) as error:
        ask(FIELDS, {"name": "", "hours": "x", "notes": "fine"})
    assert set(error.value.fields) == {"name", "hours"}


@given(st.dictionaries(st.sampled_from([f.name for f in FIELDS]), st.one_of(st.text(), st.integers(), st.floats())))
def test_whatever_is_typed_is_stored_or_refused(changes: dict[str, Any]) -> None:
    """ALL-6: no input makes an unexpected error, and what is stored once stays the same when stored again."""
    with suppress(Invalid):
        stored = fields.checked(FIELDS, changes)
        assert fields.checked(FIELDS, stored) == stored
