"""What people are told about disputes: the lead by the name that all concerned may know."""

from services.core.errors import N_
from services.core.outbox import Template

TO_DECIDE = Template(
    "dispute_to_decide",
    N_("Dispute to decide: {subject}"),
    N_("{by} disagrees with who has the lead “{subject}”. Reason: {reason}"),
)
ABOUT_YOURS = Template(
    "dispute_about_yours",
    N_("Dispute about a lead: {subject}"),
    N_("{by} disagrees with who has the lead “{subject}”. Reason: {reason} Tell your side if you like."),
)
REPLIED = Template(
    "dispute_replied", N_("The other side: {subject}"), N_("{by} says about the lead “{subject}”: {reason}")
)
PROPOSED = Template(
    "dispute_proposed",
    N_("Your answer is needed: {subject}"),
    N_("The manager of the other branch, {by}, has decided on the lead “{subject}”. Reason: {reason} Now you decide."),
)
KEPT = Template(
    "dispute_kept",
    N_("Decided: {subject}"),
    N_("The lead “{subject}” stays with its owner. {by} decided, and that is final. Reason: {reason}"),
)
GIVEN = Template(
    "dispute_given",
    N_("Decided: {subject}"),
    N_("The lead “{subject}” goes to {to_name}. {by} decided, and that is final. Reason: {reason}"),
)
WITHDRAWN = Template(
    "dispute_withdrawn", N_("Dispute withdrawn: {subject}"), N_("{by} withdrew the dispute about the lead “{subject}”.")
)
