"""A person as the edit drawer knows one."""

from collections.abc import Mapping
from typing import Any

from pages.ui.drawers.edit import Noun
from services import passwords, users
from services.core.errors import N_
from services.core.work import Work


def _read(work: Work, user_id: int) -> tuple[Mapping[str, Any], int]:
    card = users.card(work, user_id=user_id)
    return card, card["version"]


def _create(work: Work, *, values: Mapping[str, Any]) -> int:
    """A person without a usable password: an administrator hands over a code for the first one (SIG-4)."""
    return users.create(work, values=values, password_hash=passwords.NOBODY)


USER = Noun(
    "user",
    N_("New person"),
    (*users.FIELDS, *users.POSITION),
    _read,
    _create,
    users.change,
    lambda _actor: (users.SIGN_IN_NAME,),
)
