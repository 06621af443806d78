"""The time rules (ACT-5, ACT-6, ACT-7, LEAD-8, ASG-4, ADM-6) as a table: name, how often, what it does. A new rule is a line here."""

from datetime import datetime, timedelta

from services.runs import Rule
from services.time_rules import clocks, disputes, handovers, housekeeping, reassignment, reminders

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT, MORNING = timedelta(hours=3), timedelta(hours=8)


def report_unanswered(at: datetime) -> int:
    """Report what was assigned and has had no answer in time (ACT-5)."""
    return clocks.run(clocks.ANSWER, at)


def report_uncontacted(at: datetime) -> int:
    """Report leads without a first contact in time (LEAD-8)."""
    return clocks.run(clocks.CONTACT, at)


RULES: tuple[Rule, ...] = (
    Rule("ACT-5", HOUR, report_unanswered),
    Rule("ACT-6", HOUR, reminders.remind_owners),
    Rule("ACT-6 digest", DAY, reminders.send_digests, offset=MORNING),
    Rule("LEAD-8", HOUR, report_uncontacted),
    Rule("ASG-4", HOUR, disputes.see_to),
    Rule("ACT-7", HOUR, reassignment.reassign),
    Rule("ADM-6", HOUR, handovers.carry_out),
    Rule("housekeeping", DAY, housekeeping.sweep, offset=NIGHT),
)
