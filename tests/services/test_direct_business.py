"""Direct business: who may change a contact, to the moment at which the tie ends; and why not (CON-4)."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Role, User
from services import accounts, contacts
from services.accounts import Member
from services.core.errors import NotFound, Refused, ServiceError
from services.core.work import Work, work_as_system
from tests.conftest import As
from tests.factories import Make, World


@pytest.fixture
def account(make: Make, world: World) -> int:
    return make.account(team={world.anna: "machines", world.pia: "parts"})


@pytest.fixture
def contact(make: Make, account: int) -> int:
    return make.contact(account, "王建国", lines=("machines",))


@pytest.fixture
def may_change(as_: As, contact: int) -> Callable[[int], bool]:
    """Tries it, as the person would."""

    def attempt(person: int) -> bool:
        try:
            with as_(person) as work:
                contacts.change(work, contact_id=contact, changes={"notes": f"seen by {person}"})
        except ServiceError:
            return False
        return True

    return attempt


def why(as_: As, person: int, contact: int) -> str:
    with as_(person, readonly=True) as work:
        said = contacts.why_read_only(work, contact_id=contact)
        return said.text(lambda message: message) if said else ""


def test_the_tie_gives_the_right(may_change: Callable[[int], bool], world: World) -> None:
    """CON-4: on the team for a line that the contact deals with; who leads such a rep; manager; data administrator."""
    assert {name for name, person in world.people.items() if may_change(person)} == {"anna", "sun", "mia", "adam"}


def test_the_team_of_another_line_has_no_tie(
    as_: As, make: Make, world: World, may_change: Callable[[int], bool], contact: int
) -> None:
    """CON-4: the parts rep of the same customer, until the contact deals with parts."""
    assert not may_change(world.pia)
    with as_(world.anna) as work:
        contacts.change(work, contact_id=contact, changes={"lines": ["machines", "parts"]})
    assert may_change(world.pia)


def test_the_right_ends_when_the_team_member_goes(
    as_: As, world: World, may_change: Callable[[int], bool], account: int
) -> None:
    """CON-4: at that moment, and passes to who takes over."""
    assert may_change(world.anna)
    with as_(world.mia) as work:
        accounts.staff(work, account_id=account, member=Member(world.ben, "machines"))
    assert (may_change(world.anna), may_change(world.ben)) == (False, True)
    with as_(world.mia) as work:
        member = next(row.id for row in accounts.team(work, account_id=account) if row.user_id == world.ben)
        accounts.unstaff(work, account_id=account, member_id=member)
    assert (may_change(world.ben), may_change(world.sun), may_change(world.mia)) == (False, False, True)


@pytest.mark.parametrize("change", [{"branch": "hefei"}, {"role": Role.MARKETING}, {"active": False}])
def test_the_right_ends_when_the_person_moves_changes_or_leaves(
    world: World, may_change: Callable[[int], bool], change: dict[str, Any]
) -> None:
    """CON-4, ACC-4: at the next act, although the team still names the person."""
    assert may_change(world.anna)
    with work_as_system("a test moves Anna") as work:
        person = work.scalar(select(User).where(User.id == world.anna))
        for name, value in change.items():
            setattr(person, "branch_id" if name == "branch" else name, world.hefei if name == "branch" else value)
    assert not may_change(world.anna)


def test_the_right_ends_when_the_contact_moves_to_another_customer(
    as_: As, world: World, make: Make, may_change: Callable[[int], bool], contact: int
) -> None:
    """CON-4: and begins for who looks after the new one, at that moment."""
    other = make.account("乙公司", team={world.ben: "machines"})
    assert (may_change(world.anna), may_change(world.ben)) == (True, False)
    with as_(world.anna) as work:
        contacts.move(work, contact_id=contact, account_id=other)
    assert (may_change(world.anna), may_change(world.ben)) == (False, True)


def test_the_right_ends_when_the_line_goes(
    as_: As, world: World, may_change: Callable[[int], bool], contact: int
) -> None:
    """CON-4: also for the one who took the line away."""
    with as_(world.anna) as work:
        contacts.change(work, contact_id=contact, changes={"lines": ["parts"]})
    assert (may_change(world.anna), may_change(world.pia)) == (False, True)


def test_the_right_ends_when_the_contact_leaves(
    as_: As, world: World, may_change: Callable[[int], bool], account: int, contact: int
) -> None:
    """CON-4."""
    with as_(world.anna) as work:
        contacts.untie(work, contact_id=contact, account_id=account)
    assert not may_change(world.anna)
    with as_(world.mia) as work:
        contacts.tie(work, contact_id=contact, account_id=account)
    assert may_change(world.anna)


def test_a_team_without_a_line_is_no_tie(
    as_: As, world: World, make: Make, may_change: Callable[[int], bool], account: int
) -> None:
    """CON-4: the tie is for a product line."""
    with as_(world.mia) as work:
        accounts.staff(work, account_id=account, member=Member(world.ben))
    assert not may_change(world.ben)


def give_away_and_take_back(work: Work, contact: int) -> None:
    for lines in ([], ["machines"]):
        contacts.change(work, contact_id=contact, changes={"lines": lines})


def test_the_right_covers_ties_and_ends_within_the_same_work(as_: As, make: Make, world: World, contact: int) -> None:
    """CON-4: asked anew for every act, also inside one transaction."""
    other = make.account("乙公司")
    for person in (world.ben, world.ruth, world.eva):
        with pytest.raises(Refused), as_(person) as work:
            contacts.tie(work, contact_id=contact, account_id=other)
    with pytest.raises(Refused), as_(world.anna) as work:
        give_away_and_take_back(work, contact)
    with as_(world.anna, readonly=True) as work:
        assert contacts.card(work, contact_id=contact).values["lines"] == ["machines"]


def test_the_reason_names_who_can_change_it(as_: As, world: World, account: int, contact: int) -> None:
    """CON-4: the people with direct business; without any, the branch manager."""
    assert why(as_, world.anna, contact) == why(as_, world.mia, contact) == ""
    for person in (world.pia, world.ben, world.ruth, world.eva, world.hanna):
        assert why(as_, person, contact) == (
            "You have no direct business with 王建国 at present. Anna can change this contact."
        )
    with as_(world.anna) as work:
        contacts.change(work, contact_id=contact, changes={"lines": []})
    told = why(as_, world.anna, contact)
    assert "Nobody has direct business" in told
    assert "Mia" in told
    with pytest.raises(NotFound):
        why(as_, world.carl, contact)


def test_who_has_left_is_not_named(as_: As, world: World, contact: int) -> None:
    """CON-4, ACC-4."""
    with work_as_system("a test lets Anna go") as work:
        work.scalar(select(User).where(User.id == world.anna)).active = False
    assert "Anna" not in why(as_, world.ben, contact)


def test_who_has_moved_or_changed_roles_is_not_named(as_: As, world: World, contact: int) -> None:
    """CON-4: the team row is still there, the right is not."""
    with work_as_system("a test moves Anna") as work:
        work.scalar(select(User).where(User.id == world.anna)).branch_id = world.hefei
    assert "Anna" not in why(as_, world.ben, contact)


def test_the_team_of_a_deleted_customer_has_no_business(
    as_: As, world: World, account: int, contact: int, may_change: Callable[[int], bool]
) -> None:
    """CON-4, ALL-8."""
    assert may_change(world.anna)
    with as_(world.mia) as work:
        accounts.delete(work, account_id=account, reason="Doubled")
    assert not may_change(world.anna)


def test_the_card_agrees_with_the_service(
    as_: As, make: Make, world: World, may_change: Callable[[int], bool], contact: int
) -> None:
    """ACC-1: button, reason and service say the same for everybody, with and without lines."""
    for lines, (name, person) in product(([], ["parts"], ["machines"]), world.people.items()):
        with as_(world.mia) as work:
            contacts.change(work, contact_id=contact, changes={"lines": lines})
        try:
            with as_(person, readonly=True) as work:
                card = contacts.card(work, contact_id=contact)
        except NotFound:
            assert not may_change(person), name
            continue
        assert ("change" in card.allowed) == (card.read_only is None) == may_change(person), (name, lines)
