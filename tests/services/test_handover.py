"""ADM-6, ACC-6: everything that somebody owns goes to others; nothing is left without an owner, and it can be undone."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest

from db.models import (
    AccountMember,
    Activity,
    Event,
    Lead,
    Notice,
    Opportunity,
    Role,
    User,
)
from services import accounts, handover, holdings, integrity, users
from services.core.errors import Invalid, NotFound, Refused
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from services.handover import Share
from services.handover.belongings import Belonging
from services.handover.dividing import NOBODY_COVERS, NOBODY_FITS, divide
from services.handover.shares import Receiver
from services.time_rules import report_uncontacted
from tests.factories import DAY, HOUR, NOW, As, Make, World
from tests.services.handing import chance, hand_over, owners, rows, undo
from tests.stories import ended


class TestHandingOver:
    def test_everything_changes_hands_in_one_go(
        self, world: World, as_: As, make: Make, everything: Mapping[str, int]
    ) -> None:
        done = ended(make, world.anna)
        given_up = make.lead(world.anna, state="disqualified", disqualify_reason_id=world.codes["no_need"])
        hand_over(as_, world.mia, world.anna, world.ben)
        assert [row.user_id for row in rows(AccountMember)] == [world.ben]
        assert owners(Opportunity) == [world.ben]
        assert {row.id: row.owner_id for row in rows(Lead)} == {everything["lead"]: world.ben, given_up: world.anna}
        stands = {row.id: (row.owner_id, row.state.value) for row in rows(Activity)}
        assert stands.pop(done) == (world.anna, "ended")
        assert set(stands.values()) == {(world.ben, "assigned")}
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert not any(holdings.counts(work, user_id=world.anna).values())

    def test_whoever_takes_a_lead_over_has_a_clock_of_their_own(self, world: World, as_: As, make: Make) -> None:
        """LEAD-8: nobody is late with what came a minute ago."""
        make.lead(world.anna, assigned_at=NOW - 5 * DAY)
        hand_over(as_, world.mia, world.anna, world.ben)
        assert [report_uncontacted(NOW + hours * HOUR) for hours in (0, 23, 24)] == [0, 0, 1]

    def test_each_record_tells_it_and_each_person_hears_once(
        self, world: World, as_: As, everything: Mapping[str, int]
    ) -> None:
        """ALL-3: in the history of each; one gathered notice to who receives, one to whose work it was."""
        number = hand_over(as_, world.mia, world.anna, world.ben)
        told = [(row.kind, row.note, row.actor_id) for row in rows(Event) if row.action == "handed_over"]
        assert sorted(told) == sorted(
            [(kind, "Anna leaves", world.mia) for kind in ["account", "opportunity", "lead", *["activity"] * 4]]
        )
        heard = {(row.user_id, row.kind): row.parameters for row in rows(Notice)}
        assert set(heard) == {(world.ben, "handover_received"), (world.anna, "handover_given")}
        counted = {kind: heard[world.ben, "handover_received"][kind] for kind in handover.KINDS}
        assert counted == {"account": 1, "opportunity": 1, "lead": 1, "activity": 4, "user": 0}
        with as_(world.mia, readonly=True) as work:
            assert handover.card(work, handover_id=number).counts == {
                world.ben: {"account": 1, "opportunity": 1, "lead": 1, "activity": 4}
            }

    def test_what_is_stored_stays_sound(self, world: World, as_: As, everything: Mapping[str, int]) -> None:
        """quality.md: the same problems as before it, whether done or undone."""

        def problems() -> list[str]:
            with work_as_system("check", at=NOW + 2 * HOUR, readonly=True) as work:
                return sorted(map(str, integrity.problems(work)))

        before = {line for line in problems() if "last event" not in line and "gap" not in line}
        number = hand_over(as_, world.mia, world.anna, world.ben)
        assert {line for line in problems() if "gap" not in line} <= before
        undo(as_, world.mia, number)
        assert {line for line in problems() if "gap" not in line} <= before

    def test_without_a_reason_or_receiver_nothing_moves(
        self, world: World, as_: As, everything: Mapping[str, int]
    ) -> None:
        """Receivers are active, of the branch, and somebody else."""
        with pytest.raises(Invalid, match="reason"), as_(world.mia) as work:
            handover.make(work, from_user_id=world.anna, shares=[Share(world.ben)], reason=" \0\u200b")
        for wrong in ((), (world.anna,), (world.carl,), (world.adam,), (999,), (world.ben, world.carl)):
            with pytest.raises((Invalid, NotFound)):
                hand_over(as_, world.mia, world.anna, *wrong)
        with work_as_system("Ben leaves", at=NOW) as work:
            work.get(User, world.ben).active = False
        with pytest.raises(Invalid, match="shares"):
            hand_over(as_, world.mia, world.anna, world.ben)
        assert owners(Lead) == [world.anna]

    def test_nothing_to_hand_over_is_said(self, world: World, as_: As) -> None:
        with pytest.raises(Refused, match="nothing to hand over"):
            hand_over(as_, world.mia, world.ben, world.anna)

    def test_a_receiver_covers_the_line(self, world: World, as_: As, make: Make) -> None:
        """Pia sells parts: what is about machines finds nobody, and nothing at all moves."""
        make.lead(world.anna)
        make.lead(world.anna, line="parts")
        with pytest.raises(Refused, match="1 records would be left without an owner"):
            hand_over(as_, world.mia, world.anna, world.pia)
        assert set(owners(Lead)) == {world.anna}
        hand_over(as_, world.mia, world.anna, world.pia, world.ben)
        assert owners(Lead) == [world.ben, world.pia]

    def test_by_region_and_class(self, world: World, as_: As, make: Make) -> None:
        """ADM-6: who takes Nanjing, who takes the A customers, who takes the rest."""
        for city, grade in (("320100", None), (None, "A"), (None, "C")):
            number = make.account(team={world.anna: "machines"}, city_code=city)
            with as_(world.mia) as work:
                member = accounts.team(work, account_id=number)[0].id
                accounts.classify(work, account_id=number, member_id=member, grade=grade, contacts_per_year=None)
            make.activity(account_id=number)
        shares = [Share(world.ben, regions=["320100"]), Share(world.sun, grades=["A"]), Share(world.mia)]
        hand_over(as_, world.adam, world.anna, *shares)
        assert [row.user_id for row in rows(AccountMember)] == [world.ben, world.sun, world.mia]
        assert owners(Activity) == [world.ben, world.sun, world.mia]

    def test_by_product_line(self, world: World, as_: As, make: Make) -> None:
        """ADM-6: who takes the parts, although who takes the rest could as well; what has no line is anybody's."""
        first, second = make.lead(world.sun), make.lead(world.sun, line="parts")
        both = make.user("Dora", lines=["machines", "parts"]), make.user("Emil", lines=["machines", "parts"])
        hand_over(as_, world.mia, world.sun, Share(both[0], lines=["parts"]), Share(both[1]))
        assert {row.id: row.owner_id for row in rows(Lead)} == {first: both[1], second: both[0]}

    def test_deleted_leads_stay_with_whom_they_were(self, world: World, as_: As, make: Make) -> None:
        """ALL-8, ADM-6: they are nobody's work; coming back, they are assigned anew."""
        make.lead(world.anna, deleted_at=NOW)
        assert _preview(as_, world.mia, world.anna, world.ben).total == 0
        with pytest.raises(Refused, match="nothing to hand over"):
            hand_over(as_, world.mia, world.anna, world.ben)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.anna)

    def test_people_who_report_get_a_fitting_superior(self, world: World, as_: As) -> None:
        """Anna and Ben report to Sun: to Mia, who manages the branch; a rep leads nobody."""
        with pytest.raises(Refused, match="nothing to hand over"):
            hand_over(as_, world.adam, world.sun, world.anna)
        assert set(_preview(as_, world.adam, world.sun, world.anna).staying) == {"Anna", "Ben"}
        number = hand_over(as_, world.adam, world.sun, world.mia)
        assert {row.id for row in rows(User) if row.superior_id == world.mia} >= {world.anna, world.ben}
        undo(as_, world.adam, number)
        assert {row.id for row in rows(User) if row.superior_id == world.sun} == {world.anna, world.ben}

    def test_nobody_is_on_a_team_twice(self, world: World, as_: As, make: Make) -> None:
        """A place without a line falls to a colleague who has one there already; undone, there are two again."""
        make.account(team={world.anna: None, world.ben: None})
        number = hand_over(as_, world.mia, world.anna, world.ben)
        assert [row.user_id for row in rows(AccountMember)] == [world.ben]
        undo(as_, world.mia, number)
        assert {row.user_id for row in rows(AccountMember)} == {world.anna, world.ben}


