"""ALL-8, ADM-7: what was deleted is listed with who, when and why, and comes back as it was, to who may."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import Account, AccountMember, Branch, Contact, Event, Lead, LeadState, Merge, Opportunity, User
from services import accounts, leads, recycle_bin
from services.core import events
from services.core.errors import Invalid, NotFound, Refused
from services.core.listing import ListRequest, Page, fetch
from services.core.work import work_as_system
from tests.factories import DAY, HOUR, NOW, As, Make, World, as_person
from tests.looking import stored
from tests.races import race, winners


def listed(as_: As, person: int, kind: str = "account", **asked: Any) -> Page:
    with as_(person, readonly=True) as work:
        return recycle_bin.page(work, kind=kind, request=ListRequest(**asked))


def restore(as_: As, person: int, kind: str, *ids: int) -> int:
    with as_(person) as work:
        return recycle_bin.restore(work, kind=kind, record_ids=ids)


def change(model: Any, record_id: int, **values: Any) -> None:
    with work_as_system("meanwhile", at=NOW) as work:
        row = work.scalar(select(model).where(model.id == record_id))
        for name, value in values.items():
            setattr(row, name, value)


@pytest.fixture
def deleted(world: World, make: Make, as_: As) -> int:
    """A customer of Anna's that Mia deleted."""
    account_id = make.account("徐工机械有限公司", team={world.anna: "machines"}, credit_code="91350100M000100Y43")
    with as_(world.mia) as work:
        accounts.delete(work, account_id=account_id, reason="Closed down")
    return account_id


class TestList:
    def test_says_who_when_and_why(self, world: World, as_: As, deleted: int) -> None:
        row = listed(as_, world.mia).rows[0]
        assert (row["id"], row["name"]) == (deleted, "徐工机械有限公司")
        assert (row["deleted_by"], row["reason"], row["deleted_at"]) == ("Mia", "Closed down", NOW)

    def test_the_last_deletion_counts(self, world: World, as_: As, deleted: int) -> None:
        """ADM-7: by whom and why it is deleted now, whatever happened to it before and in between."""
        restore(as_, world.adam, "account", deleted)
        with as_(world.adam) as work:
            accounts.delete(work, account_id=deleted, reason="Entered twice")
        with as_(world.adam) as work:
            events.record(work, stored(Account, deleted), "looked_at", note="Not the reason")
        row = listed(as_, world.adam).rows[0]
        assert (row["deleted_by"], row["reason"]) == ("Adam", "Entered twice")

    def test_everybody_sees_what_they_may_restore(self, world: World, make: Make, as_: As, deleted: int) -> None:
        elsewhere = make.account("合肥机械有限公司", branch_id=world.hefei, deleted_at=NOW - HOUR)
        make.account("Present")
        assert [row["id"] for row in listed(as_, world.adam).rows] == [deleted, elsewhere]
        assert [row["id"] for row in listed(as_, world.max).rows] == [elsewhere]
        with as_(world.mia, readonly=True) as work:
            assert recycle_bin.counts(work) == {"account": 1, "contact": 0, "lead": 0, "opportunity": 0}
        for person in (world.anna, world.sun, world.ruth, world.eva):
            with pytest.raises(Refused):
                listed(as_, person)

    @pytest.mark.parametrize("words", ["徐工", "xgjx", "91350100M0"])
    def test_searched_like_everything(self, world: World, as_: As, deleted: int, words: str) -> None:
        change(Account, deleted, search_key="徐工机械有限公司 xugongjixie xgjxyxgs 91350100m000100y43")
        assert listed(as_, world.adam, search=words).total == 1
        assert listed(as_, world.adam, search="nobody").total == 0

    def test_filtered_by_day_and_branch(self, world: World, as_: As, deleted: int) -> None:
        today, tomorrow = NOW.date().isoformat(), (NOW + DAY).date().isoformat()
        assert listed(as_, world.adam, filters={"from": today, "to": today, "branch": world.nanjing}).total == 1
        assert listed(as_, world.adam, filters={"from": tomorrow}).total == 0
        assert listed(as_, world.adam, filters={"branch": world.hefei}).total == 0

    def test_the_bin_is_closed_outside_of_it(self, world: World, as_: As, deleted: int) -> None:
        """Nothing deleted shows anywhere else, also after the bin was open in the same work."""
        with as_(world.adam, readonly=True) as work:
            recycle_bin.page(work, kind="account", request=ListRequest())
            assert fetch(work, accounts.LIST, ListRequest()).total == 0
            with pytest.raises(NotFound):
                work.get(Account, deleted)

    def test_unknown_kinds_do_not_exist(self, world: World, as_: As) -> None:
        with pytest.raises(NotFound):
            listed(as_, world.adam, "user")


