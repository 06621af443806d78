"""What is entered about an activity: when planning it, and as feedback."""

from collections.abc import Mapping

from db.models import ActivityState, Priority
from services.core.errors import N_
from services.core.fields import Field, Kind
from services.core.text import search_key

STATES: Mapping[ActivityState, str] = {
    ActivityState.PLANNED: N_("planned"),
    ActivityState.ASSIGNED: N_("assigned"),
    ActivityState.DECLINED: N_("declined"),
    ActivityState.IN_PROGRESS: N_("in progress"),
    ActivityState.ENDED: N_("ended"),
    ActivityState.CANCELLED: N_("cancelled"),
}
PRIORITIES: Mapping[str, str] = {Priority.NORMAL: N_("normal"), Priority.URGENT: N_("urgent")}
LONG = 4000
#: as much of a search key as PostgreSQL takes into an index, also in Chinese
KEY = 800

FIELDS: tuple[Field, ...] = (
    Field("type_id", N_("Type"), Kind.CODE, required=True, source="activity_type", first=True),
    Field("account_id", N_("Customer"), Kind.RECORD, source="account", first=True),
    Field("purpose_id", N_("Purpose"), Kind.CODE, source="activity_purpose", first=True),
    Field("planned_start", N_("Start"), Kind.MOMENT, required=True, first=True),
    Field("planned_end", N_("End"), Kind.MOMENT, required=True, first=True),
    Field("subject", N_("Subject"), help=N_("Left empty, it is made from type and customer or lead.")),
    Field("lead_id", N_("Lead"), Kind.RECORD, source="lead"),
    Field("priority", N_("Priority"), Kind.CHOICE, options=PRIORITIES),
    Field("due_at", N_("Due"), Kind.MOMENT, help=N_("Left empty, the planned end.")),
    Field("place", N_("Place"), help=N_("Left empty, the address of the customer or lead.")),
    Field("description", N_("Description"), Kind.LONG, limit=LONG),
)

FEEDBACK: tuple[Field, ...] = (
    Field("result_id", N_("Result"), Kind.CODE, required=True, source="activity_result", first=True),
    Field("learned", N_("What was learned"), Kind.LONG, required=True, limit=LONG, first=True),
    Field("next_step", N_("Next step"), first=True),
    Field("next_step_on", N_("Next step on"), Kind.DATE, first=True),
    Field("attitude", N_("Customer's attitude"), Kind.INTEGER, help=N_("1 is cool, 5 is keen.")),
    Field("needs", N_("Needs found"), Kind.LONG, limit=LONG),
    Field(
        "machine_seen", N_("Machine"), help=N_("Brand, model and serial number of the machine whose hours were read.")
    ),
    Field("machine_hours", N_("Machine hours"), Kind.INTEGER),
    Field("competitor_seen", N_("Competitor seen")),
    Field("check_in", N_("Place of check-in")),
)

WHEN_AND_WHERE: tuple[Field, ...] = (
    Field("started_at", N_("Start"), Kind.MOMENT),
    Field("ended_at", N_("End"), Kind.MOMENT),
    Field("check_in", N_("Place of check-in")),
)


def key_of(subject: str) -> str:
    """By what the activity is found: the subject with pinyin and initials (ALL-2)."""
    return search_key(subject)[:KEY]
