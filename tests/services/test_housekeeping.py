"""What nobody needs any more goes away, and nothing else."""

from datetime import timedelta

from sqlalchemy import func, select

from db.models import Draft, SignInAttempt, SignInSession, Submission
from services import drafts, sign_in
from services.core.work import work_as_system
from services.time_rules import RULES, housekeeping
from tests.conftest import As
from tests.factories import NOW, World
from tests.services.arriving import signed_in

KINDS = (Draft, SignInAttempt, SignInSession, Submission)


def counts() -> list[int]:
    with work_as_system("a test looks", readonly=True) as work:
        return [work.scalar(select(func.count()).select_from(kind)) for kind in KINDS]


def test_old_things_go_and_young_ones_stay(world: World, as_: As) -> None:
    """SIG-3: attempts are kept for half a year, because they are a log."""
    secret = signed_in("anna")
    with sign_in.door(at=NOW) as work:
        drafts.save_for(work, session=sign_in.digest(secret), forms={"plan": {"subject": "Visit"}})
    with as_(world.anna) as work:
        assert work.first_use("a token")
    assert housekeeping.sweep(NOW + timedelta(days=6)) == 0
    assert counts() == [1, 1, 1, 1]
    assert housekeeping.sweep(NOW + timedelta(days=60)) == 3
    assert counts() == [0, 1, 0, 0]
    assert housekeeping.sweep(NOW + timedelta(days=200)) == 1


def test_it_runs_every_night() -> None:
    rule = next(rule for rule in RULES if rule.run is housekeeping.sweep)
    assert (rule.every, rule.offset) == (timedelta(days=1), timedelta(hours=3))
