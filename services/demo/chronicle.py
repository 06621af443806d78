"""Events in the order in which they happened, so that the newest have the highest numbers."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from db.filling import Filling
from db.models import Channel, Event
from services.core.events import stored


class Chronicle:
    """Collects what happened in any order, and writes it day by day once nothing earlier can come."""

    def __init__(self, pen: Filling) -> None:
        self._pen = pen
        self._days: dict[date, list[dict[str, Any]]] = defaultdict(list)

    def note(
        self, at: datetime, actor_id: int | None, *, kind: str, record_id: int, branch_id: int | None, action: str,
        changes: Mapping[str, tuple[Any, Any]] | None = None, note: str | None = None,
    ) -> None:  # fmt: skip
        """One line of a record's story, as services.core.events writes it."""
        line = {
            "at": at, "actor_id": actor_id, "channel": Channel.SCREEN, "kind": kind, "record_id": record_id,
            "branch_id": branch_id, "action": action, "note": note,
            "changes": {name: [stored(old), stored(new)] for name, (old, new) in (changes or {}).items()},
        }  # fmt: skip
        self._days[at.date()].append(line)

    def write(self, before: date = date.max) -> None:
        """Send the events of all days before ``before``."""
        for day in sorted(day for day in self._days if day < before):
            for line in sorted(self._days.pop(day), key=itemgetter("at")):
                self._pen.put(Event, line)
