"""One colour per meaning, everywhere: green done, blue in progress, amber due, red overdue, grey cancelled, slate planned."""

from datetime import UTC, datetime
from typing import Any, Literal

from services.activities import ActivityState
from services.core.errors import N_

Tone = Literal["green", "blue", "amber", "red", "grey", "slate"]

STATE_TONES: dict[ActivityState, Tone] = {
    ActivityState.PLANNED: "slate",
    ActivityState.ASSIGNED: "amber",
    ActivityState.DECLINED: "red",
    ActivityState.IN_PROGRESS: "blue",
    ActivityState.ENDED: "green",
    ActivityState.CANCELLED: "grey",
}
Badge = Literal["green", "blue", "orange", "red", "gray", "violet"]
BADGES: dict[Tone, Badge] = {
    "green": "green",
    "blue": "blue",
    "amber": "orange",
    "red": "red",
    "grey": "gray",
    "slate": "violet",
}
LEAD_TONES: dict[str, Tone] = {
    "new": "slate",
    "assigned": "amber",
    "working": "blue",
    "converted": "green",
    "disqualified": "grey",
}
REQUEST_TONES: dict[str, Tone] = {"pending": "amber", "approved": "green", "refused": "red", "withdrawn": "grey"}
RUN_TONES: dict[str, Tone] = {"running": "blue", "done": "green", "failed": "red"}
HANDOVER_TONES: dict[str, Tone] = {"planned": "amber", "done": "green", "cancelled": "grey", "undone": "grey"}
DISPUTE_TONES: dict[str, Tone] = {
    "open": "red",
    "proposed": "amber",
    "kept": "green",
    "given": "blue",
    "withdrawn": "grey",
}
ROUTES = {"sms": N_("By SMS"), "email": N_("By e-mail")}
IMPORT_TONES: dict[str, Tone] = {
    "uploaded": "slate",
    "checking": "blue",
    "checked": "amber",
    "running": "blue",
    "done": "green",
    "cancelled": "grey",
    "failed": "red",
    "undone": "grey",
}
STATUS_TONES: dict[str, Tone] = {"prospect": "amber", "customer": "green", "inactive": "grey"}
MESSAGE_TONES: dict[str, Tone] = {
    "queued": "amber",
    "sending": "blue",
    "sent": "green",
    "failed": "red",
    "no_channel": "grey",
}
OPEN = (ActivityState.PLANNED, ActivityState.ASSIGNED, ActivityState.DECLINED, ActivityState.IN_PROGRESS)


def trust_tone(score: int) -> Tone:
    """The colour of a trust score: good, to be looked at, bad."""
    return "green" if score >= 70 else "amber" if score >= 40 else "red"


def overdue(row: Any) -> bool:
    """Whether an activity's row is open and past its due time."""
    return row.state in OPEN and row.due_at < datetime.now(UTC)


def block_tone(row: Any) -> Tone:
    """The colour of an activity in calendars: its state, or red when overdue."""
    return "red" if overdue(row) else STATE_TONES[row.state]
