"""Who may: the one place that decides what a person sees of each record kind and may do to it (ACC-1)."""

from services.core.access.grants import GRANTS, NEEDED, NOT_ALLOWED, Actor, Reach, needs, permissions_of
from services.core.access.rows import ACCOMPANYING, PARENTS, READING, bin_scope, criteria, scope

__all__ = [
    "ACCOMPANYING", "GRANTS", "NEEDED", "NOT_ALLOWED", "PARENTS", "READING", "Actor", "Reach", "bin_scope", "criteria", "needs",
    "permissions_of", "scope",
]  # fmt: skip
