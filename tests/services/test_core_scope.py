"""The row scope: no way of asking reaches a row that is not the person's to see (ACC-1, ALL-7)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select, and_, case, delete, exists, func, select, text, union_all, update
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityParticipant,
    Contact,
    ContactAccount,
    ContactLine,
    Draft,
    Event,
    Message,
    Notice,
    User,
)
from db.session import new_session
from services.core import events
from services.core.outbox import Template, notify
from services.core.unscoped import Unscoped
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World

Other = aliased(Activity)
HELLO = Template("test_hello", "Hello", "Hello {name}")
FOREIGN = "Foreign"

#: ways of asking for subjects of activities; each must find Anna's one and not Carl's
WAYS: dict[str, Callable[[], Select[Any]]] = {
    "columns": lambda: select(Activity.subject),
    "entities": lambda: select(Activity),
    "alias": lambda: select(Other.subject),
    "join to an alias": lambda: select(Other.subject).join(Activity, Activity.id == Other.id),
    "join from the owner": lambda: (
        select(Activity.subject).select_from(User).join(Activity, Activity.owner_id == User.id)
    ),
    "outer join": lambda: select(Activity.subject).select_from(User).outerjoin(Activity, Activity.owner_id == User.id),
    "scalar subquery": lambda: select(
        select(func.min(Activity.subject)).where(Activity.owner_id == User.id).scalar_subquery()
    ).select_from(User),
    "in subquery": lambda: select(User.name).where(User.id.in_(select(Activity.owner_id))),
    "exists": lambda: select(User.name).where(exists().where(Activity.owner_id == User.id)),
    "derived table": lambda: select(select(Activity.subject).subquery().c.subject),
    "common table expression": lambda: select(select(Activity.subject).cte().c.subject),
    "union": lambda: select(union_all(select(Activity.subject), select(Other.subject)).subquery().c.subject),
    "entity from a subquery": lambda: select(aliased(Activity, select(Activity).subquery()).subject),
    "window": lambda: select(func.min(Activity.subject).over(order_by=Activity.id)).select_from(Activity),
    "filtered aggregate": lambda: select(func.min(Activity.subject).filter(Activity.id > 0)).select_from(Activity),
    "case": lambda: select(case((Activity.id > 0, Activity.subject))),
    "condition alone": lambda: select(func.max(User.name)).where(Activity.owner_id == User.id),
    "grouped": lambda: select(Activity.subject, func.count()).group_by(Activity.subject).having(func.count() > 0),
    "through a child": lambda: select(Activity.subject).join(
        ActivityHolding, and_(ActivityHolding.activity_id == Activity.id)
    ),
}


@pytest.fixture
def foreign(world: World, make: Make) -> int:
    """An activity in Hefei with everything that hangs on an activity, beside one of Anna's."""
    for owner, branch, name in ((world.anna, world.nanjing, "Own"), (world.carl, world.hefei, FOREIGN)):
        account_id = make.account(name, branch_id=branch, team={owner: "machines"})
        contact_id = make.contact(account_id, name=f"{name} Contact")
        colleague = world.ben if owner == world.anna else world.max
        activity_id = make.activity(
            owner, account_id=account_id, subject=name, contacts=[contact_id], participants=[colleague]
        )
        with work_as_system("tell", at=NOW) as work:
            events.record(work, work.get(Activity, activity_id), "planned", note=name)
            notify(work, HELLO, to=[owner], name=name)
            work.also(Draft(user_id=owner, form="f", values={"name": name}, saved_at=NOW))
    return activity_id


@pytest.mark.parametrize("way", WAYS)
def test_no_statement_reaches_other_rows(world: World, foreign: int, as_: As, way: str) -> None:
    """ACC-1, ALL-7: however the question is put."""
    with as_(world.anna, readonly=True) as work:
        found = [getattr(row[0], "subject", row[0]) for row in work.rows(WAYS[way]()) if row[0] is not None]
    assert FOREIGN not in found
    assert "Carl" not in found
    assert found


@pytest.mark.parametrize("way", WAYS)
def test_those_who_may_see_all_do(world: World, foreign: int, as_: As, way: str) -> None:
    """The allowed case beside the refused one: Eva's same question finds both."""
    with as_(world.eva, readonly=True) as work:
        found = {getattr(row[0], "subject", row[0]) for row in work.rows(WAYS[way]())}
    assert {FOREIGN, "Carl"} & found


CHILDREN = [ActivityContact, ActivityParticipant, ActivityHolding, ContactAccount, ContactLine, Notice, Draft, Event]


