"""Work: one person, one moment, one transaction; nothing outside the person's reach is read or written."""

import pytest
from sqlalchemy import select

from db.models import Account, Activity, ActivityParticipant, Occurrence, User
from services.core.access import criteria
from services.core.errors import NotFound, Refused, SignedOut, Stale
from services.core.work import work_as, work_as_system
from tests.factories import NOW, As, Make, World


def subjects(as_: As, person: int) -> list[str]:
    with as_(person, readonly=True) as work:
        return list(work.scalars(select(Activity.subject).order_by(Activity.id)))


def test_work_commits_at_its_end(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with as_(world.anna) as work:
        work.load(Activity, activity_id, to="activity.change").subject = "Bring the offer"
    assert subjects(as_, world.anna) == ["Bring the offer"]


def test_work_left_by_an_error_changes_nothing(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)

    def write_and_fail() -> None:
        with as_(world.anna) as work:
            work.load(Activity, activity_id, to="activity.change").subject = "Bring the offer"
            work.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert subjects(as_, world.anna) == ["Visit on site"]


def test_reading_work_refuses_changes(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with as_(world.anna, readonly=True) as work:
        work.get(Activity, activity_id).subject = "Bring the offer"
        with pytest.raises(Refused):
            work.flush()
    assert subjects(as_, world.anna) == ["Visit on site"]


def test_record_that_was_only_read_cannot_be_changed(world: World, make: Make, as_: As) -> None:
    """ACC-5: a change needs a load with a permission; reading grants nothing."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Refused), as_(world.anna) as work:
        work.get(Activity, activity_id).subject = "Bring the offer"
    assert subjects(as_, world.anna) == ["Visit on site"]


def test_record_that_was_never_granted_cannot_be_removed(world: World, make: Make, as_: As) -> None:
    activity_id = make.activity(world.anna)
    with pytest.raises(Refused), as_(world.anna) as work:
        work.drop(work.get(Activity, activity_id))
    assert subjects(as_, world.anna) == ["Visit on site"]


def test_record_that_was_never_granted_cannot_be_stored(world: World, as_: As) -> None:
    with pytest.raises(Refused), as_(world.adam) as work:
        work.also(User(name="Zoe", login="zoe", role="rep", branch_id=world.nanjing, password_hash="", created_at=NOW))


def test_nobody_slips_into_a_record_that_was_only_read(world: World, make: Make, as_: As) -> None:
    """ACC-1: who takes part may read and change; children are written with a parent that was loaded for writing."""
    activity_id = make.activity(world.anna)
    with pytest.raises(Refused), as_(world.eva) as work:
        work.also(ActivityParticipant(activity_id=activity_id, user_id=world.ben))
    with as_(world.anna) as work:
        work.load(Activity, activity_id, to="activity.change")
        work.also(ActivityParticipant(activity_id=activity_id, user_id=world.ben))
    assert subjects(as_, world.ben) == ["Visit on site"]


def test_missing_and_hidden_records_answer_alike(world: World, make: Make, as_: As) -> None:
    """ACC-2: asking by id tells nobody whether a record exists."""
    activity_id = make.activity(world.carl)
    answers = set()
    for asked in (activity_id, 999_999, 10**20, -(10**20), 0, -1, None):
        with pytest.raises(NotFound) as error, as_(world.anna, readonly=True) as work:
            work.get(Activity, asked)
        answers.add(str(error.value))
    assert len(answers) == 1


def test_record_that_can_only_be_read_is_refused_for_writing(world: World, make: Make, as_: As) -> None:
    """ACC-1: Eva reads everything and changes nothing."""
    activity_id = make.activity(world.anna)
    with as_(world.eva) as work:
        assert work.get(Activity, activity_id).owner_id == world.anna
        with pytest.raises(Refused):
            work.load(Activity, activity_id, to="activity.change")


def test_deleted_record_is_not_found(world: World, make: Make, as_: As) -> None:
    """ALL-8: deleting hides, also from those who may see everything."""
    account_id = make.account(deleted_at=NOW)
    for person in world.people.values():
        with pytest.raises(NotFound), as_(person, readonly=True) as work:
            work.get(Account, account_id)


def test_second_editor_is_told(world: World, make: Make, as_: As) -> None:
    """ALL-4: what somebody else changed since is not overwritten."""
    activity_id = make.activity(world.anna)
    with as_(world.anna, readonly=True) as work:
        seen = work.get(Activity, activity_id).version
    with as_(world.mia) as work:
        work.load(Activity, activity_id, to="activity.change", version=seen).subject = "From Mia"
    with pytest.raises(Stale), as_(world.anna) as work:
        work.load(Activity, activity_id, to="activity.change", version=seen)
    assert subjects(as_, world.anna) == ["From Mia"]


@pytest.mark.parametrize("gone", ["inactive", "unknown"])
def test_nobody_works_for_a_person_who_is_gone(world: World, make: Make, as_: As, gone: str) -> None:
    """ACC-4, SIG-2: deactivation takes effect with the next Work."""
    person = make.user("Gone", active=False) if gone == "inactive" else 999_999
    with pytest.raises(SignedOut), as_(person):
        pass


def test_rights_are_those_of_this_moment(world: World, make: Make, as_: As) -> None:
    """ACC-3, ACC-4: moved to another branch, Anna sees the new one and no longer the old one."""
    make.account("Old customer")
    make.account("New customer", branch_id=world.hefei)
    with work_as_system("Anna moves", at=NOW) as work:
        work.get(User, world.anna).branch_id = world.hefei
    with as_(world.anna, readonly=True) as work:
        assert work.scalars(select(Account.name)) == ["New customer"]


def test_system_says_why_it_works() -> None:
    with pytest.raises(ValueError, match="why"), work_as_system(""):
        pass


def test_system_sees_everything_and_leaves_its_trace(world: World, make: Make) -> None:
    make.activity(world.anna)
    make.activity(world.carl)
    with work_as_system("look", at=NOW, readonly=True) as work:
        assert len(work.rows(select(Activity.id))) == 2
        assert work.actor.is_system


def test_permission_a_role_lacks_reaches_no_row(world: World, make: Make, as_: As) -> None:
    """ACC-1: an unknown combination of role and permission means no row, not every row."""
    make.activity(world.anna)
    with as_(world.eva, readonly=True) as work:
        rule = criteria(Activity, "activity.review", work.actor)
        assert rule is not None
        assert work.rows(select(Activity.id).where(rule)) == []


def test_reach_is_the_same_for_one_record_and_for_buttons(world: World, make: Make, as_: As) -> None:
    """ACC-1: what a button promises and what the service checks come from one rule."""
    activity_id = make.activity(world.anna)
    asked = ["activity.change", "activity.review", "activity.cancel", "activity.plan", "activity.watch"]
    for person in (world.anna, world.sun, world.mia, world.adam, world.eva):
        with as_(person, readonly=True) as work:
            record = work.get(Activity, activity_id)
            assert work.reached(record, asked) == {name for name in asked if work.reaches(record, name)}


def test_work_knows_the_organisations_day(world: World, as_: As) -> None:
    """README "Words": midnight in Shanghai is 16:00 UTC of the day before."""
    midnight = NOW.replace(hour=0)
    with as_(world.anna, at=midnight) as work:
        assert work.today.isoformat() == "2026-11-23"
    with work_as(world.anna, at=midnight.replace(day=22, hour=23, minute=59)) as work:
        assert work.today.isoformat() == "2026-11-22"


def test_once_is_true_once(world: World) -> None:
    """ADM-9: the row that says so is written before anything else happens."""
    with work_as_system("rule", at=NOW) as work:
        assert [work.once("overdue", 7, "2026-11-23") for _ in range(2)] == [True, False]
        assert work.once("overdue", 7, "2026-11-24")
        assert work.once("overdue", 8, "2026-11-23")
    with work_as_system("rule again", at=NOW) as work:
        assert not work.once("overdue", 7, "2026-11-23")
        assert len(work.rows(select(Occurrence.period))) == 3


def test_once_is_undone_with_the_work_it_belongs_to(world: World) -> None:
    """A rule that failed halfway acts again."""

    def act_and_fail() -> None:
        with work_as_system("rule", at=NOW) as work:
            assert work.once("overdue", 7, "2026-11-23")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    with work_as_system("rule", at=NOW) as work:
        assert work.once("overdue", 7, "2026-11-23")


def test_token_is_fresh_once(world: World, as_: As) -> None:
    """ALL-5: the second use of a form's token, by whomever, is a double click; work before and after it is kept."""
    with as_(world.anna) as work:
        assert work.first_use("t1")
    with as_(world.anna) as work:
        assert not work.first_use("t1")
        assert work.first_use("t2")
    with as_(world.ben) as work:
        assert not work.first_use("t1")


def test_stream_gives_what_rows_give(world: World, make: Make, as_: As) -> None:
    for number in range(5):
        make.activity(world.anna, subject=f"Visit {number}")
    make.activity(world.carl)
    with as_(world.anna, readonly=True) as work:
        wanted = select(Activity.id).order_by(Activity.id)
        assert list(work.stream(wanted, size=2)) == list(work.rows(wanted))
