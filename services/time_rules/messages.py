"""What the time rules tell people."""

from services.core.errors import N_
from services.core.outbox import Template

UNANSWERED = Template(
    "activity_unanswered",
    N_("No answer yet: {subject}"),
    N_("{owner} has had “{subject}” (customer: {customer}) since {since}, and neither declined it nor carried it out."),
)
OVERDUE = Template(
    "activity_overdue",
    N_("Overdue: {subject}"),
    N_("“{subject}” (customer: {customer}) was due on {due}. Please end it with your feedback or ask your manager."),
)
UNTOUCHED = Template(
    "activity_untouched",
    N_("Untouched for {days} days: {subject}"),
    N_("Nobody has touched “{subject}” (customer: {customer}) since {since}. Please carry it out or change the plan."),
)
MANY_LATE = Template(
    "activities_late",
    N_("Waiting for you: {overdue} overdue, {untouched} untouched"),
    N_("{overdue} of your activities are overdue, {untouched} were not touched for {days} days. Among them:\n{first}"),
)
DIGEST = Template(
    "activities_digest",
    N_("Your people: {overdue} overdue, {untouched} untouched"),
    N_(
        "{overdue} activities of your people are overdue, {untouched} were not touched for {days} days."
        " Among them:\n{first}"
    ),
)
PASSED_ON = Template(
    "activity_passed_on",
    N_("Passed on: {subject}"),
    N_("{before} did not carry out “{subject}” (customer: {customer}) for {days} days. It is now with {owner}."),
)
QUEUED = Template(
    "activity_queued",
    N_("In your queue: {subject}"),
    N_(
        "{before} did not carry out “{subject}” (customer: {customer}) for {days} days."
        " Please find somebody for it. {reason}"
    ),
)
UNCONTACTED = Template(
    "lead_uncontacted",
    N_("No first contact yet: {topic}"),
    N_("{owner} has had the lead “{topic}” since {since} without a first contact."),
)
STRANDED = Template(
    "activity_stranded",
    N_("Nobody to give it to: {subject}"),
    N_(
        "{before} did not carry out “{subject}” (customer: {customer}) for {days} days,"
        " and the branch has no other manager for its queue. {reason}"
    ),
)
