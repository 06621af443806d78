"""Duplicates: what may be the same customer, person or interest, and how that is found (ACCT-2, ACCT-3)."""

from services.duplicates.comparing import of_account, of_contact, of_lead
from services.duplicates.found import WHY, Candidate, Elsewhere, Found, demand_reason, elsewhere, why
from services.duplicates.keys import renew_keys
from services.duplicates.likeness import remember, remember_new, sound_alike

__all__ = [
    "WHY",
    "Candidate",
    "Elsewhere",
    "Found",
    "demand_reason",
    "elsewhere",
    "of_account",
    "of_contact",
    "of_lead",
    "remember",
    "remember_new",
    "renew_keys",
    "sound_alike",
    "why",
]
