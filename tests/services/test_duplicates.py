"""Possible duplicates while something is typed: found, ranked, and nothing told beyond sight (ACCT-3, ALL-7)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import Account, Lead, NameTrace, User
from services import accounts, contacts, conversion, duplicates, formats, leads
from services.core import events
from services.core.errors import Invalid, Refused
from services.core.work import Work, work_as_system
from services.duplicates import Found
from tests.factories import NOW, As, Make, World, as_person
from tests.races import meanwhile
from tests.services.converting import lead
from tests.stage import Stage

CODE = "91350100M000100Y43"
PHONE = "13801395136"


def seen(found: Found) -> list[tuple[str, int, str, bool]]:
    """What is shown, as plain values."""
    return [(one.kind, one.id, one.why.message, one.strong) for one in found.candidates]


def asked(found: Found) -> list[str]:
    return [repr(one.said) for one in found.elsewhere]


# --- customers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "why", "strong"),
    [
        ({"name": "徐工(安徽)机械股份公司"}, "same name", True),
        ({"name": "别的公司", "phone": "138 0139 5136"}, "same phone number", True),
        ({"name": "别的公司", "phone2": "+86 13801395136"}, "same phone number", True),
        ({"name": "别的公司", "credit_code": CODE.lower()}, "same credit code", True),
        ({"name": "徐工安徽重机械有限公司"}, "similar name", False),
        ({"name": "徐工安徵机械有限公司"}, "similar name", False),
        ({"name": "许公安徽机械有限公司"}, "similar name", False),
        ({"name": "合肥徐工安徽工程有限公司"}, "similar name", False),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_what_was_typed(
    world: World, make: Make, as_: As, typed: dict[str, Any], why: str, strong: bool
) -> None:
    """ACCT-3: name without its form, phone and code in any writing; by one character more, less or other, and by sound."""
    account_id = make.account("徐工（安徽）机械有限公司", phone=PHONE, credit_code=CODE, team={world.anna: "machines"})
    make.account("宏达混凝土有限公司")
    with as_(world.ben, readonly=True) as work:
        found = duplicates.of_account(work, values=typed)
    assert seen(found) == [("account", account_id, why, strong)]
    assert found.candidates[0].detail == "Anna"
    assert found.needs_reason is strong


@pytest.mark.parametrize("typed", [{}, {"name": "  "}, {"name": "三一重机", "phone": "138"}, {"credit_code": "913"}])
def test_what_is_half_typed_finds_nothing(world: World, make: Make, as_: As, typed: dict[str, Any]) -> None:
    """ACCT-3: and raises nothing."""
    make.account("徐工机械有限公司", phone=PHONE)
    with as_(world.anna, readonly=True) as work:
        assert duplicates.of_account(work, values=typed) == Found([], [])


def test_leads_and_contacts_hint_at_a_customer(world: World, make: Make, as_: As) -> None:
    """ACCT-3: in sight, without asking for a reason."""
    mine = make.lead(world.anna, company="大地土方有限公司", mobile="13700000001")
    make.lead(world.ben, company="大地土方有限公司", mobile="13700000002")
    contact_id = make.contact(make.account("别的公司"), mobile=PHONE)
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_account(work, values={"name": "大地土方", "phone": PHONE})
    assert sorted(seen(found)) == [
        ("contact", contact_id, "same phone number", False),
        ("lead", mine, "same name", False),
    ]
    assert not found.needs_reason


def test_a_deleted_customer_is_no_duplicate(world: World, make: Make, as_: As) -> None:
    """ALL-8: neither by name nor by sound."""
    make.account("徐工机械有限公司", phone=PHONE, deleted_at=NOW)
    with as_(world.anna, readonly=True) as work:
        assert duplicates.of_account(work, values={"name": "徐工机械", "phone": PHONE}) == Found([], [])


# --- out of sight ----------------------------------------------------------------------------------------------------


def test_of_another_branch_only_where_and_whom_to_ask(world: World, make: Make, as_: As) -> None:
    """ALL-7: one line a branch, however many there are and whatever they have in common."""
    for name in ("徐工机械有限公司", "徐工机械集团", "别的公司"):
        make.account(name, branch_id=world.hefei, phone=PHONE)
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_account(work, values={"name": "徐工机械", "phone": PHONE})
    assert (seen(found), found.needs_reason) == ([], True)
    assert asked(found) == ["Said('Exists in branch Hefei; ask Max.')"]


def test_who_works_at_a_customer_out_of_sight_is_not_told(world: World, make: Make, as_: As) -> None:
    """ALL-7: asked with the number of another branch's customer, the name of a person there finds nothing."""
    theirs = make.account(branch_id=world.hefei)
    make.contact(theirs, "李强", mobile="13811111111")
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_contact(work, values={"name": "李强"}, account_id=theirs)
        assert list(found.candidates) == list(found.elsewhere) == []
        assert duplicates.of_contact(work, values={"name": "李强", "mobile": "13811111111"}).elsewhere