class TestWho:
    def test_managers_hand_over_in_their_branch_only(self, world: World, as_: As, make: Make) -> None:
        make.lead(world.carl)
        for act in (hand_over, _preview):
            with pytest.raises(Refused):
                act(as_, world.mia, world.carl, world.max)
        for person in (world.anna, world.sun, world.ruth, world.eva):
            with pytest.raises(Refused):
                hand_over(as_, person, world.carl, world.max)
        hand_over(as_, world.max, world.carl, world.max)

    def test_handovers_of_other_branches_do_not_exist(self, world: World, as_: As, make: Make) -> None:
        """ALL-7."""
        make.lead(world.carl)
        number = hand_over(as_, world.adam, world.carl, world.max)
        with as_(world.mia, readonly=True) as work, pytest.raises(NotFound):
            handover.card(work, handover_id=number)
        for person, seen in ((world.mia, 0), (world.max, 1), (world.adam, 1), (world.anna, 0)):
            with as_(person, readonly=True) as work:
                assert fetch(work, handover.LIST, ListRequest()).total == seen
        with pytest.raises(NotFound):
            undo(as_, world.mia, number)


def _preview(as_: As, actor: int, person: int, *receivers: int) -> handover.Preview:
    with as_(actor, readonly=True) as work:
        return handover.preview(work, from_user_id=person, shares=[Share(one) for one in receivers])


