"""One truth for typed and imported leads: the same tables of good and bad examples in both directions (LEAD-3, CON-1..3)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import leads
from services.core import fields
from services.core.errors import Invalid
from services.imports.matching import cleaned, money_factor
from services.imports.values import FIELD, Reason, Terms, values
from tests.factories import World, as_person
from tests.services import importing

TERMS = Terms(lines={"整机": "machines", "machines": "machines"}, sources={}, day_first=True)
#: field, what is typed or stands in the cell, the form in which both are stored
GOOD: tuple[tuple[str, Any, Any], ...] = (
    ("mobile", "13801395136", "13801395136"),
    ("mobile", "+86 138 0139 5136", "13801395136"),
    ("mobile", "１３８０１３９５１３６", "13801395136"),
    ("mobile", "138-0139-5136", "13801395136"),
    ("mobile", "+49 170 1234567", "+49 1701234567"),
    ("landline", "010-85868466", "010 85868466"),
    ("landline", "(0516) 83123456转12", "0516 83123456-12"),
    ("person", "王建国", "王建国"),
    ("person", "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
    ("person", "Mary-Ann O'Neil", "Mary-Ann O'Neil"),
    ("email", "Wang@EXAMPLE.com", "Wang@example.com"),
    ("street", "建设路180号", "建设路180号"),
    ("company", " 徐州工程机械有限公司 ", "徐州工程机械有限公司"),
    ("quantity", "3", 3),
    ("quantity", 9999, 9999),
    ("budget", "1,250,000.50", Decimal("1250000.50")),
    ("wanted_by", "2027-01-02", date(2027, 1, 2)),
    ("notes", "第一行\n第二行", "第一行\n第二行"),
)
#: field, what is typed or stands in the cell, the reason in the report of an import
BAD: tuple[tuple[str, Any, Reason], ...] = (
    ("mobile", "1390113951", Reason.PHONE),
    ("mobile", "23901139513", Reason.PHONE),
    ("mobile", "1.39011E+10", Reason.PHONE),
    ("mobile", "13901139513/13801395136", Reason.PHONE),
    ("mobile", "12345678901", Reason.PHONE),
    ("landline", "85868466", Reason.PHONE),
    ("landline", "13801395136", Reason.PHONE),
    ("person", "王总", Reason.NAME),
    ("person", "王先生", Reason.NAME),
    ("person", "王建国1", Reason.NAME),
    ("person", "王", Reason.NAME),
    ("person", "Mr. Smith", Reason.NAME),
    ("email", "wang@", Reason.EMAIL),
    ("email", "a@b.cn, c@d.cn", Reason.EMAIL),
    ("street", "Jianshe Rd. 180", Reason.ADDRESS),
    ("street", "180", Reason.ADDRESS),
    ("quantity", "0", Reason.NUMBER),
    ("quantity", "-1", Reason.NUMBER),
    ("quantity", "两三台", Reason.NUMBER),
    ("quantity", "10000", Reason.NUMBER),
    ("budget", "-5", Reason.NUMBER),
    ("budget", "1.234", Reason.NUMBER),
    ("wanted_by", "2026-02-30", Reason.DATE),
    ("wanted_by", "1899-01-01", Reason.DATE),
    ("wanted_by", "2999-01-01", Reason.DATE),
    ("company", "长" * 201, Reason.TOO_LONG),
    ("notes", "长" * 4001, Reason.TOO_LONG),
)
NUMBER = {"mobile": "13801395136"}
PLAIN = ("person", "email", "street", "company", "wechat", "model", "topic")


def typed(world: World, given: dict[str, Any]) -> Any:
    """The lead that comes of typing it."""
    with as_person(world.adam) as work:
        leads.create(work, values={"line": "machines"} | given)
    return importing.leads()[-1]


@pytest.mark.parametrize(("field", "text", "stored"), GOOD)
def test_what_is_good(world: World, field: str, text: Any, stored: Any) -> None:
    """Stored alike, whichever way it comes in."""
    found, problems = values({"line": "整机", **NUMBER, field: text}, TERMS)
    assert (problems, found[field]) == ([], stored)
    assert getattr(typed(world, NUMBER | {field: text}), field) == stored


@pytest.mark.parametrize(("field", "text", "reason"), BAD)
def test_what_is_bad(world: World, field: str, text: Any, reason: Reason) -> None:
    """Refused alike, with the same sentence; the import names the reason too."""
    _found, problems = values({"line": "整机", **NUMBER, field: text}, TERMS)
    assert [(problem.field, problem.reason) for problem in problems[:1]] == [(field, reason)]
    with pytest.raises(Invalid) as refused:
        typed(world, NUMBER | {field: text})
    assert set(refused.value.fields) == {field}
    if field != "mobile":  # its column may hold either kind of number, and says so
        assert repr(refused.value.fields[field]) == repr(problems[0].said)


@pytest.mark.parametrize(
    ("field", "cell", "stored"),
    [
        ("wanted_by", "46022", date(2025, 12, 31)),
        ("wanted_by", "20270102", date(2027, 1, 2)),
        ("wanted_by", "2027.1.2", date(2027, 1, 2)),
        ("wanted_by", "2027年1月2日", date(2027, 1, 2)),
        ("wanted_by", "02/01/2027", date(2027, 1, 2)),
        ("budget", "95万", Decimal(950000)),
        ("budget", "95.5 万元", Decimal(955000)),
        ("budget", "950000元", Decimal(950000)),
        ("quantity", "３台", 3),
    ],
)
def test_what_only_lists_write(field: str, cell: str, stored: Any) -> None:
    """LEAD-3: Excel's number of a day, days without separators, amounts in 万, machines counted in 台."""
    assert values({"line": "整机", **NUMBER, field: cell}, TERMS) == ({"line": "machines", **NUMBER, field: stored}, [])