class TestRestoring:
    def test_it_is_as_it_was(self, world: World, as_: As, deleted: int) -> None:
        assert restore(as_, world.mia, "account", deleted) == 1
        with as_(world.anna, readonly=True) as work:
            card = accounts.card(work, account_id=deleted)
        assert [member.name for member in card.team] == ["Anna"]
        assert "change" in card.allowed
        with work_as_system("look", at=NOW, readonly=True) as work:
            story = select(Event.action, Event.actor_id).where(Event.kind == "account", Event.record_id == deleted)
            assert list(work.rows(story.order_by(Event.id)))[-1] == ("restored", world.mia)

    def test_of_another_branch_it_does_not_exist(self, world: World, as_: As, deleted: int) -> None:
        with pytest.raises(NotFound):
            restore(as_, world.max, "account", deleted)
        assert restore(as_, world.adam, "account", deleted) == 1

    def test_what_is_not_deleted_cannot_be_restored(self, world: World, make: Make, as_: As) -> None:
        with pytest.raises(NotFound):
            restore(as_, world.adam, "account", make.account())

    def test_unique_values_taken_since(self, world: World, make: Make, as_: As, deleted: int) -> None:
        """ALL-8: a deleted record never blocks; coming back it has to fit."""
        make.account("Newcomer", credit_code="91350100M000100Y43")
        with pytest.raises(Invalid, match="credit code"):
            restore(as_, world.mia, "account", deleted)
        assert stored(Account, deleted).deleted_at == NOW

    def test_several_all_or_none(self, world: World, make: Make, as_: As) -> None:
        first, second = (make.lead(world.anna, deleted_at=NOW) for _ in "ab")
        with pytest.raises(NotFound):
            restore(as_, world.mia, "lead", first, second, 999_999)
        assert stored(Lead, first).deleted_at is not None
        assert restore(as_, world.mia, "lead", first, second) == 2

    def test_a_parent_company_first_or_together(self, world: World, make: Make, as_: As) -> None:
        above = make.account("Above", deleted_at=NOW)
        below = make.account("Below", deleted_at=NOW, parent_id=above)
        with pytest.raises(Refused, match="deleted too"):
            restore(as_, world.mia, "account", below)
        assert restore(as_, world.mia, "account", below, above) == 2

    def test_a_contact_needs_its_customer(self, world: World, make: Make, as_: As, deleted: int) -> None:
        account_id = make.account("Second")
        contact_id = make.contact(account_id)
        change(Contact, contact_id, deleted_at=NOW)
        change(Account, account_id, deleted_at=NOW)
        with pytest.raises(Refused, match="deleted too"):
            restore(as_, world.mia, "contact", contact_id)
        restore(as_, world.mia, "account", account_id)
        assert restore(as_, world.mia, "contact", contact_id) == 1

    def test_a_closed_branch_takes_nothing_back(self, world: World, as_: As, deleted: int) -> None:
        change(Branch, world.nanjing, active=False)
        with pytest.raises(Refused, match="closed"):
            restore(as_, world.adam, "account", deleted)

    def test_what_was_merged_away_stays_away(self, world: World, make: Make, as_: As, deleted: int) -> None:
        """ACCT-4: the merge is undone instead, also where the actor does not see the merge."""
        kept = make.account("Kept")
        with work_as_system("a merge", at=NOW) as work:
            told = {"kind": "account", "kept": kept, "gone": deleted, "kept_version": 1, "before": {}, "moved": []}
            work.also(Merge(**told, at=NOW, by_id=world.adam))
        with pytest.raises(Refused, match="merged"):
            restore(as_, world.mia, "account", deleted)

    def test_nothing_comes_back_to_who_has_left(self, world: World, make: Make, as_: As, deleted: int) -> None:
        """ADM-6: no record is ever without an owner or queue."""
        lead_id = make.lead(world.anna, deleted_at=NOW, assigned_at=NOW - DAY)
        with work_as_system("an opportunity", at=NOW) as work:
            account_id = make.account("Third")
            chance = Opportunity(
                name="x", account_id=account_id, line="machines", owner_id=world.anna, branch_id=world.nanjing
            )
            chance.created_at = chance.updated_at = chance.deleted_at = NOW
            work.also(chance)
            work.flush()
            opportunity_id = chance.id
        change(User, world.anna, active=False)
        for kind, record_id in (("lead", lead_id), ("account", deleted), ("opportunity", opportunity_id)):
            restore(as_, world.adam, kind, record_id)
        lead = stored(Lead, lead_id)
        assert (lead.owner_id, lead.state) == (None, LeadState.NEW)
        assert stored(Opportunity, opportunity_id).owner_id == world.mia
        with work_as_system("look", at=NOW, readonly=True) as work:
            assert not work.scalars(select(AccountMember.id).where(AccountMember.account_id == deleted))

    @pytest.mark.parametrize("_round", range(3))
    def test_two_at_once(self, world: World, as_: As, deleted: int, _round: int) -> None:
        outcome = race(*(lambda: restore(as_, world.mia, "account", deleted) for _ in "ab"))
        assert len(winners(outcome)) == 1


@given(rated=st.sampled_from(["hot", "warm", "cold", None]), owned=st.booleans(), notes=st.text("ab 中", max_size=20))
def test_deleting_and_restoring_changes_nothing(
    stage: Any, tmp_path_factory: pytest.TempPathFactory, rated: Any, owned: bool, notes: str
) -> None:
    """ALL-8: whatever a lead holds."""
    with stage.fresh(tmp_path_factory.mktemp("bin")):
        make, people = Make(stage.world), stage.world
        lead_id = make.lead(people.anna if owned else None, rating=rated, notes=notes)
        before = vars(stored(Lead, lead_id)).copy()
        with as_person(people.mia) as work:
            leads.delete(work, lead_id=lead_id, reason="x")
        restore(as_person, people.mia, "lead", lead_id)
        after = vars(stored(Lead, lead_id))
        moving = {"_sa_instance_state", "version", "updated_at"}
        assert {k: v for k, v in before.items() if k not in moving} == {
            k: v for k, v in after.items() if k not in moving
        }
