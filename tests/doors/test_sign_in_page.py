"""The sign-in page as a browser tab sees it, and what follows it (SIG-1 to SIG-5, ACC-4)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from importlib.metadata import version

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db.models import SignInSession, User
from pages.ui import session
from pages.ui import sign_in as page
from services import drafts, sign_in, users
from services.core.work import work_as, work_as_system
from tests.factories import PASSWORD, World
from tests.server import Server, serving
from tests.services.arriving import signed_in
from tests.st_protocol import Tab
from tests.stage import Stage

WRONG = "Sign-in name or password is not right. After five wrong passwords a name is locked for 15 minutes."


@pytest.fixture(scope="module")
def world(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One database for the tests of this module, which leave each other alone."""
    with stage.fresh(tmp_path_factory.mktemp("page")):
        yield stage.world


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with serving() as running:
        yield running


def told(story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await story()

    asyncio.run(whole())


async def enter(tab: Tab, login: str, password: str) -> None:
    """Fill in the form and send it."""
    tab.fill("Sign-in name", login)
    tab.fill("Password", password)
    await tab.click("Sign in")


def ticket_in(tab: Tab) -> str:
    """What the page hands to the browser's script; empty if it does not."""
    parts = [widget.proto for widget in tab.widgets.values() if widget.kind == "bidi_component"]
    given = [json.loads(part.json) for part in parts if part.component_name == "crm_exchange"]
    return "".join(one.get("ticket", "") for one in given)


@asynccontextmanager
async def tab_of(server: Server, login: str, address: str = "", password: str = PASSWORD) -> AsyncIterator[Tab]:
    """A tab that somebody has signed in with, through page, ticket and cookie."""
    async with Tab(server.url) as stranger:
        await stranger.goto(address)
        await enter(stranger, login, password)
        ticket = ticket_in(stranger)
    body = json.dumps({"ticket": ticket}).encode()
    status, headers, _ = server.request("POST", "/auth/exchange", body, Origin=server.url)
    assert status == 204
    secret = SimpleCookie(headers["set-cookie"])["crm_session"].value
    async with Tab(server.url, cookies={"crm_session": secret}) as tab:
        await tab.goto(address)
        yield tab


def labels(tab: Tab) -> set[str]:
    return {widget.label for widget in tab.widgets.values() if widget.label}


def is_door(tab: Tab) -> bool:
    return "sign-in:language" in {widget.key for widget in tab.widgets.values()}


class TestPage:
    def test_the_right_password_gives_a_ticket_and_a_cookie(self, server: Server) -> None:
        """SIG-1, SIG-2."""

        async def story() -> None:
            async with tab_of(server, "anna") as tab:
                assert not is_door(tab)
                assert any("Anna" in text for text in tab.texts)

        told(story)

    def test_every_refusal_says_the_same(self, server: Server, world: World) -> None:
        """SIG-3: unknown, wrong, inactive, locked."""
        with work_as_system("somebody has left") as work:
            work.get(User, world.hanna).active = False

        async def story() -> None:
            said: list[list[str]] = []
            tries = [
                ("nobody", PASSWORD),
                ("carl", "wrong"),
                ("hanna", PASSWORD),
                *[("pia", "wrong")] * 5,
                ("pia", PASSWORD),
            ]
            for login, password in tries:
                async with Tab(server.url) as tab:
                    await tab.goto()
                    await enter(tab, login, password)
                    assert not ticket_in(tab)
                    said.append([text for text in tab.texts if "not right" in text])
            assert said == [[WRONG]] * 9

        told(story)

    def test_an_empty_form_is_no_attempt(self, server: Server) -> None:
        async def story() -> None:
            async with Tab(server.url) as tab:
                await tab.goto()
                await enter(tab, "anna", "")
                assert "Please enter sign-in name and password." in tab.texts

        told(story)

    def test_the_browsers_language_is_spoken(self, server: Server) -> None:
        """ALL-1."""

        async def story() -> None:
            async with Tab(server.url, locale="zh-CN") as tab:
                await tab.goto()
                assert "密码" in labels(tab)

        told(story)

    def test_demo_people_are_named_where_there_are_some(self, server: Server, world: World) -> None:
        """SIG-6: only then."""

        async def story(expected: bool) -> None:
            async with Tab(server.url) as tab:
                await tab.goto()
                assert any("invented data" in text for text in tab.texts) is expected

        asyncio.run(story(False))
        with work_as_system("demo data is loaded") as work:
            work.get(User, world.eva).demo = True
        asyncio.run(story(True))
        with work_as_system("and gone again") as work:
            work.get(User, world.eva).demo = False


class TestAfterwards:
    def test_signing_out_in_one_tab_ends_the_other(self, server: Server) -> None:
        """SIG-2: at its next click."""

        async def story() -> None:
            async with tab_of(server, "ben") as one, Tab(server.url, cookies=one.cookies) as other:
                await other.goto("profile")
                assert not is_door(other)
                await one.click("frame:out")
                await other.rerun()
                assert is_door(other)
                assert "Your session has ended. After signing in, what you had typed is there again." in other.texts

        told(story)

    def test_deactivation_is_felt_at_the_next_click(self, server: Server, world: World) -> None:
        """ACC-4."""

        async def story() -> None:
            async with tab_of(server, "max") as tab:
                with work_as(world.adam) as work:
                    users.deactivate(work, user_id=world.max)
                await tab.rerun()
                assert is_door(tab)

        told(story)

    def test_a_button_pressed_after_the_end_does_nothing(self, server: Server, world: World) -> None:
        """Callbacks run before the page's own check: the Work behind them refuses."""

        async def story() -> None:
            async with tab_of(server, "ruth") as tab:
                with work_as(world.adam) as work:
                    users.sign_out(work, user_id=world.ruth)
                await tab.click("frame:language")
                assert is_door(tab)

        told(story)
        with work_as_system("a test looks", readonly=True) as work:
            assert work.get(User, world.ruth).language == "en"

    def test_pages_of_other_roles_do_not_open(self, server: Server) -> None:
        """Issue 2: by typing the address either."""

        async def story() -> None:
            async with tab_of(server, "anna") as tab:
                await tab.goto("users")
                assert [text for text in tab.texts if "This screen is not open to you" in text]
                assert not [text for text in tab.texts if "Hanna" in text]

        told(story)


class TestForcedChange:
    def test_nothing_else_opens_before_a_password_is_chosen(self, server: Server, world: World) -> None:
        """SIG-4: whatever the address."""
        with work_as_system("an administrator resets it") as work:
            work.get(User, world.sun).must_change_password = True

        async def story() -> None:
            async with tab_of(server, "sun") as tab:
                for address in ("", "activities", "profile", "monitor"):
                    await tab.goto(address)
                    assert labels(tab) == {"New password", "New password again", "Save", "Sign out"}
                tab.fill("New password", "blue excavator 7")
                tab.fill("New password again", "blue excavator 8")
                await tab.click("Save")
                assert "The two new passwords differ." in tab.texts
                tab.fill("New password again", "blue excavator 7")
                await tab.click("Save")
                assert "New password" not in labels(tab)

        told(story)

    def test_a_code_lets_its_holder_choose_a_password(self, server: Server, world: World) -> None:
        """SIG-4."""
        with work_as(world.adam) as work:
            code = users.reset_password(work, user_id=world.mia)

        async def story() -> None:
            async with Tab(server.url) as tab:
                await tab.goto()
                await tab.click("sign-in:way")
                for name, value in {
                    "One-time code": code,
                    "New password": "blue excavator 7",
                    "New password again": "blue excavator 7",
                }.items():
                    tab.fill(name, value)
                await tab.click("Save")
                assert "Your password is changed. Please sign in with it." in tab.texts
            async with tab_of(server, "mia", password="blue excavator 7") as tab:
                assert not is_door(tab)

        told(story)


FORM = """
import streamlit as st
from pages.ui import session
if session.signed_in():
    st.text_area("Learned", key="form:finish:7:learned")
    st.text_input("Subject", key="other")
"""
REFRESH = """
import streamlit as st
from pages.ui import session
with session.reading() as work:
    st.write(work.actor.name)
"""


class TestDrafts:
    def test_text_in_a_form_is_kept_when_the_session_has_ended(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SIG-5: found by the run that follows the end, given back to its writer, who is told which forms wait."""
        token = open_session("anna", monkeypatch)
        tab = AppTest.from_string(FORM).run()
        with sign_in.door() as work:
            sign_in.sign_out(work, session=token)
        tab.text_area(key="form:finish:7:learned").input("要 3 台").run()
        assert not tab.text_area
        open_session("anna", monkeypatch)
        assert AppTest.from_string(FORM).run().session_state["_drafts"] == ["finish:7"]
        with work_as(world.anna) as work:
            assert drafts.take(work, form="finish:7") == {"learned": "要 3 台"}


class TestUse:
    @pytest.mark.parametrize(("script", "counts"), [(FORM, True), (REFRESH, False)])
    def test_what_refreshes_itself_is_no_use(
        self, world: World, monkeypatch: pytest.MonkeyPatch, script: str, counts: bool
    ) -> None:
        """SIG-5: a full run is a person's; a fragment on a timer or the monitor's pulse only reads."""
        long_ago = datetime.now(UTC) - timedelta(minutes=10)
        token = open_session("eva", monkeypatch, at=long_ago)
        assert not AppTest.from_string(script).run().exception
        with sign_in.door(readonly=True) as work:
            seen = work.scalar(select(SignInSession.last_seen_at).where(SignInSession.token == token))
        assert (seen > long_ago) is counts


def open_session(login: str, monkeypatch: pytest.MonkeyPatch, at: datetime | None = None) -> str:
    """Sign in, and let this process's tabs be of that session."""
    token = sign_in.digest(signed_in(login, at=at))
    monkeypatch.setattr(session, "token", lambda: token)
    return token


class TestSeam:
    def test_the_library_is_the_one_looked_into(self) -> None:
        """SIG-1: our controllers stand where 0.4.2 has its own; another version needs another look."""
        assert version("streamlit-authenticator") == "0.4.2"

    def test_its_form_asks_our_controllers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """SIG-1: the private names that the form uses, and the only ones."""
        asked: list[str] = []

        class Noted:
            def __init__(self, name: str) -> None:
                self._name = name

            def __getattr__(self, name: str) -> Callable[..., bool]:
                return lambda *_a, **_k: bool(asked.append(f"{self._name}.{name}")) or name == "login"

        class Form(page.Form):
            def __init__(self) -> None:
                super().__init__()
                self.authentication_controller, self.cookie_controller = Noted("authentication"), Noted("cookie")

        monkeypatch.setattr(page, "Form", Form)
        tab = AppTest.from_string("from pages.ui import sign_in\nsign_in.Form().login()").run()
        tab.button[0].click().run()
        assert not tab.exception
        assert asked == ["cookie.get_cookie", "cookie.get_cookie", "authentication.login", "cookie.set_cookie"]

    def test_its_cookie_component_is_not_mounted(self) -> None:
        """Nothing of the library's own cookie, which scripts can read, reaches the browser."""
        tab = AppTest.from_string("from pages.ui import sign_in\nsign_in.Form().login()").run()
        assert not tab.exception
        assert [widget.label for widget in tab.text_input] == ["Username", "Password"]
        assert "authentication_status" not in tab.session_state