@pytest.mark.parametrize(("header", "stored"), [("预算(万元)", 950000), ("预算", 95)])
def test_amounts_are_in_the_unit_of_their_header(header: str, stored: int) -> None:
    """LEAD-3: unless the cell names its own."""
    terms = replace(TERMS, budget_factor=money_factor(header))
    assert values({"line": "整机", **NUMBER, "budget": "95"}, terms)[0]["budget"] == stored
    assert values({"line": "整机", **NUMBER, "budget": "2万"}, terms)[0]["budget"] == 20000
    assert values({"line": "整机", **NUMBER, "budget": "500,000 元"}, terms)[0]["budget"] == 500_000


def test_of_two_landlines_none_is_lost() -> None:
    """LEAD-3: one among the mobiles and another one beside it; the row says so instead of keeping one of them."""
    row = {"line": "整机", "mobile": "025-84123456", "landline": "025-84123457"}
    _found, problems = values(row, TERMS)
    assert [(one.field, one.reason) for one in problems] == [("landline", Reason.PHONE)]
    assert values(row | {"landline": "025 84123456"}, TERMS)[1] == []


def test_places_and_landlines_go_where_they_belong(world: World) -> None:
    """LEAD-3: a city brings its province along; a landline among the mobiles is one."""
    assert world
    found = values({"line": "整机", "mobile": "025-84123456", "city_code": "南京市"}, TERMS)[0]
    assert found == {
        "line": "machines", "landline": "025 84123456", "city_code": "320100", "province_code": "320000",
    }  # fmt: skip


cells = st.one_of(
    st.text(max_size=30), st.integers(-10, 2 * 10**10).map(str), st.sampled_from([str(one[1]) for one in (*GOOD, *BAD)])
)


@given(st.sampled_from(PLAIN), cells)
def test_both_ways_take_and_refuse_the_same(field: str, text: str) -> None:
    """Whatever stands in a cell: taken in the form that typing stores, or refused as typing refuses it."""
    found, problems = values({"line": "整机", **NUMBER, field: text}, TERMS)
    kept, refused = as_typed(field, cleaned(text))
    assert [repr(problem.said) for problem in problems] == refused
    assert refused or found.get(field) == kept


def as_typed(field: str, text: str) -> tuple[Any, list[str]]:
    """What typing would store, and what it would say instead."""
    try:
        return fields.checked((FIELD[field],), {field: text})[field], []
    except Invalid as error:
        return None, [repr(error.fields[field])]


@given(st.sampled_from(["landline", "quantity", "budget", "wanted_by"]), cells)
def test_what_an_import_takes_could_have_been_typed(field: str, text: str) -> None:
    """Its own ways of writing numbers and dates end in what typing takes unchanged."""
    found, _problems = values({"line": "整机", **NUMBER, field: text}, TERMS)
    for name, value in found.items():
        assert fields.checked((FIELD[name],), {name: value}) == {name: value}


@given(cells, cells)
def test_reasons_name_every_wrong_cell(person: str, email: str) -> None:
    """One wrong cell does not hide another."""
    _found, problems = values({"line": "整机", **NUMBER, "person": person, "email": email}, TERMS)
    alone = [
        problem.field
        for name, text in (("person", person), ("email", email))
        for problem in values({"line": "整机", **NUMBER, name: text}, TERMS)[1]
    ]
    assert [problem.field for problem in problems] == alone


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (datetime.fromisoformat("2026-12-25"), "2026-12-25"),
        (date(2026, 12, 25), "2026-12-25"),
        (datetime.fromisoformat("2026-12-25 14:30"), "2026-12-25 14:30:00"),
    ],
)
def test_a_day_in_a_cell_is_shown_as_a_day(cell: date, text: str) -> None:
    """LEAD-3: the picture of the first rows says what people wrote, not how spreadsheets keep it."""
    assert cleaned(cell) == text
