"""Signing in: the lock, the ticket, the session and its ends (SIG-2, SIG-3, SIG-5)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from db.models import Setting, SignInAttempt, SignInSession, SignInTicket, User
from services import passwords, sign_in
from services.core import configuration
from services.core.errors import SignedOut
from services.core.work import Work, work_as_system, work_by_session
from tests.conftest import As
from tests.factories import NOW, PASSWORD, World
from tests.services.arriving import HOUR, MINUTE, SECOND, attempt, signed_in, who


def wrong(login: str, times: int, at: datetime = NOW, every: timedelta = SECOND) -> None:
    for turn in range(times):
        assert attempt(login, f"not the one {turn}", at + turn * every) is None


class TestAttempts:
    def test_right_password_opens_a_session(self, world: World) -> None:
        """SIG-2: the secret in the cookie names a row; the row names the person."""
        assert who(signed_in("anna")) == world.anna

    def test_name_is_found_however_it_is_typed(self, world: World) -> None:
        assert who(signed_in(" ＡNNA ")) == world.anna

    @pytest.mark.parametrize("login", ["anna", "nobody-at-all"])
    def test_five_wrong_passwords_lock_the_name_for_15_minutes(self, world: World, login: str) -> None:
        """SIG-3: also a name that does not exist, so that the lock tells nothing."""
        wrong(login, 5)
        last = NOW + 4 * SECOND
        with sign_in.door(at=last + 15 * MINUTE - SECOND) as work:
            assert sign_in.is_locked(work, login=login)
        with sign_in.door(at=last + 15 * MINUTE) as work:
            assert not sign_in.is_locked(work, login=login)

    def test_locked_name_refuses_the_right_password_too(self, world: World) -> None:
        """SIG-3: after the lock it works again."""
        wrong("anna", 5)
        assert attempt("anna", PASSWORD, NOW + MINUTE) is None
        assert attempt("anna", PASSWORD, NOW + 16 * MINUTE) is not None

    def test_four_wrong_passwords_do_not_lock(self, world: World) -> None:
        wrong("anna", 4)
        assert attempt("anna", PASSWORD, NOW + MINUTE) is not None

    def test_five_wrong_passwords_over_a_longer_time_do_not_lock(self, world: World) -> None:
        """SIG-3: within 15 minutes."""
        wrong("anna", 5, every=4 * MINUTE)
        assert attempt("anna", PASSWORD, NOW + 17 * MINUTE) is not None

    def test_a_right_password_ends_the_counting(self, world: World) -> None:
        wrong("anna", 4)
        signed_in("anna", NOW + MINUTE)
        wrong("anna", 4, NOW + 2 * MINUTE)
        assert attempt("anna", PASSWORD, NOW + 3 * MINUTE) is not None

    def test_trying_during_the_lock_does_not_lengthen_it(self, world: World) -> None:
        """SIG-3: 15 minutes, so that nobody can keep another person out by mere persistence of one burst."""
        wrong("anna", 5)
        wrong("anna", 10, NOW + 5 * MINUTE, every=MINUTE / 2)
        assert attempt("anna", PASSWORD, NOW + 15 * MINUTE + 4 * SECOND) is not None

    def test_the_lock_of_one_name_leaves_others_alone(self, world: World) -> None:
        wrong("anna", 5)
        assert attempt("ben", PASSWORD, NOW + MINUTE) is not None

    @pytest.mark.parametrize("login", ["anna", "nobody-at-all", "gone", "x" * 500, ""])
    def test_every_refusal_takes_one_comparison(
        self, world: World, as_: As, login: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SIG-3: known, unknown, inactive or absurd, the same work is done, on hashes that cost the same."""
        with work_as_system("somebody has left", at=NOW) as work:
            person = work.get(User, world.ben)
            person.login, person.active = "gone", False
        compared: list[str] = []
        monkeypatch.setattr(passwords, "matches", lambda _password, stored: bool(compared.append(stored)))
        assert attempt(login, "whatever it is") is None
        assert len(compared) == 1

    def test_the_comparison_with_nobody_costs_as_much_as_a_real_one(self) -> None:
        """SIG-3: bcrypt's cost stands in the hash."""
        real = passwords.hashed("any password")
        assert passwords.NOBODY.split("$")[:3] == real.split("$")[:3]
        assert len(passwords.NOBODY) == len(real)

    def test_inactive_people_stay_outside(self, world: World, as_: As) -> None:
        with work_as_system("somebody leaves", at=NOW) as work:
            work.get(User, world.anna).active = False
        assert attempt("anna", PASSWORD) is None

    def test_every_attempt_is_logged(self, world: World) -> None:
        """SIG-3: with name, time, address, outcome; those during a lock are told apart."""
        wrong("anna", 5)
        attempt("anna", PASSWORD, NOW + MINUTE)
        attempt("ben", PASSWORD)
        with sign_in.door(readonly=True) as work:
            rows = work.rows(select(SignInAttempt.login, SignInAttempt.succeeded, SignInAttempt.unheard))
            addresses = set(work.scalars(select(SignInAttempt.address)))
        assert [tuple(row) for row in rows] == [
            *[("anna", False, False)] * 5,
            ("anna", False, True),
            ("ben", True, False),
        ]
        assert addresses == {"10.0.0.1"}

    def test_language_chosen_on_the_page_is_kept(self, world: World) -> None:
        """ALL-1."""
        attempt("anna", PASSWORD, language="zh_CN")
        attempt("ben", PASSWORD, language="tlh")
        with sign_in.door(readonly=True) as work:
            assert work.get(User, world.anna).language == "zh_CN"
            assert work.get(User, world.ben).language == "en"


