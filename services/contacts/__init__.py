"""Contacts: people at accounts, changed by those who have direct business with them (CON-1 to CON-4)."""

from services.contacts.direct_business import changers, who_can_change, why_read_only
from services.contacts.fields import FIELDS, LINES, SEXES, key_of
from services.contacts.listing import LIST, search
from services.contacts.reading import Card, card, picker
from services.contacts.ties import ROLE, SINCE, UNTIL, main_account_id, mains_of, move, tie, untie
from services.contacts.writing import change, create, difference, lines_of

__all__ = [
    "FIELDS",
    "LINES",
    "LIST",
    "ROLE",
    "SEXES",
    "SINCE",
    "UNTIL",
    "Card",
    "card",
    "change",
    "changers",
    "create",
    "difference",
    "key_of",
    "lines_of",
    "main_account_id",
    "mains_of",
    "move",
    "picker",
    "search",
    "tie",
    "untie",
    "who_can_change",
    "why_read_only",
]
