"""Disputes: somebody disagrees with who has a lead; the branch manager, or both, decide once and for all (ASG-4)."""

from services.disputes.deciding import decide, settle
from services.disputes.fields import FINAL, REASON, REPLY, SOUGHT, STATES, UNDECIDED
from services.disputes.listing import LIST, VIEWS
from services.disputes.opening import begin, claim, follow, reply, withdraw
from services.disputes.reading import Entry, count_waiting, entries, may_begin, of_lead, shown, waiting_count

__all__ = [
    "FINAL",
    "LIST",
    "REASON",
    "REPLY",
    "SOUGHT",
    "STATES",
    "UNDECIDED",
    "VIEWS",
    "Entry",
    "begin",
    "claim",
    "count_waiting",
    "decide",
    "entries",
    "follow",
    "may_begin",
    "of_lead",
    "reply",
    "settle",
    "shown",
    "waiting_count",
    "withdraw",
]
