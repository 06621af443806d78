"""The seal of an ended activity: a digest that shows any later change, whatever path it took (ACT-9)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.core.events import stored

SEALED = (
    "id", "owner_id", "branch_id", "type_id", "purpose_id", "subject", "priority", "planned_start", "planned_end", "due_at",
    "place", "description", "account_id", "follows_id", "assigned_by_id", "assigned_at", "assignment_no", "started_at",
    "check_in", "ended_at", "result_id", "learned", "attitude", "needs", "competitor_seen", "machine_seen", "machine_hours",
    "next_step", "next_step_on", "created_at", "created_by_id",
)  # fmt: skip

#: columns that came later count only where they are filled, so that older seals stay true
SEALED_IF_FILLED = ("lead_id",)


def seal_of(values: Mapping[str, Any]) -> str:
    """The digest of the sealed values, the same for a record just ended and for one read back."""
    filled = [[name, values[name]] for name in SEALED_IF_FILLED if values.get(name) is not None]
    plain = json.dumps([stored(_of_one_zone(values[name])) for name in SEALED] + filled, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _of_one_zone(value: Any) -> Any:
    """A moment just entered has the zone of who entered it; read back, it is in UTC."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def values_of(activity: Any) -> dict[str, Any]:
    """The sealed values of a loaded activity."""
    return {name: getattr(activity, name) for name in (*SEALED, *SEALED_IF_FILLED)}
