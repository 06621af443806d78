"""The server's edge: the cookie, strangers, headers, health, the live stream's door (SIG-2, ADM-12, ACT-13)."""

import asyncio
import json
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest

from db.models import User
from services import sign_in
from services.core.errors import SignedOut
from services.core.work import work_as_system, work_by_session
from tests.factories import PASSWORD, World
from tests.server import Server, serving
from tests.st_protocol import Tab
from tests.stage import Stage

HARDENED = {
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
}
CLOSED = [
    "/media/x.png",
    "/_stcore/metrics",
    "/_stcore/upload_file/a/b",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
]


@pytest.fixture(scope="module")
def world(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One database for the tests of this module, which leave each other alone."""
    with stage.fresh(tmp_path_factory.mktemp("edge")):
        yield stage.world


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with serving(METRICS_TOKEN="let me read") as running:
        yield running


def ticket(login: str = "anna") -> str:
    """What the sign-in page gets for a right password."""
    with sign_in.door(readonly=True) as work:
        checked = sign_in.check(work, login=login, password=PASSWORD)
    with sign_in.door() as work:
        return sign_in.admit(work, checked=checked, address=None) or ""


def exchange(server: Server, given: object, **headers: str) -> tuple[int, str]:
    """POST a ticket as the page does; gives status and the Set-Cookie header."""
    told = {"Origin": server.url, "Content_Type": "application/json"} | headers
    status, answered, _ = server.request("POST", "/auth/exchange", json.dumps(given).encode(), **told)
    return status, answered.get("set-cookie", "")


def cookie(server: Server, login: str = "anna") -> str:
    """The secret in the cookie of somebody who has just signed in."""
    status, header = exchange(server, {"ticket": ticket(login)})
    assert status == 204
    return SimpleCookie(header)["crm_session"].value


def is_live(secret: str) -> bool:
    try:
        with work_by_session(sign_in.digest(secret), readonly=True):
            return True
    except SignedOut:
        return False


class TestExchange:
    def test_ticket_becomes_a_cookie_that_scripts_cannot_read(self, server: Server) -> None:
        """SIG-2."""
        status, header = exchange(server, {"ticket": ticket()})
        made = SimpleCookie(header)["crm_session"]
        assert status == 204
        assert made["httponly"]
        assert (made["samesite"].lower(), made["path"], made["max-age"]) == ("lax", "/", "86400")
        assert len(made.value) >= 43  # 256 bits
        assert is_live(made.value)

    def test_ticket_works_once(self, server: Server) -> None:
        """SIG-2."""
        once = ticket()
        assert exchange(server, {"ticket": once})[0] == 204
        assert exchange(server, {"ticket": once}) == (403, "")

    @pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", ""])
    def test_other_sites_cannot_sign_anybody_in(self, server: Server, origin: str) -> None:
        assert exchange(server, {"ticket": ticket()}, Origin=origin) == (403, "")

    def test_the_browser_knows_better_than_the_origin(self, server: Server) -> None:
        assert exchange(server, {"ticket": ticket()}, Sec_Fetch_Site="cross-site") == (403, "")

    @pytest.mark.parametrize("given", [{}, [], "ticket", {"ticket": 7}, {"ticket": ""}, {"ticket": "x" * 2000}, None])
    def test_nonsense_is_refused(self, server: Server, given: object) -> None:
        assert exchange(server, given) == (403, "")

    def test_former_session_of_the_browser_ends(self, server: Server) -> None:
        """SIG-2: a planted session is not continued."""
        planted = cookie(server, "ben")
        status, header = exchange(server, {"ticket": ticket()}, Cookie=f"crm_session={planted}")
        assert status == 204
        assert SimpleCookie(header)["crm_session"].value != planted
        assert not is_live(planted)

    def test_cookie_is_secure_behind_https(self, world: World) -> None:
        """SIG-2: it never travels in the clear, and belongs to this host alone."""
        with serving(PUBLIC_URL="https://crm.example") as server:
            status, header = exchange(server, {"ticket": ticket()}, Origin="https://crm.example")
        assert status == 204
        assert header.startswith("__Host-crm_session=")
        assert "secure" in header.lower()
        assert "domain" not in header.lower()


class TestSignOut:
    def test_it_ends_the_session_and_takes_the_cookie_back(self, server: Server) -> None:
        """SIG-2."""
        secret = cookie(server)
        status, headers, _ = server.request("POST", "/auth/logout", Origin=server.url, Cookie=f"crm_session={secret}")
        assert (status, headers["location"]) == (303, "/")
        assert SimpleCookie(headers["set-cookie"])["crm_session"]["max-age"] == "0"
        assert not is_live(secret)

    @pytest.mark.parametrize(
        "headers", [{"Sec_Fetch_Site": "same-origin", "Referer": "{url}/activities"}, {"Sec_Fetch_Site": "none"}]
    )
    def test_links_of_ours_and_typed_addresses_work(self, server: Server, headers: dict[str, str]) -> None:
        secret = cookie(server)
        told = {name: value.format(url=server.url) for name, value in headers.items()}
        assert server.request("GET", "/auth/logout", Cookie=f"crm_session={secret}", **told)[0] == 303
        assert not is_live(secret)

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "http://elsewhere.example"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Referer": "http://elsewhere.example/"},
        ],
    )
    def test_other_sites_cannot_sign_anybody_out(self, server: Server, headers: dict[str, str]) -> None:
        secret = cookie(server)
        assert server.request("GET", "/auth/logout", Cookie=f"crm_session={secret}", **headers)[0] == 403
        assert is_live(secret)


class TestHeaders:
    @pytest.mark.parametrize(
        "path", ["/", "/activities", "/healthz", "/media/x", "/_stcore/health", "/static/nothing", "/live", "/metrics"]
    )
    def test_every_answer_is_hardened(self, server: Server, path: str) -> None:
        _, headers, _ = server.request("GET", path)
        assert {name: headers.get(name) for name in HARDENED} == HARDENED
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


class TestStrangers:
    @pytest.mark.parametrize("path", CLOSED)
    def test_what_streamlit_offers_is_closed(self, server: Server, path: str) -> None:
        """quality.md: `/media`, metrics, uploads and the agent interface are closed to strangers."""
        for method in ("GET", "POST", "PUT"):
            assert server.request(method, path)[0] == 403
        assert server.request("GET", path, Cookie="crm_session=invented")[0] == 403

    def test_it_is_open_for_people_until_they_sign_out(self, server: Server) -> None:
        secret = cookie(server)
        assert server.request("GET", "/_stcore/metrics", Cookie=f"crm_session={secret}")[0] == 200
        server.request("POST", "/auth/logout", Origin=server.url, Cookie=f"crm_session={secret}")
        assert server.request("GET", "/_stcore/metrics", Cookie=f"crm_session={secret}")[0] == 403

    def test_headers_of_a_client_are_not_trusted(self, server: Server, world: World) -> None:
        """SIG-2: who knows the digest of a session, such as from a stolen backup, gets nowhere with it."""
        digest = sign_in.digest(cookie(server))
        forged = {"X-Crm-User": str(world.anna), "X-Crm-Session": digest}
        assert server.request("GET", "/_stcore/metrics", **forged)[0] == 403
        assert asyncio.run(shows_sign_in(Tab(server.url, headers=forged)))
        assert asyncio.run(shows_sign_in(Tab(server.url, cookies={"crm_session": digest})))

    def test_a_tab_cannot_be_taken_over_by_its_session_id(self, server: Server) -> None:
        """SIG-2: the id of a Streamlit session stands in upload addresses."""
        assert not asyncio.run(taken_over(server, cookie(server)))


async def shows_sign_in(tab: Tab) -> bool:
    async with tab:
        await tab.goto()
        return {widget.label for widget in tab.widgets.values()} >= {"Sign-in name", "Password"}


async def taken_over(server: Server, secret: str) -> bool:
    victim = await Tab(server.url, cookies={"crm_session": secret}).open()
    await victim.goto("profile")
    assert "Password" not in {widget.label for widget in victim.widgets.values()}
    await victim.close()
    return not await shows_sign_in(Tab(server.url, resume_session_id=victim.session_id))


class TestHealth:
    def test_it_answers_whether_the_database_does(self, server: Server) -> None:
        """ADM-12."""
        status, _, body = server.request("GET", "/healthz")
        assert (status, json.loads(body)["database"]) == (200, True)
        assert json.loads(body)["worker_lag_seconds"] >= 0

    def test_without_a_database_it_says_so(self, world: World) -> None:
        """ADM-12: the load balancer sends nobody here."""
        with serving(DATABASE_URL="sqlite:////nowhere/at/all.db") as server:
            status, _, body = server.request("GET", "/healthz")
        assert (status, json.loads(body)) == (503, {"database": False})

    def test_figures_are_for_this_machine_and_token_holders(self, server: Server) -> None:
        """ADM-12: a proxy on the same machine passes strangers on."""
        assert "crm_up 1" in server.request("GET", "/metrics")[2]
        assert server.request("GET", "/metrics", X_Forwarded_For="203.0.113.9")[0] == 403
        known = {"X_Forwarded_For": "203.0.113.9", "Authorization": "Bearer let me read"}
        assert server.request("GET", "/metrics", **known)[0] == 200
        assert server.request("GET", "/metrics", **known | {"Authorization": "Bearer wrong"})[0] == 403


class TestLiveDoor:
    @pytest.mark.parametrize("login", ["anna", "pia", "ruth"])
    def test_who_may_not_watch_gets_no_stream(self, server: Server, login: str) -> None:
        """ACT-13."""
        assert server.request("GET", "/live", Cookie=f"crm_session={cookie(server, login)}")[0] == 403

    def test_strangers_get_no_stream(self, server: Server) -> None:
        assert server.request("GET", "/live")[0] == 403

    def test_who_must_change_the_password_gets_no_stream(self, server: Server, world: World) -> None:
        """SIG-4."""
        secret = cookie(server, "max")
        with work_as_system("an administrator resets it") as work:
            work.get(User, world.max).must_change_password = True
        assert server.request("GET", "/live", Cookie=f"crm_session={secret}")[0] == 403
