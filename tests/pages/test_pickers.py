"""What the pickers of forms offer and keep: what the person may see, and nothing read before a list is opened (ALL-7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import streamlit as st

from pages.ui import pickers, session
from services.core.work import Work
from tests.factories import As, Make, World


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the component was last asked to draw."""
    shown: dict[str, Any] = {}
    monkeypatch.setattr(pickers, "picker", lambda label, **rest: shown.update(rest, label=label))
    monkeypatch.setattr(st, "session_state", {"_language": "en"})
    return shown


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch, world: World, as_: As) -> list[str]:
    """Screens of Anna; the list grows with every Work that is opened for them."""
    opened: list[str] = []

    @contextmanager
    def reading() -> Iterator[Work]:
        opened.append("read")
        with as_(world.anna, readonly=True) as work:
            yield work

    monkeypatch.setattr(session, "reading", reading)
    return opened


def test_a_closed_list_reads_nothing(drawn: dict[str, Any], reads: list[str]) -> None:
    assert pickers.one("Customer", key="k", kind="account") is None
    assert pickers.many("Reps", key="m", kind="user") == []
    assert reads == []


def test_words_find_by_pinyin_within_reach(drawn: dict[str, Any], reads: list[str], world: World, make: Make) -> None:
    own, _other = make.account("徐工机械"), make.account("徐工租赁", branch_id=world.hefei)
    pickers.one("Customer", key="k", kind="account")
    drawn["on_search"]("xg")
    pickers.one("Customer", key="k", kind="account")
    assert [option.id for option in drawn["options"]] == [own]


def test_a_choice_stands_where_forms_read_it(drawn: dict[str, Any], reads: list[str], make: Make) -> None:
    account_id = make.account()
    pickers.one("Customer", key="form:plan:account_id", kind="account")
    drawn["on_choose"]([account_id])
    assert st.session_state["form:plan:account_id"] == account_id
    assert pickers.one("Customer", key="form:plan:account_id", kind="account") == account_id
    drawn["on_choose"]([])
    assert st.session_state["form:plan:account_id"] is None


def test_what_is_out_of_reach_shows_nothing(drawn: dict[str, Any], reads: list[str], world: World, make: Make) -> None:
    """It is not wiped from an edited record either: the id stays until something else is chosen."""
    hidden = make.account("合肥路桥", branch_id=world.hefei)
    st.session_state["k"] = hidden
    assert pickers.one("Parent company", key="k", kind="account") is None
    assert drawn["chosen"] == []
    assert st.session_state["k"] == hidden


def test_several_keep_their_order(drawn: dict[str, Any], reads: list[str], world: World, make: Make) -> None:
    first, second, hidden = make.account("乙"), make.account("甲"), make.account("丙", branch_id=world.hefei)
    st.session_state["k"] = [first, hidden, second]
    assert pickers.many("Customers", key="k", kind="account") == [first, second]
    assert st.session_state["k"] == [first, second]


def test_contacts_are_those_of_the_customer(drawn: dict[str, Any], reads: list[str], make: Make) -> None:
    here, there = make.account("徐工机械"), make.account("中联重科")
    person, _other = make.contact(here, "王建国"), make.contact(there, "李强")
    st.session_state["k?"] = ""
    pickers.many("Contacts", key="k", kind="contact", account_id=here)
    assert [option.id for option in drawn["options"]] == [person]


def test_people_are_narrowed_to_a_line(drawn: dict[str, Any], reads: list[str], world: World) -> None:
    st.session_state["k?"] = ""
    pickers.one("Owner", key="k", kind="user", line="parts")
    assert [option.id for option in drawn["options"]] == [world.pia]
    assert drawn["options"][0].sub == "rep"


def test_somebody_of_another_branch_is_still_named(drawn: dict[str, Any], reads: list[str], world: World) -> None:
    st.session_state["k"] = world.carl
    assert pickers.one("Owner", key="k", kind="user") == world.carl
    assert drawn["chosen"][0].text == "Carl"


def test_branches_are_found_in_both_languages(drawn: dict[str, Any], reads: list[str], world: World) -> None:
    for words in ("nj", "nanjing", "南京"):
        st.session_state["k?"] = words
        pickers.one("Branch", key="k", kind="branch")
        assert [option.id for option in drawn["options"]] == [world.nanjing]
