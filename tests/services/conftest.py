"""What several files of this folder start from."""

import pytest

from tests.factories import Make, World
from tests.services import handing, importing
from tests.stage import Stage


@pytest.fixture
def lists(stage: Stage, world: World) -> World:
    """The people of every story, with all lists that are delivered."""
    stage.once(importing.all_lists)
    return world


@pytest.fixture
def everything(world: World, make: Make) -> dict[str, int]:
    """What Anna owns: a customer with an opportunity, a lead, and an activity in each open state."""
    account = make.account(team={world.anna: "machines"}, province_code="320000", city_code="320100")
    chance = handing.chance(world, world.anna, account)
    found = {"account": account, "opportunity": chance, "lead": make.lead(world.anna)}
    found |= {state: make.activity(state=state, account_id=account) for state in ("planned", "assigned", "declined")}
    return found | {"begun": make.activity(state="in_progress", lead_id=found["lead"])}
