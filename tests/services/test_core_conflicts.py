"""What the database refuses comes out in words, alike on SQLite and PostgreSQL (ALL-6)."""

from collections.abc import Callable

import pytest

from db.base import Model
from db.models import AccountMember, Activity, ActivityHolding, Branch, CodeValue, ContactAccount, User
from services.core.conflicts import UNIQUE
from services.core.errors import Invalid, Refused, Stale
from services.core.work import Work, work_as_system
from tests.factories import NOW, Make, World


def store(*rows: Model) -> None:
    with work_as_system("a test breaks a rule", at=NOW) as work:
        work.also(*rows)


def test_second_row_with_a_unique_value_names_its_field(world: World) -> None:
    with pytest.raises(Invalid) as error:
        store(Branch(code="NJ", name="x", name_en="x"))
    assert set(error.value.fields) == {"code"}
    with pytest.raises(Invalid) as error:
        store(CodeValue(list="activity_type", code="visit", label_zh="x", label_en="x"))
    assert set(error.value.fields) == {"code"}


def test_taken_sign_in_name_is_named(world: World) -> None:
    with pytest.raises(Invalid) as error:
        store(
            User(login="anna", name="Anna Two", role="rep", branch_id=world.nanjing, password_hash="", created_at=NOW)
        )
    assert set(error.value.fields) == {"login"}


def test_line_of_an_account_belongs_to_one_person(world: World, make: Make) -> None:
    """customers.md: one person per product line."""
    account_id = make.account(team={world.anna: "machines"})
    with pytest.raises(Invalid) as error:
        store(AccountMember(account_id=account_id, user_id=world.ben, line="machines"))
    assert set(error.value.fields) == {"line"}
    store(AccountMember(account_id=account_id, user_id=world.pia, line="parts"))


def test_credit_code_is_free_again_when_its_account_is_deleted(world: World, make: Make) -> None:
    """ALL-8: a deleted record never blocks its unique values."""
    code = "91320100MA1MX0000X"
    make.account("First", credit_code=code)
    with pytest.raises(Invalid) as error:
        make.account("Second", credit_code=code)
    assert set(error.value.fields) == {"credit_code"}
    make.account("Deleted", credit_code="91320100MA1MX0001X", deleted_at=NOW)
    make.account("Third", credit_code="91320100MA1MX0001X")


def test_every_message_of_the_table_is_about_a_field() -> None:
    assert all(field and message for _, field, message in UNIQUE.values())


def test_second_holder_is_a_conflict_of_two_people(world: World, make: Make) -> None:
    """What must not happen: two reps holding one activity."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Stale):
        store(ActivityHolding(activity_id=activity_id, user_id=world.ben, since_at=NOW))


BROKEN: dict[str, Callable[[Work, int], object]] = {
    "missing row": lambda work, activity_id: setattr(work.get(Activity, activity_id), "account_id", 999_999),
    "ends before it starts": lambda work, activity_id: setattr(work.get(Activity, activity_id), "planned_end", NOW),
    "attitude out of range": lambda work, activity_id: setattr(work.get(Activity, activity_id), "attitude", 6),
    "negative hours": lambda work, activity_id: setattr(work.get(Activity, activity_id), "machine_hours", -1),
    "own follow-up": lambda work, activity_id: setattr(work.get(Activity, activity_id), "follows_id", activity_id),
    "declined without a reason": lambda work, activity_id: setattr(
        work.get(Activity, activity_id), "state", "declined"
    ),
    "cancelled without a reason": lambda work, activity_id: setattr(
        work.get(Activity, activity_id), "state", "cancelled"
    ),
    "ended without feedback": lambda work, activity_id: setattr(work.get(Activity, activity_id), "state", "ended"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_broken_rule_is_refused_in_words(world: World, make: Make, how: str) -> None:
    """The database keeps the promises it can; its constraint is named, and no driver's error comes through."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Refused) as error, work_as_system("a test breaks a rule", at=NOW) as work:
        BROKEN[how](work, activity_id)
    assert "?" not in str(error.value)


def test_text_that_no_column_holds_is_refused_or_kept_whole(world: World, make: Make) -> None:
    """SQLite keeps any length, PostgreSQL refuses; neither cuts, and no driver's error comes through."""
    activity_id = make.activity(world.anna)
    try:
        with work_as_system("a test writes past every check", at=NOW) as work:
            work.get(Activity, activity_id).subject = "x" * 10_000
    except Refused:
        return
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert len(work.get(Activity, activity_id).subject) == 10_000


def test_two_main_accounts_are_refused(world: World, make: Make) -> None:
    contact_id = make.contact(make.account())
    with pytest.raises(Refused):
        store(ContactAccount(contact_id=contact_id, account_id=make.account("Other"), main=True))
