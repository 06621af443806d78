"""Who takes what: shares by region, class or product line, checked before anything moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select

from db.models import ProductLine, User, UserLine
from services import regions, superiors
from services.accounts.fields import GRADES
from services.core import fields
from services.core.access import permissions_of
from services.core.errors import N_, Invalid, Said
from services.core.work import LARGEST_ID, Work

MOST = 20


@dataclass(frozen=True)
class Share:
    """What one person takes: everything, or what lies in these regions, has these classes, is of these product lines."""

    to_user_id: int
    regions: Sequence[str] = ()
    grades: Sequence[str] = ()
    lines: Sequence[str] = ()

    @property
    def narrow(self) -> bool:
        """Whether it names conditions; what names none takes the rest."""
        return bool(self.regions or self.grades or self.lines)


@dataclass(frozen=True)
class Receiver:
    """A share with what its person may hold and whom they may lead."""

    share: Share
    rank: int
    name: str
    lines: frozenset[str]
    permissions: frozenset[str]
    role: Any


def stored(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """As a handover keeps them."""
    return [
        asdict(share) | {name: list(getattr(share, name)) for name in ("regions", "grades", "lines")}
        for share in shares
    ]


def read(kept: Iterable[Mapping[str, Any]]) -> list[Share]:
    """The same, read back."""
    return [Share(**one) for one in kept]


def checked(work: Work, *, person: User, shares: Sequence[Share]) -> list[Receiver]:
    """The receivers in their order; Invalid unless each is active, of the person's branch, and somebody else."""
    if not shares or len(shares) > MOST:
        raise Invalid({"shares": Said(SOMEBODY, most=MOST)})
    _check_conditions(work, shares)
    found = receivers(work, person=person, shares=shares)
    if names := unfit(work, shares=shares, there=found):
        raise Invalid({"shares": Said(UNFIT, name=names)})
    return found


def unfit(work: Work, *, shares: Sequence[Share], there: Sequence[Receiver]) -> list[str]:
    """The names of those in the shares who cannot take anything over."""
    missing = {share.to_user_id for share in shares} - {one.share.to_user_id for one in there}
    names = dict(work.rows(select(User.id, User.name).where(User.id.in_([one for one in missing if _small(one)]))))
    return [names.get(one, "–") for one in sorted(missing)]


def receivers(work: Work, *, person: User, shares: Sequence[Share]) -> list[Receiver]:
    """Those of the shares whose person can take something over today."""
    wanted = {share.to_user_id for share in shares if _small(share.to_user_id)} - {person.id}
    there = (User.id.in_(wanted), User.active, User.branch_id.is_not_distinct_from(person.branch_id))
    found = {row.id: row for row in work.rows(select(User.id, User.name, User.role).where(*there))}
    lines: dict[int, set[str]] = {}
    for user_id, line in work.rows(select(UserLine.user_id, UserLine.line).where(UserLine.user_id.in_(wanted))):
        lines.setdefault(user_id, set()).add(line)
    return [
        Receiver(
            share, 0 if share.narrow else 1, found[share.to_user_id].name, frozenset(lines.get(share.to_user_id, ())),
            permissions_of(found[share.to_user_id].role), found[share.to_user_id].role,
        )
        for share in shares
        if share.to_user_id in found
    ]  # fmt: skip


def queue(work: Work, *, person: User) -> list[Receiver]:
    """Who has what nobody else takes when a planned day comes: a manager of the branch."""
    managers = [one for one in superiors.managers_of(work, branch_id=person.branch_id) if one != person.id]
    found = receivers(work, person=person, shares=[Share(one) for one in managers[:1]])
    return [replace(one, rank=2, lines=frozenset()) for one in found]


def _small(user_id: int) -> bool:
    return 0 < user_id <= LARGEST_ID


def _check_conditions(work: Work, shares: Sequence[Share]) -> None:
    known = set(work.scalars(select(ProductLine.code)))
    for share in shares:
        fit = set(share.grades) <= set(GRADES) and set(share.lines) <= known
        if not fit or not all(regions.name(code) for code in share.regions):
            raise Invalid({"shares": Said(fields.NOT_LISTED)})


SOMEBODY = N_("Please choose who takes over: one person or several, at most {most}.")
UNFIT = N_("{name} cannot take over: the person has to be somebody else, active and of the same branch.")