class TestTickets:
    def test_ticket_works_once(self, world: World) -> None:
        ticket = attempt("anna", PASSWORD) or ""
        with sign_in.door(at=NOW) as work:
            assert sign_in.redeem(work, ticket=ticket)
        with sign_in.door(at=NOW) as work:
            assert sign_in.redeem(work, ticket=ticket) is None

    @pytest.mark.parametrize(("later", "works"), [(29, True), (30, False)])
    def test_ticket_works_for_30_seconds(self, world: World, later: int, works: bool) -> None:
        ticket = attempt("anna", PASSWORD) or ""
        with sign_in.door(at=NOW + later * SECOND) as work:
            assert bool(sign_in.redeem(work, ticket=ticket)) is works

    def test_invented_ticket_is_worth_nothing(self, world: World) -> None:
        with sign_in.door(at=NOW) as work:
            assert sign_in.redeem(work, ticket="invented") is None

    def test_only_digests_are_stored(self, world: World) -> None:
        ticket = attempt("anna", PASSWORD)
        secret = signed_in("anna")
        with sign_in.door(readonly=True) as work:
            assert ticket not in work.scalars(select(SignInTicket.ticket))
            assert secret not in work.scalars(select(SignInSession.token))

    def test_former_session_of_the_browser_ends(self, world: World) -> None:
        """SIG-2: nobody can plant a session that the next person then uses."""
        planted = signed_in("ben")
        ticket = attempt("anna", PASSWORD) or ""
        with sign_in.door(at=NOW) as work:
            sign_in.redeem(work, ticket=ticket, previous=planted)
        assert who(planted) is None


