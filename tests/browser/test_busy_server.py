"""What is said while the server is at work arrives (ALL-6): Streamlit joins such requests and keeps the newest message."""

from functools import partial

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import SignedIn, settle
from tests.browser.steps import stored_all
from tests.factories import Make, World


class Line:
    """The line from a page to the server, on which messages can be held back and then let through all at once."""

    def __init__(self, page: Page) -> None:
        self.page, self.held = page, None
        page.route_web_socket("**/_stcore/stream", self._begin)
        page.reload()
        settle(page)

    held: list[partial[None]] | None

    def _begin(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda said: self._pass(partial(server.send, said)))

    def _pass(self, send: partial[None]) -> None:
        if self.held is None:
            send()
        else:
            self.held.append(send)

    def hold(self) -> None:
        """From now on messages wait."""
        self.held = []

    def wait_for(self, count: int) -> None:
        """Go on when so many messages are waiting."""
        while len(self.held or ()) < count:
            self.page.evaluate("new Promise(requestAnimationFrame)")

    def release(self) -> None:
        """Let them through without a pause between them."""
        waiting, self.held = self.held or [], None
        for send in waiting:
            send()


def test_a_choice_is_not_lost_among_letters(signed_in: SignedIn, make: Make, world: World) -> None:
    """ACT-1: a customer chosen while the list is being searched is the one that is planned for."""
    chosen = make.account("徐工机械有限公司")
    page = signed_in(world.anna).open("/activities")
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
