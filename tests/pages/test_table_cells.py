"""What the list table is sent: a cell is a text, also where a record has no name to show."""

from pages.ui.components.table import _cell


def test_a_link_without_a_name_is_an_empty_cell() -> None:
    """ALL-2: the audit trail names records that are gone; the table must not break over them."""
    assert _cell({"text": None, "href": ""}) == _cell(None) == ""
    assert _cell({"text": "徐工", "href": "/account?id=3"}) == {"text": "徐工", "href": "/account?id=3"}
