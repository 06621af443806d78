"""Requests about contacts: deletions that a manager approves, changes that somebody with the right accepts (CON-5, CON-6)."""

from services.contact_requests.asking import ask_deletion, propose, propose_move, withdraw
from services.contact_requests.deciding import accept, approve, decline, refuse
from services.contact_requests.fields import ACCOUNT, ANSWER, KINDS, LEAVING, MOVED, REMARK, STATES
from services.contact_requests.listing import LIST, VIEWS
from services.contact_requests.reading import Entry, count_waiting, entries, of_contact, shown, waiting_count

__all__ = [
    "ACCOUNT",
    "ANSWER",
    "KINDS",
    "LEAVING",
    "LIST",
    "MOVED",
    "REMARK",
    "STATES",
    "VIEWS",
    "Entry",
    "accept",
    "approve",
    "ask_deletion",
    "count_waiting",
    "decline",
    "entries",
    "of_contact",
    "propose",
    "propose_move",
    "refuse",
    "shown",
    "waiting_count",
    "withdraw",
]
