"""What stands in the cells of a list: each kind of column in the reader's words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pages.ui import changes, jobs, look, records, text
from pages.ui.components.table import TableColumn
from pages.ui.text import _
from services import (
    accounts,
    audit,
    contact_requests,
    delivery,
    disputes,
    handover,
    imports,
    leads,
    regions,
    run_log,
    users,
)
from services.core.configuration import Configuration
from services.core.listing import Column

Cell = Callable[[Any, Configuration], Any]
DRAWN = {
    "lead_state": "badge", "request_state": "badge", "import_state": "badge", "handover_state": "badge",
    "dispute_state": "badge", "disputed": "badge",
    "state": "badge", "status": "badge", "message_state": "badge", "priority": "badge", "moment": "date", "date": "date",
    "trust": "number", "run_state": "badge", "number": "number", "money": "money",
    "phone": "phone", "person": "person", "flag": "flag", "record": "link",
}  # fmt: skip


def heading(column: Column) -> TableColumn:
    """The column as the table draws it."""
    kind: Any = DRAWN.get(column.kind, "text")
    return TableColumn(column.name, _(column.label), kind=kind, sortable=column.sortable)


def of(columns: Sequence[Column], row: Mapping[str, Any], known: Configuration) -> dict[str, Any]:
    """A row in the reader's words; what is not shown does not travel."""
    cells = {column.name: CELLS.get(column.kind, _plain)(_given(row, column.name), known) for column in columns}
    return {"id": row["id"], **cells}


def _given(row: Mapping[str, Any], name: str) -> Any:
    """What the row holds; of a name that it holds in both languages the reader's one."""
    return text.in_language(row[name], row[f"{name}_en"]) if f"{name}_en" in row else row[name]


def _plain(value: Any, _known: Configuration) -> Any:
    return None if value is None else str(value)


def _moment(value: Any, _known: Configuration) -> Any:
    return None if value is None else {"text": text.moment(value), "hint": text.full(value)}


def _state(value: Any, _known: Configuration) -> Any:
    return {"text": text.state(value), "tone": look.STATE_TONES[value]}


def _status(value: Any, _known: Configuration) -> Any:
    return {"text": _(accounts.STATUSES[value]), "tone": look.STATUS_TONES[value]}


def _lead_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(leads.STATES[value]), "tone": look.LEAD_TONES[value]}


def _request_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(contact_requests.STATES[value]), "tone": look.REQUEST_TONES[value]}


def _import_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(imports.STATES[value]), "tone": look.IMPORT_TONES[value]}


def _handover_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(handover.STATES[value]), "tone": look.HANDOVER_TONES[value]}


def _dispute_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(disputes.STATES[value]), "tone": look.DISPUTE_TONES[value]}


def _disputed(value: Any, _known: Configuration) -> Any:
    return {"text": _("disputed"), "tone": "red"} if value else None


def _message_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(delivery.STATES[value]), "tone": look.MESSAGE_TONES[value]}


def _priority(value: Any, _known: Configuration) -> Any:
    return {"text": _("urgent"), "tone": "amber"} if value == "urgent" else None


def _run_state(value: Any, _known: Configuration) -> Any:
    return {"text": _(run_log.STATES[value]), "tone": look.RUN_TONES[value]}


def _trust(value: int | None, _known: Configuration) -> Any:
    return None if value is None else {"text": str(value), "tone": look.trust_tone(value)}


def _lines(value: str | None, _known: Configuration) -> Any:
    return _(", ").join(_(changes.LINES.get(line, line)) for line in (value or "").split(",") if line)


CELLS: Mapping[str, Cell] = {
    "moment": _moment,
    "state": _state,
    "status": _status,
    "lead_state": _lead_state,
    "request_state": _request_state,
    "dispute_state": _dispute_state,
    "disputed": _disputed,
    "request_kind": lambda value, _known: _(contact_requests.KINDS[value]),
    "rating": lambda value, _known: _(leads.RATINGS[value]) if value else None,
    "import_state": _import_state,
    "message_state": _message_state,
    "handover_state": _handover_state,
    "priority": _priority,
    "changes": lambda value, _known: {"text": _("; ").join(value), "hint": "\n".join(value)} if value else None,
    "names": lambda value, _known: _(", ").join(value or ()) or None,
    "lines": _lines,
    "trust": _trust,
    "run_state": _run_state,
    "job": lambda value, _known: _(jobs.RULES.get(value, value)),
    "region": lambda value, _known: regions.name(value),
    "day": lambda value, _known: None if value is None else value.isoformat(),
    "record": lambda value, _known: value,
    "role": lambda value, _known: _(users.ROLES[value]),
    "flag": lambda value, _known: bool(value),
    "code": lambda value, known: known.label(value, text.language()),
    "date": lambda value, _known: None if value is None else text.day(value),
    "number": lambda value, _known: None if value is None else text.number(value),
    "money": lambda value, _known: None if value is None else text.money(value),
    "action": lambda value, _known: records.said(*value),
    "record_kind": lambda value, _known: _(audit.KINDS.get(value, value)),
    "route": lambda value, _known: _(look.ROUTES[value]),
    "channel": lambda value, _known: _(audit.CHANNELS[value]),
}
