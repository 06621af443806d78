"""Leads: interests that nobody has qualified yet (leads.md)."""

from services.leads.fields import FIELDS, RATINGS, STATES, URGENCIES, key_of, name_key
from services.leads.writing import change, create

__all__ = ["FIELDS", "RATINGS", "STATES", "URGENCIES", "change", "create", "key_of", "name_key"]