class TestSessions:
    def test_session_ends_after_60_idle_minutes(self, world: World) -> None:
        """SIG-5."""
        secret = signed_in("anna")
        assert who(secret, NOW + 59 * MINUTE) == world.anna
        assert who(secret, NOW + 60 * MINUTE) is None

    def test_use_keeps_a_session_alive(self, world: World) -> None:
        """SIG-5: the 60 minutes count from the last use."""
        secret = signed_in("anna")
        touch(secret, NOW + 50 * MINUTE)
        assert who(secret, NOW + 100 * MINUTE) == world.anna
        assert who(secret, NOW + 110 * MINUTE) is None

    def test_session_ends_after_12_hours_of_use(self, world: World) -> None:
        """SIG-5."""
        secret = signed_in("anna")
        for minutes in range(30, 12 * 60, 30):
            touch(secret, NOW + minutes * MINUTE)
        assert who(secret, NOW + 12 * HOUR - SECOND) == world.anna
        assert who(secret, NOW + 12 * HOUR) is None

    def test_both_times_are_settings(self, world: World) -> None:
        """SIG-5, ADM-5."""
        with work_as_system("a setting", at=NOW) as work:
            work.also(Setting(key="idle_minutes", value=10), Setting(key="session_hours", value=1))
            configuration.changed(work)
        secret = signed_in("anna")
        assert who(secret, NOW + 10 * MINUTE) is None

    def test_an_ended_session_cannot_be_touched_awake(self, world: World) -> None:
        secret = signed_in("anna")
        with pytest.raises(SignedOut):
            touch(secret, NOW + 61 * MINUTE)
        assert who(secret, NOW + 61 * MINUTE) is None

    def test_use_is_written_once_a_minute(self, world: World) -> None:
        secret = signed_in("anna")
        touch(secret, NOW + 59 * SECOND)
        assert seen_at(secret) == NOW
        touch(secret, NOW + 60 * SECOND)
        assert seen_at(secret) == NOW + MINUTE

    def test_signing_out_makes_a_copied_cookie_worthless(self, world: World) -> None:
        """SIG-2."""
        secret, other = signed_in("anna"), signed_in("anna")
        with sign_in.door(at=NOW) as work:
            sign_in.sign_out(work, session=sign_in.digest(secret))
        assert who(secret) is None
        assert who(other) == world.anna

    def test_sign_out_everywhere(self, world: World, as_: As) -> None:
        """SIG-2: all of one's own, nobody else's."""
        mine, also_mine, bens = signed_in("anna"), signed_in("anna"), signed_in("ben")
        with as_(world.anna) as work:
            sign_in.sign_out_everywhere(work)
        assert (who(mine), who(also_mine), who(bens)) == (None, None, world.ben)

    def test_moving_takes_effect_at_the_next_act(self, world: World) -> None:
        """ACC-4: the session carries neither role nor branch."""
        secret = signed_in("anna")
        with work_as_system("she moves", at=NOW) as work:
            work.get(User, world.anna).branch_id = world.hefei
        with work_by_session(sign_in.digest(secret), at=NOW, readonly=True) as work:
            assert work.actor.branch_id == world.hefei

    def test_sweep_removes_what_is_long_over(self, world: World) -> None:
        old, fresh = signed_in("anna"), signed_in("ben", NOW + timedelta(days=199))
        attempt("ben", PASSWORD, NOW + timedelta(days=199))
        with sign_in.door(at=NOW + timedelta(days=200)) as work:
            assert sign_in.sweep(work) == 3  # anna's session and attempt, the ticket nobody redeemed
        with sign_in.door(readonly=True) as work:
            kept = set(work.scalars(select(SignInSession.token)))
        assert kept == {sign_in.digest(fresh)}
        assert sign_in.digest(old) not in kept


def touch(secret: str, at: datetime) -> None:
    with work_by_session(sign_in.digest(secret), at=at) as work:
        sign_in.touch(work, session=sign_in.digest(secret))


def seen_at(secret: str) -> datetime:
    with sign_in.door(readonly=True) as work:
        found: datetime = work.scalar(
            select(SignInSession.last_seen_at).where(SignInSession.token == sign_in.digest(secret))
        )
    return found


def test_the_door_is_the_systems(world: World) -> None:
    """Its Work belongs to nobody, so nothing written through it is put down to a person."""
    with sign_in.door(readonly=True) as work:
        assert isinstance(work, Work)
        assert work.actor.id is None
