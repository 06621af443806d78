"""What people are told about activities."""

from services.core.errors import N_
from services.core.outbox import Template

ASSIGNED = Template(
    "activity_assigned",
    N_("New for you: {subject}"),
    N_("{by} assigned “{subject}” to you. Customer: {customer}. Due: {due}."),
)
DECLINED = Template(
    "activity_declined",
    N_("{by} declines: {subject}"),
    N_("{by} cannot do “{subject}” (customer: {customer}). Reason: {reason} Please reassign, insist or cancel."),
)
INSISTED = Template(
    "activity_insisted",
    N_("Please carry it out: {subject}"),
    N_("{by} insists on “{subject}” (customer: {customer}): {comment}"),
)
TAKEN_AWAY = Template(
    "activity_taken_away",
    N_("Now with somebody else: {subject}"),
    N_("“{subject}” (customer: {customer}) was given to {to_name}. Reason: {reason}"),
)
CANCELLED = Template(
    "activity_cancelled",
    N_("Cancelled: {subject}"),
    N_("{by} cancelled “{subject}” (customer: {customer}). Reason: {reason}"),
)
REVIEWED = Template(
    "activity_reviewed",
    N_("Review of your activity: {subject}"),
    N_("{by} gave {mark} of 5 for “{subject}”. {comment}"),
)