@pytest.mark.parametrize("child", CHILDREN, ids=lambda model: str(model.__tablename__))
def test_children_are_visible_with_their_parent_only(world: World, foreign: int, as_: As, child: Any) -> None:
    """ACC-1: what hangs on a hidden record is hidden; notices and drafts are their owner's alone."""
    with as_(world.anna, readonly=True) as work:
        assert len(work.rows(select(child))) == 1
    with as_(world.carl, readonly=True) as work:
        assert len(work.rows(select(child))) == 1


#: SQLAlchemy takes these for plain SQL, which the scope would not be applied to
PLAIN: dict[str, Callable[[], Any]] = {
    "table": lambda: select(Activity.__table__),
    "column of a table": lambda: select(Activity.__table__.c.subject),
    "text": lambda: text("SELECT subject FROM activities"),
    "window alone": lambda: select(func.min(Activity.subject).over(order_by=Activity.id)),
    "filtered aggregate alone": lambda: select(func.count().filter(Activity.id > 0)),
    "filtered aggregate in a subquery": lambda: select(
        select(func.count().filter(Activity.id > 0).label("n")).subquery().c.n
    ),
    "plain subquery in a condition": lambda: select(User.name).where(
        User.id.in_(select(Activity.__table__.c.owner_id))
    ),
    "update of a table": lambda: update(Activity.__table__).values(subject="x"),
    "delete of a table": lambda: delete(ActivityContact.__table__),
}


@pytest.mark.parametrize("way", PLAIN)
def test_statement_that_cannot_be_limited_is_refused(world: World, foreign: int, as_: As, way: str) -> None:
    """ACC-1: rather no answer than somebody else's rows."""
    with as_(world.anna) as work, pytest.raises(Unscoped):
        work._session.execute(PLAIN[way]())


def test_count_and_maximum_see_own_rows_only(world: World, foreign: int, as_: As) -> None:
    with as_(world.anna, readonly=True) as work:
        assert work.row(select(func.count(Activity.id), func.max(Activity.id)))[0] == 1
        assert work.scalar(select(func.count()).select_from(Activity)) == 1
        assert work.scalar(select(func.count()).select_from(Contact)) == 1


def test_bulk_update_and_delete_reach_own_rows_only(world: World, foreign: int, as_: As) -> None:
    """ACC-1: also statements that bring no record into memory."""
    with as_(world.anna) as work:
        changed = work._session.execute(update(Account).values(notes="touched"))
        removed = work._session.execute(delete(ActivityContact))
    assert (changed.rowcount, removed.rowcount) == (1, 1)
    with as_(world.carl, readonly=True) as work:
        assert work.scalar(select(Account.notes)) is None
        assert len(work.rows(select(ActivityContact))) == 1


def test_refreshing_a_row_that_left_the_reach_finds_nothing(world: World, make: Make, as_: As) -> None:
    """A row in memory is no way around the scope: reading it again asks again."""
    activity_id = make.activity(world.anna)
    with as_(world.anna) as work:
        record = work.load(Activity, activity_id, to="activity.change")
        record.owner_id = world.carl
        record.branch_id = world.hefei
        work.flush()
        assert work.rows(select(Activity.subject)) == []


def test_session_without_an_actor_refuses_every_statement(world: World) -> None:
    with new_session(readonly=True, info={}) as session, pytest.raises(KeyError):
        session.execute(select(Activity.id))


def test_rights_do_not_stay_in_a_cache(world: World, make: Make, as_: As) -> None:
    """ACC-4: the rules are built once per person, role and branch; the same person with another role gets others."""
    make.activity(world.ben)
    seen = []
    for role in ("rep", "branch_manager", "rep"):
        with work_as_system("role changes", at=NOW) as work:
            work.get(User, world.anna).role = role
        with as_(world.anna, readonly=True) as work:
            seen.append(len(work.rows(select(Activity.id))))
    assert seen == [0, 1, 0]


def test_messages_are_read_by_their_receiver_and_the_administrator(world: World, as_: As) -> None:
    """ALL-7: texts of messages name records of others."""
    with work_as_system("tell", at=NOW) as work:
        notify(work, HELLO, to=[world.anna], name="x", routes=["sms"])
    counts = {}
    for name, person in world.people.items():
        with as_(person, readonly=True) as work:
            counts[name] = len(work.rows(select(Message.id)))
    assert {name for name, count in counts.items() if count} == {"anna", "adam"}
