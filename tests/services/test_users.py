"""People: who administers them, where they may stand, what leaving needs (ADM-1, ACC-4, ACC-6, ACC-5)."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Event, Role, SignInSession, User, UserLine
from services import activities, leads, sign_in, users
from services.core.errors import Invalid, NotFound, Refused, SignedOut, Stale
from services.core.listing import ListRequest
from services.core.work import work_as, work_as_system, work_by_session
from tests.conftest import As
from tests.factories import NOW, PASSWORD_HASH, Make, World
from tests.races import race, winners
from tests.stories import plan_values

NEW: Mapping[str, Any] = {"login": "li.lei", "name": "李雷", "role": "rep", "lines": ["machines"]}


def create(world: World, as_: As, **values: Any) -> int:
    with as_(world.adam) as work:
        given = {**NEW, "branch_id": world.nanjing, "superior_id": world.sun, **values}
        return users.create(work, values=given, password_hash=PASSWORD_HASH)


def change(world: World, as_: As, user_id: int, **changes: Any) -> None:
    with as_(world.adam) as work:
        users.change(work, user_id=user_id, changes=changes)


def stored(user_id: int) -> User:
    with work_as_system("a test looks", readonly=True) as work:
        return work.get(User, user_id)


class TestCreating:
    def test_a_new_person_must_choose_a_password(self, world: World, as_: As) -> None:
        """SIG-4, ADM-1."""
        person = stored(create(world, as_))
        assert (person.login, person.role, person.branch_id) == ("li.lei", Role.REP, world.nanjing)
        assert person.must_change_password
        assert not person.demo

    def test_a_new_person_is_found_by_pinyin(self, world: World, as_: As) -> None:
        """ALL-2."""
        create(world, as_)
        with as_(world.anna) as work:
            assert [row.name for row in users.colleagues(work, words="lilei")] == ["李雷"]
            assert [row.name for row in users.colleagues(work, words="ll")] == ["李雷"]

    def test_a_taken_name_is_said_beside_the_field(self, world: World, as_: As) -> None:
        """ALL-6; small and capital letters are one name."""
        with pytest.raises(Invalid) as refused:
            create(world, as_, login="Anna")
        assert set(refused.value.fields) == {"login"}

    @pytest.mark.parametrize("login", ["", "a", "9lives", "张三", "with space", "semi;colon", "x" * 41])
    def test_unfit_names_are_refused(self, world: World, as_: As, login: str) -> None:
        with pytest.raises(Invalid) as refused:
            create(world, as_, login=login)
        assert "login" in refused.value.fields

    @pytest.mark.parametrize("field", ["password_hash", "active", "must_change_password", "id", "demo", "version"])
    def test_only_fields_are_taken(self, world: World, as_: As, field: str) -> None:
        """ACC-5."""
        with pytest.raises(Invalid) as refused:
            create(world, as_, **{field: "1"})
        assert set(refused.value.fields) == {field}

    @pytest.mark.parametrize("who", ["anna", "sun", "mia", "ruth", "eva"])
    def test_only_administrators_create(self, world: World, as_: As, who: str) -> None:
        """ADM-1."""
        with as_(world.people[who]) as work, pytest.raises(Refused):
            users.create(work, values={**NEW, "branch_id": world.nanjing}, password_hash=PASSWORD_HASH)


class TestPosition:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"branch_id": None, "superior_id": None}, "branch_id"),
            ({"branch_id": 999, "superior_id": None}, "branch_id"),
            ({"role": "executive", "lines": [], "superior_id": None}, "branch_id"),
            ({"lines": []}, "lines"),
            ({"lines": ["rockets"]}, "lines"),
            ({"role": "marketing"}, "lines"),
            ({"role": "king"}, "role"),
            ({"superior_id": 999}, "superior_id"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_its_field(
        self, world: World, as_: As, values: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            create(world, as_, **values)
        assert field in refused.value.fields

    @pytest.mark.parametrize("who", ["ben", "max", "eva", "ruth"])
    def test_reps_report_to_managers_of_their_branch(self, world: World, as_: As, who: str) -> None:
        """access.md: a rep reports to a sales manager or the branch manager."""
        with pytest.raises(Invalid) as refused:
            create(world, as_, superior_id=world.people[who])
        assert set(refused.value.fields) == {"superior_id"}

    def test_reps_may_report_to_the_branch_manager(self, world: World, as_: As) -> None:
        assert stored(create(world, as_, superior_id=world.mia)).superior_id == world.mia

    def test_the_chain_of_superiors_has_no_cycle(self, world: World, as_: As) -> None:
        """access.md: Eva stands above Mia, so Mia cannot stand above Eva."""
        with pytest.raises(Invalid) as refused:
            change(world, as_, world.eva, superior_id=world.mia)
        assert "nobody is their own superior" in str(refused.value.fields["superior_id"])

    def test_nobody_is_their_own_superior(self, world: World, as_: As) -> None:
        with pytest.raises(Invalid):
            change(world, as_, world.eva, superior_id=world.eva)

    def test_somebody_who_left_is_no_superior(self, world: World, as_: As) -> None:
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.sun)
        with pytest.raises(Invalid):
            create(world, as_, superior_id=world.sun)


class TestChanging:
    def test_a_move_takes_effect_at_once(self, world: World, as_: As) -> None:
        """ACC-4."""
        change(world, as_, world.ben, branch_id=world.hefei, superior_id=world.max, lines=["parts", "service"])
        with as_(world.ben) as work:
            assert work.actor.branch_id == world.hefei
            lines = set(work.scalars(select(UserLine.line).where(UserLine.user_id == world.ben)))
        assert lines == {"parts", "service"}

    def test_a_new_role_takes_effect_at_once(self, world: World, as_: As) -> None:
        """ACC-4."""
        change(world, as_, world.pia, role="marketing", lines=[])
        with as_(world.pia) as work:
            assert work.actor.role is Role.MARKETING

    def test_the_trail_names_what_changed(self, world: World, as_: As) -> None:
        """ALL-3."""
        change(world, as_, world.pia, mobile="13900000000", lines=["machines", "parts"])
        with work_as_system("a test looks", readonly=True) as work:
            event = work.scalar(select(Event).where(Event.kind == "user", Event.record_id == world.pia))
        assert (event.action, event.actor_id) == ("change", world.adam)
        assert event.changes == {
            "mobile": ["13800000000", "13900000000"],
            "lines": [["parts"], ["machines", "parts"]],
        }

    def test_changing_nothing_leaves_no_trace(self, world: World, as_: As) -> None:
        change(world, as_, world.pia, name="Pia")
        with work_as_system("a test looks", readonly=True) as work:
            assert work.scalar(select(Event.id).where(Event.kind == "user")) is None

    def test_two_administrators_do_not_overwrite_each_other(self, world: World, as_: As) -> None:
        """ALL-4."""
        before = stored(world.pia).version
        change(world, as_, world.pia, mobile="13900000000")
        with as_(world.adam) as work, pytest.raises(Stale):
            users.change(work, user_id=world.pia, changes={"mobile": "13700000000"}, version=before)

    @pytest.mark.parametrize("who", ["anna", "sun", "mia", "ruth", "eva"])
    def test_only_administrators_change_others(self, world: World, as_: As, who: str) -> None:
        for act in (users.deactivate, users.activate, users.reset_password, users.sign_out, users.card):
            with as_(world.people[who]) as work, pytest.raises(Refused):
                act(work, user_id=world.ben)
        with as_(world.people[who]) as work, pytest.raises(Refused):
            users.change(work, user_id=world.people[who], changes={"role": "data_administrator"})

    def test_everybody_changes_the_own_language_and_numbers(self, world: World, as_: As) -> None:
        """ALL-1; but not role, place or name."""
        with as_(world.anna) as work:
            users.choose_language(work, language="zh_CN")
            users.change_own(work, changes={"mobile": "13900000000", "email": "anna@example.org"})
        person = stored(world.anna)
        assert (person.language, person.mobile, person.email) == ("zh_CN", "13900000000", "anna@example.org")
        for field, value in {"role": "data_administrator", "branch_id": world.hefei, "name": "Adam"}.items():
            with as_(world.anna) as work, pytest.raises(Invalid):
                users.change_own(work, changes={field: value})

    def test_an_unknown_person_is_not_found(self, world: World, as_: As) -> None:
        with as_(world.adam) as work, pytest.raises(NotFound):
            users.change(work, user_id=999, changes={})


class TestLeaving:
    def test_deactivation_ends_every_session_at_once(self, world: World, as_: As) -> None:
        """ACC-4, SIG-2."""
        token = session_of(world.ben)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.ben)
        with pytest.raises(SignedOut), work_by_session(token, at=NOW):
            pass
        with pytest.raises(SignedOut), work_as(world.ben, at=NOW):
            pass

    def test_coming_back_does_not_wake_old_sessions(self, world: World, as_: As) -> None:
        token = session_of(world.ben)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.ben)
        with as_(world.adam) as work:
            users.activate(work, user_id=world.ben)
        with work_as(world.ben, at=NOW) as work:
            assert work.actor.id == world.ben
        with pytest.raises(SignedOut), work_by_session(token, at=NOW):
            pass

    def test_open_work_is_handed_over_first(self, world: World, as_: As, make: Make) -> None:
        """ACC-6: the refusal says how much there is; closed activities do not count."""
        make.activity(world.anna, state="planned")
        make.activity(world.anna, state="assigned")
        make.activity(world.anna, state="cancelled")
        with as_(world.adam) as work, pytest.raises(Refused, match="Anna still has 2 open activities"):
            users.deactivate(work, user_id=world.anna)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.ben)

    def test_moving_away_from_open_work_is_refused_too(self, world: World, as_: As, make: Make) -> None:
        """ADM-6: no activity is left with an owner who cannot see it."""
        make.activity(world.anna)
        with pytest.raises(Refused, match="1 open"):
            change(world, as_, world.anna, branch_id=world.hefei, superior_id=world.max)
        change(world, as_, world.anna, superior_id=world.mia)

    def test_a_new_role_takes_nothing_along_that_it_cannot_hold(self, world: World, as_: As, make: Make) -> None:
        """ADM-6: what somebody could not work on any more has another owner first."""
        lead_id = make.lead(world.ben)
        with pytest.raises(Refused, match="1 leads"):
            change(world, as_, world.ben, role="marketing", lines=[], superior_id=world.mia)
        change(world, as_, world.ben, role="sales_manager", superior_id=world.mia)
        with as_(world.mia) as work:
            leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.anna)
        change(world, as_, world.ben, role="marketing", lines=[])

    def test_the_only_manager_stays_one_while_requests_wait(self, world: World, as_: As, make: Make) -> None:
        """ADM-6: nobody else could decide them."""
        make.request(make.contact(make.account()), world.anna)
        with pytest.raises(Refused, match="only manager"):
            change(world, as_, world.mia, role="marketing")
        make.user("Mo", role=Role.BRANCH_MANAGER)
        change(world, as_, world.mia, role="marketing")

    @pytest.mark.parametrize("_round", range(4))
    def test_work_given_while_somebody_leaves_finds_an_owner(
        self, world: World, as_: As, make: Make, _round: int
    ) -> None:
        """ACC-6: either the work is there first and Anna stays, or she is gone and gets none."""

        def leave() -> None:
            with as_(world.adam) as work:
                users.deactivate(work, user_id=world.anna)

        def give() -> None:
            with as_(world.mia) as work:
                activities.assign(work, values=plan_values(world), owner_ids=[world.anna])

        assert len(winners(race(leave, give))) == 1

    @pytest.mark.parametrize("_round", range(4))
    def test_two_administrators_cannot_shut_each_other_out(
        self, world: World, as_: As, make: Make, _round: int
    ) -> None:
        amy = make.user("Amy", role=Role.DATA_ADMINISTRATOR)

        def shut_out(actor: int, other: int) -> None:
            with as_(actor) as work:
                users.deactivate(work, user_id=other)

        assert len(winners(race(lambda: shut_out(world.adam, amy), lambda: shut_out(amy, world.adam)))) == 1

    def test_the_last_administrator_stays(self, world: World, as_: As, make: Make) -> None:
        with as_(world.adam) as work, pytest.raises(Refused, match="only data administrator"):
            users.deactivate(work, user_id=world.adam)
        with pytest.raises(Refused, match="only data administrator"):
            change(world, as_, world.adam, role="executive")
        make.user("Amy", role=Role.DATA_ADMINISTRATOR)
        change(world, as_, world.adam, role="executive")

    def test_an_administrator_ends_the_sessions_of_one_person(self, world: World, as_: As) -> None:
        """SIG-2."""
        bens, annas = session_of(world.ben), session_of(world.anna)
        with as_(world.adam) as work:
            users.sign_out(work, user_id=world.ben)
        with pytest.raises(SignedOut), work_by_session(bens, at=NOW):
            pass
        with work_by_session(annas, at=NOW, readonly=True) as work:
            assert work.actor.id == world.anna

    def test_somebody_inactive_gets_no_code(self, world: World, as_: As) -> None:
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.ben)
        with as_(world.adam) as work, pytest.raises(Refused):
            users.reset_password(work, user_id=world.ben)


def session_of(user_id: int) -> str:
    token = sign_in.digest(f"secret of {user_id}")
    times = {"created_at": NOW, "last_seen_at": NOW, "expires_at": NOW.replace(hour=22)}
    with work_as_system("a browser", at=NOW) as work:
        work.also(SignInSession(token=token, user_id=user_id, **times))
    return token


class TestDirectory:
    def test_colleagues_are_the_active_people_of_the_branch(self, world: World, as_: As) -> None:
        with as_(world.anna) as work:
            assert {row.name for row in users.colleagues(work)} == {"Anna", "Ben", "Mia", "Pia", "Ruth", "Sun"}
            assert {row.name for row in users.colleagues(work, branch_id=world.hefei)} == {
                row.name for row in users.colleagues(work)
            }

    def test_the_head_office_chooses_among_all_or_one_branch(self, world: World, as_: As) -> None:
        with as_(world.adam) as work:
            assert len(users.colleagues(work)) == 11
            assert {row.name for row in users.colleagues(work, branch_id=world.hefei)} == {"Carl", "Max"}
            assert {row.name for row in users.colleagues(work, roles=["rep"])} == {"Anna", "Ben", "Pia", "Carl"}

    def test_the_list_filters_and_counts(self, world: World, as_: As) -> None:
        """ALL-2, ALL-10."""
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.ben)
            reps = users.page(work, request=ListRequest(filters={"role": "rep", "active": "true"}))
            parts = users.page(work, request=ListRequest(filters={"line": "parts"}))
            found = users.page(work, request=ListRequest(search="ann"))
        assert ([row["name"] for row in reps.rows], reps.total) == (["Anna", "Carl", "Pia"], 3)
        assert [row["name"] for row in parts.rows] == ["Pia"]
        assert {row["name"] for row in found.rows} == {"Anna", "Hanna"}
        assert found.rows[0]["superior"] == "Sun"

    def test_passwords_are_not_a_column(self, world: World, as_: As) -> None:
        """ACC-2."""
        with as_(world.adam) as work, pytest.raises(Refused):
            users.page(work, request=ListRequest(sort="password_hash"))

    def test_a_card_has_what_is_changed(self, world: World, as_: As) -> None:
        with as_(world.adam) as work:
            card = users.card(work, user_id=world.anna)
        assert (card["login"], card["lines"], card["superior_id"]) == ("anna", ["machines"], world.sun)
        assert "password_hash" not in card

    def test_branch_names_come_in_both_languages(self, world: World, as_: As) -> None:
        with as_(world.anna) as work:
            assert users.branch_names(work) == ("南京分公司", "Nanjing")
        with as_(world.adam) as work:
            assert users.branch_names(work) is None
