"""Pairs that may be one, page by page, with why and what is needed to judge (ACCT-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, Subquery, exists, func, select, union
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityContact,
    Branch,
    Contact,
    ContactAccount,
    ToldApart,
    User,
)
from services import duplicates, regions
from services.core.access import needs
from services.core.errors import N_, Said, listed
from services.core.listing import rows_of_page
from services.core.work import Work
from services.merging.ties import PAGE, merging_of


@dataclass(frozen=True)
class Half:
    """One record of a pair: numbers and place or e-mail, who looks after it or where they work, when it was last met."""

    id: int
    name: str
    numbers: Sequence[str]
    detail: str
    held_by: str
    last_contact: datetime | None


@dataclass(frozen=True)
class Pair:
    """Two records of one branch that may be one, the older first, and every sign of it."""

    first: Half
    second: Half
    branch: str
    signs: Sequence[Said]


@needs("account.merge")
def pairs(work: Work, *, kind: str, page: int = 1) -> tuple[Sequence[Pair], int]:
    """One page of the pairs of one branch that share name or phone, without those told apart, and how many there are."""
    model = merging_of(kind).model
    found = _not_told_apart(kind, _found(model).subquery())
    wanted = select(found.c.one, found.c.other).order_by(found.c.one, found.c.other)
    rows, total = rows_of_page(work, wanted, page=page, size=PAGE)
    ids = [tuple(row) for row in rows]
    records = _records(work, model, {number for pair in ids for number in pair})
    columns = (Branch.id, Branch.name_en if work.actor.language == "en" else Branch.name)
    branches = dict(tuple(row) for row in work.rows(select(*columns)))
    return [_pair(records[one], records[other], branches) for one, other in ids], total


def _not_told_apart(kind: str, found: Subquery) -> Subquery:
    """Without the pairs of which somebody has said that they are two."""
    said = (ToldApart.kind == kind, ToldApart.first == found.c.one, ToldApart.second == found.c.other)
    return select(found).where(~exists().where(*said).select_from(ToldApart)).subquery()


def _found(model: Any) -> Select[Any] | CompoundSelect[Any]:
    """Each pair once, however many signs it has; every sign is a comparison that an index answers."""
    one, other = model, aliased(model)
    there = (one.deleted_at.is_(None), other.deleted_at.is_(None), one.branch_id == other.branch_id, one.id < other.id)
    ids = (one.id.label("one"), other.id.label("other"))

    def sharing(mine: str, theirs: str) -> Select[Any]:
        return select(*ids).join(other, getattr(one, mine) == getattr(other, theirs)).where(*there)

    if model is Contact:
        return sharing("mobile", "mobile")
    same = (
        ("name_key", "name_key"),
        ("phone", "phone"),
        ("phone", "phone2"),
        ("phone2", "phone"),
        ("phone2", "phone2"),
    )
    return union(*(sharing(mine, theirs) for mine, theirs in same))


def _records(work: Work, model: Any, ids: set[int]) -> Mapping[int, tuple[Any, Half]]:
    """Record and what is shown of it, by number."""
    held, met = (_of_accounts if model is Account else _of_contacts)(work, ids)
    rows = work.scalars(select(model).where(model.id.in_(ids)))
    return {
        row.id: (
            row,
            Half(
                row.id,
                row.name,
                _numbers(row),
                _detail(row),
                listed(held.get(row.id, ()), work.translate),
                met.get(row.id),
            ),
        )
        for row in rows
    }


def halves(work: Work, *, kind: str, ids: set[int]) -> Mapping[int, Half]:
    """What is shown of these records, by number."""
    return {number: half for number, (_row, half) in _records(work, merging_of(kind).model, ids).items()}


def _numbers(row: Any) -> list[str]:
    both = (row.phone, row.phone2) if isinstance(row, Account) else (row.mobile, row.landline)
    return [number for number in both if number]


def _detail(row: Any) -> str:
    more = regions.name(row.city_code) if isinstance(row, Account) else row.email
    return " · ".join(filter(None, (*_numbers(row), more)))


Told = tuple[Mapping[int, Sequence[str]], Mapping[int, datetime]]


def _of_accounts(work: Work, ids: set[int]) -> Told:
    team = select(AccountMember.account_id, User.name).join(User, User.id == AccountMember.user_id)
    names = work.rows(team.where(AccountMember.account_id.in_(ids)).distinct().order_by(User.name))
    last = select(Activity.account_id, func.max(Activity.ended_at)).where(Activity.account_id.in_(ids))
    return _gathered(names), _met(work.rows(last.group_by(Activity.account_id)))


def _of_contacts(work: Work, ids: set[int]) -> Told:
    works = select(ContactAccount.contact_id, Account.name).join(Account, Account.id == ContactAccount.account_id)
    at = work.rows(
        works.where(ContactAccount.contact_id.in_(ids), ContactAccount.until.is_(None)).order_by(Account.name)
    )
    took_part = select(ActivityContact.contact_id, func.max(Activity.ended_at))
    last = took_part.join(Activity, Activity.id == ActivityContact.activity_id).where(
        ActivityContact.contact_id.in_(ids)
    )
    return _gathered(at), _met(work.rows(last.group_by(ActivityContact.contact_id)))


def _gathered(rows: Sequence[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, name in rows:
        found.setdefault(number, []).append(name)
    return found


def _met(rows: Sequence[Any]) -> dict[int, datetime]:
    return {number: last for number, last in rows if last is not None}


def _pair(first: tuple[Any, Half], second: tuple[Any, Half], branches: Mapping[int, str]) -> Pair:
    (one, mine), (other, theirs) = first, second
    return Pair(mine, theirs, branches[one.branch_id], _signs(one, other, set(mine.numbers) & set(theirs.numbers)))


def _signs(one: Any, other: Any, shared: set[str]) -> list[Said]:
    """Why they may be one: the same number, the same name, or, beside a number, a similar one."""
    key = "name_key" if isinstance(one, Account) else "name"
    same = getattr(one, key) is not None and getattr(one, key) == getattr(other, key)
    found = [SAME_NAME] if same else []
    found += [SAME_PHONE] if shared else []
    if not same and duplicates.sound_alike(one.name, other.name):
        found.append(SIMILAR_NAME)
    return [Said(sign) for sign in found]


SAME_NAME, SAME_PHONE, SIMILAR_NAME = N_("same name"), N_("same phone number"), N_("similar name")