class TestPreview:
    def test_says_who_gets_what_and_what_finds_nobody(
        self, world: World, as_: As, make: Make, everything: Mapping[str, int]
    ) -> None:
        seen = _preview(as_, world.mia, world.anna, world.pia)
        assert seen.counts[world.pia] == {"account": 0, "opportunity": 0, "lead": 0, "activity": 3, "user": 0}
        assert [(one.what.kind, one.why) for one in seen.nobody] == [
            (kind, NOBODY_COVERS) for kind in ("account", "opportunity", "lead", "activity")
        ]
        assert not _preview(as_, world.mia, world.anna, world.pia, world.ben).nobody
        assert owners(Lead) == [world.anna]

    def test_promises_what_then_happens(self, world: World, as_: As, make: Make, everything: Mapping[str, int]) -> None:
        for _ in range(5):
            make.lead(world.anna)
        seen = _preview(as_, world.mia, world.anna, world.ben, world.sun)
        number = hand_over(as_, world.mia, world.anna, world.ben, world.sun)
        with as_(world.mia, readonly=True) as work:
            done = handover.card(work, handover_id=number).counts
        assert {one: {k: n for k, n in kinds.items() if n} for one, kinds in seen.counts.items()} == done

    def test_what_came_in_since_goes_along(self, world: World, as_: As, make: Make) -> None:
        make.lead(world.anna)
        assert _preview(as_, world.mia, world.anna, world.ben).total == 1
        make.lead(world.anna)
        hand_over(as_, world.mia, world.anna, world.ben)
        assert owners(Lead) == [world.ben, world.ben]


class TestLeaving:
    @pytest.mark.parametrize("kind", ["activity", "lead", "opportunity", "account"])
    def test_open_work_of_every_kind_keeps_a_person(self, world: World, as_: As, make: Make, kind: str) -> None:
        """ACC-6: refused with it, possible after the handover."""
        if kind == "activity":
            make.activity(world.anna)
        elif kind == "lead":
            make.lead(world.anna)
        else:
            number = make.account(team={world.anna if kind == "account" else world.ben: "machines"})
            if kind == "opportunity":
                chance(world, world.anna, number)
        with pytest.raises(Refused, match="Hand them over first"), as_(world.adam) as work:
            users.deactivate(work, user_id=world.anna)
        hand_over(as_, world.adam, world.anna, world.ben)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.anna)

    @pytest.mark.parametrize("waiting", ["request", "dispute", "dispute of the other branch"])
    def test_the_last_manager_stays_while_requests_wait(self, world: World, as_: As, make: Make, waiting: str) -> None:
        """ADM-6: approvals belong to a branch's manager; without one nobody would decide them."""
        if waiting == "request":
            make.request(make.contact(make.account()), world.anna)
        elif waiting == "dispute":
            make.dispute(make.lead(world.anna), world.ben)
        else:
            make.dispute(make.lead(world.carl), world.anna, other_branch_id=world.nanjing)
        assert _preview(as_, world.adam, world.mia, world.sun).undecided == 1
        with pytest.raises(Refused, match="only manager"), as_(world.adam) as work:
            users.deactivate(work, user_id=world.mia)
        make.user("Second", role=Role.BRANCH_MANAGER)
        with as_(world.adam) as work:
            users.deactivate(work, user_id=world.mia)


class TestDividing:
    """Pure: who gets what."""

    @staticmethod
    def receiver(number: int, rank: int = 1, lines: tuple[str, ...] = (), **share: Any) -> Receiver:
        may = frozenset({"account.change", "lead.work", "opportunity.create", "activity.carry_out"})
        return Receiver(Share(number, **share), rank, str(number), frozenset(lines), may, Role.REP)

    def test_evenly_and_a_customer_stays_together(self) -> None:
        owned = [Belonging("account", n, "x", "machines", account_id=n) for n in range(1, 5)]
        owned += [Belonging("activity", n, "x", account_id=n) for n in range(1, 5)]
        placed = divide(owned, [self.receiver(1), self.receiver(2)])
        assert [one.to_user_id for one in placed] == [1, 2, 1, 2, 1, 2, 1, 2]

    def test_narrow_shares_come_first(self) -> None:
        owned = [Belonging("lead", n, "x", "machines", frozenset({"320100"})) for n in range(3)]
        owned.append(Belonging("lead", 9, "x", "machines"))
        placed = divide(owned, [self.receiver(1), self.receiver(2, 0, regions=["320100"])])
        assert [one.to_user_id for one in placed] == [2, 2, 2, 1]

    def test_why_nobody(self) -> None:
        lead = Belonging("lead", 1, "x", "machines")
        assert divide([lead], [self.receiver(1, lines=("parts",))])[0].why == NOBODY_COVERS
        assert divide([lead], [self.receiver(1, 0, grades=["A"])])[0].why == NOBODY_FITS
        assert asdict(divide([lead], [])[0])["why"] == NOBODY_FITS
