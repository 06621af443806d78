"""The directory: who there is to choose, and one person in full."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from db.models import Branch, User
from services.core.access import needs
from services.core.listing import contains
from services.core.text import folded
from services.core.work import Work
from services.users.listing import has_line
from services.users.position import lines_of

MOST = 300
IN_PICKERS = (User.id, User.name, User.role, User.branch_id)


def colleagues(
    work: Work,
    *,
    words: str = "",
    branch_id: int | None = None,
    roles: Iterable[str] = (),
    line: str = "",
    limit: int = MOST,
) -> Sequence[Any]:
    """Active people for pickers, by name or pinyin: of one's own branch, or for people of the head office of all or of one.

    Rows of id, name, role, branch_id.
    """
    branch = work.actor.branch_id or branch_id
    conditions = [User.active, *([User.branch_id == branch] if branch else [])]
    conditions += [contains(User.search_key)(folded(words))] if words.strip() else []
    conditions += [User.role.in_(list(roles))] if roles else []
    conditions += [has_line(work, line)] if line else []
    return work.rows(select(*IN_PICKERS).where(*conditions).order_by(User.name, User.id).limit(limit))


def named(work: Work, *, ids: Iterable[int]) -> Sequence[Any]:
    """These people, active or not and of any branch, as records name them; rows as of `colleagues`."""
    return work.rows(select(*IN_PICKERS).where(User.id.in_(list(ids))))


def branch_names(work: Work) -> tuple[str, str] | None:
    """Name and English name of the actor's branch; None in the head office."""
    row = work.row(select(Branch.name, Branch.name_en).where(Branch.id == work.actor.branch_id))
    return (row.name, row.name_en) if row else None


@needs("user.administer")
def card(work: Work, *, user_id: int) -> dict[str, Any]:
    """Everything about one person that an administrator sees and changes."""
    person = work.get(User, user_id)
    shown = (
        "id",
        "login",
        "name",
        "email",
        "mobile",
        "language",
        "role",
        "branch_id",
        "superior_id",
        "active",
        "demo",
        "lead_capacity",
    )
    more = {"must_change_password": person.must_change_password, "version": person.version}
    return {name: getattr(person, name) for name in shown} | more | {"lines": lines_of(work, user_id=user_id)}
