"""Disputes walked at random, and who sees which: only steps of the table, the same from every side (ASG-4, ALL-7)."""

import random
from typing import Any

import pytest
from sqlalchemy import select

from db.models import DisputeState, Event, Lead, LeadDispute
from services import disputes
from services.core.errors import ServiceError
from services.core.listing import ListRequest, fetch
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.looking import gettable
from tests.services.disputing import claim, owner, stored

pytestmark = pytest.mark.walk


def test_random_walks_stay_in_the_table(world: World, as_: As, make: Make) -> None:
    """ASG-4: open → kept, given or withdrawn, once; the lead moves with GIVEN alone; each step leaves a line."""
    chance = random.Random(11)
    for number in range(12):
        phone, before = f"1391111{number:04}", world.anna
        lead_id = make.lead(world.anna, mobile=phone)
        dispute_id = claim(as_, chance.choice([world.ben, world.carl]), phone)
        steps = sum(_step(chance, world, as_, dispute_id) for _ in range(20))
        row = stored(dispute_id)
        assert owner(lead_id) == (row.given_to_id if row.state is DisputeState.GIVEN else before)
        with work_as_system("look", at=NOW, readonly=True) as work:
            of_dispute = (Event.kind == "lead_dispute", Event.record_id == dispute_id)
            assert len(work.scalars(select(Event.action).where(*of_dispute))) == steps + 1


def _step(chance: random.Random, world: World, as_: As, dispute_id: int) -> int:
    person, to = chance.choice(list(world.people.values())), chance.choice([None, None, *world.people.values()])
    acts: dict[str, Any] = {
        "decide": lambda work: disputes.decide(work, dispute_id=dispute_id, reason="so", to_user_id=to),
        "reply": lambda work: disputes.reply(work, dispute_id=dispute_id, words="no"),
        "withdraw": lambda work: chance.random() < 0.2 and disputes.withdraw(work, dispute_id=dispute_id),
    }
    action, before = chance.choice(list(acts)), stored(dispute_id)
    try:
        with as_(person) as work:
            if acts[action](work) is False:
                return 0
    except ServiceError:
        assert stored(dispute_id).state is before.state
        return 0
    assert before.state in (DisputeState.OPEN, DisputeState.PROPOSED)
    if action == "decide":
        assert person in (world.mia, world.max)
        assert person != before.proposed_by_id
    return 1


def test_everybody_sees_the_same_everywhere(world: World, as_: As, make: Make) -> None:
    """ALL-7: list = get = search = count, in every view; of the lead only who may read it sees more than the number."""
    chance, people = random.Random(3), list(world.people.values())
    reps = [world.anna, world.ben, world.pia, world.carl, world.sun]
    for number in range(24):
        lead_id = make.lead(chance.choice(reps), mobile=f"1391111{number:04}", topic=f"秘密{number}")
        opener = chance.choice(reps)
        other = {owner(lead_id) == world.carl: world.nanjing}.get(True, world.hefei)
        across = (opener == world.carl) != (owner(lead_id) == world.carl)
        make.dispute(lead_id, opener, other_branch_id=other if across else None)
    for person in people:
        with as_(person, readonly=True) as work:
            rows = fetch(work, disputes.LIST, ListRequest(size=100)).rows
            listed = {row["id"] for row in rows}
            assert listed == {number for number in range(1, 40) if gettable(work, LeadDispute, number)}
            assert listed == {r["id"] for r in fetch(work, disputes.LIST, ListRequest(search="1391111", size=100)).rows}
            secret = {r["id"] for r in fetch(work, disputes.LIST, ListRequest(search="秘密", size=100)).rows}
            assert secret == {row["id"] for row in rows if row["lead_id"]}
            assert all(("秘密" in row["subject"]) == (row["lead_id"] is not None) for row in rows)
            assert all(gettable(work, Lead, row["lead_id"]) for row in rows if row["lead_id"])
            waiting = disputes.entries(work, view="waiting")
            assert len(waiting) == disputes.count_waiting(work)
            assert all({"keep", "give"} <= entry.allowed for entry in waiting)