def test_a_similar_name_elsewhere_is_not_told(world: World, make: Make, as_: As) -> None:
    """ALL-7: nobody fishes for the customers of another branch; the data administrator sees them."""
    account_id = make.account("徐工安徽机械有限公司", branch_id=world.hefei)
    typed = {"name": "徐工安徵机械"}
    with as_(world.anna, readonly=True) as work:
        assert duplicates.of_account(work, values=typed) == Found([], [])
    with as_(world.adam, readonly=True) as work:
        assert seen(duplicates.of_account(work, values=typed)) == [("account", account_id, "similar name", False)]


def test_a_colleagues_lead_is_told_by_branch_alone(world: World, make: Make, as_: As) -> None:
    """ALL-7: a rep sees own leads only; who else has one says the branch manager."""
    make.lead(world.ben, company="大地土方有限公司", mobile=PHONE)
    make.lead(branch_id=None, mobile=PHONE)
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_lead(work, values={"mobile": PHONE})
    assert seen(found) == []
    assert asked(found) == [
        "Said('Exists without a branch yet; ask Adam.')",
        "Said('Exists in branch Nanjing; ask Mia.')",
    ]


@given(
    where=st.lists(st.tuples(st.sampled_from(["nanjing", "hefei"]), st.integers(0, 3)), max_size=5),
    typed=st.integers(0, 3),
    person=st.sampled_from(["anna", "carl", "mia", "max", "sun"]),
)
def test_nobody_learns_more_than_branch_and_whom_to_ask(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, where: list[tuple[str, int]], typed: int, person: str
) -> None:
    """ALL-7: what is told of out of sight is the same for one record, for many, and for whatever stands in them."""
    names = ["徐工机械有限公司", "三一重机有限公司", "大地土方有限公司", "宏达路桥有限公司"]
    with stage.fresh(tmp_path_factory.mktemp("doubles")):
        company = stage.world
        for number, (branch, name) in enumerate(where):
            Make(company).account(
                names[name], branch_id=getattr(company, branch), phone=PHONE, notes=f"secret {number}",
                team={company.carl if branch == "hefei" else company.anna: "machines"},
            )  # fmt: skip
        with as_person(company.people[person], readonly=True) as work:
            found = duplicates.of_account(work, values={"name": names[typed], "phone": "13900000000"})
            visible = set(work.scalars(select(Account.id)))
    home = "hefei" if person in ("carl", "max") else "nanjing"
    others = {branch for branch, name in where if name == typed and branch != home}
    assert {one.id for one in found.candidates} <= visible
    manager = {"hefei": ("Hefei", "Max"), "nanjing": ("Nanjing", "Mia")}
    assert [(one.branch, one.ask) for one in found.elsewhere] == [manager[branch] for branch in sorted(others)]
    if not others:
        assert found.elsewhere == []


# --- contacts and leads ----------------------------------------------------------------------------------------------


def test_a_person_is_found_by_mobile_name_and_sound(world: World, make: Make, as_: As) -> None:
    """ACCT-3: the same mobile, or the same name at the same customer, is strong; a namesake elsewhere is not."""
    here, there = make.account("徐工机械有限公司"), make.account("三一重机有限公司")
    wang, namesake = make.contact(here, "王建国", mobile=PHONE), make.contact(there, "王建国")

    def found(account_id: int, **values: str) -> list[tuple[str, int, str, bool]]:
        with as_(world.anna, readonly=True) as work:
            return seen(duplicates.of_contact(work, values=values, account_id=account_id))

    assert found(there, name="李明", mobile="+86 138 0139 5136") == [("contact", wang, "same phone number", True)]
    strong, weak = ("contact", wang, "same name", True), ("contact", namesake, "same name", False)
    assert found(here, name="王建国") == [strong, weak]
    assert found(here, name="王健国") == [("contact", wang, "similar name", False)]
    assert found(here, name="李建国") == []


