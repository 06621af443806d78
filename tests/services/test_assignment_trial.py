"""Rules are tried on last month's leads before they count (ASG-5)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from db.models import AssignmentRule, AssignmentTurn, Event, Lead, Notice
from services import assignment, leads
from services.assignment import Trial
from services.assignment.pool import NOBODY
from services.assignment.proposals import NO_RULE
from services.core.errors import Invalid, Refused
from services.core.work import work_as_system
from tests.factories import DAY, NOW, SHANGHAI, As, Make, World, as_person

OCTOBER = datetime(2026, 10, 1, tzinfo=SHANGHAI)
END = datetime(2026, 11, 1, tzinfo=SHANGHAI)


def tried(person: int, **given: Any) -> Trial:
    with as_person(person, readonly=True) as work:
        return assignment.try_out(work, **given)


def rows() -> list[int]:
    with work_as_system("look", at=NOW, readonly=True) as work:
        kinds = (AssignmentRule, AssignmentTurn, Event, Notice)
        counts = [work.scalar(select(func.count()).select_from(kind)) for kind in kinds]
        return [*counts, work.scalar(select(func.count()).select_from(Lead).where(Lead.owner_id.is_not(None)))]


def test_who_would_have_received_how_many(world: World, make: Make) -> None:
    """ASG-5: in turn, by the first rule that fits; how many nobody and why; nothing is stored."""
    machines = make.rule(world.anna, world.ben, line="machines")
    make.rule(world.anna, line="service")
    for number in range(5):
        make.lead(created_at=OCTOBER + number * DAY)
    make.lead(line="parts", created_at=OCTOBER)
    make.lead(line="service", created_at=OCTOBER)
    before = rows()
    found = tried(world.mia)
    assert (found.first, found.last, found.total) == (OCTOBER.date(), (END - DAY).date(), 7)
    assert found.reps == Counter({world.anna: 3, world.ben: 2})
    assert found.rules == Counter({machines: 5})
    assert found.nobody == Counter([NO_RULE, NOBODY])
    assert rows() == before


def test_which_leads_count(world: World, make: Make, as_: As) -> None:
    """ASG-5: last month's on the organisation's clock, of the branch, closed ones too; not those one entered for oneself."""
    make.rule(world.anna)
    for moment in (OCTOBER, END - timedelta(seconds=1)):
        make.lead(created_at=moment)
    for moment in (OCTOBER - timedelta(seconds=1), END):
        make.lead(created_at=moment)
    make.lead(branch_id=world.hefei, created_at=OCTOBER)
    make.lead(created_at=OCTOBER, deleted_at=NOW)
    given = make.lead(world.ben, created_at=OCTOBER, assignment_no=1, created_by_id=world.ben)
    with as_(world.ben, at=OCTOBER) as work:
        leads.create(work, values={"line": "machines", "mobile": "13701234567"})
    assert given
    assert tried(world.mia).total == 3


def test_a_rule_that_is_not_saved_yet(world: World, make: Make) -> None:
    """ASG-5: at the end of the list, or in the place of what it changes; mistakes are named."""
    rule_id = make.rule(world.anna, line="machines")
    make.lead(created_at=OCTOBER)
    make.lead(created_at=OCTOBER, line="parts")
    draft = {"name": "Parts", "line": "parts", "rep_ids": [world.pia]}
    assert tried(world.mia, values=draft).reps == Counter([world.anna, world.pia])
    assert tried(world.mia, values=draft).rules == Counter([rule_id, assignment.UNSAVED])
    changed = {"name": "Machines", "rep_ids": [world.ben]}
    assert tried(world.mia, rule_id=rule_id, values=changed).reps == Counter([world.ben])
    with pytest.raises(Invalid):
        tried(world.mia, values=draft | {"rep_ids": []})


def test_rules_that_are_switched_off_can_be_tried(world: World, make: Make) -> None:
    """ASG-5: a set is prepared beside the one that counts; validity and today's absences are left aside."""
    now, then = make.rule(world.anna), make.rule(world.ben, active=False, valid_from=(NOW + 9 * DAY).date())
    make.absence(world.ben)
    make.lead(created_at=OCTOBER)
    assert tried(world.mia).reps == Counter([world.anna])
    assert tried(world.mia, counted=[then]).reps == Counter([world.ben])
    assert tried(world.mia, counted=[]).nobody == Counter([NO_RULE])
    assert now


def test_only_who_keeps_the_rules_tries_them(world: World, make: Make) -> None:
    """ASG-5, ALL-7: a manager tries the own branch's."""
    make.rule(world.carl, branch_id=world.hefei)
    make.lead(branch_id=world.hefei, created_at=OCTOBER)
    assert tried(world.mia).total == 0
    assert tried(world.max).total == 1
    for person in (world.adam, world.sun, world.anna):
        with pytest.raises(Refused):
            tried(person)
