"""Texts of people on their way into Markdown."""

from decimal import Decimal

import pytest

from pages.ui import text


@pytest.mark.parametrize("said", ["a_b@c.com", "see https://c.com/x?y=1", "www.c.com", "WWW.c.com", "ftp://c.com"])
def test_an_address_in_a_text_is_no_link_yet_reads_the_same(said: str) -> None:
    """Markdown makes links of bare addresses; the joiner in them is not seen and keeps them apart."""
    drawn = text.plain(said)
    assert text.JOINER in drawn
    assert drawn.replace(text.JOINER, "").replace("\\", "") == said


def test_other_texts_are_escaped_only() -> None:
    assert text.plain("挖掘机 <b>20 t</b> *") == r"挖掘机 \<b\>20 t\</b\> \*"
    assert text.plain(None) == ""


@pytest.mark.parametrize(
    ("language", "amount", "said"),
    [
        ("zh_CN", "950000", "95 万元"),
        ("zh_CN", "12500000", "1,250 万元"),
        ("zh_CN", "845300", "84.53 万元"),
        ("zh_CN", "9999.50", "9,999.50 元"),
        ("en", "950000", "CNY 950,000"),
        ("en", "9999.5", "CNY 9,999.50"),
    ],
)
def test_money_is_said_as_people_say_it(monkeypatch: pytest.MonkeyPatch, language: str, amount: str, said: str) -> None:
    monkeypatch.setattr(text, "language", lambda: language)
    assert text.money(Decimal(amount)) == said
