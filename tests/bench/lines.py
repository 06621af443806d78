"""What is measured: one line per kind of work, with the goal of the quality page and the same question as plain SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from db.session import engine


@dataclass(frozen=True)
class Visit:
    """A screen drawn again by an ordinary person: its address, query, goal in ms, and the floor in SQL."""

    name: str
    page: str
    query: str
    goal: float
    floor: str = ""


LIST = """
SELECT a.id, a.subject, a.state, a.planned_start, a.due_at, c.name, u.name AS owner
FROM activities a LEFT JOIN accounts c ON c.id = a.account_id LEFT JOIN users u ON u.id = a.owner_id
WHERE a.branch_id = :branch {more} ORDER BY a.planned_start DESC, a.id DESC LIMIT 50 OFFSET {offset}
"""
COUNT = "SELECT count(*) FROM activities a WHERE a.branch_id = :branch {more}"
BY_NAME = "AND a.account_id IN (SELECT id FROM accounts WHERE search_key LIKE '%{words}%')"


def visits(activity_id: int, rare: str, frequent: str, pinyin: str) -> tuple[Visit, ...]:
    """The lines of the quality page that are a screen."""
    return (
        Visit("empty rerun", "search", "", 12),
        Visit("a. list of 50, sorted, with exact count", "activities", "", 40, _list()),
        Visit("b. page 200 of it", "activities", "page=200", 45, _list(offset=9950)),
        Visit("c. filter by state", "activities", "state=ended", 40, _list("AND a.state = 'ended'")),
        Visit("d. search a rare name", "activities", f"q={rare}", 45, _list(BY_NAME.format(words=rare))),
        Visit("d. search a frequent name", "activities", f"q={frequent}", 45, _list(BY_NAME.format(words=frequent))),
        Visit("d. search by pinyin", "activities", f"q={pinyin}", 45, _list(BY_NAME.format(words=pinyin))),
        Visit("e. record of an activity", "activity", f"id={activity_id}", 50),
        Visit("customers, list of 50", "accounts", "", 40),
        Visit("live monitor of a branch, full redraw", "monitor", "", 80),
        Visit("calendar, one week", "calendar", "", 50),
        Visit("activity statistics of this month by rep", "activity_statistics", "", 80),
    )


def _list(more: str = "", offset: int = 0) -> str:
    return LIST.format(more=more, offset=offset) + ";" + COUNT.format(more=more)


def floor(statements: str, branch_id: int | None) -> Callable[[], Any]:
    """The same questions asked by hand, on one open connection."""
    asked = [text(one) for one in statements.split(";") if one.strip()]
    connection = engine().execution_options(reading=True).connect()

    def ask() -> Any:
        with connection.begin():
            return [connection.execute(one, {"branch": branch_id}).all() for one in asked]

    return ask
