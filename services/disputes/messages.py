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
SETTLED_KEPT = Template(
    "dispute_settled_kept",
    N_("Decided: {subject}"),
    N_(
        "Nobody decided in time about “{subject}”. As head office has set it, the lead stays with its owner; that is final."
    ),
)
SETTLED_GIVEN = Template(
    "dispute_settled_given",
    N_("Decided: {subject}"),
    N_(
        "Nobody decided in time about “{subject}”. As head office has set it, the lead goes to {to_name}; that is final."
    ),
)
STILL_OPEN = Template(
    "dispute_still_open",
    N_("Dispute still undecided: {subject}"),
    N_("The dispute about the lead “{subject}” waits for your decision since {since}. Reason: {reason}"),
)
GOES_UP = Template(
    "dispute_goes_up",
    N_("Nobody decides: {subject}"),
    N_(
        "The dispute about the lead “{subject}” waits since {since} for {managers}. Please see to it that it is decided."
    ),
)
WITHDRAWN = Template(
    "dispute_withdrawn", N_("Dispute withdrawn: {subject}"), N_("{by} withdrew the dispute about the lead “{subject}”.")
)