def test_an_interest_is_compared_with_leads_customers_and_contacts(world: World, make: Make, as_: As) -> None:
    """ACCT-3: and not with leads that were converted, which are customers by now."""
    account_id = make.account("大地土方有限公司")
    contact_id = make.contact(account_id, mobile=PHONE)
    lead_id = make.lead(world.anna, mobile=PHONE, company="三一重机")
    make.lead(world.anna, mobile=PHONE, state="converted", converted_at=NOW)
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_lead(work, values={"company": "大地土方集团", "mobile": PHONE})
    assert sorted(seen(found)) == [
        ("account", account_id, "same name", True),
        ("contact", contact_id, "same phone number", True),
        ("lead", lead_id, "same phone number", True),
    ]


# --- a reason --------------------------------------------------------------------------------------------------------


def test_another_one_needs_a_reason_that_is_kept(world: World, make: Make, as_: As) -> None:
    """ACCT-3: refused with what the person may know, beside the field for the reason; with one it is stored and told."""
    make.account("徐工机械有限公司")
    make.account("徐工机械", branch_id=world.hefei)
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        accounts.create(work, values={"name": "徐工机械集团"})
    assert list(refused.value.fields) == ["duplicate_reason"]
    assert "There is already 徐工机械有限公司. Exists in branch Hefei; ask Max." in str(refused.value)
    with as_(world.anna) as work:
        account_id = accounts.create(work, values={"name": "徐工机械集团"}, duplicate_reason=" Other owner ")
        story = events.story(work, kind="account", record_id=account_id)
        assert work.get(Account, account_id).duplicate_reason == "Other owner"
    assert story[0].changes["duplicate_reason"] == [None, "Other owner"]


def test_contacts_and_leads_need_one_too(world: World, make: Make, as_: As) -> None:
    """ACCT-3: and without anything alike nobody is asked."""
    account_id = make.account("徐工机械有限公司")
    with as_(world.anna) as work:
        contacts.create(work, account_id=account_id, values={"name": "王建国", "mobile": PHONE})
    with pytest.raises(Invalid, match="duplicate_reason"), as_(world.anna) as work:
        contacts.create(work, account_id=account_id, values={"name": "李明", "mobile": PHONE})
    with pytest.raises(Invalid, match="duplicate_reason"), as_(world.ruth) as work:
        leads.create(work, values={"line": "machines", "mobile": PHONE})
    with as_(world.ruth) as work:
        lead_id = leads.create(work, values={"line": "machines", "mobile": PHONE}, duplicate_reason="Second excavator")
        assert work.get(Lead, lead_id).duplicate_reason == "Second excavator"


Enter = Callable[[Work, int], Any]
ENTERED: dict[str, Enter] = {
    "account": lambda work, _there: accounts.create(work, values={"name": "鑫达土方", "phone": PHONE}),
    "contact": lambda work, there: contacts.create(work, account_id=there, values={"name": "王建国", "mobile": PHONE}),
    "lead": lambda work, _there: leads.create(work, values={"line": "machines", "mobile": PHONE}),
}


@pytest.mark.parametrize(
    ("first", "second"),
    [("account", "account"), ("account", "lead"), ("contact", "contact"), ("contact", "lead"), ("lead", "lead")],
)
def test_so_does_the_second_of_two_at_one_moment(world: World, make: Make, as_: As, first: str, second: str) -> None:
    """ACCT-3: whoever comes a moment later is asked as if the first had been there already."""
    there = make.account("本来就有")

    def late() -> None:
        with as_(world.anna) as work:
            ENTERED[second](work, there)

    said = meanwhile(as_(world.anna), lambda work: ENTERED[first](work, there), late)
    assert isinstance(said, Invalid)
    assert list(said.fields) == ["duplicate_reason"]


def test_and_who_converts_at_that_moment(world: World, as_: As) -> None:
    """ACCT-3, LEAD-5: the customer that a lead becomes was entered by somebody else a moment before."""
    lead_id = lead(world, company="鑫达土方有限公司", mobile="13900000001")

    def late() -> None:
        with as_(world.anna) as work:
            conversion.convert(work, lead_id=lead_id, account=conversion.New())

    said = meanwhile(as_(world.ben), lambda work: ENTERED["account"](work, 0), late)
    assert isinstance(said, Invalid)
    assert list(said.fields) == ["account.duplicate_reason"]


