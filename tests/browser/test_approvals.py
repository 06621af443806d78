"""Asking and deciding, in real browsers: a deletion, a change, a dispute (CON-5, CON-6, ASG-4)."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import choose
from tests.factories import Make, World


def test_a_rep_asks_and_the_manager_approves_on_the_phone(signed_in: SignedIn, make: Make, world: World) -> None:
    """CON-5: moving is offered where it fits; a double click asks once; large buttons; the asker is told; the contact is gone."""
    contact = make.contact(make.account(team={world.anna: "machines"}), "王建国")
    page = signed_in(world.anna).open(f"/contact?id={contact}")
    page.get_by_role("button", name="More").first.click()
    page.get_by_text("Ask to delete", exact=True).click()
    drawer = page.get_by_role("dialog")
    for reason, moving in (("Went to another customer", 1), ("Retired", 0)):
        drawer.get_by_role("combobox", name="Reason").click()
        page.get_by_role("option", name=reason).click()
        expect(drawer.get_by_text("Is the new customer one of ours?")).to_have_count(moving)
        settle(page)
    drawer.get_by_label("Remark").fill("Since last month")
    drawer.get_by_role("button", name="Ask to delete").dblclick()
    expect(drawer).to_be_hidden()
    expect(page.get_by_text("not decided yet")).to_be_visible()
    phone = signed_in(world.mia, phone=True).open("/approvals")
    expect(phone.get_by_role("heading", name="Approvals (1)")).to_be_visible()
    expect(phone.get_by_text("Since last month")).to_be_visible()
    button = phone.get_by_role("button", name="Approve")
    box = button.bounding_box()
    assert box is not None
    assert min(box["height"], box["width"] / 3) >= 40
    button.click()
    drawer = phone.get_by_role("dialog")
    drawer.get_by_role("button", name="Approve").click()
    expect(drawer).to_be_hidden()
    expect(phone.get_by_text("Nothing waits for your decision.")).to_be_visible()
    page = signed_in(world.anna).open("/notices")
    expect(page.get_by_text("Deleted: 王建国")).to_be_visible()
    page.goto(page.url.replace("notices", f"contact?id={contact}"))
    expect(page.get_by_text("does not exist, or it is not visible")).to_be_visible()


def test_a_proposed_change_is_accepted_with_one_click(signed_in: SignedIn, make: Make, world: World) -> None:
    """CON-6: the form of editing, old → new, one click."""
    contact = make.contact(make.account(team={world.anna: "machines"}), "王建国", job_title="设备经理")
    page = signed_in(world.ben).open(f"/contact?id={contact}")
    page.get_by_role("button", name="Propose a change").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Job title").fill("队长")
    drawer.get_by_role("button", name="Propose").click()
    expect(drawer).to_be_hidden()
    page = signed_in(world.anna).open("/approvals")
    expect(page.get_by_text("Job title: 设备经理 → 队长")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Nothing waits for your decision.")).to_be_visible()
    settle(page)
    page.goto(page.url.replace("approvals", f"contact?id={contact}"))
    expect(page.get_by_text("队长").first).to_be_visible()


def test_a_dispute_through_to_its_decision(signed_in: SignedIn, make: Make, world: World) -> None:
    """ASG-4: claimed by phone without seeing the lead, marked, both sides told, given by the manager, final in the history."""
    lead = make.lead(world.anna, mobile="13911110000", topic="Two excavators")
    page = signed_in(world.ben).open("/leads")
    page.get_by_role("button", name="Claim a lead").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name="Phone or company").fill("139 2222 0000")
    drawer.get_by_label("Reason").fill("My customer for years")
    drawer.get_by_role("button", name="Claim a lead").click()
    expect(drawer.get_by_role("alert").get_by_text("No colleague works on a lead with this number")).to_be_visible()
    drawer.get_by_role("textbox", name="Phone or company").fill("139 1111 0000")
    drawer.get_by_role("button", name="Claim a lead").click()
    expect(page.get_by_role("heading", name="Disputes about me (1)")).to_be_visible()
    expect(page.get_by_text("Two excavators")).to_have_count(0)
    owner = signed_in(world.anna).open(f"/lead?id={lead}")
    expect(owner.get_by_text("disputed").first).to_be_visible()
    expect(owner.get_by_text(re.compile("neither converted nor disqualified"))).to_be_visible()
    expect(owner.get_by_role("button", name="Convert")).to_have_count(0)
    owner.get_by_role("button", name="Tell your side").click()
    drawer = owner.get_by_role("dialog")
    drawer.get_by_label("The other side").fill("He came to our stand")
    drawer.get_by_role("button", name="Tell your side").click()
    expect(drawer).to_be_hidden()
    phone = signed_in(world.mia, phone=True).open("/approvals")
    expect(phone.get_by_text("My customer for years")).to_be_visible()
    expect(phone.get_by_text("He came to our stand")).to_be_visible()
    phone.get_by_role("button", name="Give").click()
    drawer = phone.get_by_role("dialog")
    drawer.get_by_role("button", name="Remove").click()
    drawer.get_by_role("button", name="Give").click()
    expect(drawer.get_by_text("Please fill this in.")).to_have_count(2)
    choose(drawer, "Rep", "Ben", "Ben")
    drawer.get_by_label("Reason").fill("Older customer")
    drawer.get_by_role("button", name="Give").click()
    expect(drawer).to_be_hidden()
    expect(phone.get_by_text("Nothing waits for your decision.")).to_be_visible()
    page = signed_in(world.ben).open(f"/lead?id={lead}")
    expect(page.get_by_role("heading", name="Two excavators")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text(re.compile("decided the dispute")).first).to_be_visible()
    expect(page.get_by_text("Older customer").first).to_be_visible()
