"""Leads: interests that nobody has qualified yet (leads.md)."""

from db.models import LeadState
from services.leads.assigning import Gift, able, assign_to, assignable, give, give_by_decision, tell_assigned
from services.leads.fields import FIELDS, RATINGS, STATES, URGENCIES, key_of
from services.leads.flow import FLOW, OPEN
from services.leads.life import DISQUALIFYING, delete, disqualify, record_contact, release_if_left, reopen
from services.leads.listing import LIST, VIEWS
from services.leads.reading import Card, card, picker
from services.leads.writing import change, create, create_many

__all__ = [
    "DISQUALIFYING",
    "FIELDS",
    "FLOW",
    "LIST",
    "OPEN",
    "RATINGS",
    "STATES",
    "URGENCIES",
    "VIEWS",
    "Card",
    "Gift",
    "LeadState",
    "able",
    "assign_to",
    "assignable",
    "card",
    "change",
    "create",
    "create_many",
    "delete",
    "disqualify",
    "give",
    "give_by_decision",
    "key_of",
    "picker",
    "record_contact",
    "release_if_left",
    "reopen",
    "tell_assigned",
]
