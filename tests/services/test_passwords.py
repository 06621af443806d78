"""Passwords: changing them, codes for new ones, how they are stored (SIG-1, SIG-2, SIG-4)."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from streamlit_authenticator import Hasher

from db.models import Event, ResetCode, User
from services import passwords, sign_in, users
from services.core.errors import Invalid, Refused
from services.core.work import work_as_system, work_by_session
from tests.conftest import As
from tests.factories import NOW, PASSWORD, World
from tests.services.arriving import MINUTE, attempt, signed_in, who

FRESH = "blue excavator 7"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """New passwords are hashed cheaply here, to save time."""
    slow = passwords.hashed
    monkeypatch.setattr(passwords, "hashed", lambda password: slow(password, rounds=4))


class TestPasswordChange:
    def test_changing_ends_the_other_sessions(self, world: World) -> None:
        """SIG-2: the browser in which it was changed stays signed in."""
        here, there = signed_in("anna"), signed_in("anna")
        change(here, FRESH, old=PASSWORD)
        assert (who(here), who(there)) == (world.anna, None)
        assert attempt("anna", PASSWORD, NOW + MINUTE) is None
        assert attempt("anna", FRESH, NOW + MINUTE) is not None

    def test_changing_needs_the_old_password(self, world: World) -> None:
        with pytest.raises(Invalid, match="not your present password"):
            change(signed_in("anna"), FRESH, old="not it at all")

    def test_must_change_asks_for_a_new_one_only(self, world: World) -> None:
        """SIG-4: the old one was entered just now; afterwards it is asked for."""
        with work_as_system("a new user", at=NOW) as work:
            work.get(User, world.anna).must_change_password = True
        secret = signed_in("anna")
        change(secret, FRESH, old=None)
        with work_by_session(sign_in.digest(secret), at=NOW, readonly=True) as work:
            assert not work.actor.must_change_password
        with pytest.raises(Invalid, match="not your present password"):
            change(secret, "another fine one", old=None)

    @pytest.mark.parametrize(
        "weak",
        [
            "short",
            "1234567890",
            "Password1234",
            "woaini1314520",
            "anna123456",
            "Anna 2026 !!",
            "13800000000",
            "aaaaaaaaaaaa",
        ],
    )
    def test_weak_passwords_are_refused(self, world: World, weak: str) -> None:
        """SIG-4: too short, common, the name, the telephone number."""
        with pytest.raises(Invalid) as refused:
            change(signed_in("anna"), weak, old=PASSWORD)
        assert set(refused.value.fields) == {"new"}

    def test_the_name_in_pinyin_is_refused(self, world: World) -> None:
        """SIG-4."""
        assert passwords.weakness("ouyangxiuwen88", names=["欧阳修文"])
        assert passwords.weakness("ouyang drives 88", names=["欧阳修文"]) is None

    def test_the_present_password_is_refused(self, world: World) -> None:
        with pytest.raises(Invalid, match="present password"):
            change(signed_in("anna"), PASSWORD, old=PASSWORD)

    def test_nobody_stores_a_password_for_another(self, world: World, as_: As) -> None:
        with as_(world.anna) as work:
            proven = sign_in.prove(work, new=FRESH, old=PASSWORD)
        with as_(world.ben) as work, pytest.raises(Refused):
            sign_in.change_password(work, proven=proven)

    def test_the_trail_says_that_and_not_what(self, world: World) -> None:
        """ALL-3."""
        change(signed_in("anna"), FRESH, old=PASSWORD)
        with sign_in.door(readonly=True) as work:
            event = work.scalar(select(Event).where(Event.kind == "user", Event.record_id == world.anna))
        assert (event.action, event.actor_id, event.changes) == ("change_password", world.anna, {})


def change(secret: str, new: str, *, old: str | None) -> None:
    token = sign_in.digest(secret)
    with work_by_session(token, at=NOW, readonly=True) as work:
        proven = sign_in.prove(work, new=new, old=old)
    with work_by_session(token, at=NOW) as work:
        sign_in.change_password(work, proven=proven, session=token)


class TestResetCode:
    def test_code_works_once(self, world: World, as_: As) -> None:
        """SIG-4: it lets its holder choose a password; everything that was open ends."""
        secret, code = signed_in("anna"), reset(world, as_)
        use(code, FRESH)
        assert who(secret) is None
        assert attempt("anna", FRESH) is not None
        with pytest.raises(Invalid, match="used already"):
            use(code, "yet another one 9")

    @pytest.mark.parametrize(("minutes", "works"), [(29, True), (30, False)])
    def test_code_works_for_30_minutes(self, world: World, as_: As, minutes: int, works: bool) -> None:
        """SIG-4."""
        code = reset(world, as_)
        if works:
            use(code, FRESH, NOW + minutes * MINUTE)
        else:
            with pytest.raises(Invalid, match="30 minutes"):
                use(code, FRESH, NOW + minutes * MINUTE)

    def test_code_is_read_however_it_is_typed(self, world: World, as_: As) -> None:
        use(f" {reset(world, as_).lower().replace('-', ' ')} ", FRESH)

    def test_a_newer_code_voids_the_older(self, world: World, as_: As) -> None:
        older, newer = reset(world, as_), reset(world, as_)
        with pytest.raises(Invalid):
            use(older, FRESH)
        use(newer, FRESH)

    def test_code_is_stored_as_a_digest(self, world: World, as_: As) -> None:
        code = reset(world, as_)
        with sign_in.door(readonly=True) as work:
            assert work.scalar(select(func.count()).select_from(ResetCode)) == 1
            assert code.replace("-", "") not in work.scalars(select(ResetCode.code))

    def test_code_of_somebody_inactive_is_worth_nothing(self, world: World, as_: As) -> None:
        code = reset(world, as_)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.anna)
        with pytest.raises(Invalid):
            use(code, FRESH)

    def test_code_does_not_make_weak_passwords_good(self, world: World, as_: As) -> None:
        with pytest.raises(Invalid) as refused:
            use(reset(world, as_), "short")
        assert set(refused.value.fields) == {"new"}

    def test_a_reset_shuts_out_whoever_was_in(self, world: World, as_: As) -> None:
        """SIG-2, SIG-4: neither an open session nor the old password chooses the new one; the code does."""
        there, ticket = signed_in("anna"), attempt("anna", PASSWORD)
        code = reset(world, as_)
        assert who(there) is None
        with sign_in.door(at=NOW) as work:
            assert sign_in.redeem(work, ticket=ticket or "") is None
        assert attempt("anna", PASSWORD, NOW + MINUTE) is None
        use(code, FRESH)
        assert attempt("anna", FRESH, NOW + MINUTE) is not None

    def test_nobody_resets_oneself(self, world: World, as_: As) -> None:
        """SIG-4: a session left open would else choose a password without knowing the old one."""
        with as_(world.adam) as work, pytest.raises(Refused, match="My settings"):
            users.reset_password(work, user_id=world.adam)


def reset(world: World, as_: As) -> str:
    with as_(world.adam) as work:
        return users.reset_password(work, user_id=world.anna)


def use(code: str, new: str, at: datetime = NOW) -> None:
    with sign_in.door(at=at, readonly=True) as work:
        proven = sign_in.prove_code(work, code=code, new=new)
    with sign_in.door(at=at) as work:
        sign_in.use_code(work, proven=proven)


class TestHashes:
    def test_hash_is_bcrypt_as_the_sign_in_library_makes_it(self) -> None:
        """SIG-1."""
        assert Hasher.is_hash(passwords.hashed(FRESH))

    def test_long_passwords_count_in_full(self) -> None:
        """bcrypt alone looks at 72 bytes, which are 24 Chinese characters."""
        long = "施工现场" * 30
        stored = passwords.hashed(long + "一")
        assert passwords.matches(long + "一", stored)
        assert not passwords.matches(long + "二", stored)

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_only_the_same_password_matches(self, one: str, other: str) -> None:
        same = passwords._prepared(one) == passwords._prepared(other)
        assert passwords.matches(other, passwords.hashed(one)) is same

    def test_full_width_letters_are_the_same_password(self) -> None:
        """An input method may be on for one entry and off for the next."""
        assert passwords.matches("Ｂlue excavator ７", passwords.hashed("Blue excavator 7"))
