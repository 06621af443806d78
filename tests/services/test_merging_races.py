"""Somebody works with a record at the moment at which it becomes part of another one (ACCT-4): nothing hangs on what is gone."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from services import accounts, activities, attachments, contacts, leads, merging
from services.accounts import Member
from services.core.errors import ServiceError
from services.core.work import Work, work_as_system
from services.merging.ties import TIES
from tests.factories import NOW, As, Make, World
from tests.races import meanwhile
from tests.services.merges import problems
from tests.stories import plan_values

pytestmark = pytest.mark.walk

Child = Callable[[Work, World, int, int], Any]
PDF = b"%PDF-1.4 x"
PHONE = {"line": "machines", "mobile": "13912345678"}
#: what can come to hang on a customer; given the customer and a contact of another one
ON_ACCOUNT: Mapping[str, Child] = {
    "contact": lambda work, _world, gone, _other: contacts.create(work, account_id=gone, values={"name": "李明"}),
    "tie": lambda work, _world, gone, other: contacts.tie(work, contact_id=other, account_id=gone),
    "move": lambda work, _world, gone, other: contacts.move(work, contact_id=other, account_id=gone),
    "activity": lambda work, world, gone, _other: activities.plan(work, values=plan_values(world, account_id=gone)),
    "below": lambda work, _world, gone, _other: accounts.create(work, values={"name": "大地土方", "parent_id": gone}),
    "lead": lambda work, _world, gone, _other: leads.create(work, values={**PHONE, "referred_by_account_id": gone}),
    "file": lambda work, _world, gone, _other: attachments.add(work, name="a.pdf", data=PDF, account_id=gone),
    "team": lambda work, world, gone, _other: accounts.staff(
        work, account_id=gone, member=Member(world.ben, "machines")
    ),
}
#: what can come to hang on a contact; given the contact and its customer
ON_CONTACT: Mapping[str, Child] = {
    "activity": lambda work, world, gone, account: activities.plan(
        work, values=plan_values(world, account_id=account), contact_ids=[gone]
    ),
    "tie": lambda work, _world, gone, account: contacts.tie(work, contact_id=gone, account_id=account, role="x"),
    "below": lambda work, _world, gone, account: contacts.create(
        work, account_id=account, values={"name": "李明", "reports_to_id": gone}
    ),
    "lead": lambda work, _world, gone, _account: leads.create(work, values={**PHONE, "referred_by_contact_id": gone}),
    "file": lambda work, _world, gone, _account: attachments.add(work, name="a.pdf", data=PDF, contact_id=gone),
}  # fmt: skip


def actor(world: World, name: str) -> int:
    """Who does it: contacts are entered by reps."""
    return world.anna if name in ("contact", "below") else world.mia


def hanging(kind: str, gone: int) -> list[str]:
    """What still hangs on it."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        counts = {
            t.label: work.scalar(select(func.count()).select_from(t.model).where(t.names == gone)) for t in TIES[kind]
        }
    return [label for label, count in counts.items() if count]


def story(
    kind: str, name: str, world: World, make: Make
) -> tuple[int, int, Callable[[Work], Any], Callable[[Work], Any]]:
    """The two records, what merges them, and what is done with the one that goes."""
    first, second = make.account("徐工机械有限公司"), make.account("徐工机械集团")
    if kind == "account":
        kept, gone, other, act = first, second, make.contact(make.account("别的公司")), ON_ACCOUNT[name]
    else:
        kept, gone, other, act = make.contact(first, lines=[]), make.contact(second, lines=[]), second, ON_CONTACT[name]
    return (
        kept, gone, lambda work: merging.merge(work, kind=kind, kept_id=kept, gone_id=gone),
        lambda work: act(work, world, gone, other),
    )  # fmt: skip


CASES = [*(("account", name) for name in ON_ACCOUNT), *(("contact", name) for name in ON_CONTACT)]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_used_while_it_is_merged_away(kind: str, name: str, world: World, make: Make, as_: As) -> None:
    """ACCT-4: whoever comes too late is told, and nothing hangs on a record that nobody sees any more."""
    _kept, gone, merge, act = story(kind, name, world, make)

    def late() -> None:
        with as_(actor(world, name)) as work:
            act(work)

    assert isinstance(meanwhile(as_(world.adam), merge, late), ServiceError)
    assert hanging(kind, gone) == []
    assert problems() == []


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_merged_away_while_it_is_used(kind: str, name: str, world: World, make: Make, as_: As) -> None:
    """ACCT-4: what was there first moves along."""
    _kept, gone, merge, act = story(kind, name, world, make)

    def late() -> Any:
        with as_(world.adam) as work:
            return merge(work)

    assert isinstance(meanwhile(as_(actor(world, name)), act, late), int)
    assert hanging(kind, gone) == []
    assert problems() == []