def test_what_a_lead_becomes_needs_one_too(world: World, make: Make, as_: As) -> None:
    """ACCT-3, LEAD-5: the preview says so, converting without one is refused beside its field and leaves nothing."""
    make.account("徐州大地土方", branch_id=world.hefei)
    lead_id = lead(world)
    with as_(world.anna, readonly=True) as work:
        alike = conversion.preview(work, lead_id=lead_id).account.alike
    assert asked(alike) == ["Said('Exists in branch Hefei; ask Max.')"]
    with pytest.raises(Invalid, match=r"account\.duplicate_reason"), as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=conversion.New())
    with as_(world.anna) as work:
        conversion.convert(work, lead_id=lead_id, account=conversion.New({}, "Branch of its own"))


def test_a_code_that_is_taken_is_refused_whatever_the_reason(world: World, make: Make, as_: As) -> None:
    """ACCT-2: across branches, without telling whose it is."""
    make.account("徐工机械有限公司", branch_id=world.hefei, credit_code=CODE)
    with pytest.raises(Invalid) as refused, as_(world.anna) as work:
        accounts.create(work, values={"name": "别的公司", "credit_code": CODE}, duplicate_reason="x")
    assert str(refused.value) == "credit_code: Said('Another customer already has this credit code.')"


def test_who_may_not_enter_is_told_nothing(world: World, make: Make, as_: As) -> None:
    """ALL-7: comparing is for whoever may enter such a record."""
    make.account("徐工机械有限公司")
    with pytest.raises(Refused), as_(world.eva, readonly=True) as work:
        duplicates.of_account(work, values={"name": "徐工机械"})


# --- traces ----------------------------------------------------------------------------------------------------------


def test_traces_follow_the_name(world: World, as_: As) -> None:
    """ACCT-3: written with the record, in the same transaction, on creating and on changing."""
    with as_(world.anna) as work:
        account_id = accounts.create(work, values={"name": "徐工机械有限公司"})
    assert traces(account_id) == formats.traces("徐工机械有限公司")
    with as_(world.anna) as work:
        accounts.change(work, account_id=account_id, changes={"name": "三一重机有限公司"})
    assert traces(account_id) == formats.traces("三一重机有限公司")


def traces(account_id: int) -> set[int]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        mine = (NameTrace.kind == "account", NameTrace.record_id == account_id)
        return set(work.scalars(select(NameTrace.trace).where(*mine)))


def test_a_person_out_of_sight_stands_in_the_way_of_a_lead(world: World, make: Make, as_: As) -> None:
    """ACCT-3, ALL-7: another branch's contact has the number; of the person no more than where to ask."""
    make.contact(make.account("别的公司", branch_id=world.hefei), mobile=PHONE)
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_lead(work, values={"mobile": PHONE})
    assert (seen(found), asked(found)) == ([], ["Said('Exists in branch Hefei; ask Max.')"])


def test_an_interest_is_compared_by_sound(world: World, make: Make, as_: As) -> None:
    """ACCT-3: with customers and with leads whose companies are called alike."""
    account_id = make.account("徐工安徽机械有限公司")
    lead_id = make.lead(world.anna, company="徐工安微机械", mobile="13700000001")
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_lead(work, values={"company": "徐工安徵机械", "mobile": "13700000002"})
    assert sorted(seen(found)) == [
        ("account", account_id, "similar name", False), ("lead", lead_id, "similar name", False),
    ]  # fmt: skip


def test_a_namesake_on_the_same_landline_is_the_same_person(world: World, make: Make, as_: As) -> None:
    """ACCT-3: a company's landline alone says nothing, with the same name it does, wherever they are entered."""
    landline = "025 84123456"
    wang = make.contact(make.account(), "王建国", landline=landline)
    with as_(world.anna, readonly=True) as work:
        same = duplicates.of_contact(work, values={"name": "王建国", "landline": "025-84123456"})
        other = duplicates.of_contact(work, values={"name": "李明", "landline": landline})
    assert (seen(same), other.needs_reason) == ([("contact", wang, "same phone number", True)], False)


def test_nobody_is_sent_to_who_has_left(world: World, make: Make, as_: As) -> None:
    """ALL-7, ACC-4: without a manager who is there, the data administrators are named."""
    make.account("徐工机械有限公司", branch_id=world.hefei)
    with work_as_system("Max leaves", at=NOW) as work:
        work.get(User, world.max).active = False
    with as_(world.anna, readonly=True) as work:
        found = duplicates.of_account(work, values={"name": "徐工机械"})
    assert asked(found) == ["Said('Exists in branch Hefei; ask Adam.')"]
