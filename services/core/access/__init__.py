"""Who may: the one place that decides what a person sees of each record kind and may do to it (ACC-1)."""

from services.core.access.grants import GRANTS, NEEDED, NOT_ALLOWED, STANDS_IN, Actor, Reach, needs, permissions_of
from services.core.access.rows import ACCOMPANYING, PARENTS, READING, bin_scope, criteria, fits_in_for, scope

__all__ = [
    "ACCOMPANYING", "GRANTS", "NEEDED", "NOT_ALLOWED", "PARENTS", "READING", "STANDS_IN", "Actor", "Reach", "bin_scope", "criteria",
    "fits_in_for", "needs", "permissions_of", "scope",
]  # fmt: skip
