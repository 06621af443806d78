"""The table: printed, and put into docs/performance.md between its marks."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measure import Figure

PAGE = Path(__file__).resolve().parents[2] / "docs/performance.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


@dataclass(frozen=True)
class Report:
    """What was measured on one database."""

    name: str
    size: str
    figures: Sequence[Figure]
    sentences: Sequence[str]


def write(reports: Sequence[Report]) -> None:
    """Print the tables and replace those of the page."""
    told = "\n\n".join([_machine(), *(_table(report) for report in reports)])
    print(told)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _machine() -> str:
    busy = os.getloadavg()[0]
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load average {busy:.1f} at the end."
    )


def _table(report: Report) -> str:
    head = (
        f"### {report.name}, {report.size}\n\n"
        "| work | goal ms | median ms | p95 ms | CPU ms | floor in SQL ms | ratio | KiB | |\n|---|---|---|---|---|---|---|---|---|"
    )
    rows = "\n".join(_row(figure) for figure in report.figures)
    return f"{head}\n{rows}\n\n" + "\n".join(f"- {sentence}" for sentence in report.sentences)


def _row(one: Figure) -> str:
    ratio = f"{one.median / one.floor:.0f} ×" if one.floor else ""
    shown = [_number(value) for value in (one.cpu, one.floor)]
    verdict = "" if one.reached else "**misses its goal**"
    name = f"{one.name} ({one.statements} statements)" if one.statements else one.name
    kib = f"{one.kib:.0f}" if one.kib else ""
    return f"| {name} | {one.goal:.0f} | {one.median:.1f} | {one.p95:.1f} | {shown[0]} | {shown[1]} | {ratio} | {kib} | {verdict} |"


def _number(value: float) -> str:
    return f"{value:.1f}" if value else ""
