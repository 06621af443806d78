"""What people are told when work changes hands: one gathered notice each."""

from services.core.errors import N_
from services.core.outbox import Template

TAKEN_OVER = Template(
    "handover_received",
    N_("You take over from {person}"),
    N_(
        "{by} gave you what {person} had: {account} customers, {opportunity} opportunities, {lead} leads,"
        " {activity} activities, {user} people who report. Reason: {reason}"
    ),
)
GIVEN_AWAY = Template(
    "handover_given",
    N_("Your work is now with {receivers}"),
    N_("{by} handed over {count} records of yours to {receivers}. Reason: {reason}"),
)
TAKEN_BACK = Template(
    "handover_undone",
    N_("Taken back: the handover from {person}"),
    N_("{by} undid the handover. {count} records are with {person} again."),
)
FAILED = Template(
    "handover_failed",
    N_("A planned handover could not be carried out: {person}"),
    N_("The handover of {person}, planned for {day}, did not happen: {reason} Please have a look at it."),
)
