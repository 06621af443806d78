"""ACC-1, ALL-7: for random people, list = record = export = search = count, whichever way one asks."""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    AccountMember,
    Activity,
    ActivityHolding,
    ActivityParticipant,
    Contact,
    ContactRequest,
    Lead,
    LeadDispute,
    Role,
    User,
)
from services import accounts, activities, contact_requests, contacts, disputes, leads
from services.core.access import STANDS_IN
from services.core.listing import ListRequest, ListSpec, conditions_of, fetch, selected
from services.core.work import Work, work_as_system
from tests.factories import HOUR, NOW, Make, as_person
from tests.looking import gettable
from tests.services.exporting import taken_out
from tests.stage import Stage

pytestmark = pytest.mark.walk

LISTS = {
    Activity: activities.LIST, Account: accounts.LIST, Contact: contacts.LIST, Lead: leads.LIST,
    LeadDispute: disputes.LIST, ContactRequest: contact_requests.LIST,
}  # fmt: skip
FOLDERS = count()
Earlier = aliased(Activity)


@dataclass(frozen=True)
class Seed:
    """A small company drawn at random; indices point into the lists, modulo their length."""

    people: list[tuple[Role, int, int]]
    customers: list[tuple[int, list[int]]]
    visits: list[tuple[int, int, list[int], str]]
    deleted: list[int] = field(default_factory=list)
    away: list[tuple[int, int]] = field(default_factory=list)
    disputes: list[tuple[int, int]] = field(default_factory=list)
    requests: list[tuple[int, int, str]] = field(default_factory=list)


index = st.integers(0, 11)
seeds = st.builds(
    Seed,
    people=st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 2), index), min_size=2, max_size=5),
    customers=st.lists(st.tuples(st.integers(0, 1), st.lists(index, max_size=3)), min_size=1, max_size=5),
    visits=st.lists(
        st.tuples(index, index, st.lists(index, max_size=2), st.sampled_from(["planned", "assigned", "declined"])),
        min_size=1,
        max_size=8,
    ),
    deleted=st.lists(index, max_size=1),
    away=st.lists(st.tuples(index, index), max_size=2),
    disputes=st.lists(st.tuples(index, index), max_size=2),
    requests=st.lists(st.tuples(index, index, st.sampled_from(["delete", "change"])), max_size=2),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("companies")


