"""An assignment rule reads as a sentence in both languages, whichever ends of its ranges are given (ASG-1)."""

from datetime import date
from decimal import Decimal

import pytest

from pages.ui import rules, text
from services.assignment import Rule
from services.core.configuration import Configuration

MANY, MORE = Decimal("1500000"), Decimal("2000000")


@pytest.mark.parametrize(
    ("language", "given", "said"),
    [
        ("en", {"value_from": MANY}, "the budget is **CNY 1,500,000** or more"),
        ("en", {"value_to": MORE}, "the budget is up to **CNY 2,000,000**"),
        ("en", {"value_from": MANY, "value_to": MORE}, "the budget is **CNY 1,500,000** to **CNY 2,000,000**"),
        ("en", {"employees_from": 50}, "the customer has **50** employees or more"),
        ("en", {"employees_to": 9}, "the customer has up to **9** employees"),
        ("zh_CN", {"value_from": MANY}, "**150 万元**"),
    ],
)
def test_a_range_with_one_open_end(monkeypatch: pytest.MonkeyPatch, language: str, given: dict, said: str) -> None:
    """ASG-1: the value range of a rule."""
    monkeypatch.setattr(text, "language", lambda: language)
    named = rules.Names(Configuration({}, {}, {}), {7: "Anna"}, {}, date(2026, 11, 23))
    told = rules.sentence(Rule(id=1, branch_id=1, rep_ids=(7,), **given), named)
    assert said in told
    assert "Anna" in told
