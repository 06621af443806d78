"""Counting what is asked of the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from db.session import engine


def counted(act: Callable[[], Any]) -> int:
    """How many statements this sends to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    return len(sent)
