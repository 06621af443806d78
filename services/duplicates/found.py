"""What comparing gives: candidates that the person may see, and for the others only where to ask (ACCT-3, ALL-7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from db.models import Branch, Role, User
from services.core import fields
from services.core.errors import N_, Invalid, Said, listed
from services.core.fields import Field
from services.core.work import Work

MOST = 5
#: asked for when a record is entered although another one looks the same
WHY: tuple[Field, ...] = (Field("duplicate_reason", N_("Reason to enter it nevertheless")),)


@dataclass(frozen=True)
class Candidate:
    """A record in the person's sight that may be the same; a ``strong`` one needs a reason to enter another."""

    kind: str
    id: int
    name: str
    detail: str
    why: Said
    strong: bool
    likeness: float = 1.0


@dataclass(frozen=True)
class Elsewhere:
    """There is one out of the person's sight: in which branch, and whom to ask; nothing else (ALL-7)."""

    branch: str
    ask: str

    @property
    def said(self) -> Said:
        """The sentence for the person."""
        if not self.branch:
            return Said(EXISTS_AT_HEAD_OFFICE, ask=self.ask)
        return Said(EXISTS_ELSEWHERE, branch=self.branch, ask=self.ask)


@dataclass(frozen=True)
class Found:
    """Everything that a person may know about possible duplicates, the likeliest first."""

    candidates: Sequence[Candidate] = ()
    elsewhere: Sequence[Elsewhere] = ()

    @property
    def needs_reason(self) -> bool:
        """Whether entering one nevertheless needs a reason."""
        return bool(self.elsewhere) or any(one.strong for one in self.candidates)


def told(work: Work, candidates: Iterable[Candidate], branches: Iterable[int | None]) -> Found:
    """Each record once with its strongest reason, and each branch once."""
    best: dict[tuple[str, int], Candidate] = {}
    for one in sorted(candidates, key=lambda one: (not one.strong, -one.likeness, one.kind, one.id)):
        best.setdefault((one.kind, one.id), one)
    return Found(list(best.values())[:MOST], list(elsewhere(work, branches=branches).values()))


def why(reason: str | None) -> dict[str, str | None]:
    """The reason to enter a record nevertheless, in stored form."""
    return fields.checked(WHY, {"duplicate_reason": reason})


def demand_reason(found: Found, reason: str | None) -> dict[str, tuple[None, str]]:
    """What the reason adds to the story of a new record.

    Invalid, naming what the person may know, when a reason is needed and missing (ACCT-3).
    """
    if found.needs_reason and not reason:
        raise Invalid({"duplicate_reason": _named(found)})
    return {"duplicate_reason": (None, reason)} if reason else {}


def _named(found: Found) -> Said:
    names = [one.name for one in found.candidates if one.strong]
    parts = [Said(THERE_IS, names=names)] if names else []
    parts += [one.said for one in found.elsewhere]
    said = parts.pop()
    for part in reversed(parts):
        said = Said("{first} {rest}", first=part, rest=said)
    return Said(NEEDS_REASON, found=said)


def elsewhere(work: Work, *, branches: Iterable[int | None]) -> Mapping[int | None, Elsewhere]:
    """For each branch its managers; where there is none, and for what has no branch yet, the data administrators."""
    wanted = set(branches)
    if not wanted:
        return {}
    names = {row.id: row for row in work.rows(select(Branch.id, Branch.name, Branch.name_en))}
    asked = _people(work, wanted - {None})
    return {
        branch: Elsewhere(
            _branch(work, names.get(branch)), listed(asked.get(branch) or asked.get(None) or ["–"], work.translate)
        )
        for branch in sorted(wanted, key=lambda branch: branch or 0)
    }


def _branch(work: Work, row: Any) -> str:
    if row is None:
        return ""
    return str(row.name_en if work.actor.language == "en" else row.name)


def _people(work: Work, branches: set[int | None]) -> dict[int | None, list[str]]:
    managers = (User.role == Role.BRANCH_MANAGER) & User.branch_id.in_(branches)
    wanted = select(User.branch_id, User.role, User.name).where(
        User.active, or_(managers, User.role == Role.DATA_ADMINISTRATOR)
    )
    found: dict[int | None, list[str]] = {}
    for row in work.rows(wanted.order_by(User.name)):
        found.setdefault(row.branch_id if row.role is Role.BRANCH_MANAGER else None, []).append(row.name)
    return found


EXISTS_ELSEWHERE = N_("Exists in branch {branch}; ask {ask}.")
EXISTS_AT_HEAD_OFFICE = N_("Exists without a branch yet; ask {ask}.")
THERE_IS = N_("There is already {names}.")
NEEDS_REASON = N_("{found} Open that one, or say why it is entered nevertheless.")