@settings(max_examples=settings().max_examples // 3)
@given(seed=seeds)
def test_every_way_of_asking_gives_the_same_records(stage: Stage, folder: Path, seed: Seed) -> None:
    with stage.fresh(_new(folder)):
        people = _found(stage, seed)
        for person in people:
            with as_person(person, readonly=True) as work:
                for model, spec in LISTS.items():
                    _check(work, model, spec)
                    if spec.export:
                        _check_export(work, spec, folder / "export.xlsx")
                those = [person, *_stood_in_for(seed, people, person)]
                assert set(work.scalars(select(Activity.id))) == set().union(*map(_readable, those))
                assert set(work.scalars(select(LeadDispute.id))) == set().union(*map(_disputes, those))


@settings(max_examples=settings().max_examples // 5)
@given(seed=seeds, chooser=index)
def test_no_statement_writes_to_other_rows(stage: Stage, folder: Path, seed: Seed, chooser: int) -> None:
    """A bulk update reaches what the list shows and nothing else."""
    with stage.fresh(_new(folder)):
        people = _found(stage, seed)
        person = people[chooser % len(people)]
        with as_person(person) as work:
            seen = set(work.scalars(select(Activity.id)))
            work._session.execute(update(Activity).values(place="Gate 3"))
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert set(work.scalars(select(Activity.id).where(Activity.place == "Gate 3"))) == seen


def _check(work: Work, model: type, spec: ListSpec) -> None:
    listed = {row["id"] for row in fetch(work, spec, ListRequest(size=1000)).rows}
    request = ListRequest()
    assert {row.id for row in work.rows(selected(spec, request, conditions_of(work, spec, request)))} == listed
    assert {row["id"] for row in fetch(work, spec, ListRequest(search="common", size=1000)).rows} == listed
    assert fetch(work, spec, ListRequest(size=1)).total == len(listed)
    assert work.scalar(select(func.count()).select_from(model)) == len(listed)
    assert set(work.scalars(select(aliased(model).id))) == listed
    assert set(work.scalars(select(select(model.id).subquery().c.id))) == listed
    assert {known for known in range(1, 12) if gettable(work, model, known)} == listed
    if model is Activity:
        _check_children(work, listed)


def _check_export(work: Work, spec: ListSpec, path: Path) -> None:
    """EXP-1, ALL-7: an export holds of what the list shows exactly that which one may take out, and nothing else."""
    listed = {row["id"] for row in fetch(work, spec, ListRequest(size=1000)).rows}
    reached = {known for known in listed if work.reaches(work.get(spec.model, known), spec.export)}
    assert taken_out(work, spec, path) == reached


def _readable(person: int) -> set[int]:
    """access.md in plain words: own, those about one's customers and leads, those of who reports, the branch, all."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        reader = work.get(User, person)
        led = set(work.scalars(select(User.id).where(User.superior_id == person)))
        parts = set(work.scalars(select(ActivityParticipant.activity_id).where(ActivityParticipant.user_id == person)))
        teams = set(work.scalars(select(AccountMember.account_id).where(AccountMember.user_id == person)))
        held = set(work.scalars(select(Lead.id).where(Lead.owner_id == person)))
        columns = (Activity.id, Activity.owner_id, Activity.branch_id, Activity.account_id, Activity.lead_id)
        rows = work.rows(select(*columns))

    def concerns(row: Any) -> bool:
        return row.owner_id == person or row.id in parts or row.account_id in teams or row.lead_id in held

    readers = {
        Role.BRANCH_MANAGER: lambda row: True,
        Role.SALES_MANAGER: lambda row: row.owner_id in led or concerns(row),
    }
    if reader.role in (Role.DATA_ADMINISTRATOR, Role.EXECUTIVE):
        return {row.id for row in rows}
    own = readers.get(reader.role, concerns)
    return {row.id for row in rows if own(row) and row.branch_id == (reader.branch_id or row.branch_id)}


def _stood_in_for(seed: Seed, people: list[int], person: int) -> list[int]:
    """ADM-1: who is away today and has named this person, of the same branch and in a role that fits."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        rows = {row.id: row for row in work.rows(select(User.id, User.role, User.branch_id))}
    mine = rows[person]
    away = [rows[absent] for absent, stand_in in _away(people, seed).items() if stand_in == person]
    return [one.id for one in away if one.branch_id == mine.branch_id and mine.role in STANDS_IN[one.role]]


def _away(people: list[int], seed: Seed) -> dict[int, int]:
    """Who is away today → who stands in."""
    named = {people[absent % len(people)]: people[stand_in % len(people)] for absent, stand_in in seed.away}
    return {absent: stand_in for absent, stand_in in named.items() if absent != stand_in}


def _disputes(person: int) -> set[int]:
    """ASG-4: about leads that one reads; opened by oneself, about one's lead or claim; for managers those of the branch."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        reader = work.get(User, person)
        led = set(work.scalars(select(User.id).where(User.superior_id == person)))
        columns = (Lead.owner_id, Lead.branch_id, LeadDispute.other_branch_id, LeadDispute.opened_by_id)
        found = select(LeadDispute.id, *columns, LeadDispute.claimant_id).join(Lead, Lead.id == LeadDispute.lead_id)
        rows = work.rows(found)

    def concerns(row: Any) -> bool:
        here = reader.branch_id == row.branch_id
        led_here = reader.role is Role.SALES_MANAGER and row.owner_id in led and here
        whole = reader.role is Role.MARKETING and reader.branch_id in (None, row.branch_id)
        managed = reader.role is Role.BRANCH_MANAGER and reader.branch_id in (row.branch_id, row.other_branch_id)
        return person in (row.owner_id, row.opened_by_id, row.claimant_id) or led_here or whole or managed

    everywhere = reader.role in (Role.DATA_ADMINISTRATOR, Role.EXECUTIVE)
    return {row.id for row in rows if everywhere or concerns(row)}


def _check_children(work: Work, listed: set[int]) -> None:
    """Every activity has a holder: the holdings one sees are those of the activities one sees."""
    assert set(work.scalars(select(ActivityHolding.activity_id))) == listed
    assert set(work.scalars(select(ActivityParticipant.activity_id))) <= listed
    through = select(Earlier.id).join(ActivityHolding, ActivityHolding.activity_id == Earlier.id)
    assert set(work.scalars(through)) == listed


def _new(folder: Path) -> Path:
    made = folder / str(next(FOLDERS))
    made.mkdir()
    return made


def _found(stage: Stage, seed: Seed) -> list[int]:
    """The company: people with superiors, customers with teams and contacts, activities with participants."""
    make, branches = Make(stage.world), (stage.world.nanjing, stage.world.hefei)
    people = [_person(make, branches, number, *given) for number, given in enumerate(seed.people)]
    _put_above(people, [superior for _, _, superior in seed.people])
    customers = [_customer(make, branches, people, *given) for given in seed.customers]
    with work_as_system("delete", at=NOW) as work:
        for number in seed.deleted:
            work.get(Account, customers[number % len(customers)]).deleted_at = NOW
    for place, (owner, customer, others, state) in enumerate(seed.visits):
        holder = _of_branch(people, owner)
        regarded = make.lead(
            holder, topic=f"common lead {place}", **({} if holder else {"branch_id": branches[place % 2]})
        )
        if holder is not None:
            make.activity(
                holder, state=state, subject=f"common {place}", planned_start=NOW + place * HOUR,
                account_id=customers[customer % len(customers)], participants=_several(people, others),
                lead_id=max(regarded - customer % 3, 1),
            )  # fmt: skip
    _ask(make, people, seed)
    return people


def _ask(make: Make, people: list[int], seed: Seed) -> None:
    """Absences, disputes by people of a branch about leads that somebody has, requests about the customers' contacts."""
    for absent, stand_in in _away(people, seed).items():
        make.absence(absent, stand_in_id=stand_in)
    with work_as_system("look", at=NOW, readonly=True) as work:
        held = work.rows(select(Lead.id, Lead.branch_id).where(Lead.owner_id.is_not(None)).order_by(Lead.id))
        home = dict(work.rows(select(User.id, User.branch_id)))
        known = work.scalars(select(Contact.id).order_by(Contact.id))
    for lead, opener in {lead % len(held): opener for lead, opener in seed.disputes if held}.items():
        person, about = people[opener % len(people)], held[lead]
        elsewhere = home[person] if home[person] != about.branch_id else None
        make.dispute(about.id, person, subject="common", other_branch_id=elsewhere)
    for contact, (asker, kind) in {one % len(known): rest for one, *rest in seed.requests}.items():
        make.request(known[contact], people[asker % len(people)], kind=kind)


def _person(make: Make, branches: tuple[int, int], number: int, role: Role, branch: int, _superior: int) -> int:
    head_office = role in (Role.DATA_ADMINISTRATOR, Role.EXECUTIVE) or (role is Role.MARKETING and branch == 2)
    with work_as_system("a person", at=NOW) as work:
        values = {"login": f"p{number}", "email": None, "language": "en", "password_hash": "x", "created_at": NOW}
        row = User(name=f"P{number}", role=role, branch_id=None if head_office else branches[branch % 2], **values)
        work.also(row)
        work.flush()
        return row.id


def _put_above(people: list[int], superiors: list[int]) -> None:
    with work_as_system("superiors", at=NOW) as work:
        for person, superior in zip(people, superiors, strict=True):
            above = people[superior % len(people)]
            if above != person:
                work.get(User, person).superior_id = above


def _customer(make: Make, branches: tuple[int, int], people: list[int], branch: int, team: list[int]) -> int:
    members = dict.fromkeys(_several(people, team))
    account_id = make.account("common customer", branch_id=branches[branch], team=members)
    make.contact(account_id, "common contact")
    return account_id


def _several(people: list[int], chosen: list[int]) -> list[int]:
    return list(dict.fromkeys(people[one % len(people)] for one in chosen))


def _of_branch(people: list[int], chosen: int) -> int | None:
    """Only who has a branch holds activities."""
    with work_as_system("look", at=NOW, readonly=True) as work:
        branch = work.get(User, people[chosen % len(people)]).branch_id
    return people[chosen % len(people)] if branch else None
