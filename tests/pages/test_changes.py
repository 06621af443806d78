"""What happened to a record is told in words, never by the names and codes of the program (ALL-1, ALL-3)."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from db.models import Event
from pages.ui import changes, records
from services import accounts, assignment, conversion, leads
from services.conversion import New
from services.core import events
from services.core.work import work_as_system
from tests.factories import NOW, As, Make, World
from tests.services import importing

#: how programs write
CODED = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(new|assigned|working|converted|disqualified|state|None|null)\b")


def lived_through(world: World, as_: As) -> int:
    """A lead to which everything has happened that can."""
    values = {"line": "machines", "mobile": "13801395136", "person": "王建国", "budget": "340000", "urgency": "urgent"}
    with as_(world.anna) as work:
        lead_id = leads.create(work, values=values)
        leads.change(work, lead_id=lead_id, changes={"company": "大地土方", "wanted_by": "2027-03-11", "rating": "hot"})
        leads.record_contact(work, lead_id=lead_id)
        leads.disqualify(work, lead_id=lead_id, disqualify_reason_id=world.codes["no_need"], disqualify_note="没有")
        leads.reopen(work, lead_id=lead_id, reason="又来电话")
    with as_(world.sun) as work:
        leads.assign_to(work, lead_ids=[lead_id], to_user_id=world.ben)
    with as_(world.ben) as work:
        conversion.convert(work, lead_id=lead_id, account=New(), contact=New(), opportunity=New())
    with as_(world.ben) as work:
        conversion.undo(work, lead_id=lead_id)
    with as_(world.mia) as work:
        leads.delete(work, lead_id=lead_id, reason="重复")
    return lead_id


def test_the_story_of_a_lead_is_in_words(world: World, as_: As) -> None:
    """Each field by its label, each value as a screen would show it."""
    lead_id = lived_through(world, as_)
    with work_as_system("look", at=NOW, readonly=True) as work:
        happened = events.story(work, kind="lead", record_id=lead_id)
        told = changes.teller(work, [("lead", event.changes) for event in happened])
        lines = [line for event in happened for line in told.lines("lead", event.changes)]
    assert len(lines) > 12
    assert [line for line in lines if CODED.search(line)] == []
    assert any("34 万元" in line for line in lines)


def test_what_became_of_a_lead_and_a_rule_is_in_words(world: World, as_: As) -> None:
    """ALL-1, ALL-3, ASG-1: the opportunity by its labels, a rule's groups of sources by theirs."""
    lived_through(world, as_)
    importing.all_lists()
    rule = {"name": "展会", "line": "machines", "source_groups": ["event"], "rep_ids": [world.anna]}
    with as_(world.mia) as work:
        assignment.add(work, values=rule)
    with work_as_system("look", at=NOW, readonly=True) as work:
        happened = work.rows(
            select(Event.kind, Event.changes).where(Event.kind.in_(("opportunity", "assignment_rule")))
        )
        told = changes.teller(work, [(row.kind, row.changes) for row in happened])
        lines = [line for row in happened for line in told.lines(row.kind, row.changes)]
    assert len(lines) > 6
    assert [line for line in lines if re.search(r"[a-z]{3,}", line.replace("Anna", ""))] == []


def test_a_class_is_told_with_its_line_and_only_where_it_differs(world: World, make: Make, as_: As) -> None:
    """ACCT-1, ALL-3: neither the names of columns nor the code of the line, nor what stayed as it was."""
    account_id = make.account(team={world.anna: "machines"})
    with as_(world.anna) as work:
        (member,) = accounts.team(work, account_id=account_id)
        accounts.classify(work, account_id=account_id, member_id=member.id, grade="B", contacts_per_year=None)
    with as_(world.anna, readonly=True) as work:
        (event,) = events.story(work, kind="account", record_id=account_id)
        told = changes.teller(work, [("account", event.changes)]).lines("account", event.changes)
    assert (told, event.note) == (["客户级别 · 整机: – → B"], None)


def test_a_story_keeps_the_digest_of_a_file_to_itself(monkeypatch: pytest.MonkeyPatch, world: World, as_: As) -> None:
    """screens.md, ACT-12: the file by its name; what proves which one it was stays in the trail."""
    captions: list[str] = []
    monkeypatch.setattr(records.st, "caption", captions.append)
    monkeypatch.setattr(records.st, "markdown", lambda _words: None)
    attached = {"at": NOW, "actor": "Anna", "record_id": 1, "action": "attached", "note": "9de54a0fb5"}
    with as_(world.anna, readonly=True) as work:
        told = changes.teller(work, [])
    records.story([SimpleNamespace(**attached, changes={"file": [None, "报价单.pdf"]})], told, kind="activity")
    assert [caption.replace("\\", "") for caption in captions] == ["文件: – → 报价单.pdf"]
