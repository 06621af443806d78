"""Who is behind a request: cookies become trusted headers, strangers stay outside, answers are hardened (SIG-2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services import sign_in
from services.core.access import Actor
from services.core.errors import N_, Busy, NotFound, Refused, ServiceError, SignedOut, Stale
from services.core.settings import settings
from services.core.text import translator
from services.core.work import Work, work_by_session

USER, SESSION = "x-crm-user", "x-crm-session"
TRUSTED = (USER.encode(), SESSION.encode())
#: the same for everybody, so nobody is looked up for it
PUBLIC = ("/static/", "/component/", "/_stcore/health", "/_stcore/host-config", "/_stcore/bidi-components/", "/healthz")
#: Streamlit would answer strangers here
CLOSED = ("/media", "/_stcore/metrics", "/_stcore/upload_file", "/_stcore/agent", "/_stcore/script-health-check")
HARDENED = {
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
}
#: what a download asks for on top: a browser that shows it nevertheless runs nothing of it
SANDBOX = "sandbox; default-src 'none'"
STATUS = {SignedOut: 401, NotFound: 404, Refused: 403, Stale: 409, Busy: 503}


class Identity:
    """Middleware: looks the session cookie up and passes on whose it is, in headers that no client can set."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        actor, token = await _who(scope)
        answer: ASGIApp = self.app
        if actor is None and scope["type"] == "http" and scope["path"].startswith(CLOSED):
            answer = PlainTextResponse("Please sign in.", 403)
        await answer(_told(scope, actor, token), receive, _hardening(send))


async def _who(scope: Scope) -> tuple[Actor | None, str]:
    """The person behind a request and the digest that stands for their session."""
    secret = HTTPConnection(scope).cookies.get(cookie_name())
    if not secret or scope["path"].startswith(PUBLIC):
        return None, ""
    token = sign_in.digest(secret)
    return await to_thread.run_sync(person, token), token


def person(token: str) -> Actor | None:
    """Whose session this is, if it is live."""
    try:
        with work_by_session(token, readonly=True) as work:
            return work.actor
    except SignedOut:
        return None


def _told(scope: Scope, actor: Actor | None, token: str) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in TRUSTED]
    if actor is not None:
        headers += zip(TRUSTED, (str(actor.id).encode(), token.encode()), strict=True)
    return {**scope, "headers": headers}


def _hardening(send: Send) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            stricter = headers.get("content-security-policy") == SANDBOX
            for name, value in HARDENED.items():
                headers[name] = value
            if stricter:
                headers.append("content-security-policy", SANDBOX)
        await send(message)

    return hardened


@cache
def cookie_name() -> str:
    """What the session cookie is called; the prefix makes browsers hold it to this host and to https."""
    return "__Host-crm_session" if settings().secure_cookies else "crm_session"


@contextmanager
def reading(request: Request) -> Iterator[Work]:
    """A read-only Work for the person behind a request; `refused` answers for the ServiceErrors it raises."""
    with work_by_session(request.headers.get(SESSION, ""), readonly=True) as work:
        if work.actor.must_change_password:
            raise Refused(CHANGE_FIRST)
        yield work


@contextmanager
def writing(request: Request) -> Iterator[Work]:
    """A Work for the person behind a request, committed at its end, such as for an export that is put on record."""
    with work_by_session(request.headers.get(SESSION, "")) as work:
        if work.actor.must_change_password:
            raise Refused(CHANGE_FIRST)
        yield work


def refused(request: Request, error: Exception) -> Response:
    """The answer to a service that said no, in a plain sentence; registered for every route."""
    said = error.text(translator(language_of(request))) if isinstance(error, ServiceError) else ""
    return PlainTextResponse(said, STATUS.get(type(error), 400), {"cache-control": "no-store"})


def language_of(request: Request) -> str:
    """The language that the browser prefers, of the two there are."""
    return "en" if request.headers.get("accept-language", "zh").lower().startswith("en") else "zh_CN"


CHANGE_FIRST = N_("Please choose a new password first.")
