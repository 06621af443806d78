"""What every installation starts from: regions, product lines, code lists. What administrators changed stays."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.base import Model
from db.models import CodeValue, ProductLine
from services import regions
from services.core.configuration import changed
from services.core.work import Work

CODE_LISTS = Path(__file__).parent / "data" / "code_lists.csv"
PRODUCT_LINES = (("machines", "整机", "Machines"), ("parts", "配件", "Parts"), ("service", "服务", "Service"))


def load(work: Work) -> int:
    """Bring regions up to date, add missing product lines, fill empty code lists; returns how many rows changed."""
    count = regions.load(work)
    added = [*_missing_lines(work), *_codes_of_empty_lists(work)]
    work.also(*added)
    work.flush()
    if added:
        changed(work)
    return count + len(added)


def _missing_lines(work: Work) -> Iterator[Model]:
    known = set(work.scalars(select(ProductLine.code)))
    for place, (code, label_zh, label_en) in enumerate(PRODUCT_LINES, 1):
        if code not in known:
            yield ProductLine(code=code, label_zh=label_zh, label_en=label_en, position=place * 10)


def _codes_of_empty_lists(work: Work) -> Iterator[Model]:
    """A value that an administrator removed does not come back with the next upgrade."""
    filled = set(work.scalars(select(CodeValue.list).distinct()))
    for row in shipped_codes():
        if row["list"] not in filled:
            yield CodeValue(**row)


def shipped_codes() -> Iterator[dict[str, Any]]:
    """The code lists as they are delivered, in order."""
    with CODE_LISTS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {**row, "group": row["group"] or None, "position": int(row["position"])}
