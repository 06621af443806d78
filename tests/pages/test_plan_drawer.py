"""What the drawer for planning sends: everything that was chosen in it (ALL-6, ACT-1)."""

from typing import Any

import pytest
import streamlit as st

from pages.ui import session, text
from pages.ui.drawers import plan
from services import activities
from tests.factories import HOUR, NOW, As, Make, World
from tests.stories import all_activities, ended

FORM = "plan-home"


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch, world: World, as_: As) -> dict[str, Any]:
    """The form as Anna has filled it in."""
    held = {
        "type_id": world.codes["visit"], "planned_start": text.wall(NOW), "planned_end": text.wall(NOW + HOUR),
        "participant_ids": [world.ben],
    }  # fmt: skip
    state = {"_language": "en"} | {f"form:{FORM}:{name}": value for name, value in held.items()}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(session, "writing", lambda: as_(world.anna))
    return state


def people(as_: As, world: World, activity_id: int) -> tuple[list[int], list[int]]:
    with as_(world.anna, readonly=True) as work:
        card = activities.card(work, activity_id=activity_id)
    return [one.id for one in card.contacts], [one.id for one in card.participants]


@pytest.mark.parametrize("repeat", ["once", "daily"])
def test_chosen_people_are_sent(filled: dict[str, Any], world: World, make: Make, as_: As, repeat: str) -> None:
    """ALL-6: whom one meets and who comes along, for one visit and for a series."""
    account_id = make.account()
    contact_id = make.contact(account_id)
    filled |= {f"form:{FORM}:account_ids": [account_id], f"form:{FORM}:contact_ids": [contact_id]}
    filled |= {f"form:{FORM}:repeat": repeat, f"form:{FORM}:times": 2}
    assert plan._plan(FORM, {})
    planned = all_activities()
    assert len(planned) == {"once": 1, "daily": 2}[repeat]
    assert [people(as_, world, one.id) for one in planned] == [([contact_id], [world.ben])] * len(planned)


def test_contacts_of_another_customer_are_dropped(filled: dict[str, Any], world: World) -> None:
    """Who was chosen at one customer is not met at the next one; who was there from the start stays."""
    key = f"form:{FORM}:contact_ids"
    filled[key] = [7]
    plan._forget_contacts_of_others(FORM, 1)
    assert filled[key] == [7]
    plan._forget_contacts_of_others(FORM, 2)
    assert filled[key] == []


def test_a_follow_up_is_sent_as_one(filled: dict[str, Any], world: World, make: Make) -> None:
    """ACT-10."""
    done = ended(make)
    assert plan._plan(FORM, {"follows_id": done})
    assert [one.follows_id for one in all_activities()] == [None, done]
