"""Accounts: customers and prospects of a branch, with the people who look after them (customers.md)."""

from services.accounts.fields import FIELDS, GRADES, STATUSES, key_of
from services.accounts.listing import LIST, search
from services.accounts.reading import Card, card, contacts_of, picker, team
from services.accounts.staffing import Member, classify, staff, take_off, unstaff
from services.accounts.writing import change, create, delete, set_status

__all__ = [
    "FIELDS",
    "GRADES",
    "LIST",
    "STATUSES",
    "Card",
    "Member",
    "card",
    "change",
    "classify",
    "contacts_of",
    "create",
    "delete",
    "key_of",
    "picker",
    "search",
    "set_status",
    "staff",
    "take_off",
    "team",
    "unstaff",
]
