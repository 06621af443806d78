"""What people are told about leads."""

from services.core.errors import N_
from services.core.outbox import Template

ASSIGNED = Template(
    "lead_assigned",
    N_("New lead for you: {topic}"),
    N_("{by} assigned the lead “{topic}” to you. Phone: {phone}. Please make the first contact."),
)
ASKED_AGAIN = Template(
    "lead_asked_again",
    N_("Asked again: {topic}"),
    N_("Whoever asked for “{topic}” has written again through {site}. Please get in touch."),
)
TAKEN_AWAY = Template(
    "lead_taken_away",
    N_("Lead now with somebody else: {topic}"),
    N_("The lead “{topic}” was given to {to_name}. Reason: {reason}"),
)
MANY_TAKEN_AWAY = Template(
    "leads_taken_away",
    N_("{count} leads now with somebody else"),
    N_("{count} leads were given to {to_name}: {topics}. Reason: {reason}"),
)
MANY_ASSIGNED = Template(
    "leads_assigned",
    N_("{count} new leads for you"),
    N_(
        "{by} assigned {count} leads to you: {topics}. They stand in your list of leads; please make the first contacts."
    ),
)
