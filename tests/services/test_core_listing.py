"""Lists: paged by the database, a closed set of names, the same rows for page, count and export (ALL-2, ACC-2)."""

from typing import Any

import pytest

from services import activities, leads
from services.core.errors import Refused
from services.core.listing import ListRequest, conditions_of, fetch, selected
from tests.factories import HOUR, NOW, As, Make, World
from tests.statements import counted

SUBJECTS = ("100% sure", "a_b", "O'Hara", "C:\\temp", "徐工机械 回访", "x;--", "plain")


@pytest.fixture
def filled(world: World, make: Make) -> World:
    """Seven activities of Anna's and one of Carl's."""
    for number, subject in enumerate(SUBJECTS):
        make.activity(world.anna, subject=subject, planned_start=NOW + number * HOUR)
    make.activity(world.carl, subject="plain Carl")
    return world


def found(as_: As, person: int, **request: Any) -> list[str]:
    with as_(person, readonly=True) as work:
        page = fetch(work, activities.LIST, ListRequest(**request))
    assert page.total == len(page.rows) or page.pages > 1
    return [row["subject"] for row in page.rows]


@pytest.mark.parametrize(
    ("typed", "subjects"),
    [
        ("%", ["100% sure"]),
        ("_", ["a_b"]),
        ("'", ["O'Hara"]),
        ("\\", ["C:\\temp"]),
        (";--", ["x;--"]),
        ("xgjx", ["徐工机械 回访"]),
        ("huifang xugong", ["徐工机械 回访"]),
        ("ＰＬＡＩＮ", ["plain"]),
        ("nothing", []),
    ],
)
def test_search_takes_signs_as_they_are(filled: World, as_: As, typed: str, subjects: list[str]) -> None:
    assert found(as_, filled.anna, search=typed) == subjects


def test_blank_search_finds_everything_within_reach(filled: World, as_: As) -> None:
    for typed in ("  ", "\u00ad", "\u200b\u3000"):
        assert len(found(as_, filled.anna, search=typed)) == len(SUBJECTS)


def test_hidden_rows_are_neither_counted_nor_paged(filled: World, as_: As) -> None:
    """ALL-7."""
    assert found(as_, filled.carl) == ["plain Carl"]
    assert found(as_, filled.carl, search="sure") == []


@pytest.mark.parametrize("page", [-3, 0, 1, 3, 4, 99])
def test_page_outside_the_list_gives_the_nearest(filled: World, as_: As, page: int) -> None:
    with as_(filled.anna, readonly=True) as work:
        given = fetch(work, activities.LIST, ListRequest(page=page, size=3))
    assert given.total == len(SUBJECTS)
    assert given.page == min(max(page, 1), given.pages)
    assert len(given.rows) == (1 if given.page == 3 else 3)


def test_pages_are_disjoint_and_complete(filled: World, as_: As) -> None:
    """Equal keys are put in order by id, so that no row is on two pages or on none."""
    seen: list[int] = []
    for page in (1, 2, 3):
        with as_(filled.anna, readonly=True) as work:
            request = ListRequest(page=page, size=3, sort="state")
            seen += [row["id"] for row in fetch(work, activities.LIST, request).rows]
    assert len(seen) == len(set(seen)) == len(SUBJECTS)


@pytest.mark.parametrize("column", [c.name for c in activities.LIST.columns if c.sortable])
@pytest.mark.parametrize("descending", [False, True])
def test_every_sortable_column_sorts(filled: World, as_: As, column: str, descending: bool) -> None:
    assert sorted(found(as_, filled.anna, sort=column, descending=descending)) == sorted(SUBJECTS)


@pytest.mark.parametrize(("descending", "topics"), [(False, ["B", "A", "C"]), (True, ["A", "B", "C"])])
def test_what_is_empty_stands_at_the_end(
    world: World, make: Make, as_: As, descending: bool, topics: list[str]
) -> None:
    """ALL-2: on both databases, whichever way one sorts; in the export too."""
    for topic, assigned in (("A", NOW), ("B", NOW - HOUR), ("C", None)):
        make.lead(world.anna, topic=topic, assigned_at=assigned)
    asked = ListRequest(sort="assigned_at", descending=descending)
    with as_(world.anna, readonly=True) as work:
        assert [row["topic"] for row in fetch(work, leads.LIST, asked).rows] == topics
        exported = work.rows(selected(leads.LIST, asked, conditions_of(work, leads.LIST, asked)))
        assert [row.topic for row in exported] == topics


@pytest.mark.parametrize(
    "request_",
    [
        {"sort": "seal"},
        {"sort": "owner"},
        {"sort": "id; DROP"},
        {"filters": {"seal": "x"}},
        {"filters": {"owner_id": 1}},
    ],
)
def test_names_outside_the_list_are_refused(filled: World, as_: As, request_: dict[str, Any]) -> None:
    """ACC-2: with the same answer whether or not something was hidden."""
    with as_(filled.anna, readonly=True) as work, pytest.raises(Refused):
        fetch(work, activities.LIST, ListRequest(**request_))


@pytest.mark.parametrize("spec_filter", [f.name for f in activities.LIST.filters])
@pytest.mark.parametrize("value", ["nonsense", "1,x", "' OR 1=1", "2026-02-30", "-1", "99999999999999999999"])
def test_nonsense_in_the_address_is_not_an_accident(filled: World, as_: As, spec_filter: str, value: str) -> None:
    """ALL-9: addresses are typed and sent; a wrong value finds nothing or is refused, and never fails unexpectedly."""
    with as_(filled.anna, readonly=True) as work:
        try:
            page = fetch(work, activities.LIST, ListRequest(filters={spec_filter: value}))
        except Refused:
            return
    assert page.total <= len(SUBJECTS)


def test_export_reads_what_the_pages_show(filled: World, as_: As) -> None:
    """ALL-2: exportable under the same filter."""
    request = ListRequest(search="a", filters={"view": "open"})
    with as_(filled.anna, readonly=True) as work:
        rows = work.rows(selected(activities.LIST, request, conditions_of(work, activities.LIST, request)))
        page = fetch(work, activities.LIST, request)
    assert [row.id for row in rows] == [row["id"] for row in page.rows]
    assert page.total == len(rows)


def test_filters_cannot_widen_the_reach(filled: World, as_: As) -> None:
    """ALL-7: asking for another branch or person gives nothing, as if there were none."""
    assert found(as_, filled.anna, filters={"branch": filled.hefei}) == []
    assert found(as_, filled.anna, filters={"owner": [filled.carl]}) == []
    assert found(as_, filled.adam, filters={"branch": filled.hefei}) == ["plain Carl"]


def test_two_statements_a_page(filled: World, as_: As) -> None:
    """quality.md: one for the rows, one for the count."""
    request = ListRequest(search="a", filters={"view": "open"})
    with as_(filled.anna, readonly=True) as work:
        assert counted(lambda: fetch(work, activities.LIST, request)) == 2
