"""People who sign in: who they are, where they stand, whether they may come in (ADM-1, ACC-4, ACC-6, SIG-4)."""

from services.users.administering import (
    activate,
    change,
    change_own,
    choose_language,
    create,
    deactivate,
    reset_password,
    sign_out,
)
from services.users.fields import ALL, FIELDS, POSITION, ROLES, SIGN_IN_NAME
from services.users.listing import LIST, page
from services.users.reading import branch_names, card, colleagues, named

__all__ = [
    "ALL",
    "FIELDS",
    "LIST",
    "POSITION",
    "ROLES",
    "SIGN_IN_NAME",
    "activate",
    "branch_names",
    "card",
    "change",
    "change_own",
    "choose_language",
    "colleagues",
    "create",
    "deactivate",
    "named",
    "page",
    "reset_password",
    "sign_out",
]
