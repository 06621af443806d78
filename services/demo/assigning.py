"""How the branches of the demo give out their leads: a few rules each, kept by their managers; one rep is away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services import absences, assignment
from services.core.configuration import Configuration
from services.core.work import work_as
from services.demo.staff import MACHINES, Branch

LARGE = 1_500_000


def keep_rules(branches: Sequence[Branch], known: Configuration, at: datetime) -> None:
    """Every branch has rules; the last machine rep of the first branch is on holiday, with a colleague standing in."""
    for branch in branches:
        with work_as(branch.manager.id, at=at) as work:
            for values in _rules(branch, known):
                assignment.add(work, values=values)
    *_others, colleague, away = branches[0].of_line(MACHINES)
    with work_as(away.id, at=at) as work:
        days = {"first_day": work.today, "last_day": work.today + timedelta(days=4)}
        absences.enter(work, user_id=away.id, values={**days, "stand_in_id": colleague.id})


def _rules(branch: Branch, known: Configuration) -> list[dict[str, Any]]:
    machines = [rep.id for rep in branch.of_line(MACHINES)]
    group = known.code("lead_source_group", "event")
    found: list[dict[str, Any]] = [
        {"value_from": LARGE, "line": MACHINES, "rep_ids": machines[:1]},
        {"source_groups": [group.code], "line": MACHINES, "rep_ids": machines[:3]},
        {"region_codes": [branch.plan.cities[0]], "line": MACHINES, "rep_ids": machines[: len(machines) // 2 + 1]},
        {"line": MACHINES, "rep_ids": machines},
        {"line": "parts", "rep_ids": [rep.id for rep in branch.of_line("parts")]},
    ]
    return [rule | {"name": name} for rule, name in zip(found, NAMES, strict=True) if rule["rep_ids"]]


#: the names of the rules; the service line has none, so that its leads wait with a reason
NAMES = ("大额预算", "展会与活动", "省会城市", "其余整机", "配件")
