"""The session cookie: a ticket is exchanged for it, signing out takes it back (SIG-2). Scripts never see it."""

from json import JSONDecodeError
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.routes.identity import cookie_name
from services import sign_in
from services.core.settings import settings

LONGEST_BODY = 1000
#: seconds that a phone may keep the cookie while the browser is closed; when the session ends is decided by the server
KEPT = 24 * 60 * 60


async def exchange(request: Request) -> Response:
    """Set the cookie for a ticket that the sign-in page has just been given; the browser's former session ends."""
    if not from_our_page(request):
        return PlainTextResponse("This request does not come from the sign-in page.", 403)
    ticket = await _ticket(request)
    secret = await to_thread.run_sync(_redeemed, request, ticket) if ticket else None
    if secret is None:
        return PlainTextResponse("The ticket is used or too old. Please sign in again.", 403)
    answer = Response(status_code=204, headers={"cache-control": "no-store"})
    answer.set_cookie(
        cookie_name(), secret, max_age=KEPT, path="/", httponly=True, samesite="lax", secure=settings().secure_cookies
    )
    return answer


def from_our_page(request: Request) -> bool:
    """Whether a page of this very address made the browser send this: no other site may sign people in or out."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    source = request.headers.get("origin") or request.headers.get("referer") or ""
    ours = {request.headers.get("host"), urlsplit(settings().public_url).netloc}
    return site == "same-origin" and urlsplit(source).netloc in ours


async def _ticket(request: Request) -> str:
    if int(request.headers.get("content-length") or LONGEST_BODY) >= LONGEST_BODY:
        return ""
    try:
        given = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return ""
    ticket = given.get("ticket") if isinstance(given, dict) else None
    return ticket if isinstance(ticket, str) else ""


def _redeemed(request: Request, ticket: str) -> str | None:
    with sign_in.door() as work:
        return sign_in.redeem(
            work,
            ticket=ticket,
            previous=request.cookies.get(cookie_name()),
            address=request.client.host if request.client else None,
            browser=request.headers.get("user-agent"),
        )


async def sign_out(request: Request) -> Response:
    """End the session, take the cookie back, show the sign-in page; other sites cannot cause it."""
    if not (from_our_page(request) or typed(request)):
        return PlainTextResponse("This request does not come from the application.", 403)
    if secret := request.cookies.get(cookie_name()):
        await to_thread.run_sync(_end, secret)
    answer = RedirectResponse("/", 303, {"cache-control": "no-store"})
    answer.delete_cookie(cookie_name(), path="/", httponly=True, samesite="lax", secure=settings().secure_cookies)
    return answer


def typed(request: Request) -> bool:
    """Whether a person entered the address by hand."""
    return request.method == "GET" and request.headers.get("sec-fetch-site") == "none"


def _end(secret: str) -> None:
    with sign_in.door() as work:
        sign_in.sign_out(work, session=sign_in.digest(secret))


ROUTES = (
    Route("/auth/exchange", exchange, methods=["POST"]),
    Route("/auth/logout", sign_out, methods=["GET", "POST"]),
)
