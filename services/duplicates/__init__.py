"""Duplicates: what may be the same customer, person or interest, and how that is found (ACCT-2, ACCT-3)."""

from services.duplicates.keys import renew_keys

__all__ = ["renew_keys"]
