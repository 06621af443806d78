"""Activities: planned, assigned, carried out, ended, reviewed (ACT-1 to ACT-16)."""

from db.models import ActivityState, Priority
from services.activities.answering import cancel, decline, delegate_many, hand_over, insist, reassign, withdraw
from services.activities.carrying_out import accept, end, finish, start
from services.activities.fields import FEEDBACK, FIELDS, STATES
from services.activities.flow import FLOW, allowed
from services.activities.handing_over import give_back, take_over
from services.activities.listing import LIST
from services.activities.planning import assign, change, plan, plan_many, reschedule
from services.activities.reading import AtAccount, at_account, card, follow_up_values, plan_of, timeline, today
from services.activities.reviewing import review
from services.activities.watching import Watch, attention, news, watch

__all__ = [
    "FEEDBACK",
    "FIELDS",
    "FLOW",
    "LIST",
    "STATES",
    "ActivityState",
    "AtAccount",
    "Priority",
    "Watch",
    "accept",
    "allowed",
    "assign",
    "at_account",
    "attention",
    "cancel",
    "card",
    "change",
    "decline",
    "delegate_many",
    "end",
    "finish",
    "follow_up_values",
    "give_back",
    "hand_over",
    "insist",
    "news",
    "plan",
    "plan_many",
    "plan_of",
    "reassign",
    "reschedule",
    "review",
    "start",
    "take_over",
    "timeline",
    "today",
    "watch",
    "withdraw",
]
