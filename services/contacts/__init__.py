"""Contacts: people at accounts, changed by those who have direct business with them (CON-1 to CON-4)."""

from services.contacts.direct_business import changers, why_read_only
from services.contacts.fields import FIELDS, SEXES, key_of
from services.contacts.listing import LIST
from services.contacts.reading import Card, card, picker
from services.contacts.ties import ROLE, SINCE, UNTIL, tie, untie
from services.contacts.writing import change, create

__all__ = [
    "FIELDS",
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
    "key_of",
    "picker",
    "tie",
    "untie",
    "why_read_only",
]
