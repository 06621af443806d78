"""What is said and answered while the server is at work arrives: Streamlit joins requests, and drops overtaken answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from services import activities
from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import soon, stored_all
from tests.factories import Make, World, as_person
from tests.stories import stored


class Line:
    """The line between a page and the server: what is said can be held back, what is answered can be lost."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[partial[None]] | None = None
        self.lost: list[str] | None = None
        self.runs = 0
        page.route_web_socket("**/_stcore/stream", self._begin)
        page.reload()
        settle(page)

    def _begin(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda said: self._pass(partial(server.send, said)))
        server.on_message(lambda answer: self._answer(socket, answer))

    def _pass(self, send: partial[None]) -> None:
        if self.held is None:
            send()
        else:
            self.held.append(send)

    def _answer(self, socket: WebSocketRoute, answer: str | bytes) -> None:
        kind = ForwardMsg.FromString(answer).WhichOneof("type")
        self.runs += kind == "new_session"
        if self.lost is None:
            socket.send(answer)
        else:
            self.lost.append(kind)

    def hold(self) -> None:
        """From now on what is said waits."""
        self.held = []

    def wait_for(self, count: int) -> None:
        """Go on when so many messages are waiting."""
        while len(self.held or ()) < count:
            self._turn()

    def lose(self) -> None:
        """What was held back never arrives."""
        self.held = None

    def release(self) -> None:
        """Let it through without a pause."""
        waiting, self.held = self.held or [], None
        for send in waiting:
            send()

    def release_in_turn(self) -> None:
        """Let each through as soon as the server has begun to work on the one before."""
        waiting, self.held = self.held or [], None
        for send in waiting:
            begun = self.runs
            send()
            while self.runs == begun:
                self._turn()

    def lose_an_answer(self, act: Callable[[], object]) -> None:
        """Do something that the server answers to, and have the answer thrown away whole."""
        self.lost = []
        act()
        while "script_finished" not in self.lost:
            self._turn()
        self.lost = None

    def _turn(self) -> None:
        self.page.evaluate("new Promise(requestAnimationFrame)")


def test_a_choice_is_not_lost_among_letters(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: a customer chosen while the list is being searched is the one that is planned for."""
    chosen = make.account("徐工机械有限公司")
    page = signed_in(world.anna).beside().open("/activities")
    line = Line(page)
    page.get_by_role("button", name="New").click()
    drawer = page.get_by_role("dialog")
    box = drawer.get_by_role("combobox", name="Customer")
    box.press_sequentially("xg")
    option = drawer.get_by_role("option", name="徐工机械有限公司")
    expect(option).to_be_visible()
    expect(drawer.locator('[aria-busy="true"]')).to_have_count(0)
    line.hold()
    box.press_sequentially("j")
    line.wait_for(1)
    option.click()
    line.wait_for(2)
    box.press_sequentially("s")
    line.wait_for(3)
    line.release()
    expect(drawer.locator('[aria-busy="true"]')).to_have_count(0)
    expect(drawer.get_by_role("listitem").filter(has_text="徐工机械有限公司")).to_be_visible()
    drawer.get_by_role("button", name="Plan", exact=True).click()
    expect(drawer).to_be_hidden()
    assert len(stored_all(account_id=chosen)) == 1


def test_a_choice_that_never_arrived_is_said_again(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: what is shown as chosen is what is planned with, also when the line was cut off for a moment."""
    chosen = make.account("徐工机械有限公司")
    page = signed_in(world.anna).beside().open("/activities")
    line = Line(page)
    page.get_by_role("button", name="New").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("combobox", name="Customer").press_sequentially("xg")
    option = drawer.get_by_role("option", name="徐工机械有限公司")
    expect(option).to_be_visible()
    expect(drawer.locator('[aria-busy="true"]')).to_have_count(0)
    line.hold()
    option.click()
    line.wait_for(1)
    line.lose()
    expect(drawer.locator('[aria-busy="true"]')).to_have_count(0)
    drawer.get_by_role("button", name="Plan", exact=True).click()
    expect(drawer).to_be_hidden()
    assert len(stored_all(account_id=chosen)) == 1


def test_what_somebody_else_entered_is_not_undone_by_a_lost_answer(
    signed_in: SignedIn, make: Make, world: World
) -> None:
    """ALL-4: an answer that the next one overtakes is thrown away by Streamlit; the field shows the other's value still."""
    visit = make.activity(subject="Quarry visit", place="Gate 1", **soon())
    page = signed_in(world.anna).beside().open(f"/activity?id={visit}")
    line = Line(page)
    page.get_by_role("button", name="More").first.click()
    page.get_by_text("Edit", exact=True).click()
    drawer = page.get_by_role("dialog")
    subject = drawer.get_by_role("textbox", name="Subject")
    expect(subject).to_have_value("Quarry visit")
    with as_person(world.sun, at=datetime.now(UTC)) as work:
        activities.change(work, activity_id=visit, changes={"place": "Gate 2"})
    subject.fill("Quarry and crusher")
    line.lose_an_answer(lambda: subject.press("Tab"))
    subject.fill("Quarry and two crushers")
    subject.press("Tab")
    expect(drawer.get_by_text("Somebody else changed this in the meantime: Place")).to_be_visible()
    expect(drawer.get_by_role("textbox", name="Place")).to_have_value("Gate 2")
    settle(page)
    drawer.get_by_role("button", name="Save").click()
    expect(drawer).to_be_hidden()
    assert (stored(visit).subject, stored(visit).place) == ("Quarry and two crushers", "Gate 2")


def test_a_drawer_opens_although_the_next_click_overtakes_it(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: the button was heard, and the list is sorted as well."""
    make.activity(subject="Quarry visit", **soon())
    page = signed_in(world.anna).beside().open("/activities")
    line = Line(page)
    line.hold()
    page.get_by_role("button", name="New").click()
    line.wait_for(1)
    page.get_by_role("columnheader", name="Subject").get_by_role("button").click()
    line.wait_for(2)
    line.release_in_turn()
    expect(page.get_by_role("dialog").get_by_role("combobox", name="Customer")).to_be_visible()
    page.wait_for_url("**sort=**")
