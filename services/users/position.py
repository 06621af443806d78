"""Where a person may stand: role, branch, superior and lines that fit one another (access.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.models import Branch, ProductLine, Role, User, UserLine
from services.core import fields
from services.core.errors import N_, Invalid, Said
from services.core.work import Work

IN_BRANCH = (Role.REP, Role.SALES_MANAGER, Role.BRANCH_MANAGER)
IN_HEAD_OFFICE = (Role.DATA_ADMINISTRATOR, Role.EXECUTIVE)
WITH_LINES = (Role.REP, Role.SALES_MANAGER)
#: whom a role reports to, if to anybody
REPORTS_TO = {Role.REP: (Role.SALES_MANAGER, Role.BRANCH_MANAGER), Role.SALES_MANAGER: (Role.BRANCH_MANAGER,)}


@dataclass(frozen=True)
class Position:
    """Where a person is to stand, before anything is stored."""

    user_id: int | None
    role: Role
    branch_id: int | None
    superior_id: int | None
    lines: list[str]


def fitting_lines(work: Work, *, user_id: int | None, values: Mapping[str, Any]) -> list[str]:
    """The product lines, in order; Invalid, naming every part of a position that does not fit the rest."""
    if not values.get("role"):
        raise Invalid({"role": Said(fields.REQUIRED)})
    lines = sorted({str(line) for line in values.get("lines") or []})
    wanted = Position(user_id, Role(values["role"]), values.get("branch_id"), values.get("superior_id"), lines)
    problems = {
        "branch_id": _branch_problem(work, wanted),
        "superior_id": _superior_problem(work, wanted),
        "lines": _lines_problem(work, wanted),
    }
    if wrong := {name: said for name, said in problems.items() if said}:
        raise Invalid(wrong)
    return lines


def _branch_problem(work: Work, wanted: Position) -> Said | None:
    if wanted.branch_id is None:
        return Said(NEEDS_BRANCH) if wanted.role in IN_BRANCH else None
    if wanted.role in IN_HEAD_OFFICE:
        return Said(NEEDS_NO_BRANCH)
    known = work.scalar(select(Branch.id).where(Branch.id == wanted.branch_id, Branch.active))
    return None if known else Said(NO_SUCH_BRANCH)


def _superior_problem(work: Work, wanted: Position) -> Said | None:
    """A superior is active, of a fitting role and branch, and not someone below the person."""
    if wanted.superior_id is None:
        return None
    above = work.row(select(User.role, User.branch_id).where(User.id == wanted.superior_id, User.active))
    if above is None:
        return Said(NO_SUCH_SUPERIOR)
    fitting = REPORTS_TO.get(wanted.role)
    if fitting and not (above.role in fitting and above.branch_id == wanted.branch_id):
        return Said(UNFIT_SUPERIOR)
    return Said(CYCLE) if wanted.user_id in _chain(work, wanted.superior_id) else None


def _chain(work: Work, user_id: int | None) -> set[int]:
    """A person and everybody above."""
    seen: set[int] = set()
    while user_id is not None and user_id not in seen:
        seen.add(user_id)
        user_id = work.scalar(select(User.superior_id).where(User.id == user_id))
    return seen


def _lines_problem(work: Work, wanted: Position) -> Said | None:
    if wanted.role not in WITH_LINES:
        return Said(NEEDS_NO_LINES) if wanted.lines else None
    if not wanted.lines:
        return Said(NEEDS_LINES)
    known = set(work.scalars(select(ProductLine.code)))
    return None if set(wanted.lines) <= known else Said(fields.NOT_LISTED)


def lines_of(work: Work, *, user_id: int) -> list[str]:
    """The product lines of a person, in order."""
    return list(work.scalars(select(UserLine.line).where(UserLine.user_id == user_id).order_by(UserLine.line)))


def set_lines(work: Work, *, person: User, lines: Iterable[str]) -> None:
    """Make these the product lines of a person loaded for writing."""
    held = {row.line: row for row in work.scalars(select(UserLine).where(UserLine.user_id == person.id))}
    work.drop(*(row for line, row in held.items() if line not in set(lines)))
    work.also(*(UserLine(user_id=person.id, line=line) for line in sorted(set(lines) - set(held))))


NEEDS_BRANCH = N_("This role belongs to a branch.")
NEEDS_NO_BRANCH = N_("This role belongs to the head office; leave the branch empty.")
NO_SUCH_BRANCH = N_("There is no such branch, or it is closed.")
NO_SUCH_SUPERIOR = N_("There is no such active person.")
UNFIT_SUPERIOR = N_(
    "Reps report to a sales manager or the branch manager of their branch, sales managers to the branch manager."
)
CYCLE = N_("This person stands below the one who is changed; nobody is their own superior.")
NEEDS_LINES = N_("This role needs at least one product line.")
NEEDS_NO_LINES = N_("This role has no product lines.")
